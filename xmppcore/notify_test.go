package xmppcore_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// notify does a job with retries and checks what holds for every one: the
// promises of Event, attempt by attempt.
func notify(ctx context.Context, t *testing.T, job xmppcore.Job, onEvent func(event.Event)) *story {
	t.Helper()
	s := hear(ctx, t, xmppcore.Notify, job, onEvent)
	s.checkAttempts(t)
	s.checkText(t, job.Reading.Password)
	return s
}

// checkAttempts checks the numbers, and that each attempt is a sound story of
// stages that begins with the wait before it.
func (s *story) checkAttempts(t *testing.T) {
	t.Helper()
	attempt := 1
	states := map[event.Stage]event.State{}
	sound := func() {
		for stage, state := range states {
			if state == event.Start {
				t.Errorf("%s of attempt %d has no end\n%s", stage, attempt, s)
			}
		}
		clear(states)
	}
	for i, e := range s.events {
		if e.Seq != i+1 {
			t.Errorf("event %d has number %d", i+1, e.Seq)
		}
		if e.Attempt != attempt {
			sound()
			if e.Attempt != attempt+1 || e.Stage != event.StageWait || e.State != event.Start {
				t.Errorf("attempt %d follows %d with %s %s", e.Attempt, attempt, e.Stage, e.State)
			}
			attempt = e.Attempt
		}
		state, seen := states[e.Stage]
		switch {
		case e.Item != "":
		case e.State == event.Start && seen, e.State != event.Start && state != event.Start:
			t.Errorf("event %d of attempt %d is %s of %s, which was %q", e.Seq, attempt, e.State, e.Stage, state)
		default:
			states[e.Stage] = e.State
		}
		if e.State == event.Fail && (e.Failure == nil || e.Failure.Stage != e.Stage) {
			t.Errorf("event %d fails without a sound reason: %+v", e.Seq, e.Failure)
		}
	}
	sound()
}

// attempts is how many there were.
func (s *story) attempts() int {
	if len(s.events) == 0 {
		return 0
	}
	return s.events[len(s.events)-1].Attempt
}

// refusing is a dialler that refuses the first n connections.
func refusing(n int32) (func(context.Context, string, string) (net.Conn, error), *atomic.Int32) {
	var calls atomic.Int32
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if calls.Add(1) <= n {
			return nil, syscall.ECONNREFUSED
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}, &calls
}

func TestNotifyComesThrough(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
	for _, mode := range allModes() {
		j := job(server, mode, room("open@conference.localhost"), chat("bob@localhost"))
		j.Reading.Retry, j.Reading.Wait, j.Messages = 3, 0, []event.Message{{Body: "hi"}}
		j.Dial, _ = refusing(2)
		s := notify(t.Context(), t, j, nil)
		s.succeeds(t)
		if got := s.attempts(); got != 3 {
			t.Errorf("%d attempts, want 3", got)
		}
		if got, err := server.WaitMessage(t.Context(), "bob@localhost"); err != nil || got.Body != "hi" {
			t.Errorf("bob got %+v, %v", got, err)
		}
	}
	if got := server.Received("bob@localhost"); len(got) != len(allModes()) {
		t.Errorf("bob got %d messages, want one for each mode", len(got))
	}
}

// TestNotifyGivesUp counts the attempts at a server that is never there.
func TestNotifyGivesUp(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	for retry, want := range map[int]int{0: 1, 1: 2, 10: 11, 99: 11, -1: 1} {
		for _, optional := range []bool{false, true} {
			j := job(server, urlspec.ModeTLS, chat("bob@localhost"))
			j.Reading.Retry, j.Reading.Wait, j.Reading.Optional = retry, 0, optional
			j.Messages = []event.Message{{Body: "hi"}}
			var calls *atomic.Int32
			j.Dial, calls = refusing(math.MaxInt32)
			s := notify(t.Context(), t, j, nil)
			s.fails(t, event.StageTCP, event.CauseRefused)
			if s.attempts() != want || int(calls.Load()) != want {
				t.Errorf("retry=%d: %d attempts, %d connections, want %d", retry, s.attempts(), calls.Load(), want)
			}
		}
	}
	j := job(server, urlspec.ModeTLS) // a check is one attempt
	j.Reading.Retry = 3
	j.Dial, _ = refusing(1)
	if s := notify(t.Context(), t, j, nil); s.err == nil || s.attempts() != 1 {
		t.Errorf("a check made %d attempts: %v", s.attempts(), s.err)
	}
}

// bounce is the answer to a message: an error of this type.
func bounce(kind, condition string) string {
	return "<message type='error' id='$id' from='carol@example.test'><error type='" + kind + "'><" + condition +
		" xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
}

// TestNotifyRepeatsOnlyWhatIsMissing plays a server that takes bob's message
// and returns carol's.
func TestNotifyRepeatsOnlyWhatIsMissing(t *testing.T) {
	both := func(reply string) []line {
		return loggedIn(line{wait: "</message>"}, line{wait: "</message>", reply: reply}, line{wait: "</iq>", reply: pong})
	}
	one := func(reply string) []line {
		return loggedIn(line{wait: "</message>", reply: reply}, line{wait: "</iq>", reply: pong})
	}
	tests := []struct {
		name          string
		first, second []line
		// attempts made, and how often carol was written to
		attempts, written int
		fine              bool
	}{
		{"wait, then taken", both(bounce("wait", "resource-constraint")), one(""), 2, 2, true},
		{"wait twice", both(bounce("wait", "resource-constraint")), one(bounce("wait", "resource-constraint")), 2, 2, false},
		{"cancel", both(bounce("cancel", "service-unavailable")), one(""), 1, 1, false},
		{"auth", both(bounce("auth", "forbidden")), one(""), 1, 1, false},
		{"wait, then cancel", both(bounce("wait", "resource-constraint")), one(bounce("cancel", "gone")), 2, 2, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newPeer(t, probing(onlyPLAIN), test.first, probing(onlyPLAIN), test.second)
			j := p.patient(chat("bob@example.test"), chat("carol@example.test"))
			j.Reading.Retry, j.Reading.Wait, j.Messages = 1, 0, []event.Message{{Body: "hi"}}
			s := notify(t.Context(), t, j, nil)
			if (s.err == nil) != test.fine || s.attempts() != test.attempts {
				t.Errorf("%d attempts, %v; want %d\n%s", s.attempts(), s.err, test.attempts, s)
			}
			if !test.fine {
				s.fails(t, event.StageAck, event.CauseBounced)
			}
			ids := func(to string) []string {
				var ids []string
				for _, m := range idsTo(to, p.said()) {
					ids = append(ids, m[1])
				}
				return ids
			}
			if got := ids("bob"); len(got) != 1 {
				t.Errorf("bob was written to %d times", len(got))
			}
			if got := ids("carol"); len(got) != test.written || len(slices.Compact(got)) != 1 {
				t.Errorf("carol was written to under the ids %v", got)
			}
			if d, _ := s.delivery("bob@example.test", 1); d.Evidence != event.Accepted {
				t.Errorf("bob: %+v", d)
			}
			if d, e := s.delivery("carol@example.test", 1); (e.State == event.OK) != test.fine || (d.Error == nil) != test.fine {
				t.Errorf("carol: %+v, %s", d, e.Text)
			}
		})
	}
}

// idsTo finds the ids of messages to a user of example.test.
func idsTo(user, said string) [][]string {
	var found [][]string
	for _, part := range strings.Split(said, "<message to='"+user+"@example.test'")[1:] {
		found = append(found, idPattern.FindStringSubmatch(part))
	}
	return found
}

// TestNotifyUnknownFate: the connection ends between the message and the
// confirmation, so it is sent again under the same id; and where no attempt
// finds out, the last word is that it was written.
func TestNotifyUnknownFate(t *testing.T) {
	broken := loggedIn(line{wait: "</message>"}, line{wait: "</iq>", reply: hangUp})
	whole := loggedIn(line{wait: "</message>"}, line{wait: "</iq>", reply: pong})
	deaf := loggedIn(line{wait: "</message>", reply: mute})
	for name, first := range map[string][]line{"closed": broken, "silent": deaf} {
		t.Run(name, func(t *testing.T) {
			p := newPeer(t, probing(onlyPLAIN), first, probing(onlyPLAIN), whole)
			j := p.slow(chat("bob@example.test"))
			j.Reading.Retry, j.Reading.Wait, j.Messages = 1, 0, []event.Message{{Body: "hi"}}
			s := notify(t.Context(), t, j, nil)
			s.succeeds(t)
			ids := idsTo("bob", p.said())
			if len(ids) != 2 || ids[0][1] != ids[1][1] {
				t.Errorf("ids %v, want one of them twice", ids)
			}
		})
	}
	t.Run("then refused", func(t *testing.T) {
		joined := "<presence id='$id' from='r@c.test/alice' to='alice@example.test/here'>" +
			"<x xmlns='http://jabber.org/protocol/muc#user'>" +
			"<item affiliation='none' role='participant'/><status code='110'/></x></presence>"
		refused := "<presence type='error' id='$id' from='r@c.test/alice'><error type='wait'><service-unavailable " +
			"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
		p := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "</presence>", reply: joined}, line{wait: "</message>"},
			line{wait: "</iq>", reply: pong}),
			probing(onlyPLAIN), loggedIn(line{wait: "</presence>", reply: refused}))
		j := p.slow(room("r@c.test"))
		j.Reading.Retry, j.Reading.Wait, j.Messages = 1, 0, []event.Message{{Body: "hi"}}
		s := notify(t.Context(), t, j, nil)
		s.fails(t, event.StageMUC, event.CauseRoom)
		d, e := s.delivery("r@c.test", 1)
		if d.Evidence != event.Accepted || e.Attempt != 2 || e.State != event.Fail ||
			!strings.Contains(e.Text, "may have arrived") {
			t.Errorf("attempt %d, %+v, %s", e.Attempt, d, e.Text)
		}
	})
	t.Run("never known", func(t *testing.T) {
		refuses := []line{{wait: "version='1.0'>", reply: hangUp}}
		p := newPeer(t, probing(onlyPLAIN), broken, refuses)
		j := p.patient(chat("bob@example.test"))
		j.Reading.Retry, j.Reading.Wait, j.Messages = 2, 0, []event.Message{{Body: "hi"}}
		s := notify(t.Context(), t, j, nil)
		s.fails(t, event.StageStream, event.CauseClosed)
		if d, e := s.delivery("bob@example.test", 1); d.Evidence != event.Written || e.State != event.Fail ||
			s.attempts() != 3 {
			t.Errorf("%d attempts, %+v, %s", s.attempts(), d, e.Text)
		}
	})
}

// TestNotifyStops: what cannot get better is not tried again.
func TestNotifyStops(t *testing.T) {
	tests := []struct {
		name   string
		config loopback.Config
		change func(*xmppcore.Job)
		stage  event.Stage
		cause  event.Cause
	}{
		{"wrong password", loopback.Config{}, func(j *xmppcore.Job) { j.Reading.Password = "wrong" }, event.StageSASL,
			event.CauseAuth},
		{"too many logins", loopback.Config{Faults: loopback.Faults{Locked: true}}, nil, event.StageStream,
			event.CauseStreamError},
		{"illegal message", loopback.Config{}, func(j *xmppcore.Job) { j.Messages[0].Body = "\x01" }, event.StageSend,
			event.CauseIllegalStanza},
		{"unknown user", loopback.Config{}, func(j *xmppcore.Job) { j.Reading.Targets[0].JID = "nobody@localhost" },
			event.StageAck, event.CauseBounced},
		{"members only", loopback.Config{Rooms: []loopback.Room{{Name: "m", MembersOnly: true}}},
			func(j *xmppcore.Job) { j.Reading.Targets[0] = room("m@conference.localhost") }, event.StageMUC, event.CauseRoom},
		{"untrusted certificate", loopback.Config{}, func(j *xmppcore.Job) { j.Roots = nil }, event.StageTLS,
			event.CauseCertAuthority},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			j := job(loopbacktest.Start(t, test.config), urlspec.ModeSTARTTLS, chat("bob@localhost"))
			j.Reading.Retry, j.Messages = 5, []event.Message{{Body: "hi"}}
			if test.change != nil {
				test.change(&j)
			}
			s := notify(t.Context(), t, j, nil)
			s.fails(t, test.stage, test.cause)
			if got := s.attempts(); got != 1 {
				t.Errorf("%d attempts, want one", got)
			}
		})
	}
}

// TestNotifyCancelled cancels at each event of a story of three attempts.
func TestNotifyCancelled(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	story := func(n int) *story {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		j := job(server, urlspec.ModeTLS, chat("bob@localhost"))
		j.Reading.Retry, j.Reading.Wait, j.Messages = 2, 0.001, []event.Message{{Body: "hi"}}
		j.Dial, _ = refusing(2)
		return notify(ctx, t, j, func(e event.Event) {
			if e.Seq == n {
				cancel()
			}
		})
	}
	whole := story(0)
	whole.succeeds(t)
	for n := range whole.events {
		s := story(n + 1)
		var f *event.Failure
		if errors.As(s.err, &f) && f.Cause != event.CauseCancelled && f.Cause != event.CauseRefused {
			t.Errorf("cancelled at event %d: %v", n+1, s.err)
		}
		if at := whole.events[n]; at.Attempt < 3 && s.attempts() > at.Attempt {
			t.Errorf("cancelled at event %d of attempt %d, and there were %d attempts", n+1, at.Attempt, s.attempts())
		}
	}
	t.Run("while waiting", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		j := job(server, urlspec.ModeTLS, chat("bob@localhost"))
		j.Reading.Retry, j.Reading.Wait, j.Messages = 1, 20, []event.Message{{Body: "hi"}}
		j.Dial, _ = refusing(1)
		s := notify(ctx, t, j, func(e event.Event) {
			if e.Stage == event.StageWait {
				cancel()
			}
		})
		s.fails(t, event.StageWait, event.CauseCancelled)
	})
}

func ExampleNotify() {
	server, err := loopback.Start(loopback.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	reading := urlspec.Parse(fmt.Sprintf("xmpps://alice:alice-pw@localhost:%d/bob?retry=2&wait=0.1",
		server.STARTTLSPort())).Reading
	job := xmppcore.Job{Reading: reading, Roots: server.Roots(), Messages: []event.Message{{Body: "The disk is full."}}}
	err = xmppcore.Notify(context.Background(), job, event.Trace{Event: func(e event.Event) {
		if d, ok := e.Data.(event.Delivery); ok {
			fmt.Println(d.To, d.Evidence)
		}
	}})
	fmt.Println(err)
	// Output:
	// bob@localhost written
	// bob@localhost accepted
	// <nil>
}
