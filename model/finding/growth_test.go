package finding

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/urlspec/growthtest"
	"xmppscope/xmppcore/event"
)

// shutOut is a check of a URL with many rooms, each of which refuses us.
func shutOut(rooms int, condition string) *model.Run {
	jid := func(n int) string { return fmt.Sprintf("r%d@example.test", n) }
	var url strings.Builder
	url.WriteString("xmpps://alice:PW@example.test")
	for n := range rooms {
		url.WriteString("/%23" + jid(n))
	}
	r := model.NewRun(1, model.Check, urlspec.Parse(url.String()), nil)
	failure := event.Failure{Stage: event.StageMUC, Cause: event.CauseRoom, Condition: condition, Type: "cancel"}
	tell := func(e event.Event) {
		e.Seq, e.Attempt, e.Stage = len(r.Events)+1, 1, event.StageMUC
		r.Apply(e)
	}
	tell(event.Event{State: event.Start})
	for n := range rooms {
		f := failure
		tell(event.Event{State: event.Start, Item: jid(n), Data: event.Room{JID: jid(n), Nick: "alice"}})
		tell(event.Event{State: event.Fail, Item: jid(n), Failure: &f,
			Data: event.Room{JID: jid(n), Nick: "alice", Error: &f}})
	}
	tell(event.Event{State: event.Fail, Failure: &failure})
	r.Finish(&failure)
	return r
}

// TestGrowth: four times the rooms take four times as long, less than five, also
// where each finding has an edit of its own.
func TestGrowth(t *testing.T) {
	for condition, code := range map[string]string{"not-allowed": "room-creation-refused",
		"conflict": "room-nick-conflict", "item-not-found": "room-without-service"} {
		t.Run(code, func(t *testing.T) {
			diagnosed := func(rooms int) func() time.Duration {
				return func() time.Duration {
					var found []Finding
					took := growthtest.Time(func() {
						r := shutOut(rooms, condition)
						found = Of(t.Context(), r)
						Apprise(r)
					})
					if len(found) != rooms || found[0].Code != code || found[rooms-1].Code != code {
						t.Fatalf("%d findings, the first %+v", len(found), found[0].Code)
					}
					return took
				}
			}
			growthtest.Check(t, 5, diagnosed(1000), diagnosed(4000))
		})
	}
}

// TestManyFixes: an ordinary number of rooms that refuse has a fix for each.
func TestManyFixes(t *testing.T) {
	for _, f := range Of(t.Context(), shutOut(100, "item-not-found")) {
		if f.Fix == nil || f.Code != "room-without-service" {
			t.Fatalf("%+v", f)
		}
	}
}

// TestInterrupted: a diagnosis that nobody waits for any more ends.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if found := Of(ctx, shutOut(10, "conflict")); found != nil {
		t.Errorf("%d findings", len(found))
	}
}
