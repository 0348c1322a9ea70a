package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "hello", "hello"},
		{"umlauts and wide characters", "Grüße 日本", "Grüße 日本"},
		{"escape sequence", "\x1b[2Jhi", `\x1b[2Jhi`},
		{"C1", "a\u009bb", `a\x9bb`},
		{"invalid byte", "a\xffb", `a\xffb`},
		{"bidi override", "a\u202eb", `a\u{202e}b`},
		{"line separator", "a\u2028b", `a\u{2028}b`},
		{"line feed and tab", "a\n\tb", `a\n\tb`},
		{"DEL", "a\x7fb", `a\x7fb`},
		{"zero-width joiner sequence", "👩\u200d🚀", "👩🚀"},
		{"one mark", "e\u0301", "e\u0301"},
		{"a lone mark", "\u0301", "\\u{301}"},
		{"tags", "\U000e0041", `\u{e0041}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clean(tt.in); got != tt.want {
				t.Errorf("clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestCleanBoundsMarks(t *testing.T) {
	got := clean("a" + strings.Repeat("\u0301", 100_000) + "b")
	if len(got) > 32 || !strings.HasPrefix(got, "a") || !strings.HasSuffix(got, "b") {
		t.Errorf("%d bytes: %.60q", len(got), got)
	}
}

// What is drawn is as wide as we think, whichever of the two ways of counting
// a terminal has.
func FuzzCleanWidth(f *testing.F) {
	for _, s := range []string{"abc", "日本", "👩‍🚀👍🏽🇩🇪", "e\u0301\u0302", "❤️", "\x1b[31m", "각", "ไม้", "\u1100\u1161"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for s != "" {
			text, n := cleanCluster(s)
			if ansi.StringWidth(text) != ansi.StringWidthWc(text) || text == "" {
				t.Fatalf("%q is drawn as %q, %d or %d cells", s[:n], text, ansi.StringWidth(text), ansi.StringWidthWc(text))
			}
			s = s[n:]
		}
	})
}

func TestFit(t *testing.T) {
	for _, tt := range []struct {
		in   string
		w    int
		want string
	}{{"abc", 5, "abc  "}, {"abcdef", 4, "abc…"}, {"日本語", 4, "日… "}, {"abc", 0, ""}, {"", 2, "  "}, {"abc", -3, ""}} {
		if got := fit(tt.in, tt.w); got != tt.want {
			t.Errorf("fit(%q, %d) = %q, want %q", tt.in, tt.w, got, tt.want)
		}
	}
}
