package xmppcore_test

import (
	"errors"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// TestCanary: a server that repeats the password, in every place where it may
// write and in every form, brings no four characters in a row of it into what is
// told of the run.
func TestCanary(t *testing.T) {
	for _, spelling := range loopbacktest.Spellings(loopbacktest.Canary) {
		if !loopbacktest.Leaks(strings.ReplaceAll(spelling.Text, "\u00AD", "")) &&
			!strings.Contains(spelling.Text, "<") {
			t.Errorf("the password %s is not seen to leak", spelling.Name)
		}
		for _, place := range loopbacktest.Places(spelling.Text) {
			t.Run(place.Name+"/"+spelling.Name, func(t *testing.T) {
				t.Parallel()
				server := loopbacktest.Start(t, loopback.Config{
					Accounts: []loopback.Account{{Name: "alice", Password: loopbacktest.Canary}},
					Rooms:    []loopback.Room{{Name: "ops"}}, Faults: place.Faults})
				target, messages := "bob", []event.Message{{Body: "hi"}}
				if _, ofRoom := place.Faults.Reply[loopback.StepJoin]; ofRoom {
					target, messages = "#ops@conference.localhost", nil
				}
				url := server.URL(urlspec.ModeNone, "alice", target) + "?roster=yes"
				text := tellTogether(t, xmppcore.Job{Reading: urlspec.Parse(url).Reading, Messages: messages}).String()
				if loopbacktest.Leaks(text) {
					t.Errorf("the password shows:\n%s", text)
				}
				if !strings.Contains(text, "••••••••") && !strings.Contains(text, "<text><b xmlns='x'>[redacted") {
					t.Errorf("the server's text was not met:\n%s", text)
				}
			})
		}
	}
}

// tellTogether does a job while others run.
func tellTogether(t *testing.T, job xmppcore.Job) *story {
	t.Helper()
	var s story
	s.err = xmppcore.Run(t.Context(), job, event.Trace{
		Event: func(e event.Event) { s.events = append(s.events, e) },
		XML:   func(x event.XML) { s.xml = append(s.xml, x) },
	})
	return &s
}

// TestCanaryHost: a host that may be half a password shows nowhere, whatever
// becomes of the run, although the run connects to it.
func TestCanaryHost(t *testing.T) {
	half := strings.ToLower(loopbacktest.Canary)
	server := loopbacktest.Start(t, loopback.Config{Domain: half, Rooms: []loopback.Room{{Name: "ops"}}})
	other := loopbacktest.Start(t, loopback.Config{})
	whole := urlspec.Reading{Accepted: true, LoginJID: "alice@" + half, User: "alice", Host: half, StreamTo: half,
		TCPHost: "xmpp." + half, Port: server.STARTTLSPort(), PasswordSet: true, Password: "alice-pw",
		Mode: urlspec.ModeSTARTTLS, Verify: true, ScramPlus: true, Roster: true, Nick: "alice", CTO: 30, RTO: 30,
		Targets: []urlspec.Address{chat("bob@" + half), room("ops@conference." + half), chat(half + "@localhost")}}
	for _, test := range []struct {
		name   string
		stage  event.Stage // where it fails
		change func(*xmppcore.Job)
	}{
		{"all is well", event.StageAck, func(*xmppcore.Job) {}}, // but for a user who does not exist
		{"no such host", event.StageDNS, func(j *xmppcore.Job) { j.Reading.TCPHost = half }},
		{"no such port", event.StageTCP, func(j *xmppcore.Job) { j.Reading.Port = 0 }},
		{"nobody listens", event.StageTCP, func(j *xmppcore.Job) { j.Reading.Port = 1 }},
		{"no proxy", event.StageTCP, func(j *xmppcore.Job) { j.Proxy = "socks5://127.0.0.1:1" }},
		{"another certificate", event.StageTLS, func(j *xmppcore.Job) {
			j.Reading.TCPHost, j.Reading.Port, j.Roots = "localhost", other.TLSPort(), other.Roots()
			j.Reading.Mode = urlspec.ModeTLS
		}},
		{"an illegal login", event.StageSASL, func(j *xmppcore.Job) { j.Reading.LoginJID = half + "@a b" }},
		{"an illegal target", event.StageMUC, func(j *xmppcore.Job) {
			j.Reading.Targets = []urlspec.Address{room(half + "@a b")}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			job := xmppcore.Job{Reading: whole, Secrets: []string{half}, Roots: server.Roots(), Lookup: server.Resolver(),
				Messages: []event.Message{{Body: "hi"}}}
			test.change(&job)
			ways := map[string]func(event.Trace) error{
				"Run":    func(trace event.Trace) error { return xmppcore.Run(t.Context(), job, trace) },
				"Notify": func(trace event.Trace) error { return xmppcore.Notify(t.Context(), job, trace) },
				"Keep": func(trace event.Trace) error {
					k := xmppcore.Keep(t.Context(), job, xmppcore.KeepOptions{Trace: trace})
					defer k.Close()
					return k.Send(t.Context(), job.Messages, trace)
				},
			}
			for way, do := range ways {
				s := &story{}
				s.err = do(event.Trace{Event: func(e event.Event) { s.events = append(s.events, e) },
					XML: func(x event.XML) { s.xml = append(s.xml, x) }})
				var failure *event.Failure
				if !errors.As(s.err, &failure) || failure.Stage != test.stage && way != "Keep" {
					t.Errorf("%s ends with %v, want a failure at %s", way, s.err, test.stage)
				}
				if text := s.String(); loopbacktest.Leaks(text) {
					t.Errorf("%s shows the host:\n%s", way, text)
				}
			}
		})
	}
}
