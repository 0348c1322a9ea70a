package loopback

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// TestFeatures compares what each port offers at each moment.
func TestFeatures(t *testing.T) {
	t.Parallel()
	const (
		starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
		required = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
		scrams   = "<mechanism>SCRAM-SHA-256</mechanism><mechanism>SCRAM-SHA-1</mechanism>"
		pluses   = "<mechanism>SCRAM-SHA-256-PLUS</mechanism><mechanism>SCRAM-SHA-1-PLUS</mechanism>"
		plain    = "<mechanism>PLAIN</mechanism>"
	)
	sasl := func(list string) string {
		return "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + list + "</mechanisms>"
	}
	bindings := func(list string) string {
		return "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>" + list + "</sasl-channel-binding>"
	}
	all := sasl(pluses+scrams+plain) +
		bindings("<channel-binding type='tls-exporter'/><channel-binding type='tls-server-end-point'/>")
	for _, tt := range []struct {
		name   string
		config Config
		mode   urlspec.Mode
		before string // in clear
		after  string // under TLS
	}{
		{"default, starttls", Config{}, urlspec.ModeSTARTTLS, required, all},
		{"default, direct TLS", Config{}, urlspec.ModeTLS, "", all},
		{"default, no TLS", Config{}, urlspec.ModeNone, sasl(scrams), ""},
		{"login in clear allowed", Config{CleartextLogin: true}, urlspec.ModeSTARTTLS, starttls + sasl(scrams), all},
		{"PLAIN in clear allowed", Config{CleartextPLAIN: true}, urlspec.ModeNone, sasl(scrams + plain), ""},
		{"STARTTLS hidden", Config{Faults: Faults{NoSTARTTLS: true}}, urlspec.ModeSTARTTLS, sasl(scrams), all},
		{"no login at all", Config{Faults: Faults{NoMechanisms: true}}, urlspec.ModeTLS, "", ""},
		{"old ejabberd", Config{Faults: Faults{OldEjabberd: true}}, urlspec.ModeTLS, "",
			sasl(pluses + scrams + plain + "<mechanism>X-OAUTH2</mechanism>")},
		{"tls-unique, 1.3", Config{Bindings: []string{"tls-unique"}}, urlspec.ModeTLS, "", sasl(scrams + plain)},
		{"tls-unique, 1.2", Config{Bindings: []string{"tls-unique"}, MaxTLS: tls.VersionTLS12}, urlspec.ModeTLS, "",
			sasl(pluses+scrams+plain) + bindings("<channel-binding type='tls-unique'/>")},
		{"unknown mechanism", Config{Mechanisms: []string{"DIGEST-MD5"}, Faults: Faults{UnknownMechanisms: true}},
			urlspec.ModeNone, sasl("<mechanism>DIGEST-MD5</mechanism>"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, tt.config)
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
	t.Parallel()
	local, tooBig := header("localhost"), streamErrorXML("policy-violation", "XML stanza is too big")
	notXML, restricted := streamErrorXML("not-well-formed", ""), streamErrorXML("restricted-xml", "")
	unsupported := streamErrorXML("unsupported-stanza-type", "")
	s := start(t, Config{})
	for _, tt := range []struct{ name, send, want string }{
		{"other host", header("example.org"), streamErrorXML("host-unknown", "This server does not serve example.org")},
		{"server to server", strings.Replace(local, "jabber:client", "jabber:server", 1),
			streamErrorXML("invalid-namespace", "")},
		{"no stream", "<html>", streamErrorXML("invalid-namespace", "")},
		{"other element", strings.Replace(local, "<stream:stream", "<stream:bogus", 1), streamErrorXML("bad-format", "")},
		{"two headers", local + local, streamErrorXML("bad-format", "")},
		{"HTTP", "GET / HTTP/1.1\r\n\r\n", notXML},
		{"TLS", "\x16\x03\x01\x00\x05hello", notXML},
		{"mismatched tag", local + "<a></b>", notXML},
		{"undefined entity", local + "<a>&lol;</a>", notXML},
		{"control character", local + "<a>\x01</a>", notXML},
		{"broken UTF-8", local + "<a>\xff</a>", notXML},
		{"text between stanzas", local + "hello", notXML},
		{"comment", local + "<!-- hi -->", restricted},
		{"document type", "<!DOCTYPE x [<!ENTITY a 'b'>]>" + local, restricted},
		{"processing instruction", "<?php ?>" + local, restricted},
		{"header too long", strings.Replace(local, "to=", "x='"+strings.Repeat("a", 12000)+"' to=", 1), tooBig},
		{"element too long", local + "<auth>" + strings.Repeat("a", 12000), tooBig},
		{"element too deep", local + strings.Repeat("<a>", 100), tooBig},
		{"stanza before login", local + "<message/>", streamErrorXML("not-authorized", "")},
		{"response without auth", local + "<response xmlns='" + wire.NSSASL + "'/>", streamErrorXML("not-authorized", "")},
		{"unknown element", local + "<enable xmlns='urn:xmpp:sm:3'/>", unsupported},
		{"TLS on the port without", local + "<starttls xmlns='" + wire.NSTLS + "'/>", unsupported},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, s, urlspec.ModeNone)
			c.write(tt.send)
			if h := c.begin(); h.Attr("from") != "localhost" || h.Attr("id") == "" || h.Attr("version") != "1.0" {
				t.Errorf("stream header %s", h.XML())
			}
			if got := c.end(); len(got) == 0 || got[len(got)-1] != tt.want {
				t.Errorf("\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestInjection checks that what came in clear before the handshake is dropped
// (CVE-2011-0411 and its kind).
func TestInjection(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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

// TestFixedPort starts servers on a port of the caller's choice: one that the
// system gives to nobody who leaves the choice to it.
func TestFixedPort(t *testing.T) {
	t.Parallel()
	port := 20_000
	first, err := Start(Config{Plain: port})
	for errors.Is(err, syscall.EADDRINUSE) {
		port++
		first, err = Start(Config{Plain: port})
	}
	if err != nil {
		t.Fatal(err)
	}
	if s, err := Start(Config{Plain: port}); err == nil {
		_ = s.Close()
		t.Error("a taken port was taken again")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if again := start(t, Config{Plain: port}); again.PlainPort() != port {
		t.Errorf("port %d, want %d", again.PlainPort(), port)
	}
}

// TestShutdown closes a server under clients in every state.
func TestShutdown(t *testing.T) {
	t.Parallel()
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
	silent.begin()
	for _, c := range []*script{online, waiting, silent} {
		c.ends(streamErrorXML("system-shutdown", ""))
	}
	if _, err := io.ReadAll(handshake); err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("handshake: %v", err)
	}
}

// TestLoginTimeout checks that a client that never logs in is sent away.
func TestLoginTimeout(t *testing.T) {
	t.Parallel()
	s := start(t, Config{LoginTimeout: 2 * time.Second}) // the stream must be open by then
	c := dial(t, s, urlspec.ModeNone)
	c.open()
	c.ends(streamErrorXML("connection-timeout", ""))
}

// TestReplaced binds one resource twice: the older connection ends.
func TestReplaced(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	older := login(t, s, "alice", "phone")
	newer := login(t, s, "alice", "phone")
	older.ends(streamErrorXML("conflict", "Replaced by new connection"))
	newer.expect("<message to='alice@localhost'><body>me</body></message>",
		"<message to='alice@localhost' from='alice@localhost/phone'><body>me</body></message>")
}

// TestBind covers the resource: chosen, generated, refused.
func TestBind(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	c := dial(t, s, urlspec.ModeTLS)
	c.open()
	if e := c.sasl(plainMechanism, "alice", "alice-pw", nil); !e.Is(wire.NSSASL, "success") {
		t.Fatal(e.XML())
	}
	want := "<features xmlns='http://etherx.jabber.org/streams'>" +
		"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><required/></bind>" +
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
	full := c.next().Child(wire.NSBind, "bind").ChildText(wire.NSBind, "jid")
	if len(full) != len("alice@localhost/0123456789abcdef") {
		t.Errorf("generated JID %q", full)
	}
}

// TestMaxBytes sends messages just under and just over the limit.
func TestMaxBytes(t *testing.T) {
	t.Parallel()
	const limit = 20_000
	s := start(t, Config{MaxBytes: limit})
	c := login(t, s, "alice", "phone")
	const head, tail = "<message to='alice@localhost'><body>", "</body></message>"
	body := strings.Repeat("x", limit-len(head+tail))
	c.expect(head+body+tail, "<message to='alice@localhost' from='alice@localhost/phone'><body>"+body+tail)
	c.write(head + body + "x" + tail)
	c.ends(streamErrorXML("policy-violation", "XML stanza is too big"))
}
