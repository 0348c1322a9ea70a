package urlspec

import "testing"

func TestRedactProse(t *testing.T) {
	for _, c := range [][2]string{
		{"", ""},
		{"12:30 backup on nas@home", "12:30 backup on nas@home"},
		{"the token: expired", "the token: expired"},
		{"see xmpps://alice:pw@h/bob, please", "see xmpps://alice:••••••••@h/bob, please"},
		{"see xmpps://alice:@#pw@h/bob", "see xmpps://alice:••••••••@h/bob"},
		{"see xmpps:/alice:pw@h", "see xmpps:••••••••@h"},
		{"login alice:pw@h failed", "login alice:••••••••@h failed"},
		{"login alice%3Apw@h failed", "login alice%3A••••••••@h failed"},
		{"a\nxmpps:/alice:pw@h", "a\nxmpps:/alice:••••••••@h"},
		{"PASSWORD=pw done", "PASSWORD=•••••••• done"},
		{"XMPP_TOKEN=\"pw\" done", "XMPP_TOKEN=\"••••••••\" done"},
		{"https://example.com/a?b=c", "https://example.com/a?b=c"},
	} {
		if got := RedactProse(c[0]); got != c[1] {
			t.Errorf("RedactProse(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}
