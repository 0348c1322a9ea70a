package ui

import (
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// assembled is what the table must say of a half-typed URL.
type assembled struct {
	upTo             string // how much is typed
	login, to, host  string
	targets          []string
	tentative, fixed bool // it is only meant so; alt+f makes it so
}

// typedURL is a URL whose password has what must be escaped, and how it is meant
// from each of these keys on.
var typedURL = []assembled{
	{"x", "…@…", "…", "…:5222", []string{"…@…"}, true, false},
	{"xmpps://", "…@…", "…", "…:5222", []string{"…@…"}, true, false},
	{"xmpps://a", "a@…", "…", "…:5222", []string{"a@…"}, true, false},
	{"xmpps://alice", "alice@…", "…", "…:5222", []string{"alice@…"}, true, false},
	{"xmpps://alice:p@", "alice@…", "…", "…:5222", []string{"alice@…"}, true, false},
	{"xmpps://alice:p@s", "alice@s", "s", "s:5222", []string{"alice@s"}, false, false},
	{"xmpps://alice:p@ss", "alice@ss", "ss", "ss:5222", []string{"alice@ss"}, false, false},
	{"xmpps://alice:p@ss:", "alice@…", "…", "…:5222", []string{"alice@…"}, true, false},
	{"xmpps://alice:p@ss:w0rd@", "alice@…", "…", "…:5222", []string{"alice@…"}, true, true},
	{"xmpps://alice:p@ss:w0rd@c", "alice@c", "c", "c:5222", []string{"alice@c"}, true, true},
	{"xmpps://alice:p@ss:w0rd@corp.example", "alice@corp.example", "corp.example", "corp.example:5222",
		[]string{"alice@corp.example"}, true, true},
	{"xmpps://alice:p@ss:w0rd@corp.example/#", "alice@corp.example", "corp.example", "corp.example:5222",
		[]string{"#@corp.example"}, true, true},
	{"xmpps://alice:p@ss:w0rd@corp.example/#ops", "alice@corp.example", "corp.example", "corp.example:5222",
		[]string{"ops@corp.example"}, true, true},
	{"xmpps://alice:p@ss:w0rd@corp.example/#ops/bob", "alice@corp.example", "corp.example", "corp.example:5222",
		[]string{"ops@corp.example", "bob@corp.example"}, true, true},
	{"xmpps://alice:p@ss:w0rd@corp.example/#ops/bob?mode=", "alice@corp.example", "corp.example", "corp.example:5222",
		[]string{"ops@corp.example", "bob@corp.example"}, true, true},
	{"xmpps://alice:p@ss:w0rd@corp.example/#ops/bob?mode=tls", "alice@corp.example", "corp.example",
		"corp.example:5223", []string{"ops@corp.example", "bob@corp.example"}, true, true},
}

// TestGhostAtEveryKey types a URL key by key: after each key the login JID, the
// stream's to, the TCP host and the targets stand on the screen, with the sign of
// what is only meant, and no part of the password does.
func TestGhostAtEveryKey(t *testing.T) {
	const password = "p@ss:w0rd"
	whole := typedURL[len(typedURL)-1].upTo
	wants := map[int]assembled{}
	for _, want := range typedURL {
		if !strings.HasPrefix(whole, want.upTo) {
			t.Fatalf("%s is no beginning", want.upTo)
		}
		wants[len(want.upTo)] = want
	}
	for _, d := range [][2]int{{80, 24}, {60, 20}, {120, 40}, {200, 60}} {
		t.Run(size(d[0], d[1]), func(t *testing.T) {
			s := open(t, d[0], d[1], Options{})
			for i := range len(whole) {
				s.press(whole[i : i+1])
				screen := s.plain()
				rows := tableRows(screen)
				if len(rows) < 4 {
					t.Fatalf("after %q the table is not there:\n%s", whole[:i+1], screen)
				}
				for at := range len(password) - 3 {
					if part := password[at : at+4]; strings.Contains(screen, part) {
						t.Errorf("after %q the screen shows %q:\n%s", whole[:i+1], part, screen)
					}
				}
				want, ok := wants[i+1]
				if !ok {
					continue
				}
				check := func(label, value string) {
					t.Helper()
					if want.tentative {
						value = "–  ~ " + value
					}
					if row := rows[label]; !strings.HasPrefix(row, value) {
						t.Errorf("after %q: %s is %q, want %q:\n%s", whole[:i+1], label, row, value, screen)
					}
				}
				check("login JID", want.login)
				check("stream to", want.to)
				check("TCP host", want.host)
				for n, jid := range want.targets {
					check("target "+string(rune('1'+n)), jid)
				}
				if fixable := strings.Contains(screen, "alt+f write %40, write %3A"); fixable != want.fixed {
					t.Errorf("after %q alt+f mends it: %v, want %v:\n%s", whole[:i+1], fixable, want.fixed, screen)
				}
			}
			s.press("alt+f")
			const fixed = "xmpps://alice:p%40ss%3Aw0rd@corp.example/#ops/bob?mode=tls"
			if s.url.text != fixed {
				t.Errorf("alt+f made it %s", urlspec.Redact(s.url.text))
			}
			if rows := tableRows(s.plain()); !strings.HasPrefix(rows["login JID"], "alice@corp.example ") {
				t.Errorf("it is not read then:\n%s", s.plain())
			}
			s.press("alt+u")
			if s.url.text != whole {
				t.Error("one undo does not take it back")
			}
		})
	}
}

// tableRows are the values of the assembly on the screen, by their labels.
func tableRows(screen string) map[string]string {
	rows := map[string]string{}
	for _, line := range strings.Split(screen, "\n") {
		for _, label := range []string{"login JID", "stream to", "TCP host", "target 1", "target 2"} {
			if i := strings.Index(line, label); i >= 0 && i < 6 {
				rows[label] = strings.TrimLeft(line[i+len(label):], " ✗!")
			}
		}
	}
	return rows
}

// TestNeverTwice: the sentence of a problem stands on the screen once.
func TestNeverTwice(t *testing.T) {
	for _, url := range []string{rejectedURL, warnedURL, "xmpps://alice:p@s@h.example/bob", "xmpps://h.example/bob"} {
		for _, d := range [][2]int{{80, 24}, {60, 20}, {120, 40}, {200, 60}} {
			s := open(t, d[0], d[1], Options{URL: url})
			for _, p := range s.url.spec.Problems {
				start := strings.Join(strings.Fields(clean(p.Message))[:4], " ")
				if n := strings.Count(s.plain(), start); n > 1 {
					t.Errorf("%s: %q stands there %d times:\n%s", size(d[0], d[1]), start, n, s.plain())
				}
			}
		}
	}
}
