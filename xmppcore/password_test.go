package xmppcore

import (
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// TestSecretForms: the ways in which a server may repeat a password.
func TestSecretForms(t *testing.T) {
	s := newPasswordFilter(urlspec.Reading{LoginJID: "alice@example.test", Password: "c4n:ry/π"})
	for _, text := range []string{
		"c4n:ry/π", "Wrong password: c4n:ry/π!", "c4n:ry%2F%CF%80", "c4n%3Ary%2F%CF%80", "c4n%3ary%2f%cf%80",
		"?pw=c4n:ry%2f%cf%80",
		"YzRuOnJ5L8+A", "YzRuOnJ5L8-A", "AGFsaWNlAGM0bjpyeS/PgA==",
	} {
		if !s.isIn(text) {
			t.Errorf("%q gives the password away", text)
		}
		f := s.failure(&event.Failure{Text: text, Detail: "it said " + text})
		if f.Text != hidden || s.isIn(f.Detail) {
			t.Errorf("%q becomes %+v", text, f)
		}
	}
	for _, text := range []string{"", "c4n:ry", "c4n:ry/p"} {
		if s.isIn(text) {
			t.Errorf("%q does not give the password away", text)
		}
	}
}

// TestSecretLimits: what is too short, public, or a plain word.
func TestSecretLimits(t *testing.T) {
	reading := urlspec.Reading{LoginJID: "alice@example.test", Nick: "pager",
		Targets: []urlspec.Address{{JID: "ops@rooms.test"}}}
	for password, looked := range map[string]bool{
		"": false, "abc": false, "alice": false, "example.test": false, "pager": false, "rooms": false,
		"abcd": true, "server": true, "Alice": true, "c4n:ry": true,
	} {
		reading.Password = password
		if got := len(newPasswordFilter(reading).forms) > 0; got != looked {
			t.Errorf("%q is looked for: %v", password, got)
		}
	}
	reading.Password = "server"
	f := newPasswordFilter(reading).failure(&event.Failure{Condition: "internal-server-error", Text: "no such server",
		Detail: "the server closed"})
	if f.Condition != "internal-server-error" || f.Text != hidden || f.Detail != "the server closed" {
		t.Errorf("our words and the protocol's stay: %+v", f)
	}
}

// TestSecretCopies: what was told is a copy, and what stands beside the
// password stays.
func TestSecretCopies(t *testing.T) {
	const password = "c4nary-Pa55"
	s := newPasswordFilter(urlspec.Reading{LoginJID: "alice@example.test", Password: password})
	failure := &event.Failure{Cause: event.CauseRoom, Condition: "not-authorized", Text: "wrong: " + password}
	room := event.Room{JID: "ops@rooms.test", Nick: password, Error: &event.Failure{Condition: "not-authorized",
		Text: "wrong: " + password}}
	e := s.event(event.Event{Text: failure.Sentence(), Data: room, Failure: failure})
	if !strings.Contains(failure.Text, password) || !strings.Contains(room.Error.Text, password) {
		t.Error("the original was changed")
	}
	if want := `could not join the room: not-authorized ("` + hidden + `")`; e.Text != want {
		t.Errorf("%q, want %q", e.Text, want)
	}
	told := e.Data.(event.Room)
	if told.JID != "ops@rooms.test" || told.Nick != hidden || told.Error.Text != hidden ||
		told.Error.Condition != "not-authorized" {
		t.Errorf("told %+v, %+v", told, told.Error)
	}
	plain := &event.Failure{Text: "no"}
	if (passwordFilter{}).failure(plain) != plain || s.failure(nil) != nil {
		t.Error("nothing to hide")
	}
}
