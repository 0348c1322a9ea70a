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

// evidence counts the deliveries that have the evidence that counts, by rung, and
// then the others by what is missing: "2 of 4: 1 reflected, 1 taken by the server;
// 2 failed: 1 came back, 1 not sent".
func (r *Run) evidence() string {
	good, short := map[event.Evidence]int{}, map[event.Evidence]int{}
	back, unsure := 0, 0
	for _, d := range r.Deliveries {
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
	_, total := r.Delivered()
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
