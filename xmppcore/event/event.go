package event

import (
	"strings"
	"time"
)

// State is what an event says of its stage or item.
type State string

// The states. Every stage that is entered has one start event without an item
// and one final event (ok, warn, fail or skip) without an item. Where a run
// makes several attempts, that holds for each of them.
const (
	Start State = "start"
	OK    State = "ok"
	Warn  State = "warn"
	Fail  State = "fail"
	Skip  State = "skip"
)

// Event is one fact of a run.
type Event struct {
	// Seq counts from 1, without gap.
	Seq int
	// At is the time since the run began.
	At time.Duration
	// Attempt is the attempt that it belongs to, from 1; 0 is the first too.
	// The first event of a later attempt ends what came before: the stages
	// begin anew, and only deliveries keep the evidence that they had.
	Attempt int
	// Stage is the step it belongs to.
	Stage Stage
	// Item is set when the event is about one of several things inside the
	// stage: an address that is dialled, a room (its bare JID), a message (its
	// stanza id). Without an item the event opens or ends the stage itself.
	// Items stand inside their stage, except those of what goes on beside the
	// connection and nothing waits for: SRV records, an address that another one
	// overtook, a handshake without ALPN.
	Item  string
	State State
	// Text is one sentence for a person, safe for a terminal, without secrets.
	Text string
	// Data holds the facts, one of the types in facts.go, or nil. A final
	// event carries the complete facts of its stage.
	Data Data
	// Failure says why, for Fail and some Warn events.
	Failure *Failure
}

// Words is the sentence of the event, behind the item that it is about where
// the sentence does not name it. Of a message that is its target; its id, which
// tells a person nothing, comes last.
func (e Event) Words() string {
	if e.Item == "" || strings.Contains(e.Text, e.Item) {
		return e.Text
	}
	if d, ok := e.Data.(Delivery); ok && d.ID == e.Item {
		text := e.Text
		if d.To != "" && !strings.Contains(text, d.To) {
			text = d.To + ": " + text
		}
		return text + " [" + e.Item + "]"
	}
	return e.Item + ": " + e.Text
}
