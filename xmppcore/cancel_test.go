package xmppcore_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/loopback"
)

// TestCancelAnywhere cancels a run at each of its events, in turn.
func TestCancelAnywhere(t *testing.T) {
	server := start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
	for _, messages := range [][]xmppcore.Message{nil, {{Body: "hi"}}} {
		j := job(server, urlspec.ModeSTARTTLS, room("open@conference.localhost"), chat("bob@localhost"))
		j.Reading.Roster, j.Messages = true, messages
		whole := tell(t, j)
		whole.succeeds(t)
		for n := range whole.events {
			ctx, cancel := context.WithCancel(t.Context())
			s := tellUntil(ctx, t, j, func(e xmppcore.Event) {
				if e.Seq == n+1 {
					cancel()
				}
			})
			cancel()
			var f *xmppcore.Failure
			if errors.As(s.err, &f) && f.Cause != xmppcore.CauseCancelled {
				t.Errorf("cancelled at event %d: %v", n+1, s.err)
			}
			if at := whole.events[n].Stage; s.err == nil && at != xmppcore.StageClose && at != xmppcore.StageMUC && at != xmppcore.StageAck {
				t.Errorf("cancelled at event %d (%s), it went on to the end", n+1, at)
			}
		}
	}
	t.Run("before it begins", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		tellUntil(ctx, t, job(server, urlspec.ModeTLS), nil).fails(t, xmppcore.StageTCP, xmppcore.CauseCancelled)
	})
	t.Run("while the server is silent", func(t *testing.T) {
		for step, stage := range brokenAt() {
			silent := start(t, loopback.Config{Faults: loopback.Faults{Silent: step}, Rooms: []loopback.Room{{Name: "open"}}})
			j := job(silent, urlspec.ModeSTARTTLS, room("open@conference.localhost"), chat("bob@localhost"))
			if stage == xmppcore.StageAck { // a room's reflection may begin it while we are still sending
				j = job(silent, urlspec.ModeSTARTTLS, chat("bob@localhost"))
			}
			j.Messages = []xmppcore.Message{{Body: "hi"}}
			ctx, cancel := context.WithCancel(t.Context())
			s := tellUntil(ctx, t, j, func(e xmppcore.Event) {
				if e.Stage == stage && e.State == xmppcore.Start {
					cancel()
				}
			})
			cancel()
			s.fails(t, stage, xmppcore.CauseCancelled)
		}
	})
}

// tardy is a context that has ended and whose channel is not closed yet, as a
// goroutine sees it that runs before those that the channel wakes.
type tardy struct {
	context.Context
	ended atomic.Bool
}

func (c *tardy) Err() error {
	if c.ended.Load() {
		return context.Canceled
	}
	return c.Context.Err()
}

// TestCancelBeforeNotice: what has not been sent at a cancellation is not sent
// any more, however fast the run is.
func TestCancelBeforeNotice(t *testing.T) {
	server := start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
	j := job(server, urlspec.ModeSTARTTLS, room("open@conference.localhost"), chat("bob@localhost"))
	j.Reading.Roster, j.Messages = true, []xmppcore.Message{{Body: "late"}}
	for stage, next := range map[xmppcore.Stage]xmppcore.Stage{xmppcore.StageBind: xmppcore.StageRoster,
		xmppcore.StageRoster: xmppcore.StageMUC, xmppcore.StageMUC: xmppcore.StageSend} {
		ctx := &tardy{Context: t.Context()}
		s := tellUntil(ctx, t, j, func(e xmppcore.Event) {
			if e.Stage == stage && e.Item == "" && e.State == xmppcore.OK {
				ctx.ended.Store(true)
			}
		})
		s.fails(t, next, xmppcore.CauseCancelled)
	}
	if got := server.Received("bob@localhost"); len(got) > 0 {
		t.Errorf("bob received %+v", got)
	}
}

// TestNothingLeft does many runs, half of them cancelled at a random moment,
// and counts goroutines and open files.
func TestNothingLeft(t *testing.T) {
	const runs = 100
	server := start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
	random := rand.New(rand.NewPCG(1, 2))
	once := func(n int) {
		j := job(server, allModes()[n%3], room("open@conference.localhost"), chat("bob@localhost"))
		if n%2 == 0 {
			j.Messages = []xmppcore.Message{{Body: "hi"}}
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if n%4 < 2 {
			timer := time.AfterFunc(time.Duration(random.IntN(60))*time.Millisecond, cancel)
			defer timer.Stop()
		}
		var f *xmppcore.Failure
		if err := xmppcore.Run(ctx, j, xmppcore.Trace{}); err != nil && (!errors.As(err, &f) || f.Cause != xmppcore.CauseCancelled) {
			t.Errorf("run %d: %v", n, err)
		}
	}
	once(3) // what is made once and stays
	goroutines, files := settled(t, 0, 0)
	for n := range runs {
		once(n)
	}
	if g, f := settled(t, goroutines, files); g > goroutines || f > files {
		t.Errorf("%d goroutines and %d files before, %d and %d after %d runs", goroutines, files, g, f, runs)
	}
}

// settled counts goroutines and open files, and waits a little for them to
// come down: the server needs a moment to notice that its clients left, and
// the garbage collector closes the library's ends.
func settled(t *testing.T, goroutines, files int) (int, int) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	g, f := 0, 0
	for range 100 {
		runtime.GC()
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil && !errors.Is(err, os.ErrNotExist) { // no such count outside Linux
			t.Fatal(err)
		}
		before := g
		g, f = runtime.NumGoroutine(), len(entries)
		if goroutines > 0 && g <= goroutines && f <= files || goroutines == 0 && g == before {
			break
		}
		<-tick.C
	}
	return g, f
}
