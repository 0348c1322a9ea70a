//go:build servers

package finding_test

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"

	"xmppscope/model/finding"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// healthy is a run in which nothing is wrong.
type healthy struct {
	name    string
	user    string // alice, who owns the rooms, when empty
	query   string
	targets []string
	// bob is how many copies of each message bob gets, as a user and in rooms.
	bob int
}

func healthyRuns() []healthy {
	open, moderated, members := "#"+servertest.Room("open"), "#"+servertest.Room("moderated"),
		"#"+servertest.Room("members")
	return []healthy{
		{name: "to a user who sends receipts", targets: []string{"bob"}, bob: 1},
		{name: "to one of his clients", targets: []string{servertest.JID("bob") + "/phone"}, bob: 1},
		{name: "to a user who is away", targets: []string{"carol"}},
		{name: "to oneself"},
		{name: "to oneself by name", targets: []string{"alice"}},
		{name: "to one user twice", targets: []string{"bob", servertest.JID("bob")}, bob: 2},
		{name: "to a room", targets: []string{open}, bob: 1},
		{name: "to a room, as somebody", user: "carol", targets: []string{open}, bob: 1},
		{name: "to a room under a nick", query: "name=pager", targets: []string{open}, bob: 1},
		{name: "to rooms of one's own", targets: []string{moderated, members}},
		{name: "to all of them", query: "roster=yes", targets: []string{"bob", open, "carol", moderated, members}, bob: 2},
		{name: "with a resource", user: "alice/cron", targets: []string{"bob"}, bob: 1},
		{name: "with little time", query: "cto=5&rto=5", targets: []string{"bob", open}, bob: 2},
	}
}

// TestServerHealthy: on every server, whatever works is left alone: there is no
// finding, the exit code is 0, and Apprise would deliver.
func TestServerHealthy(t *testing.T) {
	t.Parallel()
	notifications := map[string][]event.Message{
		"check": nil,
		"one":   {{Body: "one"}},
		"three": {{Subject: "first", Body: "Grüße \U0001f514 <b>&amp;"}, {Body: strings.Repeat("long ", 2000)},
			{Body: "\n last\n"}},
	}
	const usual = "as it comes"
	for name, options := range map[string]servertest.Options{usual: {}, "TLS 1.2": {TLS: tls.VersionTLS12},
		"strict": {Strict: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onServers(t, options, func(t *testing.T, server *servertest.Server) {
				bob := server.Login(t, "bob", servertest.ClientOptions{Receipts: true, Resource: "phone"})
				bob.Join(t, "open", "bob")
				for _, h := range healthyRuns() {
					for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS} {
						for size, messages := range notifications {
							if name != usual && (size == "one" || len(h.targets) < 5) {
								continue // the rest does not depend on how the login went
							}
							t.Run(fmt.Sprintf("%s, %s, %s", h.name, mode, size), func(t *testing.T) {
								h.play(t, server, mode, messages)
								bob.Received(t, h.bob*len(messages))
							})
						}
					}
				}
			})
		})
	}
}

// play does the run and looks for anything that is said of it.
func (h healthy) play(t *testing.T, server *servertest.Server, mode urlspec.Mode, messages []event.Message) {
	t.Helper()
	user := h.user
	if user == "" {
		user = "alice"
	}
	account, _, _ := strings.Cut(user, "/")
	url := server.URLAt(server.Port(mode), servertest.Domain, mode, user, servertest.Password(account),
		unbound(server, h.query+"&verify=no"), h.targets...)
	run := modeltest.Connect(t, url, func(job *xmppcore.Job) { job.Roots = server.Roots }, messages...)
	if !run.OK() || run.ExitCode() != 0 {
		t.Errorf("exit code %d: %v", run.ExitCode(), run.Failure)
	}
	for _, f := range finding.Of(t.Context(), run) {
		t.Errorf("all is well, and there is %s: %s", f.Code, f.Title)
	}
	for _, why := range finding.Contradictions(run) {
		t.Error(why)
	}
	if short, because := verdict(run); short != "success" {
		t.Errorf("Apprise: %s, %q", short, because)
	}
	if t.Failed() {
		for _, e := range run.Events {
			t.Logf("%s %s %s %s", e.Stage, e.Item, e.State, e.Text)
		}
	}
}
