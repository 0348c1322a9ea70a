package urlview

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/xmppcore/wire"
)

func TestCharacter(t *testing.T) {
	marks := func(n int) string { return strings.Repeat("\u0301", n) }
	for name, test := range map[string]struct {
		text  string // of which the first character is shown
		shown string
		size  int
		width int
	}{
		"a letter":                    {"ab", "a", 1, 1},
		"an umlaut":                   {"üb", "ü", 2, 1},
		"a wide character":            {"日本", "日", 3, 2},
		"a character of two":          {"e\u0301b", "e\u0301", 3, 1},
		"Hangul":                      {"각b", "각", 3, 2},
		"a flag":                      {"🇩🇪b", "🇩🇪", 8, 2},
		"a no-break space":            {"\u00a0b", "\u00a0", 2, 1},
		"escape":                      {"\x1b[2J", `\u001b`, 1, 6},
		"a line feed":                 {"\nb", `\n`, 1, 2},
		"a carriage return":           {"\r\n", `\r`, 1, 2},
		"a tab":                       {"\t", `\t`, 1, 2},
		"nothing":                     {"\x00", `\u0000`, 1, 6},
		"DEL":                         {"\x7fb", `\u007f`, 1, 6},
		"C1":                          {"\u009bb", `\u009b`, 2, 6},
		"a byte that is not UTF-8":    {"\x9bb", `\x9b`, 1, 4},
		"one in a sequence cut off":   {"\xe6\x97", `\xe6`, 1, 4},
		"a right-to-left override":    {"\u202eb", `\u202e`, 3, 6},
		"an isolate":                  {"\u2066b", `\u2066`, 3, 6},
		"a line separator":            {"\u2028b", `\u2028`, 3, 6},
		"a zero width space":          {"\u200bb", `\u200b`, 3, 6},
		"a byte order mark":           {"\ufeffb", `\ufeff`, 3, 6},
		"a soft hyphen":               {"\u00adb", `\u00ad`, 2, 6},
		"a vowel separator":           {"\u180eb", `\u180e`, 3, 6},
		"a tag":                       {"\U000e0041b", `\U000e0041`, 4, 10},
		"for private use":             {"\ue000b", `\ue000`, 3, 6},
		"a mark alone":                {"\u0301b", `\u0301`, 2, 6},
		"a letter before a joiner":    {"a\u200db", "a", 1, 1},
		"a joiner alone":              {"\u200db", `\u200d`, 3, 6},
		"joined emoji":                {"👩\u200d🚀b", "👩🚀", 11, 4},
		"a skin":                      {"👍🏽b", "👍", 8, 2},
		"a heart as an emoji":         {"❤\ufe0fb", "❤", 6, 1},
		"a sign that takes a letter":  {"\u0d4eab", `\u0d4e`, 3, 6},
		"one that takes a stray byte": {"\u0d4e\xff", `\u0d4e`, 3, 6},
		"a hundred marks":             {"a" + marks(100) + "b", "a" + marks(4), 201, 1},
	} {
		t.Run(name, func(t *testing.T) {
			shown, size, width := Character(test.text)
			if shown != test.shown || size != test.size || width != test.width {
				t.Errorf("got %q for %d bytes, %d columns; want %q, %d, %d",
					shown, size, width, test.shown, test.size, test.width)
			}
		})
	}
}

// FuzzCharacter: what is shown is safe, and as wide as we think, whichever of
// the two ways of counting a terminal has.
func FuzzCharacter(f *testing.F) {
	for _, s := range []string{"abc", "日本", "👩\u200d🚀👍🏽🇩🇪",
		"e\u0301\u0302", "❤\ufe0f", "\x1b[31m", "각", "ไม้",
		"\u1100\u1161", "\u0d4e\xff", "\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for s != "" {
			shown, size, width := Character(s)
			if size < 1 || size > len(s) {
				t.Fatalf("%q has a character of %d bytes", s, size)
			}
			if a, b := ansi.StringWidth(shown), ansi.StringWidthWc(shown); a != width || b != width || width < 1 {
				t.Fatalf("%q is drawn as %q, %d or %d columns, not %d", s[:size], shown, a, b, width)
			}
			if !utf8.ValidString(shown) || strings.ContainsFunc(shown, Hidden) || wire.Safe(shown) != shown {
				t.Fatalf("%q is drawn as %q", s[:size], shown)
			}
			s = s[size:]
		}
	})
}
