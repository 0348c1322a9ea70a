package xmppcore_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// TestKeeperOneSession sends many notifications over one session.
func TestKeeperOneSession(t *testing.T) {
	for _, mode := range allModes() {
		t.Run(string(mode), func(t *testing.T) {
			server := loopbacktest.Start(t, openRoom())
			j := job(server, mode, room("open@conference.localhost"), chat("bob@localhost"))
			j.Reading.Keepalive, j.Reading.Nick, j.Reading.User, j.Reading.Roster = true, "named", "alice", true
			k, _ := keep(t, j, quick())
			first := sendOver(t.Context(), t, k, nil, "0")
			first.succeeds(t)
			for n := 1; n < 50 && !t.Failed(); n++ {
				s := sendOver(t.Context(), t, k, nil, fmt.Sprint(n))
				s.succeeds(t)
				if bound(s) != bound(first) || bound(s) == "" || !strings.HasPrefix(s.end(event.StageSASL).Text, "as before: ") {
					t.Errorf("notification %d went over %s, the first over %s", n, bound(s), bound(first))
				}
				if d, _ := s.room("open@conference.localhost"); !d.Joined || d.Nick != "alice" {
					t.Errorf("notification %d: %+v, want the user as nick", n, d)
				}
				for to, want := range map[string]event.Evidence{"open@conference.localhost": event.Reflected,
					"bob@localhost": event.Accepted} {
					if d, e := s.delivery(to, 1); d.Evidence != want || e.State != event.OK {
						t.Errorf("notification %d to %s: %+v", n, to, d)
					}
				}
				for _, x := range s.xml {
					if strings.HasPrefix(x.Text, "<presence") {
						t.Errorf("notification %d: the room was joined again: %s", n, x.Text)
					}
				}
				if s.end(event.StageClose).State != event.Skip {
					t.Errorf("notification %d: close is %+v", n, s.end(event.StageClose))
				}
			}
			got := server.Received("bob@localhost")
			if len(got) != 50 {
				t.Fatalf("bob got %d messages, want 50", len(got))
			}
			for n, m := range got {
				if m.Body != fmt.Sprint(n) {
					t.Errorf("message %d is %q", n, m.Body)
				}
			}
		})
	}
}

// TestKeeperRestores: the server restarts between two notifications.
func TestKeeperRestores(t *testing.T) {
	server := loopbacktest.Start(t, openRoom())
	j := job(server, urlspec.ModeNone, room("open@conference.localhost"), chat("bob@localhost"))
	k, background := keep(t, j, quick())
	sendOver(t.Context(), t, k, nil, "before").succeeds(t)
	for n := range 3 {
		server = restart(t, server, openRoom())
		if e := background.lost(t); e.Failure == nil || e.Failure.Condition != "system-shutdown" {
			t.Errorf("the session was lost by %+v", e.Failure)
		}
		background.back(t)
		if err := server.WaitOccupant(t.Context(), "open", "alice"); err != nil {
			t.Error(err)
		}
		s := sendOver(t.Context(), t, k, nil, fmt.Sprint("after ", n))
		s.succeeds(t)
		if s.attempts() != 1 {
			t.Errorf("%d attempts over a session that had been restored\n%s", s.attempts(), s)
		}
	}
}

// TestKeeperRestoresWhileSending restarts the server at every event of a
// notification. It arrives at one server at least, under one id.
func TestKeeperRestoresWhileSending(t *testing.T) {
	server := loopbacktest.Start(t, openRoom())
	j := job(server, urlspec.ModeNone, room("open@conference.localhost"), chat("bob@localhost"))
	k, _ := keep(t, j, quick())
	whole := sendOver(t.Context(), t, k, nil, "whole")
	whole.succeeds(t)
	whole = sendOver(t.Context(), t, k, nil, "again") // as before
	for n := range whole.events {
		body := fmt.Sprint("at event ", n+1)
		old, ended := server, make(chan struct{})
		s := sendOver(t.Context(), t, k, func(e event.Event) {
			if e.Seq == n+1 {
				go func() { // the observer must return at once
					defer close(ended)
					server = restart(t, old, openRoom())
				}()
			}
		}, body, body)
		<-ended
		s.succeeds(t)
		for message := 1; message <= 2; message++ {
			if d, _ := s.delivery("bob@localhost", message); d.Evidence != event.Accepted {
				t.Errorf("%s: bob's message %d: %+v", body, message, d)
			}
			if d, _ := s.delivery("open@conference.localhost", message); d.Evidence != event.Reflected {
				t.Errorf("%s: the room's message %d: %+v", body, message, d)
			}
		}
		ids := map[string]bool{}
		for _, m := range append(old.Received("bob@localhost"), server.Received("bob@localhost")...) {
			if m.Body == body {
				ids[m.ID] = true
			}
		}
		if len(ids) != 2 {
			t.Errorf("%s: bob got it under %d ids, want two\n%s", body, len(ids), s)
		}
		if t.Failed() {
			t.Log(s)
			return
		}
	}
}

// TestKeeperDeafServer: the server stops answering without closing anything.
// An idle session finds out by a ping, a notification by its own.
func TestKeeperDeafServer(t *testing.T) {
	deaf := loggedIn(line{wait: "</message>"}, line{wait: "</iq>", reply: pong}, line{wait: "</iq>", reply: mute})
	whole := loggedIn(line{wait: "</message>"}, line{wait: "</iq>", reply: pong})
	t.Run("idle", func(t *testing.T) {
		p := newPeer(t, probing(onlyPLAIN), deaf, probing(onlyPLAIN), whole)
		options := quick()
		options.Ping = 10 * time.Millisecond
		k, background := keep(t, p.slow(chat("bob@example.test")), options)
		sendOver(t.Context(), t, k, nil, "hi").succeeds(t)
		if e := background.lost(t); e.Failure == nil || e.Failure.Cause != event.CauseTimeout {
			t.Errorf("the session was lost by %+v", e.Failure)
		}
		background.back(t)
	})
	t.Run("sending", func(t *testing.T) {
		p := newPeer(t, probing(onlyPLAIN), deaf, probing(onlyPLAIN), whole)
		k, _ := keep(t, p.slow(chat("bob@example.test")), quick())
		sendOver(t.Context(), t, k, nil, "one").succeeds(t)
		s := sendOver(t.Context(), t, k, nil, "two")
		s.succeeds(t)
		if s.attempts() != 2 {
			t.Errorf("%d attempts, want two", s.attempts())
		}
		if ids := idsTo("bob", p.said()); len(ids) != 3 || ids[1][1] != ids[2][1] || ids[0][1] == ids[1][1] {
			t.Errorf("ids %v, want the second twice", ids)
		}
	})
}

// TestKeeperPings: a healthy session that is idle stays up.
func TestKeeperPings(t *testing.T) {
	before := goleak.IgnoreCurrent()
	server := loopbacktest.Start(t, loopback.Config{})
	pings := make(chan struct{}, 1)
	k := xmppcore.Keep(t.Context(), job(server, urlspec.ModeTLS, chat("bob@localhost")),
		xmppcore.KeepOptions{Ping: time.Millisecond,
			Trace: event.Trace{XML: func(x event.XML) {
				if x.Received && strings.Contains(x.Text, "type='result'") || strings.Contains(x.Text, `type="result"`) {
					select {
					case pings <- struct{}{}:
					default:
					}
				}
			}}})
	first := sendOver(t.Context(), t, k, nil, "one")
	first.succeeds(t)
	for range 5 {
		<-pings
	}
	if s := sendOver(t.Context(), t, k, nil, "two"); bound(s) != bound(first) {
		t.Errorf("the session of %s was not kept: %s", bound(first), bound(s))
	}
	k.Close()
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	goleak.VerifyNone(t, before)
}

// TestKeeperGivesUp: a server that stays away.
func TestKeeperGivesUp(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	options := quick()
	options.Outage = 50 * time.Millisecond
	for ; ; options.Outage *= 4 {
		k, background := keep(t, job(server, urlspec.ModeNone, chat("bob@localhost")), options)
		sendOver(t.Context(), t, k, nil, "one").succeeds(t)
		if err := server.Close(); err != nil {
			t.Fatal(err)
		}
		s := sendOver(t.Context(), t, k, nil, "two")
		s.fails(t, event.StageTCP, event.CauseRefused)
		if s.attempts() < 2 && options.Outage < 10*time.Second { // too busy a machine for so short an outage
			server = restart(t, server, loopback.Config{})
			continue
		}
		if s.attempts() < 2 {
			t.Errorf("%d attempts, want some during the outage", s.attempts())
		}
		// The outage is over the limit: the next notification tries once.
		if s = sendOver(t.Context(), t, k, nil, "three"); s.attempts() != 1 {
			t.Errorf("%d attempts after the outage, want one", s.attempts())
		}
		s.fails(t, event.StageTCP, event.CauseRefused)
		restart(t, server, loopback.Config{})
		background.back(t)
		sendOver(t.Context(), t, k, nil, "four").succeeds(t)
		return
	}
}

// TestKeeperUnknownFate: the server takes a message, goes before it says so, and
// does not come back. The last word is that it was written.
func TestKeeperUnknownFate(t *testing.T) {
	p := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "</message>"}, line{wait: "</iq>", reply: pong},
		line{wait: "</message>"}, line{wait: "</iq>", reply: hangUp}), []line{{wait: "version='1.0'>", reply: hangUp}})
	options := quick()
	options.Outage = 30 * time.Millisecond
	k, _ := keep(t, p.patient(chat("bob@example.test")), options)
	sendOver(t.Context(), t, k, nil, "one").succeeds(t)
	s := sendOver(t.Context(), t, k, nil, "two")
	s.fails(t, event.StageStream, event.CauseClosed)
	d, e := s.delivery("bob@example.test", 1)
	if d.Evidence != event.Written || e.State != event.Fail || !strings.Contains(e.Text, "may have arrived") {
		t.Errorf("%+v, %s: %s", d, e.State, e.Text)
	}
	if ids := idsTo("bob", p.said()); len(ids) != 2 {
		t.Errorf("bob was written to %d times, want twice", len(ids))
	}
}

// TestKeeperFirstSession: there is nothing to restore before it stood, so only
// retry= counts.
func TestKeeperFirstSession(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	j := job(server, urlspec.ModeTLS, chat("bob@localhost"))
	j.Reading.Retry, j.Reading.Wait = 2, 0
	j.Dial, _ = refusing(3)
	k, _ := keep(t, j, quick())
	s := sendOver(t.Context(), t, k, nil, "one")
	s.fails(t, event.StageTCP, event.CauseRefused)
	if s.attempts() != 3 {
		t.Errorf("%d attempts, want 3", s.attempts())
	}
	sendOver(t.Context(), t, k, nil, "two").succeeds(t)
}

// TestKeeperDoesNotInsist: where the server that comes back refuses the login,
// it is asked once, not again and again.
func TestKeeperDoesNotInsist(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	k, background := keep(t, job(server, urlspec.ModeNone, chat("bob@localhost")), quick())
	sendOver(t.Context(), t, k, nil, "one").succeeds(t)
	server = restart(t, server, loopback.Config{Accounts: []loopback.Account{{Name: "alice", Password: "other"}}})
	background.lost(t)
	background.wait(t, "the refusal", func(e event.Event) bool {
		return e.Stage == event.StageSASL && e.State == event.Fail
	})
	s := sendOver(t.Context(), t, k, nil, "two")
	s.fails(t, event.StageSASL, event.CauseAuth)
	if s.attempts() != 1 {
		t.Errorf("%d attempts with a wrong password", s.attempts())
	}
	restart(t, server, loopback.Config{}) // with the right one again
	sendOver(t.Context(), t, k, nil, "three").succeeds(t)
}

// TestKeeperReplaced: where another client takes our place, coming back would
// throw that one out, and so on. Only the next notification comes back.
func TestKeeperReplaced(t *testing.T) {
	conflict := "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
	script := loggedIn(line{wait: "</message>"}, line{wait: "</iq>", reply: pong}, line{wait: "</iq>",
		reply: conflict}) // to the ping
	p := newPeer(t, probing(onlyPLAIN), script, probing(onlyPLAIN),
		loggedIn(line{wait: "</message>"}, line{wait: "</iq>", reply: pong}))
	options := quick()
	options.Ping = 10 * time.Millisecond
	k, background := keep(t, p.patient(chat("bob@example.test")), options)
	sendOver(t.Context(), t, k, nil, "one").succeeds(t)
	if e := background.lost(t); e.Failure == nil || e.Failure.Condition != "conflict" ||
		!strings.Contains(e.Text, "not restored") {
		t.Errorf("the session was lost: %s: %+v", e.Text, e.Failure)
	}
	s := sendOver(t.Context(), t, k, nil, "two")
	s.succeeds(t)
	if strings.HasPrefix(s.end(event.StageSASL).Text, "as before: ") {
		t.Error("the session was restored before the next notification")
	}
}

// TestKeeperRooms: a room that refused us, or threw us out, is asked again with
// the next notification.
func TestKeeperRooms(t *testing.T) {
	refused := "<presence type='error' id='$id' from='r@c.test/alice' to='alice@example.test/here'><error type='wait'>" +
		"<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
	joined := "<presence id='$id' from='r@c.test/alice' to='alice@example.test/here'>" +
		"<x xmlns='http://jabber.org/protocol/muc#user'>" +
		"<item affiliation='none' role='participant'/><status code='110'/></x></presence>"
	kicked := "<presence type='unavailable' from='r@c.test/alice' to='alice@example.test/here'>" +
		"<x xmlns='http://jabber.org/protocol/muc#user'>" +
		"<item affiliation='none' role='none'/><status code='307'/><status code='110'/></x></presence>"
	reflect := "<message type='groupchat' id='$id' from='r@c.test/alice' to='alice@example.test/here'><body>hi</body>" +
		"</message>"
	after := "<message from='example.test'><body>after</body></message>"
	p := newPeer(t, probing(onlyPLAIN), loggedIn(
		line{wait: "</presence>", reply: refused},
		line{wait: "</presence>", reply: joined}, line{wait: "</message>", reply: reflect}, line{wait: "</iq>",
			reply: pong + kicked + after},
		line{wait: "</presence>", reply: joined}, line{wait: "</message>", reply: reflect}, line{wait: "</iq>", reply: pong}))
	j := p.patient(room("r@c.test"))
	k, background := keep(t, j, quick())
	sendOver(t.Context(), t, k, nil, "hi").fails(t, event.StageMUC, event.CauseRoom)
	for n := range 2 {
		s := sendOver(t.Context(), t, k, nil, "hi")
		if d, _ := s.delivery("r@c.test", 1); d.Evidence != event.Reflected {
			t.Errorf("%+v\n%s", d, s)
		}
		if n == 0 && !s.received("after") { // then the room has thrown us out by the next one
			background.receives(t, "after")
		}
	}
}

// TestKeeperCancelled cancels a notification at each of its events, the first
// one of a session and a later one. The next one arrives all the same.
func TestKeeperCancelled(t *testing.T) {
	server := loopbacktest.Start(t, openRoom())
	j := job(server, urlspec.ModeSTARTTLS, room("open@conference.localhost"), chat("bob@localhost"))
	j.Reading.Roster = true
	for _, opened := range []bool{false, true} {
		before := goleak.IgnoreCurrent()
		k := xmppcore.Keep(t.Context(), j, quick())
		whole := sendOver(t.Context(), t, k, nil, "hi")
		if opened {
			whole = sendOver(t.Context(), t, k, nil, "hi")
		}
		whole.succeeds(t)
		for n := range whole.events {
			if !opened {
				k.Close()
				k = xmppcore.Keep(t.Context(), j, quick())
			}
			ctx, cancel := context.WithCancel(t.Context())
			s := sendOver(ctx, t, k, func(e event.Event) {
				if e.Seq == n+1 {
					cancel()
				}
			}, "cancelled")
			cancel()
			var f *event.Failure
			if errors.As(s.err, &f) && f.Cause != event.CauseCancelled {
				t.Errorf("cancelled at event %d: %v", n+1, s.err)
			}
			sendOver(t.Context(), t, k, nil, "next").succeeds(t)
		}
		k.Close()
		goleak.VerifyNone(t, before)
	}
}

// TestKeeperEnds ends a Keeper at a random moment of its life, by Close or by
// its context, and sometimes while its server restarts.
func TestKeeperEnds(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	server := loopbacktest.Start(t, openRoom())
	j := job(server, urlspec.ModeNone, room("open@conference.localhost"), chat("bob@localhost"))
	for n := range 40 {
		before := goleak.IgnoreCurrent()
		ctx, cancel := context.WithCancel(t.Context())
		k := xmppcore.Keep(ctx, j, quick())
		var senders sync.WaitGroup
		for range 3 {
			senders.Go(func() {
				for {
					if err := k.Send(t.Context(), []event.Message{{Body: "hi"}}, event.Trace{}); err != nil {
						var f *event.Failure
						if !errors.As(err, &f) || f.Cause != event.CauseCancelled && n%3 != 0 {
							t.Errorf("Send: %v", err)
						}
						return
					}
				}
			})
		}
		timer := time.NewTimer(time.Duration(random.IntN(30)) * time.Millisecond)
		<-timer.C
		if n%3 == 0 {
			server = restart(t, server, openRoom())
		}
		if n%2 == 0 {
			cancel()
		}
		k.Close()
		senders.Wait()
		cancel()
		if n%3 != 0 { // the server's goroutines are new then
			goleak.VerifyNone(t, before)
		}
		if err := k.Send(t.Context(), []event.Message{{Body: "late"}}, event.Trace{}); err == nil {
			t.Error("a closed Keeper sends")
		}
	}
}
