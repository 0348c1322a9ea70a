//go:build servers

package xmppcore_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
	"xmppscope/xmppcore/servertest"
)

// TestServerManyChecks does a thousand checks one after the other, cancels half
// of them at a random moment, and counts what is left.
func TestServerManyChecks(t *testing.T) {
	t.Run("in-process", func(t *testing.T) {
		server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
		manyChecks(t, 1000, func(n int) xmppcore.Job {
			return job(server, allModes()[n%3], room("open@conference.localhost"), chat("bob@localhost"))
		})
	})
	t.Run("prosody", func(t *testing.T) {
		server := servertest.Prosody(t, servertest.Options{})
		manyChecks(t, 200, func(n int) xmppcore.Job {
			return jobFor(t, server, server.URL(modes()[n%3], "alice", "", "bob", "#"+servertest.Room("open")))
		})
	})
}

// manyChecks does count checks and compares goroutines and open files before
// and after. The moments of the cancellations come from a fixed seed: at an
// event, or a little after it, in the midst of a wait.
func manyChecks(t *testing.T, count int, job func(n int) xmppcore.Job) {
	t.Helper()
	random := rand.New(rand.NewPCG(2026, 4))
	whole := 0
	for n := range 3 { // what is made once and stays; how many events there are
		o := run(t, job(n))
		if whole = max(whole, len(o.events)); o.err != nil {
			t.Fatalf("Run: %v", o.err)
		}
	}
	goroutines, files := settled(t, 0, 0)

	cancelled := 0
	for n := range count {
		if n%2 == 0 {
			if o := run(t, job(n)); o.err != nil {
				t.Errorf("check %d: %v", n, o.err)
			}
			continue
		}
		at, after := 1+random.IntN(whole-3), time.Duration(0) // the last three need no wait
		if random.IntN(2) == 0 {
			after = time.Duration(random.IntN(1000)) * time.Microsecond
		}
		if cancelCheck(t, job(n), at, after) {
			cancelled++
		}
	}

	g, f := settled(t, goroutines, files)
	t.Logf("%d checks, %d ended by a cancellation: %d goroutines and %d files before, %d and %d after",
		count, cancelled, goroutines, files, g, f)
	if g != goroutines || f != files {
		t.Error("the counts differ")
	}
	if cancelled < count/8 {
		t.Errorf("only %d of %d checks were cancelled before their end", cancelled, count/2)
	}
}

// cancelCheck cancels a check some time after an event, and reports whether
// that ended it: the check may have come to its end before.
func cancelCheck(t *testing.T, job xmppcore.Job, at int, after time.Duration) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), runDeadline)
	defer cancel()
	var timer *time.Timer
	o := runUntil(ctx, t, job, func(e event.Event) {
		switch {
		case e.Seq != at:
		case after == 0:
			cancel()
		default:
			timer = time.AfterFunc(after, cancel)
		}
	})
	if timer != nil {
		timer.Stop()
	}
	if f := o.failure(); o.err != nil && f.Cause != event.CauseCancelled {
		t.Errorf("cancelled %v after event %d, it ended with %+v", after, at, f)
		o.print(t)
	}
	return o.err != nil
}
