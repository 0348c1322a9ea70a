package finding

import (
	"strings"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// timed is a run whose stages take the seconds given, each told by its start and its
// end, and then what else comes.
func timed(kind model.Kind, url string, took map[event.Stage]float64, more ...event.Event) *model.Run {
	r := model.NewRun(1, kind, urlspec.Parse(modeltest.WithPassword(url)), []event.Message{{Body: "hello"}})
	at := time.Duration(0)
	tell := func(e event.Event) {
		e.Seq, e.At = len(r.Events)+1, at
		r.Apply(e)
	}
	pass := func(e event.Event) {
		start := event.Event{Stage: e.Stage, Item: e.Item, State: event.Start}
		if d, ok := e.Data.(event.Room); ok {
			start.Data = event.Room{JID: d.JID, Nick: d.Nick}
		}
		tell(start)
		at += time.Duration(took[e.Stage] * float64(time.Second))
		tell(e)
	}
	for _, e := range upTo(event.StageBind) {
		pass(e)
	}
	for _, e := range more {
		pass(e)
	}
	pass(event.Event{Stage: event.StageClose, State: event.OK})
	r.Finish(nil)
	return r
}

// TestAppriseTime: what a server takes for us it takes for Apprise, whose session has
// max(5, cto) seconds and whose connection has a third of them, three at least.
func TestAppriseTime(t *testing.T) {
	const bob, room = "xmpps://alice:PW@example.test/bob", "xmpps://alice:PW@example.test/%23ops@conference.example.test"
	took := func(stage event.Stage, seconds float64) map[event.Stage]float64 {
		return map[event.Stage]float64{stage: seconds}
	}
	accepted := delivered(chat("bob@example.test", event.Accepted))
	sent := []event.Event{accepted}
	joined := modeltest.Joined(event.Room{JID: ops, Nick: "alice", Role: "participant"})
	reflected := delivered(modeltest.Groupchat(ops, event.Reflected))
	for _, c := range []struct {
		name, url string
		took      map[event.Stage]float64
		events    []event.Event
		want      string
		because   string
	}{
		{"a quick server", bob, nil, sent, "success", "the login works"},
		{"a login of 14 s", bob, took(event.StageSASL, 14), sent, "failure", "only after 14.0 s"},
		{"a login of 14 s, cto=30", bob + "?cto=30", took(event.StageSASL, 14), sent, "success", "the login works"},
		{"a login of 5 s", bob, took(event.StageFeatures, 5), sent, "either", "about 5.0 s"},
		{"a connection of 4 s", bob, took(event.StageTCP, 4), sent, "failure", "gives up after 3 s"},
		{"a connection of 4 s, cto=15", bob + "?cto=15", took(event.StageTCP, 4), sent, "success", ""},
		{"a handshake of 4 s, with direct TLS", bob + "?mode=tls", took(event.StageTLS, 4), sent, "failure",
			"connecting takes 4.0 s"},
		{"a handshake of 4 s, with STARTTLS", bob, took(event.StageTLS, 4), sent, "success", ""},
		{"a room that takes 4 s", room, took(event.StageMUC, 4), []event.Event{joined, reflected}, "success", ""},
		{"a room that takes 8 s", room + "?cto=30", took(event.StageMUC, 8), []event.Event{joined, reflected},
			"false success",
			"takes 8.0 s to let us in, and Apprise waits only 5 s"},
		{"a roster of 20 s, cto=11", bob + "?roster=yes&cto=11", took(event.StageRoster, 20),
			[]event.Event{{Stage: event.StageRoster, State: event.OK}, accepted}, "success", ""},
		{"a roster of 20 s", bob + "?roster=yes", took(event.StageRoster, 20),
			[]event.Event{{Stage: event.StageRoster, State: event.OK}, accepted}, "success", ""},
		{"a goodbye of 20 s", bob + "?cto=10", took(event.StageClose, 20), sent, "success", ""},
	} {
		r := timed(model.Send, c.url, c.took, c.events...)
		if got, v := verdictOf(r), Apprise(r); got != c.want || !strings.Contains(v.Because, c.because) {
			t.Errorf("%s: %s, %q; want %s, %q", c.name, got, v.Because, c.want, c.because)
		}
	}
}

// TestAppriseTrust: what Apprise's certifi is taken to be decides over a certificate,
// and is said.
func TestAppriseTrust(t *testing.T) {
	private, public := plainTLS(), plainTLS()
	private.NotMozilla = modeltest.Foreign
	untrusted := plainTLS()
	untrusted.Untrusted, untrusted.Verified = modeltest.Foreign, false
	for _, c := range []struct {
		name, query string
		tls         event.TLS
		trust       model.AppriseTrust
		want        string
		assumes     string
	}{
		{"public, pip", "", public, "", "success", "certifi-mozilla"},
		{"public, Debian", "", public, model.TrustSystem, "success", "certifi-system"},
		{"private, pip", "", private, model.TrustMozilla, "false success", "certifi-mozilla"},
		{"private, pip, direct TLS", "?mode=tls", private, model.TrustMozilla, "failure", "certifi-mozilla"},
		{"private, Debian", "", private, model.TrustSystem, "success", "certifi-system"},
		{"the demo's", "", private, model.TrustDemo, "success", "demo-authority"},
		{"private, not checked", "?verify=no", private, model.TrustMozilla, "success", ""},
		{"not trusted here, pip", "", untrusted, model.TrustMozilla, "success", "certifi-mozilla"},
		{"not trusted here, Debian", "", untrusted, model.TrustSystem, "false success", "certifi-system"},
	} {
		events := then(upTo(event.StageBind, c.tls), delivered(chat("bob@example.test", event.Accepted)))
		if c.tls.Untrusted != "" {
			events = then(upTo(event.StageSTARTTLS), failed(event.StageTLS, c.tls, because(event.CauseCertAuthority)))
		}
		r := told(model.Send, "xmpps://alice:PW@example.test/bob"+c.query, events...)
		r.Trust = c.trust
		v := Apprise(r)
		if got := verdictOf(r); got != c.want || strings.Join(v.Assumes, " ") != c.assumes {
			t.Errorf("%s: %s, assuming %v; want %s, %q: %s", c.name, got, v.Assumes, c.want, c.assumes, v.Because)
		}
		matters := c.assumes != "" && (c.tls.Untrusted == "") != (c.tls.NotMozilla == "") // then the lists differ
		if said := strings.Contains(v.Sentence(), ". This holds if Apprise"); said != matters {
			t.Errorf("%s: %s", c.name, v.Sentence())
		}
	}
}
