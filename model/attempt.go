package model

import "xmppscope/xmppcore/event"

// begin starts an attempt: the stages stand there as not reached, and nothing
// is known of the connection. Rooms and deliveries keep what they have until
// something newer is told of them.
func (r *Run) begin(attempt int) {
	r.Attempt, r.from = attempt, len(r.Events)
	r.Stages = nil
	for _, name := range PlannedStages(r.Kind, r.Spec.Reading) {
		r.Stages = append(r.Stages, Stage{Name: name})
	}
	r.DNS, r.TCP, r.Stream, r.TLS, r.Features = nil, nil, nil, nil, nil
	r.SASL, r.Bind, r.Roster, r.Closed = nil, nil, nil, nil
	r.Failure = nil
}

// repeat ends an attempt and begins the next one. Apprise makes another attempt
// only after one that it takes for a failure, so what it takes for a success is
// its verdict on the whole run.
func (r *Run) repeat(attempt int) {
	if r.verdict == nil {
		if v, known := r.judge(); known && v.FalseSuccess() {
			v.Because += "; so it makes no other attempt"
			r.verdict = &v
		}
	}
	r.begin(attempt)
}

// current are the events of the newest attempt.
func (r *Run) current() []event.Event { return r.Events[r.from:] }
