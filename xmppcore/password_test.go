package xmppcore

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
	"xmppscope/xmppcore/wire"
)

// filterFor is the filter of alice@example.test, with what a job has beside.
func filterFor(password string, secrets ...string) passwordFilter {
	return newPasswordFilter(Job{Secrets: secrets, Reading: urlspec.Reading{LoginJID: "alice@example.test", User: "alice",
		StreamTo: "example.test", Password: password, Nick: "pager", Targets: []urlspec.Address{{JID: "ops@rooms.test"}}}})
}

// TestFilterPublic: what the reading shows anyway stays, and excuses nothing
// else.
func TestFilterPublic(t *testing.T) {
	for _, test := range []struct {
		name, password string
		secrets        []string
		text, want     string // want "" is text as it is
	}{
		{"nothing to hide", "", nil, "wrong password: Zq7xKv2mPw9L", ""},
		{"too short", "abc", nil, "wrong password: abc", ""},
		{"the password", "Zq7xKv", nil, "wrong password: Zq7xKv", hidden},
		{"the user", "alice", nil, "alice is wrong", ""},
		{"the user, in another case", "Alice", nil, "Alice is wrong", hidden},
		{"a word of the host", "example", nil, "no such host: example.test", ""},
		{"a part of a word of the host", "exam", nil, "exam is wrong", hidden},
		{"its word itself", "exam", nil, "there is no example.test", ""},
		{"the nick", "pager", nil, "pager is taken", ""},
		{"a secret that is the host", "Zq7xKv", []string{"example.test"}, "bound as alice@example.test", hidden},
		{"the user beside a secret", "alice", []string{"example.test"}, "alice is wrong", ""},
		{"a secret that is a word of the login", "Zq7xKv", []string{"alice"}, "hello Alice", hidden},
		{"a secret that is the password too", "alice", []string{"alice"}, "hello alice", ""},
	} {
		f := filterFor(test.password, test.secrets...).failure(&event.Failure{Text: test.text})
		if test.want == "" {
			test.want = test.text
		}
		if f.Text != test.want {
			t.Errorf("%s: %q becomes %q, want %q", test.name, test.text, f.Text, test.want)
		}
	}
}

// TestFilterSecrets: a host that may be half a password is masked in all that is
// told before a server says a word.
func TestFilterSecrets(t *testing.T) {
	reading := urlspec.Reading{LoginJID: "alice@ssw0rd", User: "alice", Host: "ssw0rd", StreamTo: "ssw0rd",
		TCPHost: "ssw0rd", Password: "P", Nick: "alice", Targets: []urlspec.Address{{JID: "bob@ssw0rd"}}}
	s := newPasswordFilter(Job{Reading: reading, Secrets: []string{"ssw0rd", "P@ssw0rd"}})
	failure := &event.Failure{Cause: event.CauseNoSuchHost, Detail: "lookup SSW0RD on 192.0.2.1:53: no such host"}
	for _, test := range []struct {
		told, want event.Event
	}{
		{event.Event{Text: "looking up ssw0rd"}, event.Event{Text: "looking up " + urlspec.Mask}},
		{event.Event{Item: "_xmpp-client._tcp.ssw0rd", Text: "SRV, as advice: xmpp.ssw0rd:5222",
			Data: event.DNS{Host: "ssw0rd", SRV: []event.SRVRecord{{Target: "xmpp.ssw0rd", Port: 5222}}}},
			event.Event{Item: "_xmpp-client._tcp." + urlspec.Mask, Text: "SRV, as advice: xmpp." + urlspec.Mask + ":5222",
				Data: event.DNS{Host: urlspec.Mask, SRV: []event.SRVRecord{{Target: "xmpp." + urlspec.Mask, Port: 5222}}}}},
		{event.Event{Item: "ssw0rd:5222", Text: "connecting to ssw0rd:5222",
			Data: event.TCP{Host: "ssw0rd", Address: "ssw0rd:5222"}},
			event.Event{Item: urlspec.Mask + ":5222", Text: "connecting to " + urlspec.Mask + ":5222",
				Data: event.TCP{Host: urlspec.Mask, Address: urlspec.Mask + ":5222"}}},
		{event.Event{Text: failure.Sentence(), Failure: failure},
			event.Event{Text: "the name has no address: lookup " + urlspec.Mask + " on 192.0.2.1:53: no such host",
				Failure: &event.Failure{Cause: event.CauseNoSuchHost,
					Detail: "lookup " + urlspec.Mask + " on 192.0.2.1:53: no such host"}}},
		{event.Event{Text: "our address is alice@ssw0rd/here", Data: event.Bind{JID: "alice@ssw0rd/here"}},
			event.Event{Text: "our address is alice@" + urlspec.Mask + "/here",
				Data: event.Bind{JID: "alice@" + urlspec.Mask + "/here"}}},
		{event.Event{Item: "bob@ssw0rd", Text: "to bob@ssw0rd", Data: event.Room{JID: "bob@ssw0rd", Nick: "alice"}},
			event.Event{Item: "bob@" + urlspec.Mask, Text: "to bob@" + urlspec.Mask,
				Data: event.Room{JID: "bob@" + urlspec.Mask, Nick: "alice"}}},
		{event.Event{Item: "5ee0", Data: event.Delivery{ID: "5ee0", To: "bob@ssw0rd"}},
			event.Event{Item: "5ee0", Data: event.Delivery{ID: "5ee0", To: "bob@" + urlspec.Mask}}},
		{event.Event{Text: "TLS 1.3, not for ssw0rd", Data: event.TLS{Reference: "ssw0rd",
			Names: []string{"a.test", "*.ssw0rd"}, Problem: "not for ssw0rd", Subject: "CN=ssw0rd",
			Chain: []event.Certificate{{Names: []string{"ssw0rd"}, DER: []byte("\x30ssw0rd\x00")}}}},
			event.Event{Text: "TLS 1.3, not for " + urlspec.Mask, Data: event.TLS{Reference: urlspec.Mask,
				Names: []string{"a.test", "*." + urlspec.Mask}, Problem: "not for " + urlspec.Mask, Subject: "CN=" + urlspec.Mask,
				Chain: []event.Certificate{{Names: []string{urlspec.Mask}}}}}},
	} {
		got := s.event(test.told)
		if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.told.Text, diff)
		}
	}
}

// TestFilterWords: a password that is a plain word may be one of our sentences',
// but not where they quote the other side.
func TestFilterWords(t *testing.T) {
	s := filterFor("server")
	f := s.failure(&event.Failure{Condition: "internal-server-error", Text: "no such server",
		Detail: "the server closed"})
	if f.Condition != "internal-server-error" || f.Text != hidden || f.Detail != "the server closed" {
		t.Errorf("our words and the protocol's stay: %+v", f)
	}
	s = filterFor("correct-horse-battery")
	f = s.failure(stream.Unexpected(event.StageBind, wire.NewElement("", "correct-horse-battery"), event.WaitResource))
	if strings.Contains(f.Sentence(), "horse") {
		t.Errorf("a quoted name stays: %+v", f)
	}
	secrets := filterFor("Zq7xKv", "word")
	f = secrets.failure(&event.Failure{Detail: "lookup word: no such host, wrong password"})
	if want := "lookup " + urlspec.Mask + ": no such host, wrong password"; f.Detail != want {
		t.Errorf("%q, want %q", f.Detail, want)
	}
}

// TestFilterCopies: what was told is a copy, and what stands beside the password
// stays.
func TestFilterCopies(t *testing.T) {
	const password = "c4nary-Pa55"
	s := filterFor(password)
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
	if told.JID != "ops@rooms.test" || told.Nick != urlspec.Mask || told.Error.Text != hidden ||
		told.Error.Condition != "not-authorized" {
		t.Errorf("told %+v, %+v", told, told.Error)
	}
	plain := &event.Failure{Text: "no"}
	if (passwordFilter{}).failure(plain) != plain || s.failure(nil) != nil {
		t.Error("nothing to hide")
	}
}

// TestFilterCell: the cells of an exploration too.
func TestFilterCell(t *testing.T) {
	s := filterFor("Zq7xKv", "ssw0rd")
	told := event.Cell{Place: event.Place{Hosts: []string{"ssw0rd"}, Address: "ssw0rd:5222"},
		Mechanisms: []string{"PLAIN", "X-ZQ7XKV"}, Failure: &event.Failure{Detail: "lookup ssw0rd"},
		Plus: &event.Prediction{Failure: &event.Failure{Detail: "offered: X-ZQ7XKV"}},
		Logins: []event.LoginTry{{Failure: &event.Failure{Text: "no Zq7xKv"},
			SASL: &event.SASL{Offered: []string{"Zq7xKv"}}}}}
	want := event.Cell{Place: event.Place{Hosts: []string{urlspec.Mask}, Address: urlspec.Mask + ":5222"},
		Mechanisms: []string{"PLAIN", hidden}, Failure: &event.Failure{Detail: "lookup " + urlspec.Mask},
		Plus:   &event.Prediction{Failure: &event.Failure{Detail: "offered: " + hidden}},
		Logins: []event.LoginTry{{Failure: &event.Failure{Text: hidden}, SASL: &event.SASL{Offered: []string{hidden}}}}}
	if diff := cmp.Diff(want, s.cell(told), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if told.Hosts[0] != "ssw0rd" || told.Logins[0].SASL.Offered[0] != "Zq7xKv" {
		t.Error("the original was changed")
	}
}
