package loopback

import (
	"strings"
	"testing"
)

// joining is the presence that asks to enter a room; ask is what it asks for
// beside that, as XML.
func joining(room, nick string, ask ...string) string {
	return "<presence to='" + room + "@conference.localhost/" + nick + "'><x xmlns='http://jabber.org/protocol/muc'>" +
		strings.Join(ask, "") + "</x></presence>"
}

// saying is a message to a room, or to one of its occupants.
func saying(to, kind string) string {
	return "<message to='" + to + "@conference.localhost" + "' type='" + kind + "'><body>x</body></message>"
}

// seen is a presence as the room dev sends it to one client; content is what
// the occupant put into it.
func seen(nick, to, item, statuses string, content ...string) string {
	return "<presence from='dev@conference.localhost/" + nick + "' to='" + to + "'>" + strings.Join(content, "") +
		"<x xmlns='http://jabber.org/protocol/muc#user'><item " + item + "/>" + statuses + "</x></presence>"
}

// leaving is an unavailable presence as the room dev sends it to one client.
func leaving(nick, to, item, statuses string) string {
	return strings.Replace(seen(nick, to, item, statuses), "<presence ", "<presence type='unavailable' ", 1)
}

// topic is the message with the subject as the room dev sends it.
func topic(to, subject string) string {
	return "<message type='groupchat' from='dev@conference.localhost' to='" + to + "'>" + subject + "</message>"
}

// What most occupants are, with their own JID where it is alice's, and the
// status of one's own presence.
const (
	participant = "affiliation='none' role='participant'"
	nobody      = "affiliation='none' role='none'"
	isAlice     = " jid='alice@localhost/phone'"
	self        = "<status code='110'/>"
)

// TestJoin has two clients meet in a room.
func TestJoin(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Rooms: []Room{{Name: "dev", Occupants: []string{"robot"}, Subject: "Releases & more"}}})
	alice, bob := login(t, s, "alice", "phone"), login(t, s, "bob", "desk")
	const subject, show = "<subject>Releases &amp; more</subject>", "<show>dnd</show>"
	alice.expect(joining("dev", "al", "<history maxchars='0'/>"),
		seen("robot", alice.jid, participant, ""),
		seen("al", alice.jid, participant+isAlice, self),
		topic(alice.jid, subject))
	if err := s.WaitOccupant(deadline(t), "dev", "al"); err != nil {
		t.Error(err)
	}
	bob.expect(strings.Replace(joining("dev", "bob"), "<x", show+"<x", 1),
		seen("robot", bob.jid, participant, ""),
		seen("al", bob.jid, participant, ""),
		seen("bob", bob.jid, participant+" jid='bob@localhost/desk'", self, show),
		topic(bob.jid, subject))
	alice.pending(seen("bob", alice.jid, participant, "", show))

	// Reflection, with the same id, to both; the payload goes along.
	const said = "<body>hi &lt;all&gt;</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/></message>"
	alice.expect("<message to='dev@conference.localhost' type='groupchat' id='m1'>"+said,
		"<message to='alice@localhost/phone' type='groupchat' id='m1' from='dev@conference.localhost/al'>"+said)
	bob.pending("<message to='bob@localhost/desk' type='groupchat' id='m1' from='dev@conference.localhost/al'>" + said)
	m, err := s.WaitMessage(deadline(t), "dev@conference.localhost")
	if err != nil || m.Body != "hi <all>" || m.ID != "m1" {
		t.Errorf("mailbox: %+v, %v", m, err)
	}

	// Another nick is a leave and a join; one that is taken is refused.
	alice.expect("<presence to='dev@conference.localhost/alice'/>",
		leaving("al", alice.jid, nobody+isAlice, self),
		seen("robot", alice.jid, participant, ""),
		seen("bob", alice.jid, participant, "", show),
		seen("alice", alice.jid, participant+isAlice, self),
		topic(alice.jid, subject))
	bob.pending(leaving("al", bob.jid, nobody, ""), seen("alice", bob.jid, participant, ""))
	alice.expect("<presence to='dev@conference.localhost/bob' id='c'/>",
		"<presence type='error' id='c' from='dev@conference.localhost/bob' to='alice@localhost/phone'>"+
			errorXML("cancel", "conflict", "")+"</presence>")

	// Leaving: by presence, and by losing the connection.
	alice.expect("<presence type='unavailable' to='dev@conference.localhost/alice'/>",
		leaving("alice", alice.jid, nobody+isAlice, self))
	bob.pending(leaving("alice", bob.jid, nobody, ""))
	alice.exchange(joining("dev", "alice"))
	bob.exchange("")
	_ = alice.conn.Close()
	left := func() bool { return s.hub.rooms["dev"].occupants["alice"] == nil }
	if err := s.hub.wait(deadline(t), "alice to leave", left); err != nil {
		t.Fatal(err)
	}
	bob.pending(leaving("alice", bob.jid, nobody, ""))
}

// TestRoomErrors joins and speaks where it is not allowed.
func TestRoomErrors(t *testing.T) {
	t.Parallel()
	s := start(t, Config{FixedRooms: true, Rooms: []Room{
		{Name: "members", MembersOnly: true, Members: []string{"bob"}}, {Name: "secret", Password: "sesame"},
		{Name: "banned", Banned: []string{"alice"}}, {Name: "busy", Occupants: []string{"alice"}},
		{Name: "hall", Moderated: true},
	}})
	inHall := joining("hall", "alice")
	for _, tt := range []struct {
		name, send, want string
	}{
		{"members only", joining("members", "alice"), errorXML("auth", "registration-required", "")},
		{"no password", joining("secret", "alice"), errorXML("auth", "not-authorized", "")},
		{"wrong password", joining("secret", "alice", "<password>x</password>"), errorXML("auth", "not-authorized", "")},
		{"banned", joining("banned", "alice"), errorXML("auth", "forbidden", "")},
		{"nick taken", joining("busy", "alice"), errorXML("cancel", "conflict", "")},
		{"no such room", joining("new", "alice"), errorXML("cancel", "not-allowed", "Room creation is restricted")},
		{"no nick", strings.Replace(inHall, "/alice'", "'", 1), errorXML("cancel", "service-unavailable", "")},
		{"no room", "<presence to='conference.localhost/alice'/>", errorXML("cancel", "service-unavailable", "")},

		{"speaking outside", saying("hall", "groupchat"),
			errorXML("cancel", "not-acceptable", "You are not currently connected to this chat")},
		{"speaking where no room is", saying("none", "groupchat"), errorXML("cancel", "item-not-found", "")},
		{"chat where no room is", saying("none", "chat"), errorXML("cancel", "item-not-found", "")},
		{"a visitor speaks", inHall + saying("hall", "groupchat"),
			errorXML("auth", "forbidden", "You do not currently have permission to speak in this chat")},
		{"chat to the room", inHall + saying("hall", "chat"), errorXML("modify", "bad-request", "")},
		{"chat to an occupant", inHall + strings.Replace(saying("hall", "chat"), "localhost", "localhost/alice", 1),
			errorXML("modify", "bad-request", "")},
		{"query of a room", "<iq type='get' id='1' to='hall@conference.localhost'><x xmlns='urn:x'/></iq>",
			errorXML("cancel", "service-unavailable", "")},
	} {
		alice := login(t, s, "alice", "phone")
		if got := alice.exchange(tt.send); len(got) == 0 || !strings.Contains(got[len(got)-1], tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

// TestRoomAdmission enters where one may: a member, a password.
func TestRoomAdmission(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Rooms: []Room{
		{Name: "dev", MembersOnly: true, Members: []string{"alice"}}, {Name: "secret", Password: "sesame"},
		{Name: "hall", Moderated: true, Members: []string{"alice"}},
	}})
	alice := login(t, s, "alice", "phone")
	alice.expect(joining("dev", "alice"),
		seen("alice", alice.jid, "affiliation='member' role='participant'"+isAlice, self),
		topic(alice.jid, "<subject/>"))
	got := alice.exchange(joining("secret", "alice", "<password>sesame</password>"))
	if len(got) != 2 || !strings.Contains(got[0], self) {
		t.Errorf("with the password: %q", got)
	}
	got = alice.exchange(joining("hall", "alice") + saying("hall", "groupchat"))
	if len(got) != 3 || !strings.Contains(got[2], "<body>x</body>") {
		t.Errorf("a member speaks: %q", got)
	}
}

// TestNewRoom creates and abandons a room.
func TestNewRoom(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	alice, bob := login(t, s, "alice", "phone"), login(t, s, "bob", "desk")
	const owner, created = "affiliation='owner' role='moderator'", "<status code='201'/>"
	alice.expect(joining("dev", "al"),
		seen("al", alice.jid, owner+isAlice, created+self), topic(alice.jid, "<subject/>"))
	alice.expect(joining("dev", "alice"), leaving("al", alice.jid, "affiliation='owner' role='none'"+isAlice, self),
		seen("alice", alice.jid, owner+isAlice, self), topic(alice.jid, "<subject/>"))
	bob.expect(joining("dev", "bob"), seen("alice", bob.jid, owner, ""),
		seen("bob", bob.jid, participant+" jid='bob@localhost/desk'", self), topic(bob.jid, "<subject/>"))
	alice.pending(seen("bob", alice.jid, participant+" jid='bob@localhost/desk'", "")) // a moderator sees who he is
	for c, nick := range map[*script]string{bob: "bob", alice: "alice"} {
		c.exchange("<presence type='unavailable' to='dev@conference.localhost/" + nick + "'/>")
	}
	if got := bob.exchange(joining("dev", "bob")); len(got) != 2 || !strings.Contains(got[0], created) {
		t.Errorf("a room that somebody made ends with its last occupant: %q", got)
	}
}

// TestSharedNick joins with two clients of one account under one nick.
func TestSharedNick(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Rooms: []Room{{Name: "dev"}}})
	phone, tablet := login(t, s, "alice", "phone"), login(t, s, "alice", "tablet")
	bob := login(t, s, "bob", "desk")
	phone.exchange(joining("dev", "alice"))
	if got := tablet.exchange(joining("dev", "alice")); len(got) != 2 || !strings.Contains(got[0], self) {
		t.Errorf("second client: %q", got)
	}
	phone.exchange("")
	bob.exchange(joining("dev", "bob"))
	for _, c := range []*script{phone, tablet} {
		if got := c.exchange(""); len(got) != 1 {
			t.Errorf("bob arrived: %q", got)
		}
	}
	const leave = "<presence type='unavailable' to='dev@conference.localhost/alice'/>"
	phone.expect(leave, leaving("alice", phone.jid, nobody+isAlice, self))
	bob.pending()
	tablet.exchange(leave)
	bob.pending(leaving("alice", bob.jid, nobody, ""))
}

// TestRoomWithoutService joins a room at the bare domain: real servers stay
// silent, and so do we.
func TestRoomWithoutService(t *testing.T) {
	t.Parallel()
	alice := login(t, start(t, Config{Rooms: []Room{{Name: "dev"}}}), "alice", "phone")
	alice.expect("<presence to='dev@localhost/alice'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
}

// TestOtherNick gets another nick than the one asked for.
func TestOtherNick(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Rooms: []Room{{Name: "dev"}}, Faults: Faults{OtherNick: "guest-7"}})
	alice := login(t, s, "alice", "phone")
	alice.expect(joining("dev", "alice"),
		seen("guest-7", alice.jid, participant+isAlice, "<status code='210'/>"+self), topic(alice.jid, "<subject/>"))
}
