package xmppcore_test

import (
	"slices"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
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
	server := start(t, config)
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
		if e.State != test.state || condition != test.condition || d.Joined == (test.state == event.Fail) || !strings.Contains(e.Text, test.holds) {
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
	server := start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
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
	server := start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
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
	server := start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}, Faults: loopback.Faults{OtherNick: "alice_"}})
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
	kick := "<presence type='unavailable' from='den@rooms.example.test/alice'><x xmlns='http://jabber.org/protocol/muc#user'>" +
		"<item role='none' affiliation='none'><actor nick='eve'/><reason>no bots \x7f</reason></item><status code='307'/><status code='110'/></x></presence>"
	bounce := "<message type='error' id='$id' from='den@rooms.example.test'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
	p := newPeer(t, probing(onlyPLAIN), loggedIn(joins(den), line{wait: "</message>", reply: kick + bounce}, line{wait: "</iq>", reply: pong}))
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

// TestLeave: a check goes as it came.
func TestLeave(t *testing.T) {
	const den = "den@rooms.example.test"
	p := newPeer(t, probing(onlyPLAIN), loggedIn(joins(den)))
	tell(t, p.patient(room(den))).succeeds(t)
	if !strings.Contains(p.said(), "<presence to='den@rooms.example.test/alice' type='unavailable'/>") {
		t.Errorf("it did not leave: %s", p.said())
	}
}
