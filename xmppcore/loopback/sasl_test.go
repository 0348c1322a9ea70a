package loopback

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"

	"github.com/xdg-go/scram"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// TestMechanisms logs in with every SCRAM mechanism, every channel binding and
// both TLS versions.
func TestMechanisms(t *testing.T) {
	t.Parallel()
	all := []string{"SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS",
		"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"}
	s := start(t, Config{Mechanisms: all, Bindings: []string{bindingExporter, bindingEndPoint, bindingUnique}})
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, mechanism := range all {
			bindings := []string{""}
			if isPlus(mechanism) {
				bindings = []string{bindingExporter, bindingEndPoint}
				if version == tls.VersionTLS12 {
					bindings = append(bindings, bindingUnique)
				}
			}
			for _, kind := range bindings {
				t.Run(fmt.Sprintf("%s/%s/%s", tls.VersionName(version), mechanism, kind), func(t *testing.T) {
					c := dial(t, s, urlspec.ModeSTARTTLS)
					c.starttls(trusting(s, version))
					e := c.sasl(mechanism, "alice", "", c.scram(mechanism, "alice", "alice-pw", kind))
					if !e.Is(wire.NSSASL, "success") {
						t.Errorf("got %s", e.XML())
					}
				})
			}
		}
	}
}

// trusting is a client's TLS configuration for one version.
func trusting(s *Server, version uint16) *tls.Config {
	return &tls.Config{ServerName: s.Domain(), RootCAs: s.Roots(), MinVersion: version, MaxVersion: version}
}

// scram prepares a client's side of SCRAM with a channel binding; kind "y" is
// the flag of a client that saw no PLUS.
func (c *script) scram(mechanism, user, password, kind string) *scram.ClientConversation {
	c.t.Helper()
	sc, err := hashOf(mechanism).NewClient(user, password, "")
	if err != nil {
		c.t.Fatal(err)
	}
	switch kind {
	case "":
		return sc.NewConversation()
	case "y":
		return sc.NewConversationAdvertisingChannelBinding()
	}
	state := c.tls.ConnectionState()
	var binding scram.ChannelBinding
	switch kind {
	case bindingEndPoint:
		binding, err = scram.NewTLSServerEndpointBinding(&state)
	case bindingUnique:
		binding = scram.NewTLSUniqueBinding(state.TLSUnique)
	default:
		binding, err = scram.NewTLSExporterBinding(&state)
		binding.Type = scram.ChannelBindingType(kind)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return sc.NewConversationWithChannelBinding(binding)
}

// TestLoginFailures compares the refusals with those of Prosody, and of an old
// ejabberd as Faults.OldEjabberd has it.
func TestLoginFailures(t *testing.T) {
	t.Parallel()
	failure := func(condition, text string) string {
		if text != "" {
			text = "<text>" + text + "</text>"
		}
		return "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><" + condition + "/>" + text + "</failure>"
	}
	proof := failure("not-authorized", "The response provided by the client doesn't match the one we calculated.")
	plain := failure("not-authorized", "Unable to authorize you with the authentication credentials you've sent.")
	wrong := failure("not-authorized", "Invalid username or password")
	binding := failure("not-authorized", "Invalid channel binding")
	kind := failure("malformed-request", "Proposed channel binding type isn't supported.")
	value := failure("malformed-request", "Invalid channel binding value.")
	malformed, mechanism := failure("malformed-request", ""), failure("invalid-mechanism", "")
	const success = "<success"
	with, without := "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"
	proxy := Config{Faults: Faults{Proxy: true}}
	for _, tt := range []struct {
		name                            string
		config                          Config
		mechanism, user, password, kind string
		prosody, ejabberd               string
	}{
		{"wrong password", Config{}, without, "alice", "nope", "", proof, wrong},
		{"wrong password, PLUS", Config{}, with, "alice", "nope", bindingExporter, proof, binding},
		{"wrong password, PLAIN", Config{}, "PLAIN", "alice", "nope", "", plain, wrong},
		{"empty password", Config{}, "PLAIN", "alice", "", "", plain, wrong},
		{"unknown user", Config{}, without, "nobody", "nope", "", failure("not-authorized", ""), wrong},
		{"disabled", Config{Accounts: []Account{{Name: "alice", Password: "alice-pw", Disabled: true}}}, without,
			"alice", "alice-pw", "", failure("account-disabled", ""), failure("account-disabled", "")},
		{"PLUS", Config{}, with, "alice", "alice-pw", bindingExporter, success, binding},
		{"flag y although PLUS is offered", Config{}, without, "alice", "alice-pw", "y", malformed, success},
		{"PLUS without binding", Config{}, with, "alice", "alice-pw", "", malformed, binding},
		{"binding without PLUS", Config{}, without, "alice", "alice-pw", bindingExporter, malformed, binding},
		{"binding type not offered", Config{Bindings: []string{bindingEndPoint}}, with,
			"alice", "alice-pw", bindingExporter, kind, binding},
		{"binding type unknown", Config{}, with, "alice", "alice-pw", "tls-bogus", kind, malformed},
		{"proxy, exporter", proxy, with, "alice", "alice-pw", bindingExporter, value, binding},
		{"proxy, end point", proxy, with, "alice", "alice-pw", bindingEndPoint, value, binding},
		{"proxy, no binding", proxy, without, "alice", "alice-pw", "", success, success},
		{"mechanism not offered", Config{Mechanisms: []string{"PLAIN"}}, without,
			"alice", "alice-pw", "", mechanism, mechanism},
		{"a token", Config{}, "X-OAUTH2", "alice", "alice-pw", "", mechanism, mechanism},
	} {
		for old, want := range map[bool]string{false: tt.prosody, true: tt.ejabberd} {
			t.Run(fmt.Sprintf("%s/old ejabberd=%v", tt.name, old), func(t *testing.T) {
				t.Parallel()
				config := tt.config
				config.Faults.OldEjabberd = old
				c := dial(t, start(t, config), urlspec.ModeTLS)
				c.open()
				var conversation *scram.ClientConversation
				if hashOf(tt.mechanism) != nil {
					conversation = c.scram(tt.mechanism, tt.user, tt.password, tt.kind)
				}
				got := c.sasl(tt.mechanism, tt.user, tt.password, conversation).XML()
				if !strings.HasPrefix(got, want) {
					t.Errorf("\n got %s\nwant %s", got, want)
				}
			})
		}
	}
}

// TestSASLProtocol covers what no well-behaved client sends.
func TestSASLProtocol(t *testing.T) {
	t.Parallel()
	scramAuth := func(message string) string { return authXML("SCRAM-SHA-1", message) }
	element := func(local, content string) string {
		return "<" + local + " xmlns='" + wire.NSSASL + "' mechanism='PLAIN'>" + content + "</" + local + ">"
	}
	s := start(t, Config{CleartextPLAIN: true})
	for _, tt := range []struct{ name, send, want string }{
		{"no base64", element("auth", "!"), "incorrect-encoding"},
		{"empty message", element("auth", "="), "malformed-request"},
		{"PLAIN with two parts", authXML("PLAIN", "alice\x00alice-pw"), "malformed-request"},
		{"PLAIN as somebody else", authXML("PLAIN", "bob@localhost\x00alice\x00alice-pw"), "invalid-authzid"},
		{"SCRAM as somebody else", scramAuth("n,a=bob@localhost,n=alice,r=abc"), "challenge"},
		{"SCRAM with a bad user name", scramAuth("n,,n=a=b,r=abc"), "malformed-request"},
		{"SCRAM nonsense", scramAuth("hello"), "malformed-request"},
		{"SCRAM with m=", scramAuth("n,,m=x,n=alice,r=abc"), "malformed-request"},
		{"abort", scramAuth("n,,n=alice,r=abc") + element("abort", ""), "aborted"},
		{"wrong response", scramAuth("n,,n=alice,r=abc") + element("response", encode("c=biws,r=abc,p=AAAA")),
			"malformed-request"},
	} {
		c := dial(t, s, urlspec.ModeNone)
		c.open()
		c.write(tt.send)
		e := c.next()
		if e.Is(wire.NSSASL, "challenge") && tt.want != "challenge" {
			e = c.next()
		}
		if got := e.XML(); !strings.Contains(got, "<"+tt.want) {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestOldTLS offers nothing newer than TLS 1.0.
func TestOldTLS(t *testing.T) {
	t.Parallel()
	s := start(t, Config{MaxTLS: tls.VersionTLS10})
	for version, want := range map[uint16]bool{tls.VersionTLS10: true, tls.VersionTLS12: false} {
		conn, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.TLSPort()),
			&tls.Config{ServerName: "localhost", RootCAs: s.Roots(), MinVersion: version})
		if (err == nil) != want {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
}

// TestTries fails as often as one connection may, and once less.
func TestTries(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	failing := func(times int) *script {
		c := dial(t, s, urlspec.ModeTLS)
		c.open()
		for range times {
			if e := c.sasl(plainMechanism, "alice", "nope", nil); !e.Is(wire.NSSASL, "failure") {
				t.Fatal(e.XML())
			}
		}
		return c
	}
	failing(maxFailures).ends(streamErrorXML("policy-violation", "Too many failed logins on this connection"))
	if e := failing(maxFailures-1).sasl(plainMechanism, "alice", "alice-pw", nil); !e.Is(wire.NSSASL, "success") {
		t.Error(e.XML())
	}
}
