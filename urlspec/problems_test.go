package urlspec

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// pointer draws what stands under a text to point a problem out. The texts of
// the table below have one cell per character.
func pointer(text string, p Problem) string {
	line := strings.Repeat(" ", utf8.RuneCountInString(text[:p.Start])) + "^"
	if n := utf8.RuneCountInString(text[p.Start:p.End]); n > 1 {
		line += strings.Repeat("~", n-1)
	}
	return line
}

// TestEveryProblem has one row per code: the text, the pointer under it, and
// the text after the fix, empty when there is none.
func TestEveryProblem(t *testing.T) {
	rows := []struct{ code, text, pointer, fixed string }{
		{"scheme-missing",
			"alice:secret@example.com/bob",
			"^~~~~~~~~~~~~~~~~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com/bob"},
		{"scheme-unknown",
			"xmpss://alice:secret@example.com/bob",
			"^~~~~",
			"xmpps://alice:secret@example.com/bob"},
		{"xmpp-uri",
			"xmpp:alice@example.com",
			"^~~~~~~~~~~~~~~~~~~~~~",
			"xmpps://alice@example.com"},
		{"trailing-question-mark",
			"xmpps://alice:secret@example.com/bob?",
			"                                    ^",
			"xmpps://alice:secret@example.com/bob"},
		{"line-break",
			"xmpps://alice:secret@example.com/bob\n?mode=tls",
			"                                    ^",
			"xmpps://alice:secret@example.com/bob?mode=tls"},
		{"whitespace",
			"xmpps://alice: secret@example.com/bob",
			"              ^",
			"xmpps://alice:%20secret@example.com/bob"},
		{"control-character",
			"xmpps://alice:secret@example.com/b\u200bob",
			"                                  ^",
			"xmpps://alice:secret@example.com/bob"},
		{"second-url",
			"xmpps://alice:secret@example.com/bob,xmpps://carol:secret@example.net",
			"                                     ^~~~~~~~",
			""},
		{"fragment-lost",
			"xmpps://alice:secret@example.com/bob#x/carol",
			"                                    ^~~~~~~~",
			"xmpps://alice:secret@example.com/bob%23x/carol"},
		{"params-lost",
			"xmpps://alice:secret@example.com/bob;carol",
			"                                    ^~~~~~",
			"xmpps://alice:secret@example.com/bob/carol"},
		{"user-missing",
			"xmpps://example.com/bob",
			"        ^",
			""},
		{"user-invalid",
			"xmpps://al%20ice:secret@example.com",
			"        ^~~~~~~~",
			""},
		{"user-at",
			"xmpps://me@example.net:secret@example.com",
			"          ^",
			"xmpps://me%40example.net:secret@example.com"},
		{"user-illegal-jid",
			"xmpps://al%26ice:secret@example.com",
			"        ^~~~~~~~",
			""},
		{"password-at",
			"xmpps://alice:s@cret@example.com",
			"               ^",
			"xmpps://alice:s%40cret@example.com"},
		{"password-colon",
			"xmpps://alice:sec:ret@example.com",
			"                 ^",
			"xmpps://alice:sec%3Aret@example.com"},
		{"password-delimiter",
			"xmpps://alice:sec/ret@example.com",
			"                 ^",
			"xmpps://alice:sec%2Fret@example.com"},
		{"userinfo-bracket",
			"xmpps://alice:[secret]@example.com",
			"              ^",
			"xmpps://alice:%5Bsecret]@example.com"},
		{"password-missing",
			"xmpps://alice@example.com/bob",
			"        ^~~~~",
			""},
		{"host-missing",
			"xmpps://alice:secret@/bob",
			"                     ^",
			""},
		{"host-invalid",
			"xmpps://alice:secret@-example.com",
			"                     ^~~~~~~~~~~~",
			""},
		{"host-one-digit-label",
			"xmpps://alice:secret@1.example.com",
			"                     ^",
			""},
		{"host-unicode",
			"xmpps://alice:secret@müller.example",
			"                     ^~~~~~~~~~~~~~",
			"xmpps://alice:secret@xn--mller-kva.example"},
		{"port-range",
			"xmpps://alice:secret@example.com:65536",
			"                                 ^~~~~",
			"xmpps://alice:secret@example.com"},
		{"port-invalid",
			"xmpps://alice:secret@example.com:52x2",
			"                                 ^~~~",
			"xmpps://alice:secret@example.com"},
		{"port-odd",
			"xmpps://alice:secret@example.com:5_222",
			"                                 ^~~~~",
			"xmpps://alice:secret@example.com:5222"},
		{"port-mode",
			"xmpps://alice:secret@example.com:5223",
			"                                 ^~~~",
			"xmpps://alice:secret@example.com:5223?mode=tls"},
		{"target-dropped",
			"xmpps://alice:secret@example.com/bob/@carol",
			"                                     ^~~~~~",
			""},
		{"all-targets-dropped",
			"xmpps://alice:secret@example.com/@bob",
			"                                 ^~~~",
			""},
		{"target-split",
			"xmpps://alice:secret@example.com/bob%20b@example.com",
			"                                 ^~~~~~~~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com/bob%5C20b@example.com"},
		{"target-illegal-jid",
			"xmpps://alice:secret@example.com/b&b@example.com",
			"                                 ^~~~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com/b%5C26b@example.com"},
		{"target-duplicate",
			"xmpps://alice:secret@example.com/bob/bob@example.com",
			"                                     ^~~~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com/bob"},
		{"targets-reordered",
			"xmpps://alice:secret@example.com/zoe/bob",
			"                                 ^~~~~~~",
			""},
		{"resource-cut",
			"xmpps://alice:secret@example.com?to=bob@example.com/a/b",
			"                                    ^~~~~~~~~~~~~~~~~~~",
			""},
		{"resource-needs-2",
			"xmpps://alice:secret@example.com/bob%2Fphone",
			"                                 ^~~~~~~~~~~",
			"xmpps://alice:secret@example.com/bob%252Fphone"},
		{"room-without-service",
			"xmpps://alice:secret@example.com/#ops",
			"                                 ^~~~",
			"xmpps://alice:secret@example.com/#ops@conference.example.com"},
		{"mode-abbreviated",
			"xmpps://alice:secret@example.com?mode=t",
			"                                      ^",
			"xmpps://alice:secret@example.com?mode=tls"},
		{"mode-invalid",
			"xmpps://alice:secret@example.com?mode=ssl",
			"                                      ^~~",
			"xmpps://alice:secret@example.com?mode=tls"},
		{"mode-overruled",
			"xmpps://alice:secret@example.com?mode=none",
			"                                      ^~~~",
			"xmpps://alice:secret@example.com"},
		{"mode-upgrades-scheme",
			"xmpp://alice:secret@example.com?mode=tls",
			"^~~~",
			"xmpps://alice:secret@example.com?mode=tls"},
		{"plaintext",
			"xmpp://alice:secret@example.com",
			"^~~~",
			"xmpp://alice:secret@example.com?mode=starttls"},
		{"verify-off",
			"xmpps://alice:secret@example.com?verify=no",
			"                                 ^~~~~~~~~",
			"xmpps://alice:secret@example.com?verify=yes"},
		{"verify-unrecognised",
			"xmpps://alice:secret@example.com?verify=maybe",
			"                                 ^~~~~~~~~~~~",
			"xmpps://alice:secret@example.com?verify=yes"},
		{"nick-invalid",
			"xmpps://alice:secret@example.com?name=alert-bot",
			"                                 ^~~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com?name=alert_bot"},
		{"xmpp-has-port",
			"xmpps://alice:secret@example.com?xmpp=xmpp.example.com:5269",
			"                                      ^~~~~~~~~~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com?xmpp=xmpp.example.com&port=5269"},
		{"xmpp-invalid",
			"xmpps://alice:secret@example.com?xmpp=http://xmpp.example.com",
			"                                      ^~~~~~~~~~~~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com?xmpp=xmpp.example.com"},
		{"xmpp-redundant",
			"xmpps://alice:secret@example.com?xmpp=example.com",
			"                                 ^~~~~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com"},
		{"xmpp-brackets",
			"xmpps://alice:secret@example.com?xmpp=[2001:db8::1]",
			"                                 ^~~~~~~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com?xmpp=2001:db8::1"},
		{"xmpp-brackets",
			"xmpps://alice:secret@[2001:db8::1]/bob",
			"                     ^~~~~~~~~~~~~",
			"xmpps://alice:secret@[2001:db8::1]/bob?xmpp=2001:db8::1"},
		{"scramplus-off",
			"xmpps://alice:secret@example.com?scramplus=no",
			"                                 ^~~~~~~~~~~~",
			""},
		{"param-unknown",
			"xmpps://alice:secret@example.com?rooster=yes",
			"                                 ^~~~~~~",
			"xmpps://alice:secret@example.com?roster=yes"},
		{"param-duplicate",
			"xmpps://alice:secret@example.com?mode=starttls&mode=tls",
			"                                 ^~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com?mode=tls"},
		{"param-namespace",
			"xmpps://alice:secret@example.com?+roster=yes",
			"                                 ^~~~~~~",
			"xmpps://alice:secret@example.com?roster=yes"},
		{"param-no-effect",
			"xmpps://alice:secret@example.com?redirect=no",
			"                                 ^~~~~~~~~~~",
			"xmpps://alice:secret@example.com"},
		{"scheme-twice",
			"xmpps://xmpps://alice:secret@example.com/bob",
			"^~~~~~~~",
			"xmpps://alice:secret@example.com/bob"},
		{"param-delimiter",
			"xmpps://alice:secret@example.com/bob&mode=tls",
			"                                    ^~~~~~~~~",
			"xmpps://alice:secret@example.com/bob?mode=tls"},
		{"password-separator",
			"xmpps://alice/secret@example.com/bob",
			"             ^",
			"xmpps://alice:secret@example.com/bob"},
		{"port-service",
			"xmpps://alice:secret@example.com:5269",
			"                                 ^~~~",
			"xmpps://alice:secret@example.com"},
		{"resource-as-target",
			"xmpps://alice:secret@example.com/bob@corp.example/phone",
			"                                                  ^~~~~",
			"xmpps://alice:secret@example.com/bob@corp.example%252Fphone"},
		{"room-unmarked",
			"xmpps://alice:secret@example.com/ops@conference.example.com",
			"                                 ^~~~~~~~~~~~~~~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com/#ops@conference.example.com"},
		{"room-mark",
			"xmpps://alice:secret@example.com/%23%23ops@conference.example.com",
			"                                 ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com/%23ops@conference.example.com"},
		{"keepalive-breaks-apprise",
			"xmpps://alice:secret@example.com?keepalive=yes",
			"                                 ^~~~~~~~~~~~~",
			"xmpps://alice:secret@example.com"},
		{"value-unrecognised",
			"xmpps://alice:secret@example.com?format=htm",
			"                                 ^~~~~~~~~~",
			"xmpps://alice:secret@example.com?format=html"},
		{"value-clamped",
			"xmpps://alice:secret@example.com?retry=100",
			"                                 ^~~~~~~~~",
			"xmpps://alice:secret@example.com?retry=10"},
		{"tz-invalid",
			"xmpps://alice:secret@example.com?tz=Mars",
			"                                 ^~~~~~~",
			"xmpps://alice:secret@example.com"},
	}
	for _, row := range rows {
		s := Parse(row.text)
		i := slices.IndexFunc(s.Problems, func(p Problem) bool { return p.Code == row.code })
		if i < 0 {
			t.Errorf("%s is not raised for %q: %+v", row.code, row.text, s.Problems)
			continue
		}
		p := s.Problems[i]
		if got := pointer(row.text, p); got != row.pointer {
			t.Errorf("%s points wrong:\n%s\n%s\n%s", row.code, row.text, got, row.pointer)
		}
		fixed := ""
		if p.Fix != nil {
			fixed = p.Fix.Apply(row.text)
		}
		if fixed != row.fixed {
			t.Errorf("%s: %q is fixed to %q, want %q", row.code, row.text, fixed, row.fixed)
		}
		if strings.Contains(p.Message, "secret") || p.Fix != nil && strings.Contains(p.Fix.Text+p.Fix.Label, "secret") {
			t.Errorf("%s tells the password: %+v", row.code, p)
		}
	}
	for _, info := range Codes() {
		if !slices.ContainsFunc(rows, func(r struct{ code, text, pointer, fixed string }) bool {
			return r.code == info.Code
		}) {
			t.Errorf("%s has no row", info.Code)
		}
	}
}

// Problems that the table's one row per code does not show.
func TestProblemDetails(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string // the codes, in order
	}{
		{"xmpps://alice:secret@example.com/bob", nil},
		{longestExample, []string{"scramplus-off"}},
		{"xmpps://alice:s@c:r@example.com", []string{"password-at", "password-colon"}},
		// What the fix would bring to light is raised together with it.
		{"xmpps://alice:p@ss@corp.example:52x2/#ops?scram=no", []string{"password-at", "port-invalid", "room-without-service",
			"param-unknown"}},
		{"xmpps://me@example.net:secret@corp.example:52x2", []string{"user-at", "port-invalid"}},
		{"xmpps://alice:p@s@s@-corp.example", []string{"password-at", "password-at", "host-invalid"}},
		{"xmpps://alice:p/ss@corp.example:52x2", []string{"password-delimiter", "port-invalid"}},
		{"xmpps://alice::secret@example.com", []string{"password-colon"}},
		{"xmpps://alice@@example.com", []string{"password-missing"}},
		{"xmpps://host.example:abc?user=me", []string{"port-invalid"}},
		{"xmpps://me@host.example:pass=0", []string{"port-invalid"}},
		{"xmpps://me@0pass=0", []string{"password-missing", "host-invalid"}},
		{"xmpps://alice:secret@example.com\n ", []string{"line-break"}},
		{"xmpps://alice:sec", []string{"user-missing"}},
		{"xmpps://alice:[p]@example.com", []string{"userinfo-bracket", "userinfo-bracket"}},
		{"xmpps://alice:secret@[2001:DB8::1]:5222", []string{"host-invalid"}},
		{"xmpps://alice:secret@example.com&mode=tls", []string{"host-invalid"}},
		{"xmpps://alice:secret@1.2.3.example", []string{"host-one-digit-label"}},
		{"xmpps://alice:secret@1.2.3", []string{"host-invalid"}},
		{"xmpps://alice:secret@example.com?port=abc", []string{"value-unrecognised"}},
		{"xmpps://alice:secret@example.com:0", []string{"port-odd"}},
		{"xmpps://alice:secret@example.com:5222?mode=tls", []string{"port-mode"}},
		{"xmpps://alice:secret@example.com?to=jane;joe", []string{"param-unknown"}},
		{"xmpps://alice:secret@example.com/@a/@b", []string{"all-targets-dropped", "target-dropped", "target-dropped"}},
		// One cause, one problem.
		{"xmpps://alice:secret@example.com/@a", []string{"all-targets-dropped"}},
		{"xmpps://alice:secret@example.com/#?name=bot", []string{"room-mark"}},
		{"xmpps://ali\u200bce:secret@example.com", []string{"control-character"}},
		{"xmpps://alice:secret@exam\u200bple.com", []string{"control-character"}},
		{"xmpps://alice:secret@exam ple.com", []string{"whitespace"}},
		{"xmpps://alice:secret@example.com/bo\u200bb", []string{"control-character"}},
		{"xmpps://alice:secret@example.com/bo\u200bb&", []string{"target-illegal-jid", "control-character"}},
		{"xmpps://alice:secret@example.com:5222\u200b/bob", []string{"control-character"}},
		{"xmpps://alice:secret@example.com?mode=tls\u200b", []string{"control-character"}},
		{"xmpps://alice:secret@example.com?retry=2\u200b", []string{"control-character"}},
		{"xmpps://alice:secret@example.com?verify=no\u200b", []string{"verify-off", "control-character"}},
		{"\ufeffxmpps://alice:secret@example.com", []string{"control-character"}},
		{"xmpps://prosody/bob carol", []string{"user-missing", "target-split"}},
		{"xmpps://example.com/bob@corp.example", []string{"user-missing"}},
		{"xmpps://example.com/@bob", []string{"user-missing", "all-targets-dropped"}},
		{"xmpps://alice:secret@[fe80::1%25eth0]:5222", []string{"host-invalid"}},
		{"xmpps://alice:secret@example.com/joe,jane", []string{"target-split", "targets-reordered"}},
		{"xmpps://alice:secret@example.com?name=bot&keepalive=yes", []string{"param-no-effect",
			"keepalive-breaks-apprise"}},
		{"xmpps://alice:secret@example.com?verify=", []string{"verify-unrecognised"}},
		{"xmpps://alice:secret@example.com?subject", []string{"value-unrecognised"}},
		{"xmpps://alice:secret@example.com?mode=tls&mode=bogus", []string{"param-duplicate", "mode-invalid"}},
		{"https://example.com", []string{"scheme-unknown"}},
		{"xmpp", []string{"scheme-missing"}},
		{"", []string{"scheme-missing"}},
		{"xmpp:room@conference.example.com?join", []string{"xmpp-uri"}},
	} {
		var got []string
		for _, p := range Parse(c.text).Problems {
			got = append(got, p.Code)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q raises %q, want %q", c.text, got, c.want)
		}
	}
}

// TestUnseenHost: no fix writes a character that cannot be seen in Punycode.
func TestUnseenHost(t *testing.T) {
	for _, host := range []string{"exam\u009bple.com", "exam\u200bple.com", "exam\u202eple.com",
		"m\u00fcl\u2028ler.example"} {
		text := "xmpps://alice:secret@" + host
		for _, p := range Parse(text).Problems {
			if p.Fix != nil && strings.Contains(p.Fix.Apply(text), "xn--") {
				t.Errorf("%q: %s offers %q", text, p.Code, p.Fix.Label)
			}
		}
	}
}

// TestRevealedProblem: the error behind the password's “@” is found where it
// stands, and each of both fixes does its part.
func TestRevealedProblem(t *testing.T) {
	const text = "xmpps://alice:p@ss@corp.example:52x2/#ops"
	want := map[string][2]string{
		"password-at": {
			"               ^",
			"xmpps://alice:p%40ss@corp.example:52x2/#ops"},
		"port-invalid": {
			"                                ^~~~",
			"xmpps://alice:p@ss@corp.example/#ops"},
	}
	for _, p := range Parse(text).Problems {
		w, listed := want[p.Code]
		if !listed {
			continue
		}
		delete(want, p.Code)
		if p.Fix == nil {
			t.Fatalf("%s has no fix", p.Code)
		}
		if got := [2]string{pointer(text, p), p.Fix.Apply(text)}; got != w {
			t.Errorf("%s: %q, want %q", p.Code, got, w)
		}
	}
	if len(want) > 0 {
		t.Errorf("not raised: %v", want)
	}
}

func TestFixAll(t *testing.T) {
	for _, c := range [][2]string{
		{"xmpps://alice:secret@example.com/bob", "xmpps://alice:secret@example.com/bob"},
		{"xmpps://alice:s@c:r#et@example.com/bob?", "xmpps://alice:s%40c%3Ar%23et@example.com/bob"},
		{"xmpps://alice:s@c:r@example.com", "xmpps://alice:s%40c%3Ar@example.com"},
		{"xmpps://alice:[s/t]@example.com", "xmpps://alice:%5Bs%2Ft%5D@example.com"},
		{"xmpps:/alice:secret@müller.example/bob?rooster=on&scram=no",
			"xmpps:/alice:secret@müller.example/bob?rooster=on&scram=no"},
		{"xmpps://alice:secret@müller.example/bob?rooster=on&verify=perhaps",
			"xmpps://alice:secret@xn--mller-kva.example/bob?roster=on&verify=yes"},
		{"xmpp://alice:secret@example.com?verify=no&scramplus=no", "xmpp://alice:secret@example.com?verify=no&scramplus=no"},
		{"xmpps://alice:p@ss@corp.example:52x2/#ops?scram=no", "xmpps://alice:p@ss@corp.example:52x2/#ops?scram=no"},
		{"xmpps://alice:p@s@s@müller.example", "xmpps://alice:p%40s%40s@xn--mller-kva.example"},
		// Punycode must not carry on what cannot be seen (here U+009B).
		{"xmpps://alice:secret@mül\u009bler.example", "xmpps://alice:secret@xn--mller-kva.example"},
		{"xmpps://alice:secret@exam\u009bple.com", "xmpps://alice:secret@example.com"},
		{"xmpps://alice:secret@example.com:5223/#ops", "xmpps://alice:secret@example.com:5223/#ops"},
	} {
		got, applied := FixAll(c[0])
		if got != c[1] {
			t.Errorf("FixAll(%q) = %q after %d fixes, want %q", c[0], got, len(applied), c[1])
		}
		text := c[0]
		for _, p := range applied {
			text = p.Fix.Apply(text)
		}
		if text != got {
			t.Errorf("%q: the fixes as reported give %q, not %q", c[0], text, got)
		}
	}
}
