package loopback

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
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
	all := []string{"SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"}
	s := start(t, Config{Mechanisms: all, Bindings: []string{bindingExporter, bindingEndPoint, bindingUnique}})
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, mechanism := range all {
			bindings := []string{""}
			if strings.HasSuffix(mechanism, plusSuffix) {
				bindings = []string{bindingExporter, bindingEndPoint}
				if version == tls.VersionTLS12 {
					bindings = append(bindings, bindingUnique)
				}
			}
			for _, kind := range bindings {
				t.Run(fmt.Sprintf("%s/%s/%s", tls.VersionName(version), mechanism, kind), func(t *testing.T) {
					c := dial(t, s, urlspec.ModeSTARTTLS)
					c.starttls(trusting(s, version))
					if e := c.sasl(mechanism, "alice", "", c.scram(mechanism, "alice", "alice-pw", kind)); !e.Is(wire.NSSASL, "success") {
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
func (c *client) scram(mechanism, user, password, kind string) *scram.ClientConversation {
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

// TestLoginFailures compares the refusals with those of the two real servers.
func TestLoginFailures(t *testing.T) {
	const (
		head  = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
		proof = head + "<not-authorized/><text>The response provided by the client doesn't match the one we calculated.</text></failure>"
		plain = head + "<not-authorized/><text>Unable to authorize you with the authentication credentials you've sent.</text></failure>"
		wrong = head + "<not-authorized/><text>Invalid username or password</text></failure>"
		cb    = head + "<not-authorized/><text>Invalid channel binding</text></failure>"
		bare  = head + "<malformed-request/></failure>"
	)
	disabled := []Account{{Name: "alice", Password: "alice-pw", Disabled: true}}
	tests := []struct {
		name                            string
		cfg                             Config
		mechanism, user, password, kind string
		prosody, ejabberd               string // an ejabberd as in Faults.OldEjabberd
	}{
		{"wrong password", Config{}, "SCRAM-SHA-256", "alice", "nope", "", proof, wrong},
		{"wrong password, PLUS", Config{}, "SCRAM-SHA-256-PLUS", "alice", "nope", bindingExporter, proof, cb},
		{"wrong password, PLAIN", Config{}, "PLAIN", "alice", "nope", "", plain, wrong},
		{"empty password", Config{}, "PLAIN", "alice", "", "", plain, wrong},
		{"unknown user", Config{}, "SCRAM-SHA-1", "nobody", "nope", "", head + "<not-authorized/></failure>", wrong},
		{"disabled", Config{Accounts: disabled}, "SCRAM-SHA-1", "alice", "alice-pw", "",
			head + "<account-disabled/></failure>", head + "<account-disabled/></failure>"},
		{"PLUS", Config{}, "SCRAM-SHA-256-PLUS", "alice", "alice-pw", bindingExporter, "<success", cb},
		{"flag y although PLUS is offered", Config{}, "SCRAM-SHA-256", "alice", "alice-pw", "y", bare, "<success"},
		{"PLUS without binding", Config{}, "SCRAM-SHA-256-PLUS", "alice", "alice-pw", "", bare, cb},
		{"binding without PLUS", Config{}, "SCRAM-SHA-256", "alice", "alice-pw", bindingExporter, bare, cb},
		{"binding type not offered", Config{Bindings: []string{bindingEndPoint}}, "SCRAM-SHA-256-PLUS", "alice", "alice-pw", bindingExporter,
			head + "<malformed-request/><text>Proposed channel binding type isn't supported.</text></failure>", cb},
		{"binding type unknown", Config{}, "SCRAM-SHA-256-PLUS", "alice", "alice-pw", "tls-bogus",
			head + "<malformed-request/><text>Proposed channel binding type isn't supported.</text></failure>", bare},
		{"proxy, exporter", Config{Faults: Faults{Proxy: true}}, "SCRAM-SHA-256-PLUS", "alice", "alice-pw", bindingExporter,
			head + "<malformed-request/><text>Invalid channel binding value.</text></failure>", cb},
		{"proxy, end point", Config{Faults: Faults{Proxy: true}}, "SCRAM-SHA-256-PLUS", "alice", "alice-pw", bindingEndPoint,
			head + "<malformed-request/><text>Invalid channel binding value.</text></failure>", cb},
		{"mechanism not offered", Config{Mechanisms: []string{"PLAIN"}}, "SCRAM-SHA-256", "alice", "alice-pw", "",
			head + "<invalid-mechanism/></failure>", head + "<invalid-mechanism/></failure>"},
		{"a token", Config{}, "X-OAUTH2", "alice", "alice-pw", "",
			head + "<invalid-mechanism/></failure>", head + "<invalid-mechanism/></failure>"},
	}
	for _, tt := range tests {
		for old, want := range map[bool]string{false: tt.prosody, true: tt.ejabberd} {
			t.Run(fmt.Sprintf("%s/old ejabberd=%v", tt.name, old), func(t *testing.T) {
				tt.cfg.Faults.OldEjabberd = old
				s := start(t, tt.cfg)
				c := dial(t, s, urlspec.ModeTLS)
				c.open()
				var conversation *scram.ClientConversation
				if known(tt.mechanism) && tt.mechanism != plainMechanism {
					conversation = c.scram(tt.mechanism, tt.user, tt.password, tt.kind)
				}
				if got := c.sasl(tt.mechanism, tt.user, tt.password, conversation).XML(); !strings.HasPrefix(got, want) {
					t.Errorf("\n got %s\nwant %s", got, want)
				}
			})
		}
	}
}

// TestSASLProtocol covers what no well-behaved client sends.
func TestSASLProtocol(t *testing.T) {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	auth := func(mechanism, content string) string {
		return "<auth xmlns='" + wire.NSSASL + "' mechanism='" + mechanism + "'>" + content + "</auth>"
	}
	tests := []struct{ name, send, want string }{
		{"no base64", auth("PLAIN", "!"), "incorrect-encoding"},
		{"empty message", auth("PLAIN", "="), "malformed-request"},
		{"PLAIN with two parts", auth("PLAIN", b64("alice\x00alice-pw")), "malformed-request"},
		{"PLAIN as somebody else", auth("PLAIN", b64("bob@localhost\x00alice\x00alice-pw")), "invalid-authzid"},
		{"SCRAM as somebody else", auth("SCRAM-SHA-1", b64("n,a=bob@localhost,n=alice,r=abc")), "challenge"},
		{"SCRAM with a bad user name", auth("SCRAM-SHA-1", b64("n,,n=a=b,r=abc")), "malformed-request"},
		{"SCRAM nonsense", auth("SCRAM-SHA-1", b64("hello")), "malformed-request"},
		{"SCRAM with m=", auth("SCRAM-SHA-1", b64("n,,m=x,n=alice,r=abc")), "malformed-request"},
		{"abort", auth("SCRAM-SHA-1", b64("n,,n=alice,r=abc")) + "<abort xmlns='" + wire.NSSASL + "'/>", "aborted"},
		{"wrong response", auth("SCRAM-SHA-1", b64("n,,n=alice,r=abc")) + "<response xmlns='" + wire.NSSASL + "'>" + b64("c=biws,r=abc,p=AAAA") + "</response>", "malformed-request"},
	}
	s := start(t, Config{CleartextPLAIN: true})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, s, urlspec.ModeNone)
			c.open()
			c.write(tt.send)
			e := c.next()
			if e.Is(wire.NSSASL, "challenge") && tt.want != "challenge" {
				e = c.next()
			}
			if got := e.XML(); !strings.Contains(got, "<"+tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestOldTLS offers nothing newer than TLS 1.0.
func TestOldTLS(t *testing.T) {
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

// TestTries fails three times on one connection, and then logs in where only
// two attempts failed.
func TestTries(t *testing.T) {
	s := start(t, Config{})
	for failures, want := range map[int]string{2: "success", 3: "policy-violation"} {
		c := dial(t, s, urlspec.ModeTLS)
		c.open()
		for range failures {
			if e := c.sasl(plainMechanism, "alice", "nope", nil); !e.Is(wire.NSSASL, "failure") {
				t.Fatal(e.XML())
			}
		}
		if failures == maxFailures {
			if got := c.end(); len(got) != 1 || !strings.Contains(got[0], want) {
				t.Errorf("after %d failures: %q", failures, got)
			}
			continue
		}
		if e := c.sasl(plainMechanism, "alice", "alice-pw", nil); !e.Is(wire.NSSASL, want) {
			t.Errorf("after %d failures: %s", failures, e.XML())
		}
	}
}

// TestCertificates verifies each kind of certificate as a client would.
func TestCertificates(t *testing.T) {
	tests := map[Certificate]string{
		GoodCertificate:     "",
		ExpiredCertificate:  "certificate has expired or is not yet valid",
		EarlyCertificate:    "certificate has expired or is not yet valid",
		OtherName:           "certificate is valid for other.invalid, not xmpp.test",
		HostName:            "certificate is valid for localhost, not xmpp.test",
		SelfSigned:          "certificate signed by unknown authority",
		UnknownAuthority:    "certificate signed by unknown authority",
		MissingIntermediate: "certificate signed by unknown authority",
	}
	for kind, want := range tests {
		s := start(t, Config{Domain: "xmpp.test", Certificate: kind})
		c := dial(t, s, urlspec.ModeSTARTTLS)
		var problem error
		c.starttls(&tls.Config{InsecureSkipVerify: true, ServerName: "xmpp.test", VerifyConnection: func(state tls.ConnectionState) error {
			_, problem = state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: s.Roots(), DNSName: "xmpp.test"})
			return nil
		}})
		switch {
		case want == "" && problem != nil:
			t.Errorf("kind %d: %v", kind, problem)
		case want != "" && (problem == nil || !strings.Contains(problem.Error(), want)):
			t.Errorf("kind %d: got %v, want %s", kind, problem, want)
		}
	}
}

// TestCertificateNames lists whom the good certificate is for.
func TestCertificateNames(t *testing.T) {
	s := start(t, Config{Domain: "xmpp.test", Service: "rooms.xmpp.test"})
	for _, name := range []string{"xmpp.test", "rooms.xmpp.test", "localhost", "127.0.0.1", "::1"} {
		if err := s.authority.leaf.Leaf.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
	if pool := x509.NewCertPool(); !pool.AppendCertsFromPEM(s.CAPEM()) || !pool.Equal(s.Roots()) {
		t.Error("CAPEM and Roots differ")
	}
}
