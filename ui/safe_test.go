package ui

import (
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "hello", "hello"},
		{"umlauts and wide characters", "Grüße 日本", "Grüße 日本"},
		{"escape sequence", "\x1b[2Jhi", `\u001b[2Jhi`},
		{"C1", "a\u009bb", `a\u009bb`},
		{"invalid byte", "a\xffb", `a\xffb`},
		{"bidi override", "a\u202eb", `a\u202eb`},
		{"line separator", "a\u2028b", `a\u2028b`},
		{"line feed and tab", "a\n\tb", `a\n\tb`},
		{"DEL", "a\x7fb", `a\u007fb`},
		{"zero-width joiner sequence", "👩\u200d🚀", "👩🚀"},
		{"one mark", "e\u0301", "e\u0301"},
		{"a lone mark", "\u0301", `\u0301`},
		{"tags", "\U000e0041", `\U000e0041`},
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

func TestFit(t *testing.T) {
	for _, tt := range []struct {
		in   string
		w    int
		want string
	}{{"abc", 5, "abc  "}, {"abcdef", 4, "abc…"}, {"日本語", 4, "日… "}, {"abc", 0, ""}, {"", 2, "  "},
		{"abc", -3, ""}} {
		if got := fit(tt.in, tt.w); got != tt.want {
			t.Errorf("fit(%q, %d) = %q, want %q", tt.in, tt.w, got, tt.want)
		}
	}
}
