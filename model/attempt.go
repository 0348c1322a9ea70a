package model

import (
	"maps"
	"slices"

	"xmppscope/xmppcore/event"
)

// begin starts an attempt: the stages stand there as not reached, and nothing
// is known of the connection. Rooms and deliveries keep what they have until
// something newer is told of them.
func (r *Run) begin(attempt int) {
	r.Attempt, r.from = attempt, len(r.Events)
	r.Stages = nil
	for _, name := range plannedStages(r.Kind, r.Spec.Reading) {
		r.Stages = append(r.Stages, Stage{Name: name})
	}
	r.DNS, r.TCP, r.Stream, r.TLS, r.Features = nil, nil, nil, nil, nil
	r.SASL, r.Bind = nil, nil
	r.Failure = nil
}

// repeat ends an attempt and begins the next one.
func (r *Run) repeat(attempt int) {
	r.Earlier = append(r.Earlier, r.snapshot())
	r.begin(attempt)
}

// snapshot is the run as it stands. What comes later changes nothing in it; the
// XML stays with the run itself.
func (r *Run) snapshot() *Run {
	then := *r
	then.Earlier, then.XML, then.XMLDropped = nil, nil, 0
	then.Rooms, then.Deliveries = slices.Clone(r.Rooms), slices.Clone(r.Deliveries)
	then.roomAt, then.deliveryAt, then.untold = maps.Clone(r.roomAt), maps.Clone(r.deliveryAt), maps.Clone(r.untold)
	then.rooms, then.items = copyTrails(r.rooms), copyTrails(r.items)
	return &then
}

func copyTrails(trails map[string]*trail) map[string]*trail {
	out := make(map[string]*trail, len(trails))
	for name, t := range trails {
		out[name] = &trail{last: t.last, seqs: t.seqs[:len(t.seqs):len(t.seqs)], failed: t.failed}
	}
	return out
}

// Current are the events of the newest attempt.
func (r *Run) Current() []event.Event { return r.Events[r.from:] }
