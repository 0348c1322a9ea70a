package xmppcore_test

import (
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
