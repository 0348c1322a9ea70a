package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"xmppscope/ui/feed"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// asProgram is the environment variable that makes the test binary the program
// itself, for tests that need a process of their own.
const asProgram = "XMPPSCOPE_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		code, err := Run(context.Background(), Options{URL: goodURL})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(int(code))
	}
	goleak.VerifyTestMain(m, readerLeft)
}

// A run never waits for the screen: it tells everything it has before the
// first batch is pulled, and no event is lost.
func TestRunNeverWaitsForTheScreen(t *testing.T) {
	const events, lines = 10_000, xmlKept + 500
	s := startRun(t.Context(), 1, func(_ context.Context, _ xmppcore.Job, trace event.Trace) error {
		for i := range events {
			trace.Event(event.Event{Seq: i + 1, Stage: event.StageDNS, State: event.Start})
		}
		for range lines {
			trace.XML(event.XML{Text: "<r/>"})
		}
		return nil
	}, xmppcore.Job{})
	<-s.ended
	var got, xml, dropped, last int
	for {
		b := s.pull().(batchMsg)
		if len(b.Values) > batchMost {
			t.Fatalf("a batch of %d", len(b.Values))
		}
		for _, told := range b.Values {
			if told.xml != nil {
				xml++
				continue
			}
			if got++; told.event.Seq != last+1 {
				t.Fatalf("event %d after %d", told.event.Seq, last)
			}
			last = told.event.Seq
		}
		if dropped += b.Dropped; b.Last {
			break
		}
	}
	if got != events {
		t.Errorf("%d events of %d", got, events)
	}
	if xml+dropped != lines || xml != xmlKept {
		t.Errorf("%d XML lines and %d dropped of %d", xml, dropped, lines)
	}
}

func TestCancelEndsARun(t *testing.T) {
	s := startRun(t.Context(), 1, running().run, xmppcore.Job{})
	s.cancel()
	<-s.ended
	for {
		b := s.pull().(batchMsg)
		if !b.Last {
			continue
		}
		var failure *event.Failure
		if !errors.As(b.err, &failure) || failure.Cause != event.CauseCancelled {
			t.Errorf("got %v, want a cancelled run", b.err)
		}
		return
	}
}

// A bug in a run ends the run and not the program.
func TestPanicBecomesAFailure(t *testing.T) {
	s := startRun(t.Context(), 1, func(context.Context, xmppcore.Job, event.Trace) error { panic("oops") }, xmppcore.Job{})
	<-s.ended
	b := s.pull().(batchMsg)
	var failure *event.Failure
	if !b.Last || !errors.As(b.err, &failure) || failure.Cause != event.CauseInternal {
		t.Errorf("got %+v", b)
	}
}

// What a run says after another one took its place is never shown.
func TestStaleEventsAreDropped(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL, Run: running().run})
	s.press("enter")
	s.hear(1)
	old := s.live
	s.press("enter", "enter") // a new one, and yes, cancel the old
	if s.live == old || s.runs.Len() != 2 {
		t.Fatalf("the second run did not start: %d runs", s.runs.Len())
	}
	<-old.ended
	before := len(s.runs.Last().Events)
	stale := told("dns ok stale")[1]
	s.Update(batchMsg{run: old.id, Batch: feed.Batch[news]{Values: []news{{event: &stale}}, Last: true}})
	if got := len(s.runs.Last().Events); got != before || s.live == nil {
		t.Errorf("a stale batch reached the new run: %d events, were %d", got, before)
	}
	if first := s.runs.At(0); !first.Done || first.Failure.Cause != event.CauseCancelled {
		t.Errorf("the first run is not recorded as cancelled: %+v", first.Failure)
	}
}
