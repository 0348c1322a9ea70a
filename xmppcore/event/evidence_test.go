package event_test

import (
	"fmt"
	"testing"

	"xmppscope/xmppcore/event"
)

// TestLadder: every rung has words, and each kind of target its own measure.
func TestLadder(t *testing.T) {
	for _, test := range []struct {
		rung       event.Evidence
		chat, room bool
	}{
		{event.NotSent, false, false},
		{event.Written, false, false},
		{event.Accepted, true, false},
		{event.Reflected, true, true},
		{event.Received, true, false},
	} {
		if got := test.rung.Suffices("chat"); got != test.chat {
			t.Errorf("%q suffices for a user: %v", test.rung, got)
		}
		if got := test.rung.Suffices("groupchat"); got != test.room {
			t.Errorf("%q suffices for a room: %v", test.rung, got)
		}
		if test.rung.Words() == "" || test.rung.To("x") == test.rung.To("y") ||
			(test.rung.Proves() == "") != (test.rung == event.NotSent) {
			t.Errorf("%q lacks words", test.rung)
		}
	}
	rungs := event.Rungs()
	for i, rung := range rungs {
		if rung.Rank() != i+1 || event.Higher(rung, event.NotSent) != rung {
			t.Errorf("%s has rank %d", rung, rung.Rank())
		}
	}
}

func ExampleDelivery_Good() {
	d := event.Delivery{To: "bob@example.org", Kind: "chat", Evidence: event.Accepted}
	fmt.Println(d.Evidence.To(d.To), d.Good())
	d.Error = &event.Failure{Condition: "service-unavailable"}
	fmt.Println(d.Good())
	// Output:
	// taken by the server for bob@example.org true
	// false
}

func ExampleFailure_Sentence() {
	f := &event.Failure{Stage: event.StageFeatures, Cause: event.CauseTimeout, Waiting: event.WaitFeatures, Waited: 4}
	fmt.Println(f.Sentence())
	fmt.Println(f.Temporary())
	// Output:
	// waited 4 s for the stream features, nothing came
	// true
}
