//go:build servers

package xmppcore_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// restarts is how often the soak stops and starts the server.
const restarts = 5

// soakSize is how many messages the soak sends: XMPPSCOPE_SOAK, or a moderate
// number.
func soakSize(t *testing.T) int {
	t.Helper()
	text := os.Getenv("XMPPSCOPE_SOAK")
	if text == "" {
		return 1000
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < restarts {
		t.Fatalf("XMPPSCOPE_SOAK is %q, want a number from %d", text, restarts)
	}
	return n
}

// TestServerSoak sends thousands of messages through one Keeper while Prosody
// is stopped and started five times, each time in the middle of the sending.
//
// Bob is away, so that the server stores what it accepts for him; after each
// restart, when nothing is on its way, he comes and fetches it. So nothing
// depends on whether a client was online at the right moment: what bob fetches
// is what the server accepted, and must be what was reported as accepted. A
// message may reach him twice when the server went between taking it and saying
// so, but only under one id, and in its place.
func TestServerSoak(t *testing.T) {
	t.Parallel()
	server := servertest.Prosody(t, servertest.Options{})
	text := urlFor(server, urlspec.ModeSTARTTLS, "alice", "keepalive=yes", "bob", "#open@conference.example.test")
	k := xmppcore.Keep(t.Context(), jobFor(t, server, text), xmppcore.KeepOptions{Ping: 20 * time.Millisecond,
		Least: 50 * time.Millisecond, Most: time.Second})
	defer k.Close()

	total := soakSize(t)
	ledger := newLedger()
	fetched, repeated := 0, 0
	for round := range restarts {
		from, to := total*round/restarts, total*(round+1)/restarts
		halfway := make(chan struct{})
		var sender sync.WaitGroup
		sender.Go(func() { ledger.send(t.Context(), k, from, to, halfway) })
		<-halfway
		server.Stop(t)
		server.Start(t)
		sender.Wait()

		bob := server.Login(t, "bob", servertest.ClientOptions{})
		got := bob.Leave(t)
		repeated += ledger.compare(t, got, from, to)
		fetched += len(got)
	}
	ledger.report(t, total, fetched, repeated)
}

// ledger is what was reported of each delivery, by its id.
type ledger struct {
	// bodies are those of bob's messages, verdicts the events that say how a
	// delivery ended, by id.
	bodies   map[string]string
	verdicts map[string][]event.Event
	kinds    map[string]string
	failed   []error // what Send returned
	attempts int     // beyond the first of each Send
}

func newLedger() *ledger {
	return &ledger{bodies: map[string]string{}, verdicts: map[string][]event.Event{}, kinds: map[string]string{}}
}

// send sends the messages from up to to, in notifications of one to nine. It
// says when half of them are sent, in the middle of a notification.
func (l *ledger) send(ctx context.Context, k *xmppcore.Keeper, from, to int, halfway chan<- struct{}) {
	said := false
	for n := from; n < to; {
		size := min(1+n%9, to-n)
		var messages []event.Message
		for i := range size {
			messages = append(messages, event.Message{Body: fmt.Sprint("message ", n+i)})
		}
		err := k.Send(ctx, messages, event.Trace{Event: func(e event.Event) {
			l.note(e, messages)
			if !said && e.Stage == event.StageSend && n+size > (from+to)/2 {
				said = true
				close(halfway)
			}
		}})
		n += size
		if err != nil {
			l.failed = append(l.failed, err)
		}
	}
	if !said {
		close(halfway)
	}
}

// note enters an event. Written is not a verdict yet.
func (l *ledger) note(e event.Event, messages []event.Message) {
	if e.Stage == event.StageWait && e.State == event.Start {
		l.attempts++
	}
	d, ok := e.Data.(event.Delivery)
	if !ok {
		return
	}
	l.kinds[d.ID] = d.Kind
	if d.Kind == string(urlspec.Chat) {
		l.bodies[d.ID] = messages[d.Message-1].Body
	}
	if e.State == event.Fail || d.Evidence != event.Written {
		l.verdicts[d.ID] = append(l.verdicts[d.ID], e)
	}
}

// accepted reports whether the last word on a delivery is that it has its
// evidence.
func (l *ledger) accepted(id string) bool {
	list := l.verdicts[id]
	return len(list) > 0 && list[len(list)-1].State == event.OK
}

// compare compares what bob fetched with what was reported of the messages from
// up to to, and counts the repetitions.
func (l *ledger) compare(t *testing.T, got []servertest.Message, from, to int) (repeated int) {
	t.Helper()
	next, seen := from, map[string]bool{}
	for _, m := range got {
		if seen[m.ID] {
			repeated++
			continue
		}
		seen[m.ID] = true
		if body, ours := l.bodies[m.ID]; !ours || body != m.Body {
			t.Errorf("bob got %q under the id %s, which was sent as %q", m.Body, m.ID, body)
		}
		if want := fmt.Sprint("message ", next); m.Body != want {
			t.Errorf("bob got %q where %q belongs", m.Body, want)
		}
		next++
		if !l.accepted(m.ID) {
			t.Errorf("bob got %q, of which was said: %+v", m.Body, l.verdicts[m.ID])
		}
	}
	for id, body := range l.bodies {
		if l.accepted(id) && !seen[id] {
			t.Errorf("%q was reported as accepted, and bob did not get it", body)
		}
	}
	if next != to {
		t.Errorf("bob got the messages from %d up to %d, want up to %d", from, next, to)
	}
	clear(l.bodies) // the next round has its own
	return repeated
}

// report checks that every delivery was reported once, and logs the numbers.
func (l *ledger) report(t *testing.T, total, fetched, repeated int) {
	t.Helper()
	for _, err := range l.failed {
		t.Errorf("Send: %v", err)
	}
	count := map[string]int{}
	for id, kind := range l.kinds {
		good := slices.DeleteFunc(slices.Clone(l.verdicts[id]), func(e event.Event) bool { return e.State != event.OK })
		want := event.Accepted
		if kind == string(urlspec.Groupchat) {
			want = event.Reflected
		}
		if len(good) != 1 || good[0].Data.(event.Delivery).Evidence != want || !l.accepted(id) {
			t.Errorf("the delivery %s (%s) was reported as %+v, want %s, once", id, kind, l.verdicts[id], want)
			continue
		}
		count[kind]++
	}
	if want := map[string]int{"chat": total, "groupchat": total}; !maps.Equal(count, want) {
		t.Errorf("reported as delivered: %v, want %v", count, want)
	}
	t.Logf("%d messages, %d restarts: %d accepted for bob, who fetched %d distinct ids and %d repetitions; %d "+
		"reflected by the room; %d further attempts",
		total, restarts, count["chat"], fetched-repeated, repeated, count["groupchat"], l.attempts)
}
