package loopback

import (
	"context"
	"errors"
	"strings"
	"testing"
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
		{"headline to an absent resource", "<message to='bob@localhost/gone' type='headline'><body>x</body></message>", nil, nil, false},
		{"groupchat to a user", "<message to='bob@localhost' type='groupchat' id='2'><body>x</body></message>",
			[]string{bounce("bob@localhost", "2", "cancel", "service-unavailable", "")}, nil, false},
		{"to nobody", "<message to='ghost@localhost' type='chat' id='3'><body>x</body></message>",
			[]string{bounce("ghost@localhost", "3", "cancel", "service-unavailable", "")}, nil, false},
		{"to the server", "<message to='localhost' id='4'><body>x</body></message>",
			[]string{bounce("localhost", "4", "cancel", "service-unavailable", "")}, nil, false},
		{"to another domain", "<message to='x@example.org' id='5'><body>x</body></message>",
			[]string{bounce("x@example.org", "5", "cancel", "remote-server-not-found", "Server-to-server connection failed: unable to resolve service")}, nil, false},
		{"to a silent domain", "<message to='x@silent.test' id='6'><body>x</body></message>", nil, nil, false},
		{"to an illegal address", "<message to='@localhost' id='7'><body>x</body></message>",
			[]string{bounce("@localhost", "7", "modify", "jid-malformed", "")}, nil, false},
		{"an error is never answered", "<message to='ghost@localhost' type='error' id='8'/>", nil, nil, false},
		{"to oneself", "<message id='9'><body>x</body></message>",
			[]string{"<message id='9'" + from + " to='alice@localhost'><body>x</body></message>"}, nil, false},
		{"with unknown payload", "<message to='bob@localhost'><x:y xmlns:x='urn:x' x:z='1' xml:lang='de'>t<u/></x:y></message>", nil,
			[]string{"<message to='bob@localhost'" + from + "><y xmlns='urn:x' xmlns:aa='urn:x' aa:z='1' xml:lang='de'>t<u/></y></message>"}, false},
		{"receipt request and receipt", "<message to='bob@localhost' id='10'><request xmlns='urn:xmpp:receipts'/></message>", nil,
			[]string{"<message to='bob@localhost' id='10'" + from + "><request xmlns='urn:xmpp:receipts'/></message>"}, false},
		{"offline", "<message to='carol@localhost' id='11'><body>later</body></message>", nil, nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, Config{
				Accounts: []Account{{Name: "alice", Password: "alice-pw"}, {Name: "bob", Password: "bob-pw"}, {Name: "carol", Password: "carol-pw"}},
				Faults:   Faults{SilentDomains: []string{"silent.test"}},
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

// TestOffline keeps messages for bob until he is available with a priority that
// takes them.
func TestOffline(t *testing.T) {
	s := start(t, Config{})
	alice := login(t, s, "alice", "phone")
	alice.expect("<message to='bob@localhost' id='1' type='chat'><body>one</body></message><message to='bob@localhost' id='2' type='headline'><body>news</body></message>")
	bob := connect(t, s, "bob", "desk")
	bob.expect("<presence><priority>-1</priority></presence>", "<presence from='bob@localhost/desk' to='bob@localhost'><priority>-1</priority></presence>")
	alice.expect("<message to='bob@localhost' id='3' type='chat'><body>two</body></message>")
	got := bob.exchange("<presence/>")
	if len(got) != 3 || !strings.Contains(got[1], "<body>one</body><delay xmlns='urn:xmpp:delay' from='localhost' stamp='") ||
		!strings.Contains(got[2], "<body>two</body><delay") {
		t.Errorf("bob got %q", got)
	}
	bob.expect("<presence type='unavailable'/><presence/>",
		"<presence type='unavailable' from='bob@localhost/desk' to='bob@localhost'/>", "<presence from='bob@localhost/desk' to='bob@localhost'/>")
	if m := s.Received("bob@localhost"); len(m) != 3 || !m[0].Offline || m[0].Body != "one" || m[1].Type != "headline" {
		t.Errorf("log %+v", m)
	}
}

// TestOfflineLimit bounces what no longer fits.
func TestOfflineLimit(t *testing.T) {
	s := start(t, Config{})
	alice := login(t, s, "alice", "phone")
	message := "<message to='bob@localhost' id='m'><body>x</body></message>"
	alice.expect(strings.Repeat(message, maxOffline))
	alice.expect(message, "<message type='error' id='m' from='bob@localhost' to='alice@localhost/phone'><error type='cancel'>"+
		"<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")
	bob := connect(t, s, "bob", "desk")
	if got := bob.exchange("<presence/>"); len(got) != maxOffline+1 {
		t.Errorf("bob got %d stanzas", len(got))
	}
}

// TestLog keeps the last messages, and gives out each once.
func TestLog(t *testing.T) {
	s := start(t, Config{})
	bob := address{local: "bob", domain: "localhost"}
	say := func(id string) {
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		s.hub.record(bob, newElement(nsClient, "message", "id", id), false)
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
	if err := s.WaitOnline(ended, "bob", 1); err == nil {
		t.Error("bob is online")
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

// TestCarbons copies a conversation to the other client of each side.
func TestCarbons(t *testing.T) {
	s := start(t, Config{})
	phone, tablet := login(t, s, "alice", "phone"), login(t, s, "alice", "tablet")
	desk, lap := login(t, s, "bob", "desk"), login(t, s, "bob", "lap")
	for _, c := range []*client{tablet, lap} {
		got := c.exchange("<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>")
		if last := got[len(got)-1]; last != "<iq type='result' id='c' to='"+c.jid+"'/>" {
			t.Errorf("carbons: %q", got)
		}
	}
	desk.exchange("")
	lap.exchange("")
	phone.exchange("<message to='bob@localhost/desk' type='chat' id='1'><body>x</body></message>")
	copied := "<forwarded xmlns='urn:xmpp:forward:0'><message to='bob@localhost/desk' type='chat' id='1' from='alice@localhost/phone'><body>x</body></message></forwarded>"
	strip := func(c *client) []string {
		var all []string
		for _, x := range c.exchange("") {
			all = append(all, strings.ReplaceAll(x, " xmlns='jabber:client'", ""))
		}
		return all
	}
	if got, want := strip(tablet), "<message from='alice@localhost' to='alice@localhost/tablet' type='chat'><sent xmlns='urn:xmpp:carbons:2'>"+copied+"</sent></message>"; len(got) != 1 || got[0] != want {
		t.Errorf("tablet\n got %q\nwant %q", got, want)
	}
	if got, want := strip(lap), "<message from='bob@localhost' to='bob@localhost/lap' type='chat'><received xmlns='urn:xmpp:carbons:2'>"+copied+"</received></message>"; len(got) != 1 || got[0] != want {
		t.Errorf("lap\n got %q\nwant %q", got, want)
	}
	desk.pending("<message to='bob@localhost/desk' type='chat' id='1' from='alice@localhost/phone'><body>x</body></message>")
}

// TestResidents writes to accounts that the server plays itself.
func TestResidents(t *testing.T) {
	s := start(t, Config{Accounts: []Account{
		{Name: "alice", Password: "alice-pw"},
		{Name: "bob", Resident: true, Receipts: true},
		{Name: "carol", Resident: true, Receipts: true, Echo: true},
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
	echo := "<message from='carol@localhost/resident' to='alice@localhost/phone' type='chat'><body>hi</body></message>"
	if got := send("carol"); len(got) != 2 || anonymous(got[0]) != receipt("carol") || anonymous(got[1]) != echo {
		t.Errorf("carol: %q", got)
	}
	if got := send("dave"); len(got) != 0 {
		t.Errorf("dave: %q", got)
	}
	if m := s.Received("alice@localhost"); len(m) != 3 || m[0].Receipt != "m" || m[2].Body != "hi" {
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
		{"version", "<iq type='get' id='1' to='localhost'><query xmlns='jabber:iq:version'/></iq>",
			"<iq type='result' id='1' from='localhost'" + to + "><query xmlns='jabber:iq:version'><name>xmppscope loopback</name><version>1</version><os>linux</os></query></iq>"},
		{"disco#info", "<iq type='get' id='1' to='alice@localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
			"<iq type='result' id='1' from='alice@localhost'" + to + "><query xmlns='http://jabber.org/protocol/disco#info'><identity category='account' type='registered'/>" +
				"<feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/></query></iq>"},
		{"disco#items", "<iq type='get' id='1' to='localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
			"<iq type='result' id='1' from='localhost'" + to + "><query xmlns='http://jabber.org/protocol/disco#items'><item jid='conference.localhost' name='Chat rooms'/></query></iq>"},
		{"disco#info of a node", "<iq type='get' id='1' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info' node='x'/></iq>",
			"<iq type='error' id='1' from='localhost'" + to + ">" + unavailable + "</iq>"},
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
	alice.t = t
	bob := login(t, s, "bob", "desk")
	alice.expect("<iq type='get' id='v' to='bob@localhost/desk'><query xmlns='jabber:iq:version'/></iq>")
	bob.expect("<iq type='result' id='v' to='alice@localhost/phone'/>",
		"<iq type='get' id='v' to='bob@localhost/desk' from='alice@localhost/phone'><query xmlns='jabber:iq:version'/></iq>")
	alice.pending("<iq type='result' id='v' to='alice@localhost/phone' from='bob@localhost/desk'/>")
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

// TestRoster adds, renames, subscribes and removes a contact.
func TestRoster(t *testing.T) {
	s := start(t, Config{Accounts: []Account{
		{Name: "alice", Password: "alice-pw", Contacts: []string{"carol", "x@example.org"}},
		{Name: "bob", Password: "bob-pw"}, {Name: "carol", Resident: true}, {Name: "dave", Resident: true},
	}})
	alice, bob := connect(t, s, "alice", "phone"), login(t, s, "bob", "desk")
	alice.expect("<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>",
		"<iq type='result' id='1' to='alice@localhost/phone'><query xmlns='jabber:iq:roster'><item jid='carol@localhost' subscription='both'/><item jid='x@example.org' subscription='both'/></query></iq>")
	alice.expect("<presence/>", "<presence from='alice@localhost/phone' to='alice@localhost'/>",
		"<presence from='carol@localhost/resident' to='alice@localhost/phone'/>")

	push := func(id, item string) string {
		return "<iq type='set' id='" + id + "' to='alice@localhost/phone'><query xmlns='jabber:iq:roster'>" + item + "</query></iq>"
	}
	check := func(got []string, want ...string) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
		for i, g := range got {
			if _, after, ok := strings.Cut(g, "<iq type='set' id='"); ok {
				id, _, _ := strings.Cut(after, "'")
				g = strings.Replace(g, id, "*", 1)
			}
			if g != want[i] {
				t.Errorf("%d\n got %s\nwant %s", i, g, want[i])
			}
		}
	}
	check(alice.exchange("<iq type='set' id='2'><query xmlns='jabber:iq:roster'><item jid='bob@localhost' name='Bob'><group>G</group></item></query></iq>"),
		"<iq type='result' id='2' to='alice@localhost/phone'/>",
		push("*", "<item jid='bob@localhost' name='Bob' subscription='none'><group>G</group></item>"))
	check(alice.exchange("<presence type='subscribe' to='bob@localhost'/>"),
		push("*", "<item jid='bob@localhost' name='Bob' subscription='none' ask='subscribe'><group>G</group></item>"))
	check(bob.exchange("<presence type='subscribed' to='alice@localhost'/>"),
		"<presence type='subscribe' from='alice@localhost' to='bob@localhost'/>")
	check(alice.exchange(""),
		push("*", "<item jid='bob@localhost' name='Bob' subscription='to'><group>G</group></item>"),
		"<presence type='subscribed' from='bob@localhost' to='alice@localhost'/>",
		"<presence from='bob@localhost/desk' to='alice@localhost'/>")
	bob.exchange("<presence><show>away</show></presence>")
	check(alice.exchange(""), "<presence from='bob@localhost/desk' to='alice@localhost'><show>away</show></presence>")
	bob.exchange("<presence type='unsubscribed' to='alice@localhost'/>")
	check(alice.exchange(""),
		push("*", "<item jid='bob@localhost' name='Bob' subscription='none'><group>G</group></item>"),
		"<presence type='unsubscribed' from='bob@localhost' to='alice@localhost'/>")
	check(alice.exchange("<iq type='set' id='3'><query xmlns='jabber:iq:roster'><item jid='x@example.org' subscription='remove'/></query></iq>"),
		"<iq type='result' id='3' to='alice@localhost/phone'/>", push("*", "<item jid='x@example.org' subscription='remove'/>"))
	check(alice.exchange("<iq type='set' id='4'><query xmlns='jabber:iq:roster'><item jid='carol@localhost' subscription='remove'/></query></iq>"),
		"<iq type='result' id='4' to='alice@localhost/phone'/>",
		push("*", "<item jid='carol@localhost' subscription='from'/>"),
		push("*", "<item jid='carol@localhost' subscription='none'/>"),
		push("*", "<item jid='carol@localhost' subscription='remove'/>"))
	check(alice.exchange("<presence type='subscribe' to='dave@localhost'/>"),
		push("*", "<item jid='dave@localhost' subscription='none' ask='subscribe'/>"),
		push("*", "<item jid='dave@localhost' subscription='to'/>"),
		"<presence type='subscribed' from='dave@localhost' to='alice@localhost'/>",
		"<presence from='dave@localhost/resident' to='alice@localhost'/>")
}
