package xmppcore_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xmppscope/urlspec"
	"xmppscope/urlspec/urltest"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// TestCancelAnywhere cancels a run at each of its events, in turn.
func TestCancelAnywhere(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
	for _, messages := range [][]event.Message{nil, {{Body: "hi"}}} {
		j := job(server, urlspec.ModeSTARTTLS, room("open@conference.localhost"), chat("bob@localhost"))
		j.Reading.Roster, j.Messages = true, messages
		whole := tell(t, j)
		whole.succeeds(t)
		for n := range whole.events {
			ctx, cancel := context.WithCancel(t.Context())
			s := tellUntil(ctx, t, j, func(e event.Event) {
				if e.Seq == n+1 {
					cancel()
				}
			})
			cancel()
			var f *event.Failure
			if errors.As(s.err, &f) && f.Cause != event.CauseCancelled {
				t.Errorf("cancelled at event %d: %v", n+1, s.err)
			}
			if at := whole.events[n].Stage; s.err == nil && at != event.StageClose && at != event.StageMUC &&
				at != event.StageAck {
				t.Errorf("cancelled at event %d (%s), it went on to the end", n+1, at)
			}
		}
	}
	t.Run("before it begins", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		tellUntil(ctx, t, job(server, urlspec.ModeTLS), nil).fails(t, event.StageTCP, event.CauseCancelled)
	})
	t.Run("while the server is silent", func(t *testing.T) {
		for step, stage := range brokenAt() {
			silent := loopbacktest.Start(t, loopback.Config{Faults: loopback.Faults{Silent: step},
				Rooms: []loopback.Room{{Name: "open"}}})
			j := job(silent, urlspec.ModeSTARTTLS, room("open@conference.localhost"), chat("bob@localhost"))
			if stage == event.StageAck { // a room's reflection may begin it while we are still sending
				j = job(silent, urlspec.ModeSTARTTLS, chat("bob@localhost"))
			}
			j.Messages = []event.Message{{Body: "hi"}}
			ctx, cancel := context.WithCancel(t.Context())
			s := tellUntil(ctx, t, j, func(e event.Event) {
				if e.Stage == stage && e.State == event.Start {
					cancel()
				}
			})
			cancel()
			s.fails(t, stage, event.CauseCancelled)
		}
	})
}

// TestSlowKey: a key out of the password that takes us longer to compute than rto is
// no fault of the server's, and a cancellation does not wait for it.
func TestSlowKey(t *testing.T) {
	rounds := 2_000_000
	if urltest.Raced {
		rounds /= 8 // which the race detector makes as slow
	}
	server := loopbacktest.Start(t, loopback.Config{Faults: loopback.Faults{Iterations: rounds},
		LoginTimeout: time.Hour})
	j := job(server, urlspec.ModeSTARTTLS)
	run := func(ctx context.Context, rto urlspec.Seconds, challenged func()) (*event.Failure, time.Duration) {
		began := time.Now()
		j.Reading.CTO, j.Reading.RTO = 20, rto
		err := xmppcore.Run(ctx, j, event.Trace{XML: func(x event.XML) {
			if strings.HasPrefix(x.Text, "<challenge") {
				challenged()
			}
		}})
		var f *event.Failure
		if !errors.As(err, &f) {
			t.Fatal(err)
		}
		return f, time.Since(began)
	}
	// The server announces more iterations than it does, so nobody logs in.
	f, whole := run(t.Context(), 20, func() {})
	if f.Cause != event.CauseAuth {
		t.Fatal(f)
	}
	rto := urlspec.Seconds(whole.Seconds() / 4)
	for try := 1; ; try++ {
		f, took := run(t.Context(), rto, func() {})
		if f.Cause == event.CauseAuth && took > rto.Duration() {
			break
		}
		if try == 20 || f.Cause != event.CauseAuth && took < rto.Duration() {
			t.Fatalf("with an rto of %v, it ended after %v by %v", rto.Duration(), took, f)
		}
		rto *= 1.2                      // too short for the rest of the login
		if f.Cause == event.CauseAuth { // the machine was busier when it took the whole time
			rto = urlspec.Seconds(took.Seconds() / 4)
		}
	}
	before := goleak.IgnoreCurrent()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for try := 1; ; try++ {
		var at time.Time
		f, _ = run(ctx, 20, func() { at = time.Now(); cancel() })
		if f.Cause != event.CauseCancelled || f.Stage != event.StageSASL {
			t.Error(f)
		}
		late := time.Since(at)
		if late <= whole/4 {
			break
		}
		if try == 5 { // else the machine was busy
			t.Fatalf("cancelled, it ended after %v; the whole takes %v", late, whole)
		}
		ctx, cancel = context.WithCancel(t.Context())
		defer cancel()
	}
	left := errors.New("not looked")
	for n := 0; left != nil && n < 300; n++ { // each look takes a second, for the computation to end
		left = goleak.Find(before)
	}
	if left != nil {
		t.Error(left)
	}
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
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
	j := job(server, urlspec.ModeSTARTTLS, room("open@conference.localhost"), chat("bob@localhost"))
	j.Reading.Roster, j.Messages = true, []event.Message{{Body: "late"}}
	for stage, next := range map[event.Stage]event.Stage{event.StageBind: event.StageRoster,
		event.StageRoster: event.StageMUC, event.StageMUC: event.StageSend} {
		ctx := &tardy{Context: t.Context()}
		s := tellUntil(ctx, t, j, func(e event.Event) {
			if e.Stage == stage && e.Item == "" && e.State == event.OK {
				ctx.ended.Store(true)
			}
		})
		s.fails(t, next, event.CauseCancelled)
	}
	if got := server.Received("bob@localhost"); len(got) > 0 {
		t.Errorf("bob received %+v", got)
	}
}

// TestNothingLeft does many runs, half of them cancelled at a random moment,
// and counts goroutines and open files.
func TestNothingLeft(t *testing.T) {
	const runs = 100
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
	random := rand.New(rand.NewPCG(1, 2))
	once := func(n int) {
		j := job(server, allModes()[n%3], room("open@conference.localhost"), chat("bob@localhost"))
		if n%2 == 0 {
			j.Messages = []event.Message{{Body: "hi"}}
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if n%4 < 2 {
			timer := time.AfterFunc(time.Duration(random.IntN(60))*time.Millisecond, cancel)
			defer timer.Stop()
		}
		var f *event.Failure
		if err := xmppcore.Run(ctx, j, event.Trace{}); err != nil &&
			(!errors.As(err, &f) || f.Cause != event.CauseCancelled) {
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
