package loopback

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// TestFeatures compares what each port offers at each moment.
func TestFeatures(t *testing.T) {
	const (
		starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
		required = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
		scrams   = "<mechanism>SCRAM-SHA-256</mechanism><mechanism>SCRAM-SHA-1</mechanism>"
		pluses   = "<mechanism>SCRAM-SHA-256-PLUS</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism>"
		plain    = "<mechanism>PLAIN</mechanism>"
		types    = "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/><channel-binding type='tls-server-end-point'/></sasl-channel-binding>"
		unique   = "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-unique'/></sasl-channel-binding>"
	)
	sasl := func(list string) string {
		return "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + list + "</mechanisms>"
	}
	tests := []struct {
		name   string
		cfg    Config
		mode   urlspec.Mode
		before string // in clear
		after  string // under TLS
	}{
		{"default, starttls", Config{}, urlspec.ModeSTARTTLS, required, sasl(pluses+scrams+plain) + types},
		{"default, direct TLS", Config{}, urlspec.ModeTLS, "", sasl(pluses+scrams+plain) + types},
		{"default, no TLS", Config{}, urlspec.ModeNone, sasl(scrams), ""},
		{"login in clear allowed", Config{CleartextLogin: true}, urlspec.ModeSTARTTLS, starttls + sasl(scrams), sasl(pluses+scrams+plain) + types},
		{"PLAIN in clear allowed", Config{CleartextPLAIN: true}, urlspec.ModeNone, sasl(scrams + plain), ""},
		{"STARTTLS stripped", Config{Faults: Faults{NoSTARTTLS: true}}, urlspec.ModeSTARTTLS, sasl(scrams), sasl(pluses+scrams+plain) + types},
		{"no login at all", Config{Faults: Faults{NoMechanisms: true}}, urlspec.ModeTLS, "", ""},
		{"old ejabberd", Config{Faults: Faults{OldEjabberd: true}}, urlspec.ModeTLS, "",
			sasl(pluses + scrams + plain + "<mechanism>X-OAUTH2</mechanism>")},
		{"tls-unique, 1.3", Config{Bindings: []string{"tls-unique"}}, urlspec.ModeTLS, "", sasl(scrams + plain)},
		{"tls-unique, 1.2", Config{Bindings: []string{"tls-unique"}, MaxTLS: tls.VersionTLS12}, urlspec.ModeTLS, "", sasl(pluses+scrams+plain) + unique},
		{"unknown mechanism", Config{Mechanisms: []string{"DIGEST-MD5"}, Faults: Faults{UnknownMechanisms: true}}, urlspec.ModeNone,
			sasl("<mechanism>DIGEST-MD5</mechanism>"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, tt.cfg)
			check := func(f *wire.Element, want string) {
				t.Helper()
				want = "<features xmlns='http://etherx.jabber.org/streams'>" + want +
					"<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>10000</max-bytes></limits></features>"
				if got := f.XML(); got != want {
					t.Errorf("\n got %s\nwant %s", got, want)
				}
			}
			c := dial(t, s, tt.mode)
			if tt.mode != urlspec.ModeTLS {
				check(c.open(), tt.before)
			}
			if tt.mode == urlspec.ModeSTARTTLS {
				c = dial(t, s, tt.mode)
				check(c.starttls(&tls.Config{ServerName: "localhost", RootCAs: s.Roots()}), tt.after)
			}
			if tt.mode == urlspec.ModeTLS {
				check(c.open(), tt.after)
			}
		})
	}
}

// TestStreamErrors sends streams that the server must end.
func TestStreamErrors(t *testing.T) {
	const text = "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
	tests := []struct{ name, send, condition, text string }{
		{"other host", header("example.org"), "host-unknown", text + "This server does not serve example.org</text>"},
		{"server to server", strings.Replace(header("localhost"), "jabber:client", "jabber:server", 1), "invalid-namespace", ""},
		{"no stream", "<html>", "invalid-namespace", ""},
		{"other element", strings.Replace(header("localhost"), "<stream:stream", "<stream:bogus", 1), "bad-format", ""},
		{"HTTP", "GET / HTTP/1.1\r\n\r\n", "not-well-formed", ""},
		{"TLS", "\x16\x03\x01\x00\x05hello", "not-well-formed", ""},
		{"mismatched tag", header("localhost") + "<a></b>", "not-well-formed", ""},
		{"undefined entity", header("localhost") + "<a>&lol;</a>", "not-well-formed", ""},
		{"control character", header("localhost") + "<a>\x01</a>", "not-well-formed", ""},
		{"broken UTF-8", header("localhost") + "<a>\xff</a>", "not-well-formed", ""},
		{"text between stanzas", header("localhost") + "hello", "not-well-formed", ""},
		{"comment", header("localhost") + "<!-- hi -->", "restricted-xml", ""},
		{"document type", "<!DOCTYPE x [<!ENTITY a 'b'>]>" + header("localhost"), "restricted-xml", ""},
		{"processing instruction", "<?php ?>" + header("localhost"), "restricted-xml", ""},
		{"header too long", strings.Replace(header("localhost"), "to=", "x='"+strings.Repeat("a", 12000)+"' to=", 1), "policy-violation", text + "XML stanza is too big</text>"},
		{"element too long", header("localhost") + "<auth>" + strings.Repeat("a", 12000), "policy-violation", text + "XML stanza is too big</text>"},
		{"element too deep", header("localhost") + strings.Repeat("<a>", 100), "policy-violation", text + "XML stanza is too big</text>"},
		{"stanza before login", header("localhost") + "<message/>", "not-authorized", ""},
		{"response without auth", header("localhost") + "<response xmlns='" + wire.NSSASL + "'/>", "not-authorized", ""},
		{"unknown element", header("localhost") + "<enable xmlns='urn:xmpp:sm:3'/>", "unsupported-stanza-type", ""},
		{"TLS on the port without", header("localhost") + "<starttls xmlns='" + wire.NSTLS + "'/>", "unsupported-stanza-type", ""},
	}
	s := start(t, Config{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, s, urlspec.ModeNone)
			c.write(tt.send)
			if h := c.begin(); h.Attr("from") != "localhost" || h.Attr("id") == "" || h.Attr("version") != "1.0" {
				t.Errorf("stream header %s", h.XML())
			}
			got := c.end()
			want := "<error xmlns='http://etherx.jabber.org/streams'><" + tt.condition + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>" + tt.text + "</error>"
			if len(got) == 0 || got[len(got)-1] != want {
				t.Errorf("\n got %q\nwant %q", got, want)
			}
		})
	}
}

// TestInjection checks that what came in clear before the handshake is dropped
// (CVE-2011-0411 and its kind).
func TestInjection(t *testing.T) {
	s := start(t, Config{})
	c := dial(t, s, urlspec.ModeSTARTTLS)
	c.open()
	c.write("<starttls xmlns='" + wire.NSTLS + "'/>" + header("localhost") + authXML("PLAIN", "\x00mallory\x00secret"))
	if e := c.next(); !e.Is(wire.NSTLS, "proceed") {
		t.Fatal(e.XML())
	}
	c.encrypt(&tls.Config{ServerName: "localhost", RootCAs: s.Roots()})
	if f := c.open(); f.Child(wire.NSSASL, "mechanisms") == nil {
		t.Errorf("features after TLS: %s", f.XML())
	}
}

// TestALPN checks that xmpp-client is agreed on direct TLS (XEP-0368 3).
func TestALPN(t *testing.T) {
	s := start(t, Config{})
	c := dial(t, s, urlspec.ModeTLS)
	if got := c.tls.ConnectionState().NegotiatedProtocol; got != "" {
		t.Errorf("protocol %q without asking", got)
	}
	conn, err := tls.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.TLSPort())),
		&tls.Config{ServerName: "localhost", RootCAs: s.Roots(), NextProtos: []string{"xmpp-client"}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := conn.ConnectionState().NegotiatedProtocol; got != "xmpp-client" {
		t.Errorf("protocol %q", got)
	}
}

// TestIPv6 checks that the ports are open on both loopback addresses, where the
// machine has IPv6 at all.
func TestIPv6(t *testing.T) {
	probe, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Logf("no IPv6 here: %v", err)
		if s := start(t, Config{}); s.STARTTLSPort() == 0 {
			t.Error("no port without IPv6")
		}
		return
	}
	_ = probe.Close()
	s := start(t, Config{})
	for _, port := range []int{s.STARTTLSPort(), s.TLSPort(), s.PlainPort()} {
		c, err := net.Dial("tcp6", net.JoinHostPort("::1", strconv.Itoa(port)))
		if err != nil {
			t.Error(err)
			continue
		}
		_ = c.Close()
	}
}

// TestFixedPort starts servers on a port of the caller's choice.
func TestFixedPort(t *testing.T) {
	first := start(t, Config{})
	if _, err := Start(Config{Plain: first.PlainPort()}); err == nil {
		t.Error("a taken port was taken again")
	}
	port := first.PlainPort()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if again := start(t, Config{Plain: port}); again.PlainPort() != port {
		t.Errorf("port %d, want %d", again.PlainPort(), port)
	}
}

// TestShutdown closes a server under clients in every state.
func TestShutdown(t *testing.T) {
	lines := make(chan string, 100)
	s := start(t, Config{Log: func(line string) { lines <- line }})
	online := login(t, s, "alice", "phone")
	waiting := dial(t, s, urlspec.ModeSTARTTLS)
	waiting.open()
	silent := dial(t, s, urlspec.ModeNone)
	for line := range lines {
		if line == "#3 connected for mode=none" {
			break
		}
	}
	handshake, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.TLSPort())))
	if err != nil {
		t.Fatal(err)
	}
	defer handshake.Close()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	want := "<error xmlns='http://etherx.jabber.org/streams'><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>"
	for name, c := range map[string]*client{"online": online, "negotiating": waiting} {
		if got := c.end(); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	silent.begin()
	if got := silent.end(); len(got) != 1 || got[0] != want {
		t.Errorf("silent: %q", got)
	}
	if _, err := io.ReadAll(handshake); err != nil && !errors.Is(err, net.ErrClosed) && !strings.Contains(err.Error(), "reset") {
		t.Errorf("handshake: %v", err)
	}
}

// TestLoginTimeout checks that a client that never logs in is sent away.
func TestLoginTimeout(t *testing.T) {
	s := start(t, Config{LoginTimeout: 50 * time.Millisecond})
	c := dial(t, s, urlspec.ModeNone)
	c.open()
	want := "<error xmlns='http://etherx.jabber.org/streams'><connection-timeout xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>"
	if got := c.end(); len(got) != 1 || got[0] != want {
		t.Errorf("got %q", got)
	}
}

// TestReplaced binds one resource twice: the older connection ends.
func TestReplaced(t *testing.T) {
	s := start(t, Config{})
	older := login(t, s, "alice", "phone")
	newer := login(t, s, "alice", "phone")
	want := "<error xmlns='http://etherx.jabber.org/streams'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced by new connection</text></error>"
	if got := older.end(); len(got) == 0 || got[len(got)-1] != want {
		t.Errorf("got %q", got)
	}
	newer.expect("<message to='alice@localhost'><body>me</body></message>",
		"<message to='alice@localhost' from='alice@localhost/phone'><body>me</body></message>")
}

// TestBind covers the resource: chosen, generated, refused.
func TestBind(t *testing.T) {
	s := start(t, Config{})
	c := dial(t, s, urlspec.ModeTLS)
	c.open()
	if e := c.sasl(plainMechanism, "alice", "alice-pw", nil); !e.Is(wire.NSSASL, "success") {
		t.Fatal(e.XML())
	}
	want := "<features xmlns='http://etherx.jabber.org/streams'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><required/></bind>" +
		"<session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>" +
		"<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>262144</max-bytes></limits></features>"
	if got := c.open().XML(); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	c.write("<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>")
	if e := c.next(); e.Child(wire.NSClient, "error").Child(wire.NSStanzaErrors, "not-allowed") == nil {
		t.Errorf("roster before bind: %s", e.XML())
	}
	c.write("<iq type='set' id='2'><bind xmlns='" + wire.NSBind + "'><resource>\ue000</resource></bind></iq>")
	if e := c.next(); e.Child(wire.NSClient, "error").Child(wire.NSStanzaErrors, "bad-request") == nil {
		t.Errorf("resource with a private-use character: %s", e.XML())
	}
	c.write("<iq type='set' id='3'><bind xmlns='" + wire.NSBind + "'/></iq>")
	jid := c.next().Child(wire.NSBind, "bind").ChildText(wire.NSBind, "jid")
	if len(jid) != len("alice@localhost/0123456789abcdef") {
		t.Errorf("generated address %q", jid)
	}
}

// TestStanzaLimit sends messages just under and just over 256 KiB after login.
func TestStanzaLimit(t *testing.T) {
	s := start(t, Config{})
	c := login(t, s, "alice", "phone")
	body := strings.Repeat("x", maxBytesAfterLogin-200)
	c.expect("<message to='alice@localhost'><body>"+body+"</body></message>",
		"<message to='alice@localhost' from='alice@localhost/phone'><body>"+body+"</body></message>")
	c.write("<message to='alice@localhost'><body>" + strings.Repeat("x", 300_000) + "</body></message>")
	want := "<error xmlns='http://etherx.jabber.org/streams'><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>" +
		"<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>XML stanza is too big</text></error>"
	if got := c.end(); len(got) != 1 || got[0] != want {
		t.Errorf("got %q", got)
	}
}
