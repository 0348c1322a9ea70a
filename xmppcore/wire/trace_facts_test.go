package wire_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xmppscope/xmppcore/wire"
)

// received are the elements that reached a recording's clients, whatever they
// had sent.
func received(t *testing.T, server, name string) []*wire.Element {
	t.Helper()
	records := slices.DeleteFunc(readTrace(t, filepath.Join(traces, server, name+".txt")), func(r record) bool {
		return strings.HasPrefix(r.debug, "SEND") && !strings.HasPrefix(r.debug, "SEND <?xml")
	})
	items, err := play(t, records)
	if err != nil {
		t.Fatal(err)
	}
	var out []*wire.Element
	for _, s := range items {
		if s.received && s.item.Kind == wire.Stanza {
			out = append(out, s.item.Element)
		}
	}
	return out
}

// TestTraceStanzaErrors: every refusal is read with condition, type and text.
func TestTraceStanzaErrors(t *testing.T) {
	type e = wire.StanzaError
	const conference = "conference.example.test"
	for _, test := range []struct {
		name             string
		prosody, ejabber e
		prosodyBy        string // the error's by, where Prosody gives it
	}{
		{"muc-join-conflict", e{Condition: "conflict", Type: "cancel"},
			e{Condition: "conflict", Type: "cancel", Text: "That nickname is already in use by another occupant"},
			"open@" + conference},
		{"muc-join-membersonly", e{Condition: "registration-required", Type: "auth"},
			e{Condition: "registration-required", Type: "auth", Text: "Membership is required to enter this room"},
			"members@" + conference},
		{"muc-join-banned", e{Condition: "forbidden", Type: "auth"},
			e{Condition: "forbidden", Type: "auth", Text: "You have been banned from this room"}, "banroom@" + conference},
		{"muc-join-password-missing", e{Condition: "not-authorized", Type: "auth"},
			e{Condition: "not-authorized", Type: "auth", Text: "A password is required to enter this room"},
			"secret@" + conference},
		{"muc-join-password-wrong", e{Condition: "not-authorized", Type: "auth"},
			e{Condition: "not-authorized", Type: "auth", Text: "Incorrect password"}, "secret@" + conference},
		{"muc-join-nonick", e{Condition: "service-unavailable", Type: "cancel"},
			e{Condition: "jid-malformed", Type: "modify", Text: "Nickname can't be empty"}, ""},
		{"muc-msg-noroom", e{Condition: "item-not-found", Type: "cancel"},
			e{Condition: "item-not-found", Type: "cancel", Text: "Conference room does not exist"}, conference},
		{"muc-msg-notjoined", e{Condition: "not-acceptable", Type: "cancel",
			Text: "You are not currently connected to this chat"},
			e{Condition: "not-acceptable", Type: "modify",
				Text: "Only occupants are allowed to send messages to the conference"}, ""},
		{"muc-msg-novoice", e{Condition: "forbidden", Type: "auth",
			Text: "You do not currently have permission to speak in this chat"},
			e{Condition: "forbidden", Type: "auth", Text: "Visitors are not allowed to send messages to all occupants"}, ""},
		{"muc-pm-noone", e{Condition: "item-not-found", Type: "cancel", Text: "Recipient not in room"},
			e{Condition: "item-not-found", Type: "cancel", Text: "Recipient is not in the conference room"},
			"open@" + conference},
		{"chat-nouser", e{Condition: "service-unavailable", Type: "cancel"},
			e{Condition: "service-unavailable", Type: "cancel"}, ""},
	} {
		for _, server := range servers {
			want := test.ejabber
			if strings.HasPrefix(server, "prosody") {
				want = test.prosody
				want.By = test.prosodyBy
			}
			var got []wire.StanzaError
			for _, element := range received(t, server, test.name) {
				if err, ok := wire.AsStanzaError(element); ok {
					got = append(got, err)
				}
			}
			if !slices.Contains(got, want) {
				t.Errorf("%s %s: got %+v, want %+v", server, test.name, got, want)
			}
		}
	}
}

// TestTraceLogins: mechanism, channel binding, challenge and proof.
func TestTraceLogins(t *testing.T) {
	for _, test := range []struct {
		server, name string
		auth         wire.Auth
		challenge    wire.Challenge
		success      wire.Success
	}{
		{"prosody-0.12.3", "muc-join-ok", wire.Auth{Mechanism: "SCRAM-SHA-256", Flag: "n"},
			wire.Challenge{Iterations: 10000, Salt: 36}, wire.Success{Proof: true}},
		{"prosody-13.0.6", "muc-join-ok", wire.Auth{SASL2: true, Mechanism: "SCRAM-SHA-256-PLUS", Flag: "p",
			Binding: "tls-exporter"},
			wire.Challenge{Iterations: 10000, Salt: 36, Downgrade: true}, wire.Success{Proof: true, Bound: true}},
		{"ejabberd-23.01", "muc-join-ok", wire.Auth{Mechanism: "SCRAM-SHA-512", Flag: "n"},
			wire.Challenge{Iterations: 4096, Salt: 16}, wire.Success{Proof: true}},
		{"ejabberd-26.07", "muc-join-ok", wire.Auth{SASL2: true, Mechanism: "SCRAM-SHA-512-PLUS", Flag: "p",
			Binding: "tls-exporter"},
			wire.Challenge{Iterations: 4096, Salt: 16, Downgrade: true}, wire.Success{Proof: true, Bound: true}},
	} {
		items, err := play(t, readTrace(t, filepath.Join(traces, test.server, test.name+".txt")))
		if err != nil {
			t.Fatal(err)
		}
		var auth wire.Auth
		var challenge wire.Challenge
		var success wire.Success
		for _, s := range items {
			if s.user != "bob" {
				continue
			}
			if a, ok := wire.AsAuth(s.item.Element); ok {
				auth = a
			}
			if c, ok := wire.AsChallenge(s.item.Element); ok {
				challenge = c
			}
			if x, ok := wire.AsSuccess(s.item.Element); ok {
				success = x
			}
		}
		if !challenge.Answers(auth) {
			t.Errorf("%s: the challenge does not answer", test.server)
		}
		if challenge.Answers(wire.Auth{}) || (wire.Challenge{}).Answers(auth) {
			t.Errorf("%s: an empty nonce answers", test.server)
		}
		hidden := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".nonce" }, cmp.Ignore())
		if d := cmp.Diff(test.auth, auth, hidden); d != "" {
			t.Errorf("%s: auth (-want +got):\n%s", test.server, d)
		}
		if d := cmp.Diff(test.challenge, challenge, hidden); d != "" {
			t.Errorf("%s: challenge (-want +got):\n%s", test.server, d)
		}
		if success.Bound != strings.HasPrefix(success.JID, "bob@example.test/") {
			t.Errorf("%s: bound %v, jid %q", test.server, success.Bound, success.JID)
		}
		success.JID = ""
		if success != test.success {
			t.Errorf("%s: success %+v, want %+v", test.server, success, test.success)
		}
	}
}

// TestTraceLoginFailures: the condition is kept beside the text.
func TestTraceLoginFailures(t *testing.T) {
	const mismatch = "The response provided by the client doesn't match the one we calculated."
	const either = "Invalid username or password"
	for _, test := range []struct {
		server, name string
		want         wire.Failure
	}{
		{"prosody-0.12.3", "auth-wrong-password", wire.Failure{Condition: "not-authorized", Text: mismatch}},
		{"prosody-0.12.3", "auth-empty-password", wire.Failure{Condition: "not-authorized", Text: mismatch}},
		{"prosody-0.12.3", "auth-unknown-user", wire.Failure{Condition: "not-authorized"}},
		{"prosody-13.0.6", "auth-wrong-password", wire.Failure{Condition: "not-authorized", Text: mismatch}},
		{"prosody-13.0.6", "auth-unknown-user", wire.Failure{Condition: "not-authorized"}},
		{"ejabberd-23.01", "auth-wrong-password", wire.Failure{Condition: "not-authorized", Text: either}},
		{"ejabberd-23.01", "auth-unknown-user", wire.Failure{Condition: "not-authorized", Text: either}},
		{"ejabberd-26.07", "auth-wrong-password", wire.Failure{Condition: "not-authorized", Text: either}},
		{"ejabberd-26.07", "auth-unknown-user", wire.Failure{Condition: "not-authorized", Text: either}},
	} {
		elements := received(t, test.server, test.name)
		got, ok := wire.AsFailure(elements[len(elements)-1])
		if !ok || got != test.want {
			t.Errorf("%s %s: %+v, %v, want %+v", test.server, test.name, got, ok, test.want)
		}
	}
}

// TestTraceFeatures: what each server offers before and after TLS.
func TestTraceFeatures(t *testing.T) {
	plus := func(names ...string) []string { // each with and without PLUS
		var out []string
		for _, n := range names {
			out = append(out, n+"-PLUS", n)
		}
		return out
	}
	ejabberd := append([]string{"DIGEST-MD5", "PLAIN"}, append(plus("SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"),
		"X-OAUTH2")...)
	for _, test := range []struct {
		server         string
		clear, secured wire.Features
	}{
		{"prosody-0.12.3",
			wire.Features{STARTTLS: true, Mechanisms: []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"}},
			wire.Features{Mechanisms: []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"}}},
		{"prosody-13.0.6",
			wire.Features{STARTTLS: true, Mechanisms: []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"},
				SASL2: []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"}, MaxBytes: 10000},
			wire.Features{Mechanisms: append(plus("SCRAM-SHA-1", "SCRAM-SHA-256"), "PLAIN"),
				SASL2:    append(plus("SCRAM-SHA-1", "SCRAM-SHA-256"), "PLAIN"),
				Fast:     []string{"HT-SHA-256-EXPR", "HT-SHA-256-NONE"},
				Bindings: []string{"tls-exporter"}, MaxBytes: 10000}},
		{"ejabberd-23.01",
			wire.Features{STARTTLS: true,
				Mechanisms: []string{"DIGEST-MD5", "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "X-OAUTH2"}},
			wire.Features{Mechanisms: ejabberd}},
		{"ejabberd-26.07",
			wire.Features{STARTTLS: true,
				Mechanisms: []string{"DIGEST-MD5", "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "X-OAUTH2"}},
			wire.Features{Mechanisms: ejabberd, SASL2: ejabberd,
				Bindings: []string{"tls-exporter", "tls-server-end-point"}}},
	} {
		var got []wire.Features
		for _, e := range received(t, test.server, "auth-wrong-password") {
			if f, ok := wire.AsFeatures(e); ok {
				got = append(got, f)
			}
		}
		if len(got) != 2 {
			t.Fatalf("%s: %d times features", test.server, len(got))
		}
		for i, want := range []wire.Features{test.clear, test.secured} {
			for _, f := range []*wire.Features{&got[i], &want} { // servers shuffle
				f.Mechanisms, f.SASL2, f.Fast = sorted(f.Mechanisms), sorted(f.SASL2), sorted(f.Fast)
			}
			if d := cmp.Diff(want, got[i]); d != "" {
				t.Errorf("%s, features %d (-want +got):\n%s", test.server, i+1, d)
			}
		}
	}
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}

// TestTraceAfterLogin: the features hold nothing to log in with any more, and
// the resource comes in an answer of its own, or with the login.
func TestTraceAfterLogin(t *testing.T) {
	for server, want := range map[string]string{"prosody-0.12.3": "bob@example.test/lab", "prosody-13.0.6": "",
		"ejabberd-23.01": "bob@example.test/lab", "ejabberd-26.07": ""} {
		var last wire.Features
		jid := ""
		for _, e := range received(t, server, "roster") {
			if f, ok := wire.AsFeatures(e); ok {
				last = f
			}
			if q, ok := wire.AsIQ(e); ok && q.JID != "" {
				jid = q.JID
			}
			if q, ok := wire.AsIQ(e); ok && q.ID == "roster1" && (q.Contacts != 0 || q.Type != "result") {
				t.Errorf("%s: roster %+v", server, q)
			}
		}
		if d := cmp.Diff(wire.Features{}, last); d != "" {
			t.Errorf("%s (-want +got):\n%s", server, d)
		}
		if jid != want {
			t.Errorf("%s: bound %q, want %q", server, jid, want)
		}
	}
}

// TestTraceRooms: the presences that decide a join.
func TestTraceRooms(t *testing.T) {
	for _, server := range servers {
		for _, test := range []struct {
			name, from, kind string
			code             int
			want             wire.Presence // Role, Actor, Reason
		}{
			{"muc-join-ok", "open@conference.example.test/bob", "", wire.StatusSelf, wire.Presence{Role: "participant"}},
			{"muc-join-newroom", "", "", wire.StatusCreated, wire.Presence{Role: "moderator"}},
			{"muc-msg-novoice", "moderated@conference.example.test/bob", "", wire.StatusSelf, wire.Presence{Role: "visitor"}},
			{"muc-kicked", "open@conference.example.test/bob", "unavailable", wire.StatusKicked,
				wire.Presence{Role: "none", Actor: "alice", Reason: "lab kick"}},
		} {
			found := false
			for _, e := range received(t, server, test.name) {
				p, ok := wire.AsPresence(e)
				if !ok || !p.Has(test.code) || p.Type != test.kind || test.from != "" && p.From != test.from {
					continue
				}
				found = true
				if !p.Room || !p.Has(wire.StatusSelf) {
					t.Errorf("%s %s: not our own presence in a room: %+v", server, test.name, p)
				}
				if p.Role != test.want.Role || p.Actor != test.want.Actor || p.Reason != test.want.Reason {
					t.Errorf("%s %s: %+v, want %+v", server, test.name, p, test.want)
				}
			}
			if !found {
				t.Errorf("%s %s: no presence with %d", server, test.name, test.code)
			}
		}
	}
}

// TestTraceMessages: a chat message arrives with the id it was sent with, a
// room reflects ours, a room's subject ends the join, a stored one has its
// time.
func TestTraceMessages(t *testing.T) {
	for _, server := range servers {
		items, err := play(t, readTrace(t, filepath.Join(traces, server, "chat-online.txt")))
		if err != nil {
			t.Fatal(err)
		}
		var sent, got wire.Message
		for _, s := range items {
			if m, ok := wire.AsMessage(s.item.Element); ok && s.received {
				got = m
			} else if ok {
				sent = m
			}
		}
		if got.ID != sent.ID || got.OriginID != sent.OriginID || got.Body != "hello & <carol>" || got.Type != "chat" ||
			got.Subject != "" {
			t.Errorf("%s: sent %+v, received %+v", server, sent, got)
		}
		var subject, reflected, stored bool
		for _, e := range received(t, server, "muc-join-ok") {
			m, _ := wire.AsMessage(e)
			subject = subject || e.Child(wire.NSClient, "subject") != nil && m.Body == "" && m.Type == "groupchat"
			reflected = reflected || m.Body != "" && m.OriginID != "" && m.From == "open@conference.example.test/bob"
		}
		for _, e := range received(t, server, "chat-offline-delivery") {
			m, _ := wire.AsMessage(e)
			stored = stored || m.Delay != "" && m.Body == "stored offline"
		}
		if !subject || !reflected || !stored {
			t.Errorf("%s: subject %v, reflected %v, stored %v", server, subject, reflected, stored)
		}
	}
}

// TestTraceStreamErrors: condition and text of the errors that end a stream.
func TestTraceStreamErrors(t *testing.T) {
	for _, test := range []struct {
		server, name string
		want         wire.StreamError
	}{
		{"prosody-0.12.3", "server-shutdown", wire.StreamError{Condition: "system-shutdown", Text: "Received SIGTERM"}},
		{"prosody-13.0.6", "server-shutdown", wire.StreamError{Condition: "system-shutdown", Text: "Received SIGTERM"}},
		{"ejabberd-26.07", "server-shutdown", wire.StreamError{Condition: "system-shutdown"}},
		{"prosody-0.12.3", "bad-namespace", wire.StreamError{Condition: "unsupported-stanza-type"}},
		{"prosody-0.12.3", "malformed-xml", wire.StreamError{Condition: "not-well-formed"}},
		{"ejabberd-23.01", "malformed-xml", wire.StreamError{Condition: "not-well-formed", Text: "mismatched tag"}},
		{"prosody-0.12.3", "resource-conflict", wire.StreamError{Condition: "conflict", Text: "Replaced by new connection"}},
		{"ejabberd-23.01", "resource-conflict", wire.StreamError{Condition: "conflict", Text: "Replaced by new connection"}},
	} {
		var got []wire.StreamError
		for _, e := range received(t, test.server, test.name) {
			if x, ok := wire.AsStreamError(e); ok {
				got = append(got, x)
			}
		}
		if !slices.Contains(got, test.want) {
			t.Errorf("%s %s: %+v, want %+v", test.server, test.name, got, test.want)
		}
	}
}

// TestTracePing: answers to pings and to what a server does not know.
func TestTracePing(t *testing.T) {
	for _, server := range servers {
		items, err := play(t, readTrace(t, filepath.Join(traces, server, "ping-version-disco.txt")))
		if err != nil {
			t.Fatal(err)
		}
		ping, answered, refused := "", false, false
		for _, s := range items {
			q, ok := wire.AsIQ(s.item.Element)
			switch {
			case !ok:
			case !s.received && s.item.Element.Child(wire.NSPing, "ping") != nil:
				ping = q.ID
			case s.received && ping != "" && q.ID == ping:
				answered = q.Type == "result" && q.Error == nil && len(s.item.Element.Children) == 0
			case s.received && q.ID == "v1":
				refused = q.Error != nil && q.Error.Condition == "service-unavailable"
			}
		}
		if !answered || !refused {
			t.Errorf("%s: ping answered %v, version refused %v", server, answered, refused)
		}
	}
}
