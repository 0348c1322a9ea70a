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

	// Private messages.
	alice.expect("<message to='dev@conference.localhost/bob' type='chat' id='p1'><body>psst</body></message>")
	bob.pending("<message to='bob@localhost/desk' type='chat' id='p1' from='dev@conference.localhost/al'><body>psst</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>")

	// Another nick, then one that is taken.
	alice.expect("<presence to='dev@conference.localhost/alice'/>",
		leaving("al", alice.jid, "affiliation='none' role='none' jid='alice@localhost/phone' nick='alice'", "<status code='303'/>"+self),
		inRoom("alice", alice.jid, participant+" jid='alice@localhost/phone'", self))
	bob.pending(
		leaving("al", bob.jid, "affiliation='none' role='none' nick='alice'", "<status code='303'/>"),
		inRoom("alice", bob.jid, participant, ""))
	alice.expect("<presence to='dev@conference.localhost/bob' id='c'/>",
		"<presence type='error' id='c' from='dev@conference.localhost/bob' to='alice@localhost/phone'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>")

	// Presence inside the room, and the subject.
	alice.expect("<presence to='dev@conference.localhost/alice'><show>away</show></presence>",
		strings.Replace(inRoom("alice", alice.jid, participant+" jid='alice@localhost/phone'", self), "<x", "<show>away</show><x", 1))
	alice.expect("<message to='dev@conference.localhost' type='groupchat'><subject>New</subject></message>",
		"<message to='alice@localhost/phone' type='groupchat' from='dev@conference.localhost/alice'><subject>New</subject></message>")
	bob.exchange("")

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

// TestRoomErrors joins and speaks where it is not allowed, in both wordings.
func TestRoomErrors(t *testing.T) {
	rooms := []Room{
		{Name: "members", MembersOnly: true, Members: []string{"bob"}}, {Name: "secret", Password: "sesame"},
		{Name: "banned", Banned: []string{"alice"}}, {Name: "busy", Occupants: []string{"alice"}},
		{Name: "hall", Moderated: true},
	}
	tests := []struct {
		name              string
		creation          Creation
		send              string
		kind, condition   string
		prosody, ejabberd string
	}{
		{"members only", 0, joining("members", "alice"), "auth", "registration-required", "", "Membership is required to enter this room"},
		{"no password", 0, joining("secret", "alice"), "auth", "not-authorized", "", "A password is required to enter this room"},
		{"wrong password", 0, strings.Replace(joining("secret", "alice"), "<history", "<password>x</password><history", 1), "auth", "not-authorized", "", "Incorrect password"},
		{"banned", 0, joining("banned", "alice"), "auth", "forbidden", "", "You have been banned from this room"},
		{"nick taken", 0, joining("busy", "alice"), "cancel", "conflict", "", "That nickname is already in use by another occupant"},
		{"room absent", RoomsNotFound, joining("new", "alice"), "cancel", "item-not-found", "", "Conference room does not exist"},
		{"creation not allowed", CreateNotAllowed, joining("new", "alice"), "cancel", "not-allowed", "Room creation is restricted", "Room creation is restricted"},
		{"not joined", 0, "<message to='hall@conference.localhost' type='groupchat'><body>x</body></message>", "cancel|modify", "not-acceptable",
			"You are not currently connected to this chat", "Only occupants are allowed to send messages to the conference"},
		{"no such room", 0, "<message to='none@conference.localhost' type='groupchat'><body>x</body></message>", "cancel", "item-not-found", "", "Conference room does not exist"},
		{"chat to a room that is not there", 0, "<message to='none@conference.localhost' type='chat'><body>x</body></message>", "cancel", "item-not-found", "", "Conference room does not exist"},
		{"visitor", 0, joining("hall", "alice") + "<message to='hall@conference.localhost' type='groupchat'><body>x</body></message>", "auth", "forbidden",
			"You do not currently have permission to speak in this chat", "Visitors are not allowed to send messages to all occupants"},
		{"nobody of that nick", 0, joining("hall", "alice") + "<message to='hall@conference.localhost/ghost' type='chat'><body>x</body></message>", "cancel", "item-not-found",
			"Recipient not in room", "Recipient is not in the conference room"},
		{"groupchat to an occupant", 0, joining("hall", "alice") + "<message to='hall@conference.localhost/alice' type='groupchat'><body>x</body></message>", "modify", "bad-request", "", ""},
		{"no nick", 0, "<presence to='hall@conference.localhost'><x xmlns='http://jabber.org/protocol/muc'/></presence>", "cancel|modify", "service-unavailable|jid-malformed", "", "Nickname can't be empty"},
	}
	for _, tt := range tests {
		for i, wording := range []Wording{Prosody, Ejabberd} {
			t.Run(tt.name+"/"+wording.String(), func(t *testing.T) {
				s := start(t, Config{Rooms: rooms, Creation: tt.creation, Wording: wording})
				alice := login(t, s, "alice", "phone")
				got := alice.exchange(tt.send)
				pick := func(alternatives string) string {
					a, b, two := strings.Cut(alternatives, "|")
					if two && i == 1 {
						return b
					}
					return a
				}
				text := []string{tt.prosody, tt.ejabberd}[i]
				if text != "" {
					text = "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>" + text + "</text>"
				}
				want := "<error type='" + pick(tt.kind) + "'><" + pick(tt.condition) + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" + text + "</error>"
				if len(got) == 0 || !strings.Contains(got[len(got)-1], want) {
					t.Errorf("\n got %q\nwant %q", got, want)
				}
			})
		}
	}
}

// TestRoomAdmission enters where one may: a member, a password, an owner.
func TestRoomAdmission(t *testing.T) {
	s := start(t, Config{Rooms: []Room{
		{Name: "dev", MembersOnly: true, Members: []string{"alice"}}, {Name: "secret", Password: "sesame", Owners: []string{"bob@localhost"}},
		{Name: "hall", Moderated: true, Members: []string{"alice"}},
	}})
	alice, bob := login(t, s, "alice", "phone"), login(t, s, "bob", "desk")
	alice.expect(joining("dev", "alice"), inRoom("alice", alice.jid, "affiliation='member' role='participant' jid='alice@localhost/phone'", self), noTopic)
	withPassword := strings.Replace(joining("secret", "alice"), "<history", "<password>sesame</password><history", 1)
	if got := alice.exchange(withPassword); len(got) != 2 || !strings.Contains(got[0], self) {
		t.Errorf("with the password: %q", got)
	}
	if got := bob.exchange(joining("secret", "bob")); len(got) != 3 || !strings.Contains(got[0], "jid='alice@localhost/phone'") {
		t.Errorf("the owner sees who alice is: %q", got)
	}
	alice.exchange("")
	got := alice.exchange(joining("hall", "alice") + "<message to='hall@conference.localhost' type='groupchat'><body>x</body></message>")
	if len(got) != 3 || !strings.Contains(got[2], "<body>x</body>") {
		t.Errorf("a member speaks: %q", got)
	}
}

// TestNewRoom creates, configures and abandons a room.
func TestNewRoom(t *testing.T) {
	s := start(t, Config{})
	alice, bob := login(t, s, "alice", "phone"), login(t, s, "bob", "desk")
	alice.expect(joining("dev", "alice"),
		inRoom("alice", alice.jid, "affiliation='owner' role='moderator' jid='alice@localhost/phone'", "<status code='201'/>"+self), noTopic)
	if got := alice.exchange("<iq type='get' id='f' to='dev@conference.localhost'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>"); !strings.Contains(got[0], "muc#roomconfig_membersonly") {
		t.Errorf("form %q", got)
	}
	alice.expect("<iq type='set' id='1' to='dev@conference.localhost'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>",
		"<iq type='result' id='1' from='dev@conference.localhost' to='alice@localhost/phone'/>")
	alice.exchange("<iq type='set' id='2' to='dev@conference.localhost'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>" +
		"<field var='muc#roomconfig_membersonly'><value>1</value></field></x></query></iq>")
	if got := bob.exchange(joining("dev", "bob")); !strings.Contains(got[0], "registration-required") {
		t.Errorf("members-only now: %q", got)
	}
	bob.expect("<iq type='set' id='3' to='dev@conference.localhost'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>",
		"<iq type='error' id='3' from='dev@conference.localhost' to='bob@localhost/desk'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>")
	alice.exchange("<presence type='unavailable' to='dev@conference.localhost/alice'/>")
	if got := bob.exchange(joining("dev", "bob")); len(got) != 2 || !strings.Contains(got[0], "<status code='201'/>") {
		t.Errorf("a temporary room ends with its last occupant: %q", got)
	}
}

// TestKick takes alice out of a room: by the test, by an owner, by a ban.
func TestKick(t *testing.T) {
	s := start(t, Config{Rooms: []Room{{Name: "dev", Owners: []string{"bob"}}}})
	alice, bob := login(t, s, "alice", "phone"), login(t, s, "bob", "desk")
	bob.exchange(joining("dev", "bob"))
	const nobody = "affiliation='none' role='none' jid='alice@localhost/phone'"
	kicked := func(item, content, code string) string {
		return strings.Replace(leaving("alice", alice.jid, item, "<status code='"+code+"'/>"+self), "/><status", ">"+content+"</item><status", 1)
	}
	alice.exchange(joining("dev", "alice"))
	if !s.Kick("dev", "alice", "out") {
		t.Error("alice is not there")
	}
	alice.pending(kicked(nobody, "<reason>out</reason>", "307"))
	if s.Kick("dev", "alice", "out") || s.Kick("nowhere", "alice", "") {
		t.Error("kicked nobody")
	}
	alice.exchange(joining("dev", "alice"))
	bob.exchange("")
	admin := func(item string) string {
		return "<iq type='set' id='k' to='dev@conference.localhost'><query xmlns='http://jabber.org/protocol/muc#admin'>" + item + "</query></iq>"
	}
	alice.expect(admin("<item nick='bob' role='none'/>"),
		"<iq type='error' id='k' from='dev@conference.localhost' to='alice@localhost/phone'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>")
	bob.exchange(admin("<item nick='alice' role='none'><reason>lab</reason></item>"))
	alice.pending(kicked(nobody, "<actor nick='bob'/><reason>lab</reason>", "307"))
	alice.exchange(joining("dev", "alice"))
	bob.exchange(admin("<item jid='alice@localhost' affiliation='outcast'/>"))
	alice.pending(kicked("affiliation='outcast' role='none' jid='alice@localhost/phone'", "<actor nick='bob'/>", "301"))
	if got := alice.exchange(joining("dev", "alice")); !strings.Contains(got[0], "<forbidden") {
		t.Errorf("banned: %q", got)
	}
	if got := bob.exchange("<iq type='get' id='l' to='dev@conference.localhost'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='outcast'/></query></iq>"); !strings.Contains(got[len(got)-1], "<item jid='alice@localhost' affiliation='outcast'/>") {
		t.Errorf("list: %q", got)
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

// TestHistory asks for more and less of what was said before.
func TestHistory(t *testing.T) {
	s := start(t, Config{Rooms: []Room{{Name: "dev", Occupants: []string{"robot"}}}})
	alice, bob := login(t, s, "alice", "phone"), login(t, s, "bob", "desk")
	alice.exchange(joining("dev", "alice"))
	for _, body := range []string{"one", "two", "three"} {
		alice.exchange("<message to='dev@conference.localhost' type='groupchat'><body>" + body + "</body></message>")
	}
	for asked, want := range map[string]string{
		"": "one two three", "<history maxchars='0'/>": "", "<history maxstanzas='2'/>": "two three", "<history maxstanzas='0'/>": "",
		"<history seconds='60'/>": "one two three", "<history since='2999-01-01T00:00:00Z'/>": "", "<history since='2000-01-01T00:00:00Z'/>": "one two three",
	} {
		var got []string
		for _, x := range bob.exchange("<presence to='dev@conference.localhost/bob'><x xmlns='http://jabber.org/protocol/muc'>" + asked + "</x></presence>") {
			if _, rest, ok := strings.Cut(x, "<body>"); ok && strings.Contains(x, "<delay xmlns='urn:xmpp:delay' from='dev@conference.localhost' stamp='") {
				body, _, _ := strings.Cut(rest, "<")
				got = append(got, body)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, want %q", asked, got, want)
		}
		bob.exchange("<presence type='unavailable' to='dev@conference.localhost/bob'/>")
	}
}

// TestRoomQueries covers discovery and the self-ping of XEP-0410.
func TestRoomQueries(t *testing.T) {
	s := start(t, Config{Rooms: []Room{{Name: "dev", Title: "Development", MembersOnly: true, Members: []string{"alice"}, Occupants: []string{"robot"}}}})
	alice := login(t, s, "alice", "phone")
	const head = "<iq type='result' id='1' from='dev@conference.localhost' to='alice@localhost/phone'>"
	alice.expect("<iq type='get' id='1' to='conference.localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
		"<iq type='result' id='1' from='conference.localhost' to='alice@localhost/phone'><query xmlns='http://jabber.org/protocol/disco#items'><item jid='dev@conference.localhost' name='Development'/></query></iq>")
	alice.expect("<iq type='get' id='1' to='dev@conference.localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
		head+"<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text' name='Development'/>"+
			"<feature var='http://jabber.org/protocol/muc'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/>"+
			"<feature var='muc_public'/><feature var='muc_semianonymous'/><feature var='muc_persistent'/><feature var='muc_membersonly'/><feature var='muc_unmoderated'/><feature var='muc_unsecured'/></query></iq>")
	alice.expect("<iq type='get' id='1' to='dev@conference.localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
		head+"<query xmlns='http://jabber.org/protocol/disco#items'><item jid='dev@conference.localhost/robot'/></query></iq>")
	ping := "<iq type='get' id='1' to='dev@conference.localhost/alice'><ping xmlns='urn:xmpp:ping'/></iq>"
	if got := alice.exchange(ping); !strings.Contains(got[0], "<not-acceptable") {
		t.Errorf("self-ping before joining: %q", got)
	}
	alice.exchange(joining("dev", "alice"))
	alice.expect(ping, "<iq type='result' id='1' from='dev@conference.localhost/alice' to='alice@localhost/phone'/>")
	for to, want := range map[string]string{
		"dev@conference.localhost/ghost": "item-not-found", "dev@conference.localhost/robot": "service-unavailable",
		"none@conference.localhost": "item-not-found", "conference.localhost": "service-unavailable", "dev@conference.localhost": "service-unavailable",
	} {
		if got := alice.exchange("<iq type='get' id='1' to='" + to + "'><x xmlns='urn:x'/></iq>"); len(got) != 1 || !strings.Contains(got[0], "<"+want) {
			t.Errorf("%s: %q, want %s", to, got, want)
		}
	}
}

// TestRoomWithoutService joins a room at the bare domain: real servers stay
// silent, and so do we.
func TestRoomWithoutService(t *testing.T) {
	s := start(t, Config{Rooms: []Room{{Name: "dev"}}})
	alice := login(t, s, "alice", "phone")
	alice.expect("<presence to='dev@localhost/alice'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
}

// TestRoomFaults covers 210 and a room that does not reflect.
func TestRoomFaults(t *testing.T) {
	s := start(t, Config{Rooms: []Room{{Name: "dev"}}, Faults: Faults{OtherNick: "guest-7", NoReflection: true}})
	alice := login(t, s, "alice", "phone")
	alice.expect(joining("dev", "alice"), inRoom("guest-7", alice.jid, "affiliation='none' role='participant' jid='alice@localhost/phone'", "<status code='210'/>"+self), noTopic)
	alice.expect("<message to='dev@conference.localhost' type='groupchat'><body>x</body></message>")
}
