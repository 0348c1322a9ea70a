package message

import (
	"strings"
	"testing"
)

// The answers are those of CPython's unicode-escape codec.
func TestInterpretEscapes(t *testing.T) {
	for _, test := range [...]struct {
		in, want string
		err      error
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
		{in: `\é \☺ \😀`, want: `\xe9 \u263a \U0001f600`},
		{in: `\`, err: errEscape},
		{in: `a\x4`, err: errEscape},
		{in: `\xg1`, err: errEscape},
		{in: `\u12 `, err: errEscape},
		{in: `\U00110000`, err: errEscape},
		{in: `\x+1`, err: errEscape},
		{in: `\N`, err: errEscape},
		{in: `\N{BULLET`, err: errEscape},
		{in: `\N{NO SUCH NAME}`, err: errEscape},
		{in: `\N{CJK UNIFIED IDEOGRAPH-0041}`, err: errEscape},
		{in: `\ud83d\ude00`, err: errSurrogate},
		{in: `\ud83d\x`, err: errEscape},
	} {
		got, err := interpretEscapes(test.in)
		if err != test.err || err == nil && got != test.want {
			t.Errorf("%q: got %q, %v, want %q, %v", test.in, got, err, test.want, test.err)
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
		if got, err := interpretEscapes(strings.ReplaceAll(s, `\`, `\\`)); err != nil || got != s {
			t.Errorf("%q doubled gives %q, %v", s, got, err)
		}
		if got, err := interpretEscapes(s); err == nil && !strings.Contains(s, `\`) && got != s {
			t.Errorf("%q gives %q", s, got)
		}
	})
}
