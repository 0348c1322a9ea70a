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
func walkTo(t *testing.T, s *Server, step Step) *client {
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

// steps are all of them.
var steps = []Step{
	StepConnect, StepHeader, StepFeatures, StepSTARTTLS, StepTLS, StepEncrypted, StepAuth, StepResponse,
	StepRestart, StepBind, StepRoster, StepJoin, StepMessage, StepPing,
}

// rest is all that comes after what was read, up to the end of the connection.
func (c *client) rest() string {
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
	s := start(t, Config{Faults: Faults{Ignore: []Step{StepJoin, StepRoster, StepMessage}}})
	c := login(t, s, "alice", "phone")
	c.expect(joining("dev", "alice") + "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq><message to='alice@localhost'><body>x</body></message>")
}

// TestWrongAnswers goes on after a reply that does not end the stream.
func TestWrongAnswers(t *testing.T) {
	s := start(t, Config{CleartextPLAIN: true, Faults: Faults{Reply: map[Step]string{
		StepAuth: "<failure xmlns='" + wire.NSSASL + "'><temporary-auth-failure/></failure>",
		StepPing: "<iq type='error' id='{id}'/>",
	}}})
	c := dial(t, s, urlspec.ModeNone)
	c.open()
	for range 5 {
		c.write(authXML("PLAIN", "\x00alice\x00alice-pw"))
		if got := c.next().XML(); got != "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><temporary-auth-failure/></failure>" {
			t.Errorf("got %s", got)
		}
	}
}

// TestSTARTTLSRefused gets <failure/> and the end of the stream.
func TestSTARTTLSRefused(t *testing.T) {
	s := start(t, Config{Faults: Faults{RefuseSTARTTLS: true}})
	c := dial(t, s, urlspec.ModeSTARTTLS)
	c.open()
	c.write("<starttls xmlns='" + wire.NSTLS + "'/>")
	if got, want := c.end(), "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"; len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestHiddenSTARTTLS asks for TLS although it is not offered (RFC 7590 3.1).
func TestHiddenSTARTTLS(t *testing.T) {
	s := start(t, Config{Faults: Faults{NoSTARTTLS: true}})
	c := dial(t, s, urlspec.ModeSTARTTLS)
	if f := c.starttls(&tls.Config{ServerName: "localhost", RootCAs: s.Roots()}); f.Child(wire.NSSASL, "mechanisms") == nil {
		t.Errorf("features %s", f.XML())
	}
}

// TestLocked bars everybody, from the start or after enough failures.
func TestLocked(t *testing.T) {
	barred := func(c *client) {
		t.Helper()
		c.write(header("localhost"))
		c.begin()
		if got := c.end(); len(got) != 1 || !strings.Contains(got[0], "<policy-violation") || !strings.Contains(got[0], "failed authentications from this IP address") {
			t.Errorf("got %q", got)
		}
	}
	barred(dial(t, start(t, Config{Faults: Faults{Locked: true}}), urlspec.ModeTLS))

	s := start(t, Config{Faults: Faults{MaxFailedLogins: 2}})
	for range 2 {
		c := dial(t, s, urlspec.ModeTLS)
		c.open()
		if e := c.sasl(plainMechanism, "alice", "guess", nil); !e.Is(wire.NSSASL, "failure") {
			t.Fatal(e.XML())
		}
	}
	barred(dial(t, s, urlspec.ModeTLS))
}

// TestLyingServers checks the three ways not to prove that one knows the
// password, and the iteration count that nobody should compute.
func TestLyingServers(t *testing.T) {
	tests := []struct {
		name   string
		faults Faults
		check  func(first *wire.Element) bool
	}{
		{"no proof", Faults{NoProof: true}, func(e *wire.Element) bool { return e.Is(wire.NSSASL, "success") && e.Text == "" }},
		{"bad nonce", Faults{BadNonce: true}, func(e *wire.Element) bool {
			payload, err := decodePayload(e)
			return err == nil && strings.HasPrefix(string(payload), "r=somebody-else,s=")
		}},
		{"two billion iterations", Faults{Iterations: 2_000_000_000}, func(e *wire.Element) bool {
			payload, err := decodePayload(e)
			return err == nil && strings.HasSuffix(string(payload), ",i=2000000000")
		}},
	}
	for _, tt := range tests {
		s := start(t, Config{Faults: tt.faults})
		c := dial(t, s, urlspec.ModeNone)
		c.open()
		c.write(authXML("SCRAM-SHA-1", "n,,n=alice,r=abc"))
		if e := c.next(); !tt.check(e) {
			t.Errorf("%s: %s", tt.name, e.XML())
		}
	}
	s := start(t, Config{Faults: Faults{BadSignature: true}})
	c := dial(t, s, urlspec.ModeNone)
	c.open()
	conversation := c.scram("SCRAM-SHA-1", "alice", "alice-pw", "")
	first, _ := conversation.Step("")
	c.write(authXML("SCRAM-SHA-1", first))
	challenge, _ := decodePayload(c.next())
	final, err := conversation.Step(string(challenge))
	if err != nil {
		t.Fatal(err)
	}
	c.write("<response xmlns='" + wire.NSSASL + "'>" + encode(final) + "</response>")
	success := c.next()
	signature, err := decodePayload(success)
	if err != nil || !success.Is(wire.NSSASL, "success") {
		t.Fatal(success.XML(), err)
	}
	if _, err := conversation.Step(string(signature)); err == nil {
		t.Error("the client accepted the signature")
	}
}
