package urlspec

import (
	"strings"
	"testing"
)

// checkSpans reports spans that do not cover the text in order.
func checkSpans(t *testing.T, s Spec) {
	t.Helper()
	at := 0
	for _, span := range s.Spans {
		if span.Start != at || span.End <= span.Start {
			t.Fatalf("%q: span %+v after offset %d", s.Text, span, at)
		}
		at = span.End
	}
	if at != len(s.Text) {
		t.Fatalf("%q: spans end at %d of %d", s.Text, at, len(s.Text))
	}
}

func TestSpansCoverEveryPrefix(t *testing.T) {
	for _, row := range oracleRows(t) {
		if len(row.URL) > 300 {
			checkSpans(t, Parse(row.URL))
			continue
		}
		for i := range len(row.URL) + 1 {
			checkSpans(t, Parse(row.URL[:i]))
		}
	}
}

func TestRedacted(t *testing.T) {
	for _, c := range [][2]string{
		{"xmpps://alice:secret@example.com/bob", "xmpps://alice:••••••••@example.com/bob"},
		{"xmpps://alice:p@ss@example.com", "xmpps://alice:••••••••@example.com"},
		{"xmpps://alice:a:b@example.com", "xmpps://alice:••••••••@example.com"},
		{"xmpps://alice::b@example.com", "xmpps://alice:••••••••@example.com"},
		{"xmpps://me@example.net:pass@example.com", "xmpps://me@example.net:••••••••@example.com"},
		{"xmpps://alice:secr", "xmpps://alice:••••••••"},
		{"xmpps://alice:12", "xmpps://alice:••••••••"},
		{"xmpps://alice:5222", "xmpps://alice:••••••••"},
		{"xmpps://alice.b:12", "xmpps://alice.b:••••••••"},
		{"xmpps://example.com:5222", "xmpps://example.com:5222"},
		{"xmpps://localhost:5223/bob", "xmpps://localhost:5223/bob"},
		{"xmpps://[::1]:5222", "xmpps://[::1]:5222"},
		{"xmpps://[2001:db8::", "xmpps://[2001:db8::"},
		{"xmpps://example.com:99?user=bob&pass=secret", "xmpps://example.com:99?user=bob&pass=••••••••"},
		{"xmpps://alice:p/ss@example.com", "xmpps://alice:••••••••@example.com"},
		{"xmpps://alice:p#ss@example.com", "xmpps://alice:••••••••@example.com"},
		{"xmpps://alice:p?ss@example.com", "xmpps://alice:••••••••@example.com"},
		{"xmpps://alice:p/ss", "xmpps://alice:••••••••"},
		{"xmpps://alice:secr?to=bob@example.com", "xmpps://alice:••••••••?to=bob@example.com"},
		{"xmpps://secret@example.com?user=bob", "xmpps://••••••••@example.com?user=bob"},
		{"xmpps://h.example?p%61ss=secret", "xmpps://h.example?p%61ss=••••••••"},
		{"xmpps://h.example?PASSWORD=secret&mode=tls", "xmpps://h.example?PASSWORD=••••••••&mode=tls"},
		{"xmpps://h.example?pas=secr", "xmpps://h.example?pas=••••••••"},
		{"xmpps://h.example?pasword=secr", "xmpps://h.example?pasword=••••••••"},
		{"xmpps://h.example?pass=a&b;c&mode=tls", "xmpps://h.example?pass=••••••••&••••••••;••••••••&mode=tls"},
		{"xmpps://a:b@c.example/jane, xmpp://u2:p2@example.net/joe",
			"xmpps://a:••••••••@c.example/jane, xmpp://u2:••••••••@example.net/joe"},
		{"garbage xmpps://alice:my pass@example.com/bob", "garbage xmpps://alice:••••••••@example.com/bob"},
		{"alice:secret@example.com", "alice:••••••••@example.com"},
		{"alice:my secret@example.com", "alice:••••••••@example.com"},
		{"alice:secr", "alice:••••••••"},
		{"xmpps:/alice:secret@example.com", "xmpps:/alice:••••••••@example.com"},
		{"xmpp:alice@example.com?message", "xmpp:alice@example.com?message"},
		{"xmpp//alice:secret@example.com", "xmpp//alice:••••••••@example.com"},
		{"XMPP_PASSWORD=secret", "XMPP_PASSWORD=••••••••"},
		{"dial tcp 127.0.0.1:5222: connection refused", "dial tcp 127.0.0.1:5222: connection refused"},
		{"http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"},
		{"", ""},
		{"xmpp+tls://alice:secret@example.com", "xmpp+tls://alice:••••••••@example.com"},
		{"tag=xmpps://alice:secret@example.com", "tag=xmpps://alice:••••••••@example.com"},
		{"xmpps://", "xmpps://"},
		{"xmpps://alice", "xmpps://alice"},
		{"xmpps://alice:", "xmpps://alice:"},
	} {
		s := Parse(c[0])
		checkSpans(t, s)
		if got := s.Redacted(); got != c[1] {
			t.Errorf("%q\n got %q\nwant %q", c[0], got, c[1])
		}
		if got := Redact(c[0]); got != c[1] {
			t.Errorf("Redact(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

// TestPlainWords: no word that Redact gives back unread has a secret by the rules that
// read it.
func TestPlainWords(t *testing.T) {
	parts := []string{"xmpps", "xmpp", "alice", "password", "pass", "pwd", "token", "secret", "jid", "user", "example.org",
		"5222", "Zq7", "-", "_", ".", "~", ""}
	for _, a := range parts {
		for _, b := range parts {
			for _, c := range parts {
				word := strings.Join([]string{a, b, c}, "")
				if got := spanned(word).Redacted(); !isPlainWord(word) || got != word {
					t.Fatalf("%q is read as %q", word, got)
				}
			}
		}
	}
}
