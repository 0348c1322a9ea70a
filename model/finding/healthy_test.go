package finding_test

import (
	"encoding/json"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"xmppscope/model/finding"
	"xmppscope/model/modeltest"
	"xmppscope/model/report"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestHealthyRunsHaveNoFindings: on a server without faults every way in works,
// and there is nothing to say about it.
func TestHealthyRunsHaveNoFindings(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{
		Accounts: []loopback.Account{
			{Name: "alice", Password: "alice-pw", Contacts: []string{"bob"}},
			{Name: "bob", Password: "bob-pw", Resident: true, Receipts: true},
			{Name: "carol", Password: "carol-pw", Resident: true},
			{Name: "dave", Password: "dave-pw"}, // never online
		},
		Rooms: []loopback.Room{{Name: "ops", Occupants: []string{"carol"}}, {Name: "dev"}},
	})
	trusting := func(job *xmppcore.Job) { job.Roots, job.Lookup = server.Roots(), server.Resolver() }
	two := []event.Message{{Body: "one"}, {Subject: "second", Body: "two"}}
	for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS, urlspec.ModeNone} {
		for _, c := range []struct {
			name     string
			targets  []string
			messages []event.Message
		}{
			{"check", []string{"bob", "#ops@conference.localhost"}, nil},
			{"to a user who sends receipts", []string{"bob"}, two},
			{"to a user who sends none", []string{"carol"}, two},
			{"to a user who is offline", []string{"dave"}, two},
			{"to nobody but oneself", nil, two},
			{"to rooms and users", []string{"bob", "#ops@conference.localhost", "carol", "#dev@conference.localhost"}, two},
		} {
			run := modeltest.Connect(t, server.URL(mode, "alice", c.targets...), trusting, c.messages...)
			if !run.OK() {
				t.Errorf("%s, %s: %v", mode, c.name, run.Failure)
			}
			for _, f := range finding.Of(t.Context(), run) {
				t.Errorf("%s, %s: all is well, and yet: %s: %s", mode, c.name, f.Code, f.Title)
			}
			verdict := finding.Apprise(run)
			want := "not in Mozilla's list"
			if mode == urlspec.ModeNone {
				want = "without TLS"
			}
			direct := mode == urlspec.ModeTLS // then Apprise notices that the handshake fails
			if !verdict.Known() || verdict.WouldDeliver || verdict.FalseSuccess() == direct ||
				!strings.Contains(verdict.Because, want) {
				t.Errorf("%s, %s: Apprise: %+v", mode, c.name, verdict)
			}
			result, err := json.Marshal(report.ResultOf(t.Context(), run))
			if err != nil || strings.Contains(string(result), "alice-pw") {
				t.Errorf("%s, %s: %v, result %s", mode, c.name, err, result)
			}
		}
	}
}
