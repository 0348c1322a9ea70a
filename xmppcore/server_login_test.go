//go:build servers

package xmppcore_test

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// login is what one cell of the matrix must give.
type login struct {
	// used is the mechanism, binding its channel binding.
	used, binding string
	// sasl2 is true when it goes by XEP-0388.
	sasl2 bool
	// failure has Cause, Condition and Text; it is empty when the login works.
	failure event.Failure
}

// loginOf is what a run told of its login.
func (o *outcome) loginOf() login {
	sasl, failure := data[event.SASL](o, event.StageSASL), o.failure()
	return login{used: sasl.Used, binding: sasl.ChannelBinding, sasl2: sasl.SASL2,
		failure: event.Failure{Cause: failure.Cause, Condition: failure.Condition, Text: failure.Text}}
}

// expectedLogin is the matrix: which mechanism a server and a version of TLS
// lead to (version 0 is none), and how a login ends. The strongest that Prosody
// offers with passwords in clear is SCRAM-SHA-256, ejabberd's is
// SCRAM-SHA-512. On TLS 1.3, Prosody 0.12 offers no channel binding, and
// ejabberd 23.01 one that it gets wrong. SASL2 needs TLS.
func expectedLogin(server *servertest.Server, version uint16, scramPlus, rightPassword bool) login {
	hash := map[string]string{"prosody": "SCRAM-SHA-256", "ejabberd": "SCRAM-SHA-512"}[server.Software]
	l := login{used: hash, sasl2: version != 0 && (server.Name == "prosody-13-sasl2" || server.Name == "ejabberd-26")}
	if !rightPassword {
		l.failure = event.Failure{Cause: event.CauseAuth, Condition: "not-authorized"}
		l.failure.Text = map[string]string{
			"prosody":  "The response provided by the client doesn't match the one we calculated.",
			"ejabberd": "Invalid username or password"}[server.Software]
	}
	switch {
	case !scramPlus || version == 0:
	case version == tls.VersionTLS12:
		l.used, l.binding = hash+"-PLUS", "tls-unique"
	case server.Name == "prosody":
	case server.Name == "ejabberd":
		l.used, l.binding = hash+"-PLUS", "tls-exporter"
		l.failure = event.Failure{Cause: event.CauseChannelBinding, Condition: "not-authorized",
			Text: "Invalid channel binding"}
	default:
		l.used, l.binding = hash+"-PLUS", "tls-exporter"
	}
	return l
}

// TestServerLogin plays modes × versions of TLS × scramplus × right and wrong
// password, checks each cell and prints the table (go test -v).
func TestServerLogin(t *testing.T) {
	t.Parallel()
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(strings.ReplaceAll(tls.VersionName(version), " ", ""), func(t *testing.T) {
			t.Parallel()
			onServers(t, servertest.Options{TLS: version}, func(t *testing.T, server *servertest.Server) {
				var table strings.Builder
				rows := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
				fmt.Fprintln(rows, "server\tmode\tTLS\tscramplus\tpassword\tSASL\tmechanism\tbinding\tresult")
				for _, mode := range modes() {
					for _, plus := range []bool{true, false} {
						for _, right := range []bool{true, false} {
							row := checkLogin(t, server, mode, version, plus, right)
							fmt.Fprintln(rows, strings.Join(row, "\t"))
						}
					}
				}
				if err := rows.Flush(); err != nil {
					t.Error(err)
				}
				t.Log("\n" + table.String())
			})
		})
	}
}

// checkLogin plays one cell and returns its row of the table.
func checkLogin(t *testing.T, server *servertest.Server, mode urlspec.Mode, version uint16, plus, right bool) []string {
	t.Helper()
	password, query := "wrong-"+servertest.Password("alice"), "scramplus=yes"
	if right {
		password = servertest.Password("alice")
	}
	if !plus {
		query = "scramplus=no"
	}
	encrypted, versionName := version, tls.VersionName(version)
	if mode == urlspec.ModeNone {
		encrypted, versionName = 0, "none"
	}
	job := jobFor(t, server, server.URLAt(server.Port(mode), servertest.Domain, mode, "alice", password, query, "bob"))
	o := run(t, job)
	sasl := data[event.SASL](o, event.StageSASL)
	failure := o.failure()

	cell := fmt.Sprintf("%s %s %s %s right=%v", server.Name, mode, versionName, query, right)
	want := expectedLogin(server, encrypted, plus, right)
	if got := o.loginOf(); got != want {
		t.Errorf("%s:\ngot  %+v\nwant %+v", cell, got, want)
	}
	if sasl.Predicted != want.used {
		t.Errorf("%s: predicted %s, used %s", cell, sasl.Predicted, want.used)
	}
	if want.failure.Cause != "" {
		if failure.Stage != event.StageSASL {
			t.Errorf("%s: failed at %s", cell, failure.Stage)
		}
		if f := sasl.Failure; f == nil || f.Condition != want.failure.Condition || f.Text != want.failure.Text {
			t.Errorf("%s: the SASL failure is %+v", cell, f)
		}
	}
	if state := data[event.TLS](o, event.StageTLS); mode != urlspec.ModeNone && state.Version != versionName {
		t.Errorf("%s: TLS %+v", cell, state)
	}
	checkPassedOver(t, cell, sasl)
	if t.Failed() {
		o.print(t)
	}

	result := "logged in"
	if o.err != nil {
		result = fmt.Sprintf("%s: %s %q", failure.Cause, failure.Condition, failure.Text)
	}
	return []string{server.Name, string(mode), versionName, strings.TrimPrefix(query, "scramplus="),
		map[bool]string{true: "right", false: "wrong"}[right], saslVersion(sasl), sasl.Used, sasl.ChannelBinding, result}
}

// saslVersion is the profile of SASL: RFC 6120's or XEP-0388's.
func saslVersion(sasl event.SASL) string {
	if sasl.SASL2 {
		return "2"
	}
	return "1"
}

// checkPassedOver checks that every offered mechanism is accounted for.
func checkPassedOver(t *testing.T, cell string, sasl event.SASL) {
	t.Helper()
	for _, mechanism := range sasl.Offered {
		passed := slices.ContainsFunc(sasl.Passed, func(p event.PassedOver) bool {
			return p.Mechanism == mechanism && p.Why != ""
		})
		if passed == (mechanism == sasl.Used) {
			t.Errorf("%s: of %s, offered, passed over is %v and used is %s", cell, mechanism, passed, sasl.Used)
		}
	}
	if !slices.Contains(sasl.Offered, sasl.Used) {
		t.Errorf("%s: used %s, offered %v", cell, sasl.Used, sasl.Offered)
	}
}

// TestServerChannelBindingCure follows the way that a finding advises: the
// default fails on ejabberd 23.01 and TLS 1.3 and sends nothing, with
// scramplus=no the message arrives.
func TestServerChannelBindingCure(t *testing.T) {
	t.Parallel()
	server := servertest.EJabberd(t, servertest.Options{TLS: tls.VersionTLS13})
	bob := server.Login(t, "bob", servertest.ClientOptions{})
	for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS} {
		o := run(t, jobFor(t, server, server.URL(mode, "alice", "", "bob"), notification()...))
		if f := o.failure(); f.Cause != event.CauseChannelBinding {
			t.Errorf("%s: Run: %+v", mode, f)
		}
		if got := bob.Received(t, 0); len(got) != 0 {
			t.Errorf("%s: bob received %+v", mode, got)
		}
		o = run(t, jobFor(t, server, server.URL(mode, "alice", "scramplus=no", "bob"), notification()...))
		if o.err != nil {
			t.Errorf("%s with scramplus=no: %v", mode, o.err)
		}
		compare(t, "bob", bob.Received(t, len(notification())), expected("chat", servertest.JID("bob")))
	}
}

// TestServerUnknownUser: Prosody tells an unknown user from a wrong password,
// ejabberd does not.
func TestServerUnknownUser(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		o := run(t, jobFor(t, server, server.URL(urlspec.ModeTLS, "mallory", "scramplus=no", "bob"), notification()...))
		want := map[string]string{"prosody": "", "ejabberd": "Invalid username or password"}[server.Software]
		if f := o.failure(); f.Cause != event.CauseAuth || f.Stage != event.StageSASL || f.Condition != "not-authorized" ||
			f.Text != want {
			t.Errorf("Run: %+v, want the text %q", f, want)
		}
		for _, d := range o.deliveries() {
			if d.Evidence != event.NotSent {
				t.Errorf("delivery %+v", d)
			}
		}
	})
}
