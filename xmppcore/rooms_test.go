package xmppcore_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// TestRooms joins one room of each kind.
func TestRooms(t *testing.T) {
	config := loopback.Config{Rooms: []loopback.Room{
		{Name: "open"}, {Name: "members", MembersOnly: true}, {Name: "secret", Password: "sesame"},
		{Name: "banned", Banned: []string{"alice"}}, {Name: "taken", Occupants: []string{"alice"}},
		{Name: "quiet", Moderated: true},
	}}
	tests := []struct {
		room      string
		state     event.State
		condition string
		code      int
		holds     string
	}{
		{"open", event.OK, "", 110, "joined"},
		{"members", event.Fail, "registration-required", 0, ""},
		{"secret", event.Fail, "not-authorized", 0, ""},
		{"banned", event.Fail, "forbidden", 0, ""},
		{"taken", event.Fail, "conflict", 0, ""},
		{"quiet", event.Warn, "", 110, "visitor"},
		{"brandnew", event.Warn, "", 201, "created"},
	}
	server := loopbacktest.Start(t, config)
	var targets []urlspec.Address
	for _, test := range tests {
		targets = append(targets, room(test.room+"@conference.localhost"))
	}
	s := tell(t, job(server, urlspec.ModeSTARTTLS, targets...))
	s.fails(t, event.StageMUC, event.CauseRoom)
	for _, test := range tests {
		d, e := s.room(test.room + "@conference.localhost")
		condition := ""
		if d.Error != nil {
			condition = d.Error.Condition
		}
		if e.State != test.state || condition != test.condition || d.Joined == (test.state == event.Fail) ||
			!strings.Contains(e.Text, test.holds) {
			t.Errorf("%s: %+v, %s %q", test.room, d, e.State, e.Text)
		}
		if test.code > 0 && !slices.Contains(d.Codes, test.code) {
			t.Errorf("%s: codes %v lack %d", test.room, d.Codes, test.code)
		}
	}
	if e := s.end(event.StageMUC); e.State != event.Warn || e.Failure == nil {
		t.Errorf("muc: %+v", e)
	}
}

// TestRoomSpellings: two spellings of one room are joined once, and both told.
func TestRoomSpellings(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
	j := job(server, urlspec.ModeNone, room("Open@conference.localhost"), room("open@conference.localhost"))
	j.Messages = []event.Message{{Body: "hi"}}
	s := tell(t, j)
	s.succeeds(t)
	joins := 0
	for _, x := range s.xml {
		if !x.Received && strings.Contains(x.Text, "http://jabber.org/protocol/muc'") {
			joins++
		}
	}
	if joins != 1 {
		t.Errorf("joined %d times", joins)
	}
	for _, jid := range []string{"Open@conference.localhost", "open@conference.localhost"} {
		if d, _ := s.room(jid); !d.Joined {
			t.Errorf("%s: %+v", jid, d)
		}
		if d, _ := s.delivery(jid, 1); d.Evidence != event.Reflected {
			t.Errorf("%s: %+v", jid, d)
		}
	}
}

// TestRoomSilent: a JID that is no room does not answer at all. The others do
// not suffer.
func TestRoomSilent(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
	s := tellLate(t, event.StageMUC, func() xmppcore.Job {
		j := job(server, urlspec.ModeNone, room("open@localhost"), room("open@conference.localhost"))
		j.Messages = []event.Message{{Body: "hi"}}
		return j
	})
	s.fails(t, event.StageMUC, event.CauseTimeout)
	if d, _ := s.room("open@localhost"); d.Joined || d.Error != nil {
		t.Errorf("%+v", d)
	}
	if d, _ := s.delivery("open@conference.localhost", 1); d.Evidence != event.Reflected {
		t.Errorf("%+v", d)
	}
}

// TestNickChanged: the service gives us another nick; reflections come from
// that one.
func TestNickChanged(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}},
		Faults: loopback.Faults{OtherNick: "alice_"}})
	j := job(server, urlspec.ModeNone, room("open@conference.localhost"))
	j.Messages = []event.Message{{Body: "hi"}}
	s := tell(t, j)
	s.succeeds(t)
	d, e := s.room("open@conference.localhost")
	if d.Nick != "alice_" || e.State != event.Warn || !strings.Contains(e.Text, `"alice_"`) {
		t.Errorf("%+v, %s", d, e.Text)
	}
}

// TestKicked throws us out between the join and the reflection.
func TestKicked(t *testing.T) {
	const den = "den@rooms.example.test"
	kick := "<presence type='unavailable' from='den@rooms.example.test/alice'>" +
		"<x xmlns='http://jabber.org/protocol/muc#user'>" +
		"<item role='none' affiliation='none'><actor nick='eve'/><reason>no bots \x7f</reason></item>" +
		"<status code='307'/><status code='110'/></x></presence>"
	bounce := "<message type='error' id='$id' from='den@rooms.example.test'><error type='modify'>" +
		"<not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
	p := newPeer(t, probing(onlyPLAIN), loggedIn(joins(den), line{wait: "</message>", reply: kick + bounce},
		line{wait: "</iq>", reply: pong}))
	j := p.patient(room(den))
	j.Messages = []event.Message{{Body: "hi"}}
	s := tell(t, j)
	d, e := s.room(den)
	if d.Joined || e.State != event.Fail || !strings.Contains(e.Text, "kicked out of the room by eve") {
		t.Errorf("%+v, %s", d, e.Text)
	}
	if d, _ := s.delivery(den, 1); d.Error == nil || d.Error.Condition != "not-acceptable" {
		t.Errorf("%+v", d)
	}
	if strings.Contains(p.said(), "unavailable") {
		t.Error("it took leave of a room that it was not in any more")
	}
}

// TestRemoved: whichever way a room removes us between the message and its
// reflection, nothing is waited for that cannot come any more. The deadline is
// an hour: whoever waits is interrupted.
func TestRemoved(t *testing.T) {
	const den = "den@rooms.example.test"
	from := func(nick, inside string) string {
		return "<presence type='unavailable' from='den@rooms.example.test/" + nick +
			"'><x xmlns='http://jabber.org/protocol/muc#user'>" +
			"<item role='none' affiliation='none'/>" + inside + "</x></presence>"
	}
	for _, test := range []struct{ name, reply, text string }{
		{"kicked", from("alice", "<status code='307'/><status code='110'/>"), "kicked out of the room"},
		{"banned", from("alice", "<status code='301'/><status code='110'/>"), "banned from the room"},
		{"no member any more", from("alice", "<status code='321'/><status code='110'/>"), "for members only"},
		{"the service stops", from("alice", "<status code='332'/><status code='110'/>"), "the room service shuts down"},
		{"destroyed", from("alice",
			"<destroy jid='other@rooms.example.test'><reason>moved</reason></destroy><status code='110'/>"),
			`("moved"): the room was destroyed`},
		{"without a mark", from("alice", ""), "the room removed us"},
	} {
		p := newPeer(t, loggedIn(joins(den), line{wait: "</message>", reply: test.reply}, line{wait: "</iq>", reply: pong}))
		j := p.patient(room(den))
		j.Messages, j.Reading.RTO = []event.Message{{Body: "hi"}}, 3600
		j.Reading.ScramPlus, j.Reading.Mode = true, urlspec.ModeNone
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		var s story
		s.err = xmppcore.Run(ctx, j, event.Trace{Event: func(e event.Event) { s.events = append(s.events, e) }})
		cancel()
		// The removal can come before the write has returned.
		var failure *event.Failure
		if !errors.As(s.err, &failure) || failure.Cause != event.CauseRoom || failure.Stage != event.StageAck &&
			failure.Stage != event.StageSend {
			t.Errorf("%s: Run: %v", test.name, s.err)
		}
		_, e := s.delivery(den, 1)
		if e.State != event.Fail || e.Failure == nil || !e.Failure.Removed || !strings.Contains(e.Text, test.text) {
			t.Errorf("%s: the delivery: %s %q %+v", test.name, e.State, e.Text, e.Failure)
		}
	}
}

// TestRemovedBeforeJoin: a room that is destroyed while it is asked does not let
// us in any more.
func TestRemovedBeforeJoin(t *testing.T) {
	const den = "den@rooms.example.test"
	gone := "<presence type='unavailable' from='den@rooms.example.test/alice'>" +
		"<x xmlns='http://jabber.org/protocol/muc#user'>" +
		"<item role='none' affiliation='none'/><destroy/><status code='110'/></x></presence>"
	p := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "</presence>", reply: gone}))
	j := p.patient(room(den))
	j.Reading.RTO = 3600
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var s story
	s.err = xmppcore.Run(ctx, j, event.Trace{Event: func(e event.Event) { s.events = append(s.events, e) }})
	s.fails(t, event.StageMUC, event.CauseRoom)
}

// TestLeave: a check goes as it came.
func TestLeave(t *testing.T) {
	const den = "den@rooms.example.test"
	p := newPeer(t, probing(onlyPLAIN), loggedIn(joins(den)))
	tell(t, p.patient(room(den))).succeeds(t)
	if !strings.Contains(p.said(), "<presence to='den@rooms.example.test/alice' type='unavailable'/>") {
		t.Errorf("it did not leave: %s", p.said())
	}
}
