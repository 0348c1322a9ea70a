package message

import (
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// What is no escape stays as it was typed; the answers are Apprise's.
func TestInterpretEscapes(t *testing.T) {
	for _, test := range [...]struct {
		in, want string
		half     bool // half a character stands alone
	}{
		{in: "", want: ""},
		{in: "plain é 😀", want: "plain é 😀"},
		{in: `a\nb\tc\r`, want: "a\nb\tc\r"},
		{in: `\\n \' \" \a\b\f\v`, want: "\\n ' \" \a\b\f\v"},
		{in: "a\\\nb", want: "ab"},
		{in: `\q \8 \z`, want: `\q \8 \z`},
		{in: `\101\60\0 \777 \1234`, want: "A0\x00 \u01ff S4"},
		{in: `\x41\xe9 \u263a \U0001f600`, want: "Aé ☺ 😀"},
		{in: `\N{BULLET} \N{greek small letter alpha}`, want: "• α"},
		{in: `\N{CJK UNIFIED IDEOGRAPH-65E5}`, want: "日"},
		{in: `\é \☺ \😀`, want: `\é \☺ \😀`},
		{in: `\N{LF}\N{NUL}\N{alert}`, want: "\n\x00\a"},
		{in: `\N{HANGUL SYLLABLE GA}\N{HANGUL SYLLABLE HIH}`, want: "가힣"},
		{in: `C:\Users\name`, want: "C:\\Users\name"},
		{in: `\`, want: `\`},
		{in: `a\x4`, want: `a\x4`},
		{in: `\xg1`, want: `\xg1`},
		{in: `\u12 `, want: `\u12 `},
		{in: `\U00110000`, want: `\U00110000`},
		{in: `\x+1`, want: `\x+1`},
		{in: `\N`, want: `\N`},
		{in: `\N{BULLET`, want: `\N{BULLET`},
		{in: `\N{NO SUCH NAME}`, want: `\N{NO SUCH NAME}`},
		{in: `\N{CJK UNIFIED IDEOGRAPH-0041}`, want: `\N{CJK UNIFIED IDEOGRAPH-0041}`},
		{in: `\ud83d\ude00`, want: "😀"},
		{in: `\ud83d`, half: true},
		{in: `\ud83d \ude00`, half: true},
		{in: `\ude00\ud83d`, half: true},
		{in: `\ud83d\x`, half: true},
	} {
		got, _, whole := interpretEscapes(test.in)
		if whole == test.half || whole && got != test.want {
			t.Errorf("%q: got %q, %v, want %q", test.in, got, whole, test.want)
		}
	}
}

// Text without a backslash is not touched, and a doubled backslash stands for
// one, whatever is around it.
func FuzzEscapes(f *testing.F) {
	for _, seed := range []string{"", "a b", `\x41\u263a\N{BULLET}\101`, "\\", "é\\\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, _, whole := interpretEscapes(strings.ReplaceAll(s, `\`, `\\`)); !whole || got != s {
			t.Errorf("%q doubled gives %q, %v", s, got, whole)
		}
		if got, _, whole := interpretEscapes(s); whole && !strings.Contains(s, `\`) && got != s {
			t.Errorf("%q gives %q", s, got)
		}
	})
}

// TestHalvesLeftOut: half a character that does not come into a message keeps it from
// nobody, be it that a conversion leaves it out or a cut.
func TestHalvesLeftOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		n        Notification
		reading  urlspec.Reading
		accepted bool
	}{
		"in a style":     {Notification{Body: `x<style>\ud83d</style>y`, InputFormat: formatHTML}, urlspec.Reading{}, true},
		"beside a style": {Notification{Body: `x\ud83d<style></style>y`, InputFormat: formatHTML}, urlspec.Reading{}, false},
		"behind the cut": {Notification{Body: strings.Repeat("x", BodyLimit) + `\ud83d`},
			urlspec.Reading{Overflow: "truncate"}, true},
		"before the cut": {Notification{Body: `\ud83d` + strings.Repeat("x", BodyLimit)},
			urlspec.Reading{Overflow: "truncate"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c.n.InterpretEscapes = true
			batch := For(t.Context(), c.n, c.reading)
			if batch.Accepted != c.accepted || batch.Halved == c.accepted {
				t.Errorf("accepted %v, halved %v: %s", batch.Accepted, batch.Halved, batch.Reason)
			}
			for _, m := range batch.Messages {
				if strings.ContainsRune(m.Body, loneHalf) {
					t.Errorf("%q", m.Body)
				}
			}
		})
	}
}
