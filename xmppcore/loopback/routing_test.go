package loopback

import (
	"context"
	"errors"
	"strings"
	"testing"

	"xmppscope/xmppcore/wire"
)

// TestMessages sends messages from alice to where they may go.
func TestMessages(t *testing.T) {
	t.Parallel()
	const from, body = " from='alice@localhost/phone'", "<body>a &lt; b</body></message>"
	bounce := func(to, kind, condition, text string) []string {
		return []string{"<message type='error' id='1' from='" + to + "' to='alice@localhost/phone'>" +
			errorXML(kind, condition, text) + "</message>"}
	}
	for _, tt := range []struct {
		name, send string
		alice, bob []string // what each gets
		offline    bool     // it waits for carol
	}{
		{"to a bare JID", "<message to='bob@localhost' type='chat' id='1'>" + body, nil,
			[]string{"<message to='bob@localhost' type='chat' id='1'" + from + ">" + body}, false},
		{"to a full JID", "<message to='bob@localhost/desk'>" + body, nil,
			[]string{"<message to='bob@localhost/desk'" + from + ">" + body}, false},
		{"to an absent resource", "<message to='bob@localhost/gone' type='chat'>" + body, nil,
			[]string{"<message to='bob@localhost/gone' type='chat'" + from + ">" + body}, false},
		{"to somebody who is offline", "<message to='carol@localhost'>" + body, nil, nil, true},
		{"headline to somebody who is offline", "<message to='carol@localhost' type='headline'>" + body, nil, nil, false},
		{"groupchat to a user", "<message to='bob@localhost' type='groupchat' id='1'>" + body,
			bounce("bob@localhost", "cancel", "service-unavailable", ""), nil, false},
		{"to nobody", "<message to='ghost@localhost' type='chat' id='1'>" + body,
			bounce("ghost@localhost", "cancel", "service-unavailable", ""), nil, false},
		{"to the server", "<message to='localhost' id='1'>" + body,
			bounce("localhost", "cancel", "service-unavailable", ""), nil, false},
		{"to another domain", "<message to='x@example.org' id='1'>" + body,
			bounce("x@example.org", "cancel", "remote-server-not-found", noRemote), nil, false},
		{"to an illegal address", "<message to='@localhost' id='1'>" + body,
			bounce("@localhost", "modify", "jid-malformed", ""), nil, false},
		{"an error is never answered", "<message to='ghost@localhost' type='error' id='1'/>", nil, nil, false},
		{"to oneself", "<message id='1'>" + body,
			[]string{"<message id='1'" + from + " to='alice@localhost'>" + body}, nil, false},
		{"with unknown payload",
			"<message to='bob@localhost'><x:y xmlns:x='urn:x' x:z='1' xml:lang='de'>t<u/>v</x:y></message>", nil,
			[]string{"<message to='bob@localhost'" + from + ">" +
				"<y xmlns='urn:x' xmlns:a2='urn:x' a2:z='1' xml:lang='de'>t<u/>v</y></message>"}, false},
		{"receipt request", "<message to='bob@localhost'><request xmlns='urn:xmpp:receipts'/></message>", nil,
			[]string{"<message to='bob@localhost'" + from + "><request xmlns='urn:xmpp:receipts'/></message>"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, Config{Accounts: []Account{
				{Name: "alice", Password: "alice-pw"}, {Name: "bob", Password: "bob-pw"}, {Name: "carol"},
			}})
			bob := login(t, s, "bob", "desk")
			alice := login(t, s, "alice", "phone")
			alice.expect(tt.send, tt.alice...)
			bob.pending(tt.bob...)
			got := s.Received("carol@localhost")
			if offline := len(got) == 1 && got[0].Offline; offline != tt.offline {
				t.Errorf("carol received %+v", got)
			}
		})
	}
}

// noRemote is what the server says of every other domain.
const noRemote = "Server-to-server connection failed: unable to resolve service"

// TestMailbox keeps the last messages, and gives out each once.
func TestMailbox(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	bob := jid{local: "bob", domain: "localhost"}
	say := func(id string) {
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		s.hub.record(bob, wire.NewElement(wire.NSClient, "message", "id", id), false)
	}
	say("first")
	if m, err := s.WaitMessage(deadline(t), "bob@localhost"); err != nil || m.ID != "first" {
		t.Fatal(m, err)
	}
	for range maxMailbox {
		say("more")
	}
	if got := s.Received("bob@localhost"); len(got) != maxMailbox || got[0].ID != "more" {
		t.Errorf("%d messages, first %+v", len(got), got[0])
	}
	for range maxMailbox {
		if m, err := s.WaitMessage(deadline(t), "bob@localhost"); err != nil || m.ID != "more" {
			t.Fatal(m, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if m, err := s.WaitMessage(ended, "bob@localhost"); !errors.Is(err, context.Canceled) {
		t.Errorf("one too many: %+v, %v", m, err)
	}
	if err := s.WaitOccupant(ended, "dev", "bob"); err == nil {
		t.Error("bob is in a room that is not there")
	}
}

// TestResources sends to an account with several clients.
func TestResources(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	alice := login(t, s, "alice", "phone")
	desk, lap := login(t, s, "bob", "desk"), login(t, s, "bob", "lap")
	low, gone := connect(t, s, "bob", "low"), login(t, s, "bob", "gone")
	low.exchange("<presence><priority>-5</priority></presence>")
	gone.exchange("<presence type='unavailable'/>")
	desk.exchange("")
	lap.exchange("")
	low.exchange("")
	alice.expect("<message to='bob@localhost'><body>x</body></message>")
	const want = "<message to='bob@localhost' from='alice@localhost/phone'><body>x</body></message>"
	desk.pending(want)
	lap.pending(want)
	low.pending()
	gone.pending()
}

// TestPresence is told to the account's own clients, to the last word.
func TestPresence(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	phone, tablet := connect(t, s, "alice", "phone"), connect(t, s, "alice", "tablet")
	phone.expect("<presence/>", "<presence from='alice@localhost/phone' to='alice@localhost'/>")
	tablet.expect("<presence><show>away</show></presence>",
		"<presence from='alice@localhost/tablet' to='alice@localhost'><show>away</show></presence>")
	phone.pending("<presence from='alice@localhost/tablet' to='alice@localhost'><show>away</show></presence>")
	const unavailable = "<presence type='unavailable' from='alice@localhost/tablet' to='alice@localhost'/>"
	tablet.expect("<presence type='unavailable'/>", unavailable)
	phone.pending(unavailable)
	tablet.exchange("<presence/>")
	phone.exchange("")
	_ = tablet.conn.Close()
	gone := func() bool { return len(s.hub.accounts["alice"].clients) == 1 }
	if err := s.hub.wait(deadline(t), "the tablet to leave", gone); err != nil {
		t.Fatal(err)
	}
	phone.pending(unavailable)
	phone.expect("<presence id='1' to='x@example.org'/>",
		"<presence type='error' id='1' from='x@example.org' to='alice@localhost/phone'>"+
			errorXML("cancel", "remote-server-not-found", noRemote)+"</presence>")
}

// TestResidents writes to accounts that the server plays itself.
func TestResidents(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Accounts: []Account{
		{Name: "alice", Password: "alice-pw"},
		{Name: "bob", Resident: true, Receipts: true},
		{Name: "dave", Resident: true},
	}})
	alice := login(t, s, "alice", "phone")
	send := func(to string) string {
		return strings.Join(alice.exchange("<message to='"+to+"@localhost' type='chat' id='m'><body>hi</body>"+
			"<request xmlns='urn:xmpp:receipts'/></message>"), "")
	}
	got := send("bob")
	before, rest, _ := strings.Cut(got, " id='")
	_, after, _ := strings.Cut(rest, "'")
	if before+after != "<message from='bob@localhost/resident' to='alice@localhost/phone' type='chat'>"+
		"<received xmlns='urn:xmpp:receipts' id='m'/></message>" {
		t.Errorf("bob: %s", got)
	}
	if got := send("dave"); got != "" {
		t.Errorf("dave: %s", got)
	}
	if m := s.Received("alice@localhost"); len(m) != 1 || m[0].ReceiptFor != "m" {
		t.Errorf("alice received %+v", m)
	}
	if m := s.Received("dave@localhost"); len(m) != 1 || m[0].Body != "hi" || m[0].Offline {
		t.Errorf("dave received %+v", m)
	}
}

// TestQueries asks the server and others.
func TestQueries(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Accounts: []Account{
		{Name: "alice", Password: "alice-pw", Contacts: []string{"bob", "x@example.org"}}, {Name: "bob"},
	}})
	alice := login(t, s, "alice", "phone")
	const ping = "<ping xmlns='urn:xmpp:ping'/>"
	unavailable := errorXML("cancel", "service-unavailable", "")
	for _, tt := range []struct {
		name, kind, to, payload string
		result, want            string // the type of the answer and what is in it
	}{
		{"ping the server", "get", "localhost", ping, "result", ""},
		{"ping oneself", "get", "alice@localhost", ping, "result", ""},
		{"session", "set", "", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>", "result", ""},
		{"roster", "get", "", "<query xmlns='jabber:iq:roster'/>", "result", "<query xmlns='jabber:iq:roster'>" +
			"<item jid='bob@localhost' subscription='both'/><item jid='x@example.org' subscription='both'/></query>"},
		{"roster set", "set", "", "<query xmlns='jabber:iq:roster'><item jid='y@example.org'/></query>", "error",
			unavailable},
		{"vCard", "get", "", "<vCard xmlns='vcard-temp'/>", "error", unavailable},
		{"unknown", "set", "localhost", "<x xmlns='urn:x'/>", "error", unavailable},
		{"somebody else's account", "get", "bob@localhost", ping, "error", unavailable},
		{"somebody else's client", "get", "bob@localhost/gone", ping, "error", unavailable},
		{"the room service", "get", "conference.localhost", ping, "error", unavailable},
		{"no payload", "get", "localhost", "", "error", errorXML("modify", "bad-request", "")},
		{"two payloads", "get", "localhost", ping + ping, "error", errorXML("modify", "bad-request", "")},
		{"another domain", "get", "example.org", ping, "error", errorXML("cancel", "remote-server-not-found", noRemote)},
	} {
		to, from := "", ""
		if tt.to != "" {
			to, from = " to='"+tt.to+"'", " from='"+tt.to+"'"
		}
		want := "<iq type='" + tt.result + "' id='1'" + from + " to='alice@localhost/phone'>" + tt.want + "</iq>"
		if tt.want == "" {
			want = strings.Replace(want, "></iq>", "/>", 1)
		}
		got := alice.exchange("<iq type='" + tt.kind + "' id='1'" + to + ">" + tt.payload + "</iq>")
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, want)
		}
	}
	alice.expect("<iq type='result' id='1' to='localhost'/>") // an answer to nothing
}

// TestForgedFrom ends the stream of a client that writes as somebody else.
func TestForgedFrom(t *testing.T) {
	t.Parallel()
	c := login(t, start(t, Config{}), "alice", "phone")
	c.expect("<message from='alice@localhost' to='alice@localhost/phone'><body>x</body></message>",
		"<message from='alice@localhost/phone' to='alice@localhost/phone'><body>x</body></message>")
	c.write("<message from='bob@localhost' to='alice@localhost'><body>x</body></message>")
	c.ends(streamErrorXML("invalid-from", ""))
}
