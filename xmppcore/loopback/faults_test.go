package loopback

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// walkTo takes a client to the moment at which the server meets a step, on the
// STARTTLS port.
func walkTo(t *testing.T, s *Server, step Step) *script {
	c := dial(t, s, urlspec.ModeSTARTTLS)
	trusting := &tls.Config{ServerName: "localhost", RootCAs: s.Roots()}
	for _, now := range []struct {
		at Step
		do func()
	}{
		{StepConnect, func() {}},
		{StepHeader, func() { c.write(header("localhost")) }},
		{StepFeatures, func() { c.begin() }},
		{StepSTARTTLS, func() { c.next(); c.write("<starttls xmlns='" + wire.NSTLS + "'/>") }},
		{StepTLS, func() { c.next() }},
		{StepEncrypted, func() { c.encrypt(trusting); c.write(header("localhost")) }},
		{StepAuth, func() {
			c.begin()
			c.next()
			c.write(authXML("SCRAM-SHA-1", "n,,n=alice,r=abc"))
		}},
		{StepResponse, func() {
			if step != StepResponse {
				// Answering needs real SCRAM: log in anew with PLAIN.
				c.next()
				c.write("<abort xmlns='" + wire.NSSASL + "'/>")
				c.next()
				return
			}
			c.next()
			c.write("<response xmlns='" + wire.NSSASL + "'>AAAA</response>")
		}},
		{StepRestart, func() {
			if e := c.sasl(plainMechanism, "alice", "alice-pw", nil); !e.Is(wire.NSSASL, "success") {
				t.Fatal(e.XML())
			}
			c.write(header("localhost"))
		}},
		{StepBind, func() {
			c.begin()
			c.next()
			c.write("<iq type='set' id='b1'><bind xmlns='" + wire.NSBind + "'/></iq>")
		}},
		{StepRoster, func() { c.next(); c.write("<iq type='get' id='r1'><query xmlns='jabber:iq:roster'/></iq>") }},
		{StepJoin, func() { c.next(); c.write(joining("dev", "alice")) }},
		{StepMessage, func() {
			c.next()
			c.next()
			c.write("<message id='m1' to='alice@localhost/none' type='headline'/>")
		}},
		{StepPing, func() { c.write("<iq type='get' id='p1'><ping xmlns='" + wire.NSPing + "'/></iq>") }},
	} {
		now.do()
		if now.at == step {
			break
		}
	}
	return c
}

// rest is all that comes after what was read, up to the end of the connection.
func (c *script) rest() string {
	c.t.Helper()
	var read []byte
	if c.in != nil {
		read = c.got.Bytes()[c.read:]
	}
	more, err := io.ReadAll(c.conn)
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		c.t.Fatalf("the server did not close; so far: %q", more)
	}
	return string(read) + string(more)
}

// TestSilent stops the server at each step: nothing comes any more, and the
// connection ends when the client closes it.
func TestSilent(t *testing.T) {
	t.Parallel()
	for _, step := range steps {
		t.Run(string(step), func(t *testing.T) {
			s := start(t, Config{Faults: Faults{Silent: step}})
			c := walkTo(t, s, step)
			if err := c.tcp.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			if got := c.rest(); got != "" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestHangUp closes the connection at each step, without a word.
func TestHangUp(t *testing.T) {
	t.Parallel()
	for _, step := range steps {
		t.Run(string(step), func(t *testing.T) {
			s := start(t, Config{Faults: Faults{Close: step}})
			if got := walkTo(t, s, step).rest(); got != "" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestReply answers each step with bytes of the test's choice and hangs up.
func TestReply(t *testing.T) {
	t.Parallel()
	const answer = "<answer id='{id}'/></stream:stream>"
	ids := map[Step]string{StepBind: "b1", StepRoster: "r1", StepMessage: "m1", StepPing: "p1"}
	for _, step := range steps {
		t.Run(string(step), func(t *testing.T) {
			s := start(t, Config{Faults: Faults{Reply: map[Step]string{step: answer}}})
			if got, want := walkTo(t, s, step).rest(), strings.Replace(answer, "{id}", ids[step], 1); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// TestIgnore leaves stanzas unanswered, and goes on with the next one.
func TestIgnore(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Faults: Faults{Ignore: []Step{StepJoin, StepRoster, StepMessage}}})
	c := login(t, s, "alice", "phone")
	c.expect(joining("dev", "alice") + "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>" +
		"<message to='alice@localhost'><body>x</body></message>")
}

// TestWrongAnswers goes on after a reply that does not end the stream.
func TestWrongAnswers(t *testing.T) {
	t.Parallel()
	const failure = "<failure xmlns='" + wire.NSSASL + "'><temporary-auth-failure/></failure>"
	s := start(t, Config{CleartextPLAIN: true, Faults: Faults{Reply: map[Step]string{StepAuth: failure}}})
	c := dial(t, s, urlspec.ModeNone)
	c.open()
	for range 5 {
		c.write(authXML("PLAIN", "\x00alice\x00alice-pw"))
		if got := c.next().XML(); got != failure {
			t.Errorf("got %s", got)
		}
	}
}

// TestSTARTTLSRefused gets <failure/> and the end of the stream.
func TestSTARTTLSRefused(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Faults: Faults{RefuseSTARTTLS: true}})
	c := dial(t, s, urlspec.ModeSTARTTLS)
	c.open()
	c.write("<starttls xmlns='" + wire.NSTLS + "'/>")
	c.ends("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
}

// TestHiddenSTARTTLS asks for TLS although it is not offered (RFC 7590 3.1).
func TestHiddenSTARTTLS(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Faults: Faults{NoSTARTTLS: true}})
	c := dial(t, s, urlspec.ModeSTARTTLS)
	if f := c.starttls(trusting(s, tls.VersionTLS13)); f.Child(wire.NSSASL, "mechanisms") == nil {
		t.Errorf("features %s", f.XML())
	}
}

// TestLocked refuses everybody, from the start or after enough failures.
func TestLocked(t *testing.T) {
	t.Parallel()
	refused := func(c *script, failures string) {
		t.Helper()
		c.write(header("localhost"))
		c.begin()
		c.ends(streamErrorXML("policy-violation", "Too many ("+failures+") failed authentications "+
			"from this IP address (127.0.0.1). The address will be unblocked in 1 hour"))
	}
	refused(dial(t, start(t, Config{Faults: Faults{Locked: true}}), urlspec.ModeTLS), "1")

	s := start(t, Config{Faults: Faults{MaxFailedLogins: 2}})
	for range 2 {
		c := dial(t, s, urlspec.ModeTLS)
		c.open()
		if e := c.sasl(plainMechanism, "alice", "guess", nil); !e.Is(wire.NSSASL, "failure") {
			t.Fatal(e.XML())
		}
	}
	refused(dial(t, s, urlspec.ModeTLS), "2")
}

// TestLyingServers checks the ways not to prove that one knows the password,
// and the iteration count that nobody should compute.
func TestLyingServers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name                 string
		faults               Faults
		want, prefix, suffix string // the element and its message
	}{
		{"no proof", Faults{NoProof: true}, "success", "", ""},
		{"bad nonce", Faults{BadNonce: true}, "challenge", "r=somebody-else,s=", ",i=4096"},
		{"two billion iterations", Faults{Iterations: 2_000_000_000}, "challenge", "r=abc", ",i=2000000000"},
	} {
		c := dial(t, start(t, Config{Faults: tt.faults}), urlspec.ModeNone)
		c.open()
		c.write(authXML("SCRAM-SHA-1", "n,,n=alice,r=abc"))
		e := c.next()
		message, err := saslMessage(e)
		if err != nil || !e.Is(wire.NSSASL, tt.want) || tt.prefix == "" && len(message) > 0 ||
			!strings.HasPrefix(string(message), tt.prefix) || !strings.HasSuffix(string(message), tt.suffix) {
			t.Errorf("%s: %s, message %q, %v", tt.name, e.XML(), message, err)
		}
	}
}

// TestBadSignature: the client finds that the server did not prove itself.
func TestBadSignature(t *testing.T) {
	t.Parallel()
	c := dial(t, start(t, Config{Faults: Faults{BadSignature: true}}), urlspec.ModeNone)
	c.open()
	conversation := c.scram("SCRAM-SHA-1", "alice", "alice-pw", "")
	step := func(received string) string {
		sent, err := conversation.Step(received)
		if err != nil {
			t.Fatal(err)
		}
		return sent
	}
	c.write(authXML("SCRAM-SHA-1", step("")))
	challenge, _ := saslMessage(c.next())
	c.write("<response xmlns='" + wire.NSSASL + "'>" + encode(step(string(challenge))) + "</response>")
	success := c.next()
	signature, err := saslMessage(success)
	if err != nil || !success.Is(wire.NSSASL, "success") {
		t.Fatal(success.XML(), err)
	}
	if _, err := conversation.Step(string(signature)); err == nil {
		t.Error("the client accepted the signature")
	}
}
