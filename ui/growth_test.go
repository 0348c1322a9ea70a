package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

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
// with all the frames that show it, and so do the keys after it: less than five. Only
// a ratio that stays beyond counts. What takes longer than a frame happens beside.
func TestGrowth(t *testing.T) {
	for _, test := range []struct {
		name  string
		small int
		world func(int) (string, script)
	}{{"rooms that refuse", 1000, shutOut}, {"events", 10_000, talkative}} {
		t.Run(test.name, func(t *testing.T) {
			const attempts = 5
			bound := time.Duration(5)
			if urltest.Raced { // its memory costs more than in proportion; a loop in a loop would be 16
				bound = 12
			}
			for n := 1; ; n++ {
				small, large := playGrown(t, test.small, test.world), playGrown(t, 4*test.small, test.world)
				t.Logf("%d cost %v, 4 times that %v", test.small, small, large)
				if large.run <= bound*small.run && large.keys <= bound*small.keys {
					return
				}
				if n == attempts {
					t.Fatal("it grows faster than the run")
				}
			}
		})
	}
}

// costs are the time of a run with all its frames, and of keys after it.
type costs struct{ run, keys time.Duration }

// playGrown is the least that a run of a size costs, of a few.
func playGrown(t *testing.T, size int, world func(int) (string, script)) costs {
	t.Helper()
	best := costs{time.Hour, time.Hour}
	url, run := world(size)
	for range 3 {
		began := time.Now()
		st := open(t, 120, 40, Options{URL: url, Run: run.run})
		st.press("enter")
		var beside tea.Cmd
		for st.live != nil {
			_, beside = st.Update(st.live.pull())
			st.View()
		}
		best.run = min(best.run, time.Since(began))
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
		began = time.Now()
		st.press("alt+5", "j", "G", "alt+3", "j", "alt+1", "alt+d", "j", "esc", "alt+6", "j")
		best.keys = min(best.keys, time.Since(began))
	}
	return best
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
