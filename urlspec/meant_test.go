package urlspec_test

import (
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// TestMeant: what was meant by texts that Apprise refuses, or reads as something
// else.
func TestMeant(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "…@… … …:5222",
		"xmpp:":                              "…@… … …:5222",
		"xmpps://":                           "…@… … …:5222",
		"xmpps://al":                         "al@… … …:5222",
		"xmpps://alice:p":                    "alice@… … …:5222",
		"xmpps://alice:p@":                   "alice@… … …:5222",
		"xmpps://alice:p@ss":                 "alice@ss ss ss:5222",
		"xmpps://alice:p@ss:w0rd":            "alice@… … …:5222",
		"xmpps://alice:p@ss:w0rd@co":         "alice@co co co:5222",
		"xmpps://alice:p@ss@h.example/#ops/": "alice@h.example h.example h.example:5222 #ops@h.example",
		"xmpps://alice:P@ssw0rd@h.example/b": "alice@h.example h.example h.example:5222 b@h.example",
		"xmpps://h.example/bob":              "…@h.example h.example h.example:5222 bob@h.example",
		"xmpps://alice:p@h.example:52x2/bob": "alice@h.example h.example h.example:5222 bob@h.example",
		"xmpps://alice:p@h.example?":         "alice@h.example h.example h.example:5222",
		"xmpps://alice:p@h.example?mode=x":   "alice@h.example h.example h.example:5222",
		"xmpps://alice@[2001:db8:":           "alice@… … …:5222",
		"alice:p@h.example":                  "alice@h.example h.example h.example:5222",
		"https://alice:p@h.example":          "alice@h.example h.example h.example:5222",
	} {
		m := urlspec.Parse(text).Meant()
		r := m.Spec.Reading
		got := r.LoginJID + " " + r.StreamTo + " " + urlspec.JoinHostPort(r.TCPHost, r.Port)
		for _, a := range r.Targets {
			switch {
			case r.SelfTarget:
			case a.Kind == urlspec.Groupchat:
				got += " #" + a.JID
			default:
				got += " " + a.JID
			}
		}
		if got != want || !r.Accepted {
			t.Errorf("%s\n was meant as %s\n        want %s", text, got, want)
		}
	}
}

// TestMeantKeepsWhatIsRead: a URL that Apprise reads is meant as it is read, and
// offsets lead back to where they came from.
func TestMeantKeepsWhatIsRead(t *testing.T) {
	const text = "xmpps://alice:pw@h.example/bob/%23ops@conference.h.example?mode=tls"
	m := urlspec.Parse(text).Meant()
	if m.Fixed != text || !m.Safe || m.Unfinished || m.Spec.Text != text {
		t.Errorf("%s became %s", text, m.Spec.Redacted())
	}
	const broken = "xmpps://alice:p@s:s@h.example/#ops"
	m = urlspec.Parse(broken).Meant()
	if want := "xmpps://alice:p%40s%3As@h.example/#ops"; m.Fixed != want || !m.Safe || m.Unfinished {
		t.Errorf("%s, want %s", m.Fixed, want)
	}
	a := m.Spec.Reading.Targets[0]
	if got := broken[m.Back(a.Start):m.Back(a.End)]; !strings.HasSuffix(got, "ops") || len(got) > len("#ops") {
		t.Errorf("the target leads back to %q", got)
	}
}

// TestMeantAtEveryKey: at every key of a URL there is a reading, and none shows
// a part of a password in it.
func TestMeantAtEveryKey(t *testing.T) {
	for _, c := range []struct{ before, password, after string }{
		{"xmpps://alice:", "p@ss:w0rd", "@corp.example/#ops/bob?mode=tls"},
		{"xmpps://alice:", "se/cret#more?", "@corp.example/bob"},
		{"xmpps://alice/", "hunter2", "@corp.example/bob"},
		{"xmpp://al:", "[brackets]", "@h/"},
		{"xmpps://alice:", "p@@ss::w0rd", "@h.example"},
	} {
		whole := c.before + c.password + c.after
		for i := range len(whole) + 1 {
			text := whole[:i]
			s := urlspec.Parse(text)
			m := s.Meant()
			r := m.Spec.Reading
			if !r.Accepted || r.LoginJID == "" || r.StreamTo == "" || r.TCPHost == "" || len(r.Targets) == 0 {
				t.Errorf("%s: %+v", s.Redacted(), r)
			}
			if !strings.HasPrefix(c.before, "xmpps://alice/") || i > len(c.before+c.password) {
				shown := s.Redacted() + " " + r.LoginJID + r.TCPHost + r.Targets[0].JID + m.Spec.Redacted()
				if got := partOf(shown, c.password); got != "" {
					t.Errorf("%s shows %q", text, got)
				}
			}
			if s.Unfinished() && s.Reading.Accepted {
				t.Errorf("%s is read, and unfinished", s.Redacted())
			}
		}
	}
}

// partOf is a stretch of four characters of a password that a text shows.
func partOf(text, password string) string {
	for i := 0; i+4 <= len(password); i++ {
		if strings.Contains(text, password[i:i+4]) {
			return password[i : i+4]
		}
	}
	return ""
}

// TestUnfinished: what only lacks its end is told from what is wrong.
func TestUnfinished(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "x": true, "xmpps:/": true, "xmpps://": true, "xmpps://al": true, "xmpps://alice:p": true,
		"xmpps://alice:p@": true, "xmpps://alice:p@h:": true, "xmpps://alice:p@h/b?": true,
		"hello": false, "xmpps://h.example/bob": false, "xmpps://alice:p@s@": false, "xmpps://alice:p@h:52x2/b": false,
		"xmpps://alice:p@h/bob": false,
	} {
		if got := urlspec.Parse(text).Unfinished(); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
