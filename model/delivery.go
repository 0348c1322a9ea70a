package model

import (
	"fmt"
	"strings"

	"xmppscope/model/fact"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// DeliveryFacts are the rows of one message to one target: whose it is, how far
// it came, and what that proves.
func (r *Run) DeliveryFacts(d event.Delivery) []fact.Fact {
	var f fact.Rows
	to := d.To
	if n := len(r.Messages); n > 1 {
		to += fmt.Sprintf(", message %d of %d", d.Message, n)
	}
	f.Heading("message", to)
	f = append(f, r.EvidenceFact(d))
	f.Value("proves", proof(d))
	f.Value("stanza id", d.ID)
	return f
}

// EvidenceFact says how far a message came, never more than is proven.
func (r *Run) EvidenceFact(d event.Delivery) fact.Fact {
	unsent := d.Evidence == event.NotSent
	state, text := event.Warn, d.Evidence.Words()
	switch {
	case d.Error != nil && unsent: // the room that it was for refused us
		state, text = event.Fail, fact.WithReason(text, d.Error.Answer())
	case d.Error != nil:
		state, text = event.Fail, fact.WithReason("came back", d.Error.Answer())
	case d.Good():
		state = event.OK
	case unsent && r.Done:
		state = event.Fail
	case unsent:
		state = ""
	}
	return fact.Fact{Label: "evidence", Text: wire.Safe(text), State: state}
}

// proof says in a sentence what the evidence proves; it is empty where nothing
// was sent.
func proof(d event.Delivery) string {
	if d.Error != nil && d.Evidence != event.NotSent {
		return "the message was returned with an error, so the target does not have it"
	}
	return d.Evidence.Proves()
}

// evidence counts the deliveries that have the evidence that counts, by rung,
// and then the others by what is missing: "2 of 4 with evidence: 1 accepted, 1
// reflected; 1 came back, 1 not sent".
func (r *Run) evidence() string {
	good, short := map[event.Evidence]int{}, map[event.Evidence]int{}
	back := 0
	for _, d := range r.Deliveries {
		switch {
		case d.Error != nil && d.Evidence != event.NotSent:
			back++
		case d.Good():
			good[d.Evidence]++
		default:
			short[d.Evidence]++
		}
	}
	delivered, total := r.Delivered()
	switch {
	case short[event.NotSent] < total:
	case r.Done:
		return "nothing was sent"
	default:
		return ""
	}
	text := fmt.Sprintf("%d of %d with evidence", delivered, total)
	var with, without []string
	if back > 0 {
		without = append(without, fmt.Sprintf("%d came back", back))
	}
	for _, rung := range event.Rungs() {
		if n := good[rung]; n > 0 {
			with = append(with, fmt.Sprintf("%d %s", n, rung))
		}
		if n := short[rung]; n > 0 {
			without = append(without, fmt.Sprintf("%d only %s", n, rung))
		}
	}
	if n := short[event.NotSent]; n > 0 {
		without = append(without, fmt.Sprintf("%d not sent", n))
	}
	if len(with) > 0 {
		text += ": " + strings.Join(with, ", ")
	}
	if len(without) > 0 {
		text += "; " + strings.Join(without, ", ")
	}
	return text
}
