package loopback

import (
	"strings"
	"testing"
)

// XML that the room tests share.
const (
	join    = "<presence to='%s@conference.localhost/%s'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>"
	noTopic = "<message type='groupchat' from='dev@conference.localhost' to='alice@localhost/phone'><subject/></message>"
)

// joining is the presence that asks to enter a room.
func joining(room, nick string) string {
	return strings.Replace(strings.Replace(join, "%s", room, 1), "%s", nick, 1)
}

// inRoom is a presence as the room dev sends it to one client.
func inRoom(nick, to, item, statuses string) string {
	return "<presence from='dev@conference.localhost/" + nick + "' to='" + to + "'><x xmlns='http://jabber.org/protocol/muc#user'><item " + item + "/>" +
		statuses + "</x></presence>"
}

// leaving is an unavailable presence as the room dev sends it to one client.
func leaving(nick, to, item, statuses string) string {
	return strings.Replace(inRoom(nick, to, item, statuses), "<presence ", "<presence type='unavailable' ", 1)
}

const self = "<status code='110'/>"

// TestJoin has two clients meet in a room.
func TestJoin(t *testing.T) {
	s := start(t, Config{Rooms: []Room{{Name: "dev", Occupants: []string{"robot"}, Subject: "Releases & more"}}})
	alice, bob := login(t, s, "alice", "phone"), login(t, s, "bob", "desk")
	const participant = "affiliation='none' role='participant'"
	topic := func(to string) string {
		return "<message type='groupchat' from='dev@conference.localhost' to='" + to + "'><subject>Releases &amp; more</subject></message>"
	}
	alice.expect(joining("dev", "al"),
		inRoom("robot", alice.jid, participant, ""),
		inRoom("al", alice.jid, participant+" jid='alice@localhost/phone'", self),
		topic(alice.jid))
	if err := s.WaitOccupant(patience(t), "dev", "al"); err != nil {
		t.Error(err)
	}
	bob.expect(strings.Replace(joining("dev", "bob"), "<x", "<show>dnd</show><x", 1),
		inRoom("robot", bob.jid, participant, ""),
		inRoom("al", bob.jid, participant, ""),
		strings.Replace(inRoom("bob", bob.jid, participant+" jid='bob@localhost/desk'", self), "<x", "<show>dnd</show><x", 1),
		topic(bob.jid))
	alice.pending(strings.Replace(inRoom("bob", alice.jid, participant, ""), "<x", "<show>dnd</show><x", 1))

	// Reflection, with the same id, to both; the payload goes along.
	const said = "<body>hi &lt;all&gt;</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/></message>"
	alice.expect("<message to='dev@conference.localhost' type='groupchat' id='m1'>"+said,
		"<message to='alice@localhost/phone' type='groupchat' id='m1' from='dev@conference.localhost/al'>"+said)
	bob.pending("<message to='bob@localhost/desk' type='groupchat' id='m1' from='dev@conference.localhost/al'>" + said)
	if m, err := s.WaitMessage(patience(t), "dev@conference.localhost"); err != nil || m.Body != "hi <all>" || m.ID != "m1" {
		t.Errorf("log %+v, %v", m, err)
	}

	// Another nick is a leave and a join; one that is taken is refused.
	alice.expect("<presence to='dev@conference.localhost/alice'/>",
		leaving("al", alice.jid, "affiliation='none' role='none' jid='alice@localhost/phone'", self),
		inRoom("robot", alice.jid, participant, ""),
		strings.Replace(inRoom("bob", alice.jid, participant, ""), "<x", "<show>dnd</show><x", 1),
		inRoom("alice", alice.jid, participant+" jid='alice@localhost/phone'", self),
		topic(alice.jid))
	bob.pending(
		leaving("al", bob.jid, "affiliation='none' role='none'", ""),
		inRoom("alice", bob.jid, participant, ""))
	alice.expect("<presence to='dev@conference.localhost/bob' id='c'/>",
		"<presence type='error' id='c' from='dev@conference.localhost/bob' to='alice@localhost/phone'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>")

	// Leaving: by presence, and by losing the connection.
	alice.expect("<presence type='unavailable' to='dev@conference.localhost/alice'/>",
		leaving("alice", alice.jid, "affiliation='none' role='none' jid='alice@localhost/phone'", self))
	bob.pending(leaving("alice", bob.jid, "affiliation='none' role='none'", ""))
	alice.exchange(joining("dev", "alice"))
	bob.exchange("")
	_ = alice.conn.Close()
	ctx := patience(t)
	if err := s.hub.wait(ctx, "alice to leave", func() bool { return s.hub.rooms["dev"].occupants["alice"] == nil }); err != nil {
		t.Fatal(err)
	}
	bob.pending(leaving("alice", bob.jid, "affiliation='none' role='none'", ""))
}

// TestRoomErrors joins and speaks where it is not allowed.
func TestRoomErrors(t *testing.T) {
	rooms := []Room{
		{Name: "members", MembersOnly: true, Members: []string{"bob"}}, {Name: "secret", Password: "sesame"},
		{Name: "banned", Banned: []string{"alice"}}, {Name: "busy", Occupants: []string{"alice"}},
		{Name: "hall", Moderated: true},
	}
	tests := []struct {
		name, send            string
		kind, condition, text string
	}{
		{"members only", joining("members", "alice"), "auth", "registration-required", ""},
		{"no password", joining("secret", "alice"), "auth", "not-authorized", ""},
		{"wrong password", strings.Replace(joining("secret", "alice"), "<history", "<password>x</password><history", 1), "auth", "not-authorized", ""},
		{"banned", joining("banned", "alice"), "auth", "forbidden", ""},
		{"nick taken", joining("busy", "alice"), "cancel", "conflict", ""},
		{"no such room to join", joining("new", "alice"), "cancel", "not-allowed", "Room creation is restricted"},
		{"not joined", "<message to='hall@conference.localhost' type='groupchat'><body>x</body></message>", "cancel", "not-acceptable",
			"You are not currently connected to this chat"},
		{"no such room", "<message to='none@conference.localhost' type='groupchat'><body>x</body></message>", "cancel", "item-not-found", ""},
		{"chat to a room that is not there", "<message to='none@conference.localhost' type='chat'><body>x</body></message>", "cancel", "item-not-found", ""},
		{"visitor", joining("hall", "alice") + "<message to='hall@conference.localhost' type='groupchat'><body>x</body></message>", "auth", "forbidden",
			"You do not currently have permission to speak in this chat"},
		{"to one occupant", joining("hall", "alice") + "<message to='hall@conference.localhost/alice' type='chat'><body>x</body></message>", "modify", "bad-request", ""},
		{"groupchat to one occupant", joining("hall", "alice") + "<message to='hall@conference.localhost/alice' type='groupchat'><body>x</body></message>", "modify", "bad-request", ""},
		{"no nick", "<presence to='hall@conference.localhost'><x xmlns='http://jabber.org/protocol/muc'/></presence>", "cancel", "service-unavailable", ""},
		{"no room", "<presence to='conference.localhost/alice'><x xmlns='http://jabber.org/protocol/muc'/></presence>", "cancel", "service-unavailable", ""},
		{"query of a room", "<iq type='get' id='1' to='hall@conference.localhost'><x xmlns='urn:x'/></iq>", "cancel", "service-unavailable", ""},
	}
	s := start(t, Config{Rooms: rooms, FixedRooms: true})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			alice := login(t, s, "alice", "phone")
			got := alice.exchange(tt.send)
			text := tt.text
			if text != "" {
				text = "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>" + text + "</text>"
			}
			want := "<error type='" + tt.kind + "'><" + tt.condition + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" + text + "</error>"
			if len(got) == 0 || !strings.Contains(got[len(got)-1], want) {
				t.Errorf("\n got %q\nwant %q", got, want)
			}
		})
	}
}

// TestRoomAdmission enters where one may: a member, a password.
func TestRoomAdmission(t *testing.T) {
	s := start(t, Config{Rooms: []Room{
		{Name: "dev", MembersOnly: true, Members: []string{"alice"}}, {Name: "secret", Password: "sesame"},
		{Name: "hall", Moderated: true, Members: []string{"alice"}},
	}})
	alice := login(t, s, "alice", "phone")
	alice.expect(joining("dev", "alice"), inRoom("alice", alice.jid, "affiliation='member' role='participant' jid='alice@localhost/phone'", self), noTopic)
	withPassword := strings.Replace(joining("secret", "alice"), "<history", "<password>sesame</password><history", 1)
	if got := alice.exchange(withPassword); len(got) != 2 || !strings.Contains(got[0], self) {
		t.Errorf("with the password: %q", got)
	}
	got := alice.exchange(joining("hall", "alice") + "<message to='hall@conference.localhost' type='groupchat'><body>x</body></message>")
	if len(got) != 3 || !strings.Contains(got[2], "<body>x</body>") {
		t.Errorf("a member speaks: %q", got)
	}
}

// TestNewRoom creates and abandons a room.
func TestNewRoom(t *testing.T) {
	s := start(t, Config{})
	alice, bob := login(t, s, "alice", "phone"), login(t, s, "bob", "desk")
	alice.expect(joining("dev", "alice"),
		inRoom("alice", alice.jid, "affiliation='owner' role='moderator' jid='alice@localhost/phone'", "<status code='201'/>"+self), noTopic)
	if got := bob.exchange(joining("dev", "bob")); len(got) != 3 || !strings.Contains(got[1], "affiliation='none' role='participant'") {
		t.Errorf("bob joins: %q", got)
	}
	if got := alice.exchange(""); len(got) != 1 || !strings.Contains(got[0], "jid='bob@localhost/desk'") {
		t.Errorf("a moderator sees who bob is: %q", got)
	}
	bob.exchange("<presence type='unavailable' to='dev@conference.localhost/bob'/>")
	alice.exchange("")
	alice.exchange("<presence type='unavailable' to='dev@conference.localhost/alice'/>")
	if got := bob.exchange(joining("dev", "bob")); len(got) != 2 || !strings.Contains(got[0], "<status code='201'/>") {
		t.Errorf("a temporary room ends with its last occupant: %q", got)
	}
}

// TestSharedNick joins with two clients of one account under one nick.
func TestSharedNick(t *testing.T) {
	s := start(t, Config{Rooms: []Room{{Name: "dev"}}})
	phone, tablet, bob := login(t, s, "alice", "phone"), login(t, s, "alice", "tablet"), login(t, s, "bob", "desk")
	phone.exchange(joining("dev", "alice"))
	if got := tablet.exchange(joining("dev", "alice")); len(got) != 2 || !strings.Contains(got[0], self) {
		t.Errorf("second client: %q", got)
	}
	phone.exchange("")
	bob.exchange(joining("dev", "bob"))
	for _, c := range []*client{phone, tablet} {
		if got := c.exchange(""); len(got) != 1 {
			t.Errorf("bob arrived: %q", got)
		}
	}
	phone.expect("<presence type='unavailable' to='dev@conference.localhost/alice'/>",
		leaving("alice", phone.jid, "affiliation='none' role='none'", self))
	bob.pending()
	tablet.exchange("<presence type='unavailable' to='dev@conference.localhost/alice'/>")
	bob.pending(leaving("alice", bob.jid, "affiliation='none' role='none'", ""))
}

// TestRoomWithoutService joins a room at the bare domain: real servers stay
// silent, and so do we.
func TestRoomWithoutService(t *testing.T) {
	s := start(t, Config{Rooms: []Room{{Name: "dev"}}})
	alice := login(t, s, "alice", "phone")
	alice.expect("<presence to='dev@localhost/alice'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
}

// TestOtherNick gets another nick than the one asked for.
func TestOtherNick(t *testing.T) {
	s := start(t, Config{Rooms: []Room{{Name: "dev"}}, Faults: Faults{OtherNick: "guest-7"}})
	alice := login(t, s, "alice", "phone")
	alice.expect(joining("dev", "alice"),
		inRoom("guest-7", alice.jid, "affiliation='none' role='participant' jid='alice@localhost/phone'", "<status code='210'/>"+self), noTopic)
}
