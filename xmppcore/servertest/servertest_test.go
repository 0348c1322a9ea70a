//go:build servers

package servertest_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/xmppo/go-xmpp"
	"go.uber.org/goleak"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/servertest"
)

// TestMain looks for goroutines that a server or a client left behind. The one
// that may be there is the library's: its Close leaves it waiting for ten
// seconds.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/xmppo/go-xmpp.(*Client).Close.func1"))
}

// onAll runs a test on a server of each release.
func onAll(t *testing.T, options servertest.Options, test func(*testing.T, *servertest.Server)) {
	for _, release := range servertest.Releases() {
		t.Run(release.Name, func(t *testing.T) {
			t.Parallel()
			server := release.Start(t, options)
			if server.Name != release.Name || !strings.HasPrefix(server.Name, server.Software) {
				t.Errorf("the release %s starts %s, a %s", release.Name, server.Name, server.Software)
			}
			test(t, server)
		})
	}
}

// awkward is text that a careless writer or reader of XML would change.
const awkward = "  two blanks first\nline\n\n\ttab & < > \" ' ]]> é 漢 😀 e\u0301\u00a0end  "

func TestMessagesArriveByteForByte(t *testing.T) {
	t.Parallel()
	onAll(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		alice := server.Login(t, "alice", servertest.ClientOptions{})
		bob := server.Login(t, "bob", servertest.ClientOptions{Resource: "desk"})
		if want := servertest.JID("bob") + "/desk"; bob.JID != want {
			t.Errorf("bob is %s, want %s", bob.JID, want)
		}
		alice.Say(t, "chat", servertest.JID("bob"), awkward)
		// Both servers take in an escaped return and give it out bare, which an
		// XML reader must take for a line's end (XML 1.0, section 2.11).
		alice.Say(t, "chat", servertest.JID("bob"), "one\r\ntwo")
		got := bob.Received(t, 2)
		if len(got) != 2 || got[0].Body != awkward || got[1].Body != "one\ntwo" || got[0].From != alice.JID {
			t.Errorf("bob received %+v", got)
		}
	})
}

// TestRestart: a server that is stopped is gone, and comes back with what it
// kept for a user who was away.
func TestRestart(t *testing.T) {
	t.Parallel()
	server := servertest.Prosody(t, servertest.Options{})
	for n := range 2 {
		alice := server.Login(t, "alice", servertest.ClientOptions{})
		body := fmt.Sprint("message ", n)
		alice.Say(t, "chat", servertest.JID("bob"), body)
		alice.Barrier(t)
		if got := alice.Leave(t); len(got) != 0 {
			t.Errorf("alice got %+v", got)
		}
		server.Stop(t)
		if conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(server.STARTTLS))); err == nil {
			conn.Close()
			t.Error("somebody listens on the port of the stopped server")
		}
		server.Start(t)
		bob := server.Login(t, "bob", servertest.ClientOptions{})
		if got := bob.Leave(t); len(got) != 1 || got[0].Body != body || !got[0].Delayed {
			t.Errorf("bob got %+v", got)
		}
	}
}

func TestRooms(t *testing.T) {
	t.Parallel()
	onAll(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		alice := server.Login(t, "alice", servertest.ClientOptions{})
		for _, room := range servertest.Rooms() {
			if room != "secret" {
				alice.Join(t, room, "owner")
			}
		}
		bob := server.Login(t, "bob", servertest.ClientOptions{})
		bob.Join(t, "open", "bob")
		alice.Say(t, "groupchat", servertest.Room("open"), awkward)
		if got := bob.Received(t, 1); len(got) != 1 || got[0].Body != awkward ||
			got[0].From != servertest.Room("open")+"/owner" {
			t.Errorf("bob received %+v", got)
		}
	})
}

// TestLibraryLogsIn shows with another client that each way in works and that
// the versions of TLS are the ones asked for.
func TestLibraryLogsIn(t *testing.T) {
	t.Parallel()
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			t.Parallel()
			onAll(t, servertest.Options{TLS: version}, func(t *testing.T, server *servertest.Server) {
				for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS, urlspec.ModeNone} {
					domain := servertest.Domain
					if mode == urlspec.ModeNone {
						domain = servertest.PlainDomain
					}
					var negotiated uint16
					client, err := xmpp.Options{
						Host: fmt.Sprintf("127.0.0.1:%d", server.Port(mode)),
						User: "alice@" + domain, Password: servertest.Password("alice"),
						NoTLS: mode != urlspec.ModeTLS, StartTLS: mode == urlspec.ModeSTARTTLS,
						InsecureAllowUnencryptedAuth: mode == urlspec.ModeNone,
						// Without channel binding, which ejabberd gets wrong on TLS 1.3.
						Mechanism: "SCRAM-SHA-1",
						TLSConfig: &tls.Config{ServerName: domain, RootCAs: server.Roots,
							VerifyConnection: func(state tls.ConnectionState) error {
								negotiated = state.Version
								return nil
							}},
					}.NewClient()
					if err != nil {
						t.Errorf("%s: %v", mode, err)
						continue
					}
					if mode != urlspec.ModeNone && negotiated != version {
						t.Errorf("%s: %s, want %s", mode, tls.VersionName(negotiated), tls.VersionName(version))
					}
					if client.IsEncrypted() != (mode != urlspec.ModeNone) {
						t.Errorf("%s: encrypted is %v", mode, client.IsEncrypted())
					}
					if err := client.Close(); err != nil {
						t.Logf("%s: close: %v", mode, err)
					}
				}
			})
		})
	}
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind servertest.Certificate
		is   func(error) bool
	}{
		{servertest.Valid, func(err error) bool { return err == nil }},
		{servertest.WrongName, func(err error) bool { return errors.As(err, new(x509.HostnameError)) }},
		{servertest.Expired, func(err error) bool {
			var invalid x509.CertificateInvalidError
			return errors.As(err, &invalid) && invalid.Reason == x509.Expired
		}},
		{servertest.NotYetValid, func(err error) bool {
			var invalid x509.CertificateInvalidError
			return errors.As(err, &invalid) && strings.Contains(err.Error(), "before")
		}},
		{servertest.SelfSigned, func(err error) bool { return errors.As(err, new(x509.UnknownAuthorityError)) }},
	}
	for _, test := range tests {
		t.Run("certificate "+string(test.kind), func(t *testing.T) {
			t.Parallel()
			server := servertest.Prosody(t, servertest.Options{Certificate: test.kind})
			if err := handshake(server, server.DirectTLS); !test.is(err) {
				t.Errorf("handshake: %v", err)
			}
		})
	}
}

func handshake(server *servertest.Server, port int) error {
	conn, err := tls.Dial("tcp", net.JoinHostPort("127.0.0.1", fmt.Sprint(port)),
		&tls.Config{ServerName: servertest.Domain, RootCAs: server.Roots})
	if err != nil {
		return err
	}
	return conn.Close()
}

func TestProxyEndsTLS(t *testing.T) {
	t.Parallel()
	server := servertest.Prosody(t, servertest.Options{})
	for _, offload := range []bool{false, true} {
		proxied := servertest.HAProxy(t, server, servertest.ProxyOptions{
			ClientTLS: tls.VersionTLS12, ServerTLS: tls.VersionTLS13, Offload: offload, OtherCertificate: true})
		bob := proxied.Login(t, "bob", servertest.ClientOptions{})
		alice := server.Login(t, "alice", servertest.ClientOptions{})
		alice.Say(t, "chat", servertest.JID("bob"), awkward)
		if got := bob.Received(t, 1); len(got) != 1 || got[0].Body != awkward {
			t.Errorf("offload %v: bob received %+v", offload, got)
		}
	}
}

func TestURL(t *testing.T) {
	server := &servertest.Server{STARTTLS: 1, DirectTLS: 2, Plain: 3}
	got := server.URL(urlspec.ModeTLS, "alice", "roster=yes", "bob", "#open@conference.example.test")
	const want = "xmpps://alice:alice-pw@example.test:2/bob/%23open@conference.example.test?mode=tls&xmpp=127.0.0.1&roster=yes"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
