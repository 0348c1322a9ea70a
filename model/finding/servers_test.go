//go:build servers

package finding_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// situation is one way in which a run goes wrong on a real server, and what
// must be said of it.
type situation struct {
	name string
	url  string
	// finding is the code, empty when there is nothing to say.
	finding string
	// apprise is "success", "false success", "either" or "failure".
	apprise string
	because string // a part of the verdict's reason
	exit    model.ExitCode
	// fixed says that the finding's own fix delivers to bob.
	fixed bool
	// distrust leaves the server's authority unknown.
	distrust bool
}

// onServers runs a test on a Prosody and on an ejabberd of its own.
func onServers(t *testing.T, options servertest.Options, test func(*testing.T, *servertest.Server)) {
	t.Helper()
	for _, release := range servertest.Releases() {
		t.Run(release.Name, func(t *testing.T) {
			t.Parallel()
			test(t, release.Start(t, options))
		})
	}
}

// unbound logs in without channel binding where ejabberd gets it wrong, which
// most situations are not about.
func unbound(server *servertest.Server, query string) string {
	if server.Name == "ejabberd" {
		query += "&scramplus=no"
	}
	return strings.TrimPrefix(query, "&")
}

// verdict is a verdict in short.
func verdict(run *model.Run) (short, because string) {
	v := finding.Apprise(run)
	switch {
	case !v.Known():
		return "unknown", ""
	case v.FalseSuccess():
		return "false success", v.Because
	}
	return string(v.WouldReport), v.Because
}

// see plays a situation and its fix.
func see(t *testing.T, server *servertest.Server, bob *servertest.Client, s situation) {
	t.Helper()
	roots := server.Roots
	if s.distrust {
		roots = x509.NewCertPool()
	}
	trusting := func(job *xmppcore.Job) { job.Roots = roots }
	message := event.Message{Body: "about " + s.name}
	run := modeltest.Connect(t, s.url, trusting, message)
	found := finding.Of(t.Context(), run)
	switch {
	case s.finding == "" && len(found) > 0:
		t.Errorf("%s: all should be well, and there is %s: %s", s.name, found[0].Code, found[0].Title)
	case s.finding != "" && (len(found) != 1 || found[0].Code != s.finding):
		t.Errorf("%s: want %s alone, got %+v", s.name, s.finding, found)
	}
	if short, because := verdict(run); short != s.apprise || !strings.Contains(because, s.because) {
		t.Errorf("%s: Apprise: %s, %q; want %s, %q", s.name, short, because, s.apprise, s.because)
	}
	for _, why := range finding.Contradictions(run) {
		t.Errorf("%s: %s", s.name, why)
	}
	if got := run.ExitCode(); got != s.exit {
		t.Errorf("%s: exit code %d, want %d", s.name, got, s.exit)
	}
	if run.OK() {
		bob.Received(t, 1)
	}
	if t.Failed() {
		for _, e := range run.Events {
			t.Logf("%s %s %s %s", e.Stage, e.Item, e.State, e.Text)
		}
		return
	}
	if !s.fixed {
		return
	}
	if found[0].Fix == nil {
		t.Errorf("%s: the finding has no fix", s.name)
		return
	}
	again := modeltest.Connect(t, found[0].Fix.Edited, trusting, message)
	if !again.OK() {
		t.Errorf("%s: with the fix %s: %v", s.name, found[0].Fix.URL, again.Failure)
		return
	}
	if got := bob.Received(t, 1); got[0].Body != message.Body {
		t.Errorf("%s: with the fix bob got %q", s.name, got[0].Body)
	}
}

// TestServerSituations: what people run into on servers that are in order, with
// the finding, the verdict on Apprise, and, after the fix, delivery.
func TestServerSituations(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		bob := server.Login(t, "bob", servertest.ClientOptions{})
		bob.Join(t, "open", "alice")
		at := func(port int, domain string, mode urlspec.Mode, password, query string, targets ...string) string {
			return server.URLAt(port, domain, mode, "alice", password, unbound(server, query), targets...)
		}
		starttls := func(query string, targets ...string) string {
			return at(server.STARTTLS, servertest.Domain, urlspec.ModeSTARTTLS, servertest.Password("alice"), query, targets...)
		}
		password := servertest.Password("alice")
		wrong, unknown := "wrong-password", "unknown-account"
		if strings.HasPrefix(server.Name, "ejabberd") {
			wrong, unknown = "login-refused", "login-refused"
		}
		// verify=no takes the test's private authority out of the verdict where
		// it is about something else.
		const unchecked = "&verify=no"
		// Only an error that repeats the join is an answer to slixmpp.
		shut, shutBecause := "failure", "timed out after 5.00s"
		if strings.HasPrefix(server.Name, "ejabberd") {
			shut, shutBecause = "false success", "does not let us in"
		}
		for _, s := range []situation{
			{name: "all is well", url: starttls(unchecked, "bob"), apprise: "success"},
			{name: "the authority is known here and not to Apprise", url: starttls("", "bob"), apprise: "false success",
				because: "not in Mozilla's list"},
			{name: "an authority that is unknown here", url: starttls("", "bob"), distrust: true,
				finding: "certificate-unknown-authority",
				apprise: "false success", because: "trusts the certificate's authority", exit: model.ExitTLS},
			{name: "mode=none, and the server lets us in", url: at(server.Plain, servertest.PlainDomain, urlspec.ModeNone,
				password, "", servertest.JID("bob")),
				// To the server its two domains are two servers.
				finding: "remote-unheard", apprise: "false success", because: "without TLS"},
			{name: "STARTTLS on the port for direct TLS", url: at(server.DirectTLS, servertest.Domain, urlspec.ModeSTARTTLS,
				password, "rto=3"+unchecked, "bob"),
				finding: "direct-tls-port", apprise: "either", because: "nothing is sent", exit: model.ExitConnect,
				fixed: true},
			{name: "direct TLS on the port for STARTTLS", url: at(server.STARTTLS, servertest.Domain, urlspec.ModeTLS, password,
				unchecked, "bob"),
				finding: "starttls-port", apprise: "failure", because: "does not start with TLS", exit: model.ExitTLS, fixed: true},
			{name: "the server's name in place of the domain", url: at(server.STARTTLS, "xmpp.example.test",
				urlspec.ModeSTARTTLS, password, unchecked, servertest.JID("bob")),
				finding: "host-unknown", apprise: "either", because: "host-unknown", exit: model.ExitConnect, fixed: true},
			{name: "the port for components", url: at(server.Components, servertest.Domain, urlspec.ModeSTARTTLS, password,
				unchecked, "bob"),
				finding: "component-port", apprise: "either", exit: model.ExitConnect},
			{name: "a closed port", url: at(closedPort(t), servertest.Domain, urlspec.ModeSTARTTLS, password, "", "bob"),
				finding: "connection-refused", apprise: "failure", because: "cannot connect", exit: model.ExitConnect},
			{name: "a silent port", url: at(silentPort(t), servertest.Domain, urlspec.ModeTLS, password, "cto=1", "bob"),
				finding: "silent-server", apprise: "failure", because: "says nothing", exit: model.ExitTLS},
			{name: "a wrong password", url: at(server.STARTTLS, servertest.Domain, urlspec.ModeSTARTTLS, "guess", unchecked,
				"bob"),
				finding: wrong, apprise: "failure", because: "not-authorized", exit: model.ExitLogin},
			{name: "an unknown user", url: server.URLAt(server.STARTTLS, servertest.Domain, urlspec.ModeSTARTTLS, "nobody", "pw",
				unbound(server, unchecked), "bob"),
				finding: unknown, apprise: "failure", because: "not-authorized", exit: model.ExitLogin},
			{name: "a target that does not exist", url: starttls(unchecked, "bobby"),
				finding: "target-missing", apprise: "false success", because: "comes back", exit: model.ExitNothing},
			{name: "a nick that is taken", url: starttls(unchecked, "#"+servertest.Room("open")),
				finding: "room-nick-conflict", apprise: shut, because: shutBecause, exit: model.ExitNothing,
				fixed: true},
			{name: "a room named as a user", url: starttls("name=pager"+unchecked, servertest.Room("open")),
				finding: "target-is-room", apprise: "false success", because: "comes back", exit: model.ExitNothing, fixed: true},
			{name: "a room service that is misspelt", url: starttls("name=pager"+unchecked, "#open@conferense.example.test"),
				finding: "room-service-missing", apprise: shut, because: shutBecause,
				exit: model.ExitNothing, fixed: true},
			{name: "a gateway that does not run", url: starttls(unchecked, "bob@sms.example.test"),
				finding: "gateway-down", apprise: "false success", because: "comes back", exit: model.ExitNothing},
			{name: "#room without a domain", url: starttls("rto=1"+unchecked, "#open"),
				finding: "room-without-service", apprise: "failure", because: "timed out after 5.00s", exit: model.ExitNothing},
		} {
			t.Run(s.name, func(t *testing.T) { see(t, server, bob, s) })
		}
		// alice owns the rooms, so carol stands before their doors.
		for _, s := range []situation{
			{name: "a room with a password", url: "secret", finding: "room-password"},
			{name: "a room for members", url: "members", finding: "room-members-only"},
		} {
			asCarol := func(query string) string {
				return server.URL(urlspec.ModeSTARTTLS, "carol", unbound(server, query+unchecked), "#"+servertest.Room(s.url))
			}
			room := s
			room.exit = model.ExitNothing
			room.url, room.apprise, room.because = asCarol(""), shut, shutBecause
			t.Run(s.name, func(t *testing.T) { see(t, server, bob, room) })
			room.url, room.apprise, room.because = asCarol("cto=30"), "false success", "does not let us in"
			t.Run(s.name+", cto=30", func(t *testing.T) { see(t, server, bob, room) })
		}
	})
}

// TestServerTLSRequired: mode=none where the server wants TLS.
func TestServerTLSRequired(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{Strict: true}, func(t *testing.T, server *servertest.Server) {
		bob := server.Login(t, "bob", servertest.ClientOptions{})
		see(t, server, bob, situation{name: "TLS is required",
			url: server.URLAt(server.STARTTLS, servertest.Domain, urlspec.ModeNone, "alice", servertest.Password("alice"),
				unbound(server, ""), "bob"),
			finding: "tls-required", apprise: "failure", because: "no login without TLS", exit: model.ExitLogin, fixed: true})
	})
}

// TestServerCertificates: certificates that are not accepted, by Apprise
// neither.
func TestServerCertificates(t *testing.T) {
	t.Parallel()
	for kind, code := range map[servertest.Certificate]string{
		servertest.WrongName: "certificate-name", servertest.Expired: "certificate-expired",
		servertest.NotYetValid: "certificate-not-yet-valid", servertest.SelfSigned: "certificate-self-signed",
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			onServers(t, servertest.Options{Certificate: kind}, func(t *testing.T, server *servertest.Server) {
				bob := server.Login(t, "bob", servertest.ClientOptions{})
				url := server.URL(urlspec.ModeSTARTTLS, "alice", unbound(server, ""), "bob")
				trusting := func(job *xmppcore.Job) { job.Roots = server.Roots }
				message := event.Message{Body: string(kind)}
				run := modeltest.Connect(t, url, trusting, message)
				found := finding.Of(t.Context(), run)
				if len(found) != 1 || found[0].Code != code || run.ExitCode() != model.ExitTLS {
					t.Fatalf("want %s and exit code 4, got %d, %+v", code, run.ExitCode(), found)
				}
				if short, because := verdict(run); short != "false success" || !strings.Contains(because, "nothing is sent") {
					t.Errorf("Apprise: %s, %q", short, because)
				}
				// The fix delivers, and leaves the advice that it is unsafe.
				again := modeltest.Connect(t, found[0].Fix.Edited, trusting, message)
				advice := finding.Of(t.Context(), again)
				if !again.OK() || len(advice) != 1 || advice[0].Code != "certificate-unchecked" {
					t.Fatalf("with the fix: %v, %+v", again.Failure, advice)
				}
				if short, because := verdict(again); short != "success" {
					t.Errorf("Apprise with the fix: %s, %q", short, because)
				}
				if got := bob.Received(t, 1); got[0].Body != message.Body {
					t.Errorf("bob got %q", got[0].Body)
				}
			})
		})
	}
}

// TestServerChannelBinding: Debian 12's ejabberd on TLS 1.3, and Prosody behind
// a proxy that ends TLS.
func TestServerChannelBinding(t *testing.T) {
	t.Parallel()
	t.Run("ejabberd", func(t *testing.T) {
		t.Parallel()
		server := servertest.EJabberd(t, servertest.Options{TLS: tls.VersionTLS13})
		bob := server.Login(t, "bob", servertest.ClientOptions{})
		see(t, server, bob, situation{name: "the wrong binding",
			url:     server.URL(urlspec.ModeSTARTTLS, "alice", "verify=no", "bob"),
			finding: "channel-binding-rejected", apprise: "success", exit: model.ExitLogin, fixed: true})
	})
	t.Run("proxy", func(t *testing.T) {
		t.Parallel()
		server := servertest.HAProxy(t, servertest.Prosody(t, servertest.Options{}),
			servertest.ProxyOptions{ClientTLS: tls.VersionTLS12, ServerTLS: tls.VersionTLS12})
		bob := server.Login(t, "bob", servertest.ClientOptions{})
		see(t, server, bob, situation{name: "a proxy ends TLS", url: server.URL(urlspec.ModeTLS, "alice", "verify=no", "bob"),
			finding: "channel-binding-mismatch", apprise: "failure", exit: model.ExitLogin, fixed: false})
		run := modeltest.Connect(t, server.URL(urlspec.ModeTLS, "alice", "verify=no&scramplus=no", "bob"),
			func(job *xmppcore.Job) {
				job.Roots = server.Roots
			}, event.Message{Body: "hello"})
		found := finding.Of(t.Context(), run)
		if !run.OK() || len(found) != 1 || found[0].Code != "scramplus-breaks-apprise" {
			t.Errorf("with scramplus=no: %v, %+v", run.Failure, found)
		}
		bob.Received(t, 1)
	})
}

// closedPort is a port on which nobody listens.
func closedPort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// silentPort is a port that takes connections and says nothing.
func silentPort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() }) // the kernel accepts, nobody reads
	return listener.Addr().(*net.TCPAddr).Port
}
