package urlspec_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/urlspec/urltest"
)

// mayChange says what the safe fix of a code changes of a reading that Apprise
// accepts; without a row, nothing.
var mayChange = map[string][]string{
	"verify-unrecognised": {"verify"},
	"control-character":   {"nick", "cto", "rto", "retry", "wait", "overflow", "format"},
	"password-at":         {"password_set"},
	"password-colon":      {"password_set"},
	"param-no-effect":     {"redirect", "tz"},
	"xmpp-has-port":       {"tcp_host", "port"},
	"user-at":             {"tcp_host", "stream_to", "targets", "nick", "login_jid"},
	"value-unrecognised":  {"overflow", "format"},
	"param-unknown": {"mode", "secure", "port", "nick", "tcp_host", "roster", "subject", "keepalive", "scramplus",
		"verify", "redirect", "optional", "emojis", "cto", "rto", "retry", "wait", "overflow", "format", "tz", "targets",
		"self_target"},
}

// TestSafeFixes: for thousands of texts, what is made without asking keeps the
// login, every target and every protection of what Apprise reads, and changes
// nothing but what it says.
func TestSafeFixes(t *testing.T) {
	texts := contractTexts(t)
	if len(texts) < 5000 {
		t.Fatalf("only %d texts", len(texts))
	}
	made := map[string]int{}
	for _, text := range texts {
		before := urlspec.Parse(text)
		for _, p := range before.Problems {
			for _, f := range p.Fixes() {
				if f.Kind == urlspec.FixSafe {
					made[p.Code]++
					holds(t, before, urlspec.Parse(f.Apply(text)), p.Code)
				}
			}
		}
		if fixed, _ := urlspec.FixAll(text); fixed != text {
			kept(t, before, urlspec.Parse(fixed), "all safe fixes")
		}
	}
	for _, info := range urlspec.Codes() {
		if info.Fix == urlspec.FixSafe && made[info.Code] == 0 {
			t.Errorf("no text has a safe fix for %s", info.Code)
		}
		if info.Fix != urlspec.FixSafe && made[info.Code] > 0 {
			t.Errorf("%s is %q in the table, and has a safe fix", info.Code, info.Fix)
		}
	}
}

// kept holds the promise of a safe fix. A text that Apprise refuses has nothing
// to keep, nor has one whose host is a piece of the password.
func kept(t *testing.T, before, after urlspec.Spec, what string) bool {
	t.Helper()
	a, b := before.Reading, after.Reading
	if _, doubt := before.Doubt(); !a.Accepted || doubt {
		return false
	}
	reached := func(x urlspec.Address) bool {
		return slices.ContainsFunc(b.Targets, func(y urlspec.Address) bool { return x.Kind == y.Kind && x.JID == y.JID })
	}
	lost := slices.ContainsFunc(a.Targets, func(x urlspec.Address) bool { return !reached(x) })
	weaker := a.Mode != urlspec.ModeNone && b.Mode == urlspec.ModeNone || a.Verify && !b.Verify ||
		a.ScramPlus && !b.ScramPlus
	if !b.Accepted || a.LoginJID != b.LoginJID || lost || weaker {
		t.Errorf("%s: %q becomes %q:\n%s %v\n%s %v", what, before.Text, after.Text, a.LoginJID, a.Targets, b.LoginJID,
			b.Targets)
	}
	return true
}

func holds(t *testing.T, before, after urlspec.Spec, code string) {
	t.Helper()
	if !kept(t, before, after, code) {
		return
	}
	a, b := fieldsOf(t, before.Reading), fieldsOf(t, after.Reading)
	for name, value := range a {
		if name != "canonical_url" && string(value) != string(b[name]) && !slices.Contains(mayChange[code], name) {
			t.Errorf("%s: %q becomes %q, and %s %s becomes %s", code, before.Text, after.Text, name, value, b[name])
		}
	}
}

func fieldsOf(t *testing.T, r urlspec.Reading) map[string]json.RawMessage {
	t.Helper()
	line, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(line, &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}

// contractTexts are the recorded URLs, the examples of all codes, the shapes of
// passwords, and texts made of pieces that go wrong.
func contractTexts(t *testing.T) []string {
	t.Helper()
	texts := urltest.Shapes()
	for _, name := range []string{"urls.jsonl", "urls2.jsonl"} {
		data, err := os.ReadFile(filepath.Join("..", "testdata", "apprise", name))
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var row struct{ URL string }
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, row.URL)
		}
	}
	for _, info := range urlspec.Codes() {
		texts = append(texts, info.Wrong, info.Right)
	}
	pieces := [][]string{
		{"xmpps://", "xmpp://", "xmpps://xmpps://", " xmpps://", "xmpss://"},
		{"alice:pw@", "alice:p@w@", "alice:p:w@", "me@example.net:pw@", "alice@", "alice:p w@", "al\u200bice:pw@"},
		{"example.com", "example.com:5223", "example.com:5269", "h:5_222", "müller.example", "1.example.com", "h:0"},
		{"", "/bob", "/bob/bob@example.com", "/#ops@muc.example.com", "/bob#", "/bob%2Fphone", "/b,c", "/bob@h/phone",
			"/bob&mode=tls", "/@x", "/bob;carol", "/o\tps"},
		{"", "?", "?mode=t", "?mode=tsl", "?mode=none", "?verify=maybe", "?verify=no", "?verfy=no", "?optional=maybe",
			"?roster=", "?format=htm", "?retry=99", "?wait=-1", "?cto=2", "?rto=2", "?tz=Mars", "?name=a-b", "?name=-",
			"?xmpp=h:5269", "?xmpp=example.com", "?rooster=yes", "?to=a&to=b", "?to=a;b", "?+roster=yes", "?store=no",
			"?keepalive=yes&name=x", "?mode=tls?to=x", "?mode=tls&mode=none", "?name=x &to=y", "?usr=x", "?scram=no"},
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		var b strings.Builder
		for _, list := range pieces {
			b.WriteString(list[random.IntN(len(list))])
		}
		texts = append(texts, b.String())
	}
	return texts
}
