package model

import (
	"fmt"
	"slices"
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
	case d.Error != nil && d.Error.Unsure:
		state, text = event.Fail, fact.WithReason("an error came that may be about it", d.Error.Answer())
	case d.Changed:
		text += ", with another text than ours"
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
	if d.Error != nil && d.Error.Unsure {
		return "an error came that does not say which message it is about, so nothing shows that the target has this one"
	}
	if d.Error != nil && d.Evidence != event.NotSent {
		return "the message was returned with an error, so the target does not have it"
	}
	return d.Evidence.Proves()
}

// MessagesFact is what became of some of the messages, by their numbers from 1, at
// all targets. good says that each of them has its evidence.
func (r *Run) MessagesFact(label string, first, last int) (row fact.Fact, good bool) {
	targets := len(r.Deliveries) / max(1, len(r.Messages)) // each message to all of them, then the next
	some := r.Deliveries[(first-1)*targets : last*targets]
	good = !slices.ContainsFunc(some, func(d event.Delivery) bool { return !d.Good() })
	if len(some) == 1 {
		row = r.EvidenceFact(some[0])
	} else {
		row = fact.Fact{Text: r.evidenceOf(some), State: event.OK}
	}
	if row.Label = label; !good {
		row.State = event.Fail
	}
	return row, good
}

// evidence counts the deliveries that have the evidence that counts, by rung, and
// then the others by what is missing: "2 of 4: 1 reflected, 1 taken by the server;
// 2 failed: 1 came back, 1 not sent".
func (r *Run) evidence() string { return r.evidenceOf(r.Deliveries) }

func (r *Run) evidenceOf(deliveries []event.Delivery) string {
	good, short := map[event.Evidence]int{}, map[event.Evidence]int{}
	back, unsure := 0, 0
	for _, d := range deliveries {
		switch {
		case d.Error != nil && d.Error.Unsure:
			unsure++
		case d.Error != nil && d.Evidence != event.NotSent:
			back++
		case d.Good():
			good[d.Evidence]++
		default:
			short[d.Evidence]++
		}
	}
	total := len(deliveries)
	switch {
	case short[event.NotSent] < total:
	case r.Done:
		return "nothing was sent"
	default:
		return ""
	}
	var missing []string
	add := func(n int, what string) {
		if n > 0 {
			missing = append(missing, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(back, "came back")
	add(unsure, "perhaps came back")
	for _, rung := range event.Rungs() {
		add(short[rung], "only "+strings.TrimPrefix(rung.Counted(), "only "))
	}
	add(short[event.NotSent], event.NotSent.Counted())
	text := event.Tally(good, total, r.Done)
	if len(missing) == 1 { // the number stands there already
		_, missing[0], _ = strings.Cut(missing[0], " ")
	}
	switch {
	case len(missing) == 0:
		return text
	case r.Done:
		return text + ": " + strings.Join(missing, ", ")
	}
	return text + "; the others: " + strings.Join(missing, ", ")
}
