package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"xmppscope/urlspec/growthtest"
	"xmppscope/urlspec/urltest"
	"xmppscope/xmppcore/event"
)

// shutOut is a URL of many rooms and the run in which each of them refuses us.
func shutOut(rooms int) (url string, run script) {
	jid := func(n int) string { return fmt.Sprintf("r%d@example.test", n) }
	var b strings.Builder
	b.WriteString("xmpps://alice:PW@example.test")
	failure := &event.Failure{Stage: event.StageMUC, Cause: event.CauseRoom, Condition: "item-not-found", Type: "cancel"}
	tell := func(e event.Event) {
		e.Seq, e.Stage = len(run.events)+1, event.StageMUC
		run.events = append(run.events, e)
	}
	tell(event.Event{State: event.Start})
	for n := range rooms {
		b.WriteString("/%23" + jid(n))
		f := *failure
		tell(event.Event{State: event.Start, Item: jid(n), Data: event.Room{JID: jid(n), Nick: "alice"}})
		tell(event.Event{State: event.Fail, Item: jid(n), Text: f.Sentence(), Failure: &f,
			Data: event.Room{JID: jid(n), Nick: "alice", Error: &f}})
	}
	tell(event.Event{State: event.Fail, Failure: failure})
	run.err = failure
	return b.String(), run
}

// talkative is a run of many events that fails in the end.
func talkative(events int) (url string, run script) {
	run = failing()
	last := run.events[len(run.events)-1]
	run.events = run.events[:len(run.events)-1]
	for n := range events {
		run.events = append(run.events, event.Event{Seq: len(run.events) + 1, Stage: event.StageSASL, State: event.Start,
			Item: fmt.Sprint("item ", n%100), Text: fmt.Sprint("something happens ", n)})
	}
	last.Seq = len(run.events) + 1
	run.events = append(run.events, last)
	return goodURL, run
}

// TestGrowth: a run with four times the rooms or events costs four times as much,
// with all the frames that show it, and so do the keys after it: less than five.
// What takes longer than a frame happens beside.
func TestGrowth(t *testing.T) {
	for _, test := range []struct {
		name  string
		small int
		world func(int) (string, script)
	}{{"rooms that refuse", 1000, shutOut}, {"events", 10_000, talkative}} {
		t.Run(test.name, func(t *testing.T) {
			bound := 5.0
			if urltest.Raced { // its memory costs more than in proportion; a loop in a loop would be 16
				bound = 12
			}
			part := func(size int, part func(costs) time.Duration) func() time.Duration {
				return func() time.Duration { return part(playGrown(t, size, test.world)) }
			}
			run, keys := func(c costs) time.Duration { return c.run }, func(c costs) time.Duration { return c.keys }
			growthtest.Check(t, bound, part(test.small, run), part(4*test.small, run))
			growthtest.Check(t, bound, part(test.small, keys), part(4*test.small, keys))
		})
	}
}

// costs are the time of a run with all its frames, and of keys after it.
type costs struct{ run, keys time.Duration }

// playGrown is what a run of a size costs.
func playGrown(t *testing.T, size int, world func(int) (string, script)) (c costs) {
	t.Helper()
	url, run := world(size)
	var st *stage
	var beside tea.Cmd
	c.run = growthtest.Time(func() {
		st = open(t, 120, 40, Options{URL: url, Run: run.run})
		st.press("enter")
		for st.live != nil {
			_, beside = st.Update(st.live.pull())
			st.View()
		}
	})
	if len(st.findings()) > 0 || beside == nil {
		t.Fatal("the findings of so much are worked out while the screen waits")
	}
	if st.diagnoseBeside() != nil {
		t.Fatal("they are worked out twice")
	}
	st.Update(beside())
	if len(st.findings()) == 0 {
		t.Fatal("there are no findings")
	}
	c.keys = growthtest.Time(func() {
		st.press("alt+5", "j", "G", "alt+3", "j", "alt+1", "alt+d", "j", "esc", "alt+6", "j")
	})
	return c
}

// TestFindingsOfAnotherRun: what was worked out for a run that is not shown any more
// is dropped, and its work ended.
func TestFindingsOfAnotherRun(t *testing.T) {
	url, run := shutOut(600)
	st := open(t, 120, 40, Options{URL: url, Run: run.run})
	var first tea.Cmd
	for n := range 2 {
		st.press("enter")
		var beside tea.Cmd
		for st.live != nil {
			_, beside = st.Update(st.live.pull())
		}
		if n == 0 {
			first = beside
			continue
		}
		st.Update(first())
		if len(st.findings()) > 0 {
			t.Error("the findings of the first run are shown for the second")
		}
		st.Update(beside())
		if n := len(st.findings()); n != 600 {
			t.Errorf("%d findings", n)
		}
	}
}
