package xmppcore_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// quick are options for tests: it comes back at once, and gives up soon.
func quick() xmppcore.KeepOptions {
	return xmppcore.KeepOptions{Least: time.Millisecond, Most: 20 * time.Millisecond}
}

// keep starts a Keeper that is closed when the test ends; nothing may be left
// of it then. Background is told what happens between the notifications.
func keep(t *testing.T, j xmppcore.Job, options xmppcore.KeepOptions) (k *xmppcore.Keeper, background *watcher) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	background = newWatcher()
	options.Trace = event.Trace{Event: background.event, XML: background.element}
	k = xmppcore.Keep(t.Context(), j, options)
	t.Cleanup(func() {
		k.Close()
		k.Close()
		goleak.VerifyNone(t, before)
	})
	return k, background
}

// watcher lets a test wait for an event.
type watcher struct {
	mu     sync.Mutex
	events []event.Event
	xml    []event.XML
	news   chan struct{}
}

func newWatcher() *watcher { return &watcher{news: make(chan struct{}, 1)} }

func (w *watcher) event(e event.Event) {
	w.mu.Lock()
	w.events = append(w.events, e)
	w.mu.Unlock()
	select {
	case w.news <- struct{}{}:
	default:
	}
}

func (w *watcher) element(x event.XML) {
	w.mu.Lock()
	w.xml = append(w.xml, x)
	w.mu.Unlock()
	select {
	case w.news <- struct{}{}:
	default:
	}
}

// receives waits for an element that holds a text.
func (w *watcher) receives(t *testing.T, text string) {
	t.Helper()
	for {
		w.mu.Lock()
		came := holds(w.xml, text)
		w.mu.Unlock()
		if came {
			return
		}
		select {
		case <-w.news:
		case <-time.After(time.Minute):
			t.Fatalf("waited in vain for %q", text)
		}
	}
}

// received reports whether the server sent an element that holds a text.
func (s *story) received(text string) bool { return holds(s.xml, text) }

func holds(xml []event.XML, text string) bool {
	return slices.ContainsFunc(xml, func(x event.XML) bool { return x.Received && strings.Contains(x.Text, text) })
}

// wait returns the first event not seen before that is wanted.
func (w *watcher) wait(t *testing.T, what string, wanted func(event.Event) bool) event.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		w.mu.Lock()
		for len(w.events) > 0 {
			e := w.events[0]
			w.events = w.events[1:]
			if wanted(e) {
				w.mu.Unlock()
				return e
			}
		}
		w.mu.Unlock()
		select {
		case <-w.news:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func (w *watcher) lost(t *testing.T) event.Event {
	t.Helper()
	return w.wait(t, "the loss of the session", func(e event.Event) bool {
		return e.Stage == event.StageClose && e.State == event.Warn
	})
}

func (w *watcher) back(t *testing.T) {
	t.Helper()
	w.wait(t, "the return of the session", func(e event.Event) bool {
		return e.Stage == event.StageClose && e.State == event.Skip
	})
}

// sendOver sends one notification and checks its story.
func sendOver(ctx context.Context, t *testing.T, k *xmppcore.Keeper, onEvent func(event.Event),
	bodies ...string) *story {
	t.Helper()
	var s story
	var messages []event.Message
	for _, body := range bodies {
		messages = append(messages, event.Message{Body: body})
	}
	s.err = k.Send(ctx, messages, event.Trace{
		Event: func(e event.Event) {
			s.events = append(s.events, e)
			if onEvent != nil {
				onEvent(e)
			}
		},
		XML: func(x event.XML) { s.xml = append(s.xml, x) },
	})
	s.checkAttempts(t)
	s.checkText(t, "alice-pw")
	return &s
}

func bound(s *story) string {
	d, _ := s.end(event.StageBind).Data.(event.Bind)
	return d.JID
}

// restart stops a server and starts another in its place.
func restart(t *testing.T, old *loopback.Server, config loopback.Config) *loopback.Server {
	t.Helper()
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	config.STARTTLS, config.TLS, config.Plain = old.STARTTLSPort(), old.TLSPort(), old.PlainPort()
	return loopbacktest.Start(t, config)
}

func openRoom() loopback.Config { return loopback.Config{Rooms: []loopback.Room{{Name: "open"}}} }
