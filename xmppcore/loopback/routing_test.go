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
	const (
		from   = " from='alice@localhost/phone'"
		errors = " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
	)
	bounce := func(to, id, kind, condition, text string) string {
		if text != "" {
			text = "<text" + errors + ">" + text + "</text>"
		}
		return "<message type='error' id='" + id + "' from='" + to + "' to='alice@localhost/phone'><error type='" + kind + "'><" +
			condition + errors + "/>" + text + "</error></message>"
	}
	tests := []struct {
		name, send   string
		alice, bob   []string // what each gets
		offlineCarol bool
	}{
		{"to a bare JID", "<message to='bob@localhost' type='chat' id='1'><body>a &lt; b</body></message>", nil,
			[]string{"<message to='bob@localhost' type='chat' id='1'" + from + "><body>a &lt; b</body></message>"}, false},
		{"to a full JID", "<message to='bob@localhost/desk'><body>x</body></message>", nil,
			[]string{"<message to='bob@localhost/desk'" + from + "><body>x</body></message>"}, false},
		{"to an absent resource", "<message to='bob@localhost/gone' type='chat'><body>x</body></message>", nil,
			[]string{"<message to='bob@localhost/gone' type='chat'" + from + "><body>x</body></message>"}, false},
		{"headline to nobody", "<message to='carol@localhost' type='headline'><body>x</body></message>", nil, nil, false},
		{"groupchat to a user", "<message to='bob@localhost' type='groupchat' id='2'><body>x</body></message>",
			[]string{bounce("bob@localhost", "2", "cancel", "service-unavailable", "")}, nil, false},
		{"to nobody", "<message to='ghost@localhost' type='chat' id='3'><body>x</body></message>",
			[]string{bounce("ghost@localhost", "3", "cancel", "service-unavailable", "")}, nil, false},
		{"to the server", "<message to='localhost' id='4'><body>x</body></message>",
			[]string{bounce("localhost", "4", "cancel", "service-unavailable", "")}, nil, false},
		{"to another domain", "<message to='x@example.org' id='5'><body>x</body></message>",
			[]string{bounce("x@example.org", "5", "cancel", "remote-server-not-found", "Server-to-server connection failed: unable to resolve service")}, nil, false},
		{"to an illegal address", "<message to='@localhost' id='7'><body>x</body></message>",
			[]string{bounce("@localhost", "7", "modify", "jid-malformed", "")}, nil, false},
		{"an error is never answered", "<message to='ghost@localhost' type='error' id='8'/>", nil, nil, false},
		{"to oneself", "<message id='9'><body>x</body></message>",
			[]string{"<message id='9'" + from + " to='alice@localhost'><body>x</body></message>"}, nil, false},
		{"with unknown payload", "<message to='bob@localhost'><x:y xmlns:x='urn:x' x:z='1' xml:lang='de'>t<u/></x:y></message>", nil,
			[]string{"<message to='bob@localhost'" + from + "><y xmlns='urn:x' xmlns:a2='urn:x' a2:z='1' xml:lang='de'>t<u/></y></message>"}, false},
		{"receipt request and receipt", "<message to='bob@localhost' id='10'><request xmlns='urn:xmpp:receipts'/></message>", nil,
			[]string{"<message to='bob@localhost' id='10'" + from + "><request xmlns='urn:xmpp:receipts'/></message>"}, false},
		{"offline", "<message to='carol@localhost' id='11'><body>later</body></message>", nil, nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, Config{
				Accounts: []Account{{Name: "alice", Password: "alice-pw"}, {Name: "bob", Password: "bob-pw"}, {Name: "carol", Password: "carol-pw"}},
			})
			bob := login(t, s, "bob", "desk")
			alice := login(t, s, "alice", "phone")
			alice.expect(tt.send, tt.alice...)
			bob.pending(tt.bob...)
			log := s.Received("carol@localhost")
			if stored := len(log) == 1 && log[0].Offline; stored != tt.offlineCarol {
				t.Errorf("carol's log: %+v", log)
			}
		})
	}
}

// TestLog keeps the last messages, and gives out each once.
func TestLog(t *testing.T) {
	s := start(t, Config{})
	bob := address{local: "bob", domain: "localhost"}
	say := func(id string) {
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		s.hub.record(bob, wire.NewElement(wire.NSClient, "message", "id", id), false)
	}
	say("first")
	if m, err := s.WaitMessage(patience(t), "bob@localhost"); err != nil || m.ID != "first" {
		t.Fatal(m, err)
	}
	for range maxLog {
		say("more")
	}
	if got := s.Received("bob@localhost"); len(got) != maxLog || got[0].ID != "more" {
		t.Errorf("%d messages, first %+v", len(got), got[0])
	}
	for range maxLog {
		if m, err := s.WaitMessage(patience(t), "bob@localhost"); err != nil || m.ID != "more" {
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
	s := start(t, Config{})
	alice := login(t, s, "alice", "phone")
	desk, lap, away := login(t, s, "bob", "desk"), login(t, s, "bob", "lap"), connect(t, s, "bob", "away")
	away.exchange("<presence><priority>-5</priority></presence>")
	desk.exchange("")
	lap.exchange("")
	alice.expect("<message to='bob@localhost'><body>x</body></message>")
	want := "<message to='bob@localhost' from='alice@localhost/phone'><body>x</body></message>"
	desk.pending(want)
	lap.pending(want)
	away.pending()
}

// TestResidents writes to accounts that the server plays itself.
func TestResidents(t *testing.T) {
	s := start(t, Config{Accounts: []Account{
		{Name: "alice", Password: "alice-pw"},
		{Name: "bob", Resident: true, Receipts: true},
		{Name: "dave", Resident: true},
	}})
	alice := login(t, s, "alice", "phone")
	send := func(to string) []string {
		return alice.exchange("<message to='" + to + "@localhost' type='chat' id='m'><body>hi</body><request xmlns='urn:xmpp:receipts'/></message>")
	}
	anonymous := func(xml string) string {
		before, rest, _ := strings.Cut(xml, " id='")
		_, after, _ := strings.Cut(rest, "'")
		return before + after
	}
	receipt := func(who string) string {
		return "<message from='" + who + "@localhost/resident' to='alice@localhost/phone' type='chat'><received xmlns='urn:xmpp:receipts' id='m'/></message>"
	}
	if got := send("bob"); len(got) != 1 || anonymous(got[0]) != receipt("bob") {
		t.Errorf("bob: %q", got)
	}
	if got := send("dave"); len(got) != 0 {
		t.Errorf("dave: %q", got)
	}
	if m := s.Received("alice@localhost"); len(m) != 1 || m[0].ReceiptFor != "m" {
		t.Errorf("alice's log: %+v", m)
	}
	if m := s.Received("dave@localhost"); len(m) != 1 || m[0].Body != "hi" || m[0].Offline {
		t.Errorf("dave's log: %+v", m)
	}
}

// TestQueries asks the server and others.
func TestQueries(t *testing.T) {
	const unavailable = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
	const to = " to='alice@localhost/phone'"
	tests := []struct{ name, send, want string }{
		{"ping the server", "<iq type='get' id='1' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
			"<iq type='result' id='1' from='localhost'" + to + "/>"},
		{"ping oneself", "<iq type='get' id='1' to='alice@localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
			"<iq type='result' id='1' from='alice@localhost'" + to + "/>"},
		{"session", "<iq type='set' id='1'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
			"<iq type='result' id='1'" + to + "/>"},
		{"vCard", "<iq type='get' id='1'><vCard xmlns='vcard-temp'/></iq>", "<iq type='error' id='1'" + to + ">" + unavailable + "</iq>"},
		{"unknown", "<iq type='set' id='1' to='localhost'><x xmlns='urn:x'/></iq>", "<iq type='error' id='1' from='localhost'" + to + ">" + unavailable + "</iq>"},
		{"somebody else's account", "<iq type='get' id='1' to='bob@localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
			"<iq type='error' id='1' from='bob@localhost'" + to + ">" + unavailable + "</iq>"},
		{"absent client", "<iq type='get' id='1' to='bob@localhost/gone'><ping xmlns='urn:xmpp:ping'/></iq>",
			"<iq type='error' id='1' from='bob@localhost/gone'" + to + ">" + unavailable + "</iq>"},
		{"no payload", "<iq type='get' id='1' to='localhost'/>",
			"<iq type='error' id='1' from='localhost'" + to + "><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"},
		{"another domain", "<iq type='get' id='1' to='example.org'><ping xmlns='urn:xmpp:ping'/></iq>",
			"<iq type='error' id='1' from='example.org'" + to + "><error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" +
				"<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Server-to-server connection failed: unable to resolve service</text></error></iq>"},
		{"a result nobody asked for", "<iq type='result' id='1' to='localhost'/>", ""},
	}
	s := start(t, Config{})
	alice := login(t, s, "alice", "phone")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			alice.t = t
			if tt.want == "" {
				alice.expect(tt.send)
				return
			}
			alice.expect(tt.send, tt.want)
		})
	}
}

// TestForgedFrom ends the stream of a client that writes as somebody else.
func TestForgedFrom(t *testing.T) {
	s := start(t, Config{})
	c := login(t, s, "alice", "phone")
	c.expect("<message from='alice@localhost' to='alice@localhost/phone'><body>x</body></message>",
		"<message from='alice@localhost/phone' to='alice@localhost/phone'><body>x</body></message>")
	c.write("<message from='bob@localhost' to='alice@localhost'><body>x</body></message>")
	want := "<error xmlns='http://etherx.jabber.org/streams'><invalid-from xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>"
	if got := c.end(); len(got) != 1 || got[0] != want {
		t.Errorf("got %q", got)
	}
}

// TestRoster asks for the contacts, which cannot be changed.
func TestRoster(t *testing.T) {
	s := start(t, Config{Accounts: []Account{{Name: "alice", Password: "alice-pw", Contacts: []string{"bob", "x@example.org"}}}})
	alice := login(t, s, "alice", "phone")
	alice.expect("<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>",
		"<iq type='result' id='1' to='alice@localhost/phone'><query xmlns='jabber:iq:roster'>"+
			"<item jid='bob@localhost' subscription='both'/><item jid='x@example.org' subscription='both'/></query></iq>")
	alice.expect("<iq type='set' id='2'><query xmlns='jabber:iq:roster'><item jid='y@example.org'/></query></iq>",
		"<iq type='error' id='2' to='alice@localhost/phone'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>")
}
