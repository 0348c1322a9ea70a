package secret

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxLayers is how many escapes may stand one inside another: a JSON string in
// a percent escape in XML.
const maxLayers = 3

// eachView gives a text as it is, and without one more layer of escapes each
// time, until seen says that it has seen enough.
func eachView(text string, seen func(view string) bool) bool {
	for layer := 0; ; layer++ {
		if seen(text) {
			return true
		}
		if layer == maxLayers {
			return false
		}
		next, escaped := unescape(text)
		if !escaped {
			return false
		}
		text = next
	}
}

// unescape takes a text out of one layer of escapes: %41, \u0041, \x41, \", \/
// and the like, &amp; and &#65;.
func unescape(text string) (plain string, escaped bool) {
	i := firstOf(text, '%', '\\', '&')
	if i == len(text) {
		return text, false
	}
	b := make([]byte, 0, len(text))
	b = append(b, text[:i]...)
	for i < len(text) {
		n := 0
		switch text[i] {
		case '%':
			b, n = percent(b, text[i:])
		case '\\':
			b, n = backslash(b, text[i:])
		case '&':
			b, n = entity(b, text[i:])
		}
		if n == 0 {
			b = append(b, text[i])
			n = 1
		}
		i += n
	}
	return string(b), string(b) != text
}

// firstOf is where the first of three bytes stands, the length of the text where
// none does. For a long text it is much faster than [strings.IndexAny].
func firstOf(text string, bytes ...byte) int {
	for _, c := range bytes {
		if i := strings.IndexByte(text, c); i >= 0 {
			text = text[:i]
		}
	}
	return len(text)
}

// percent, backslash and entity read one escape at the beginning of a text, and
// say how long it is: 0 when it is none.
func percent(b []byte, text string) ([]byte, int) {
	if len(text) < 3 {
		return b, 0
	}
	if c, ok := hexadecimal(text[1:3]); ok {
		return append(b, byte(c)), 3
	}
	return b, 0
}

// simpleEscapes are those of one character behind a backslash.
const simpleEscapes = "\"\"''//\\\\b\bf\fn\nr\rt\t"

func backslash(b []byte, text string) ([]byte, int) {
	if len(text) == 1 {
		return b, 0
	}
	digits := 0
	switch text[1] {
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	default:
		for i := 0; i < len(simpleEscapes); i += 2 {
			if simpleEscapes[i] == text[1] {
				return append(b, simpleEscapes[i+1]), 2
			}
		}
		return b, 0
	}
	if len(text) < 2+digits {
		return b, 0
	}
	r, ok := hexadecimal(text[2 : 2+digits])
	switch {
	case !ok:
		return b, 0
	case digits == 2:
		return append(b, byte(r)), 4
	case utf16.IsSurrogate(r) && len(text) >= 12 && text[6:8] == `\u`:
		if low, ok := hexadecimal(text[8:12]); ok {
			return utf8.AppendRune(b, utf16.DecodeRune(r, low)), 12
		}
	}
	return utf8.AppendRune(b, r), 2 + digits
}

// entities are those that XML predefines.
var entities = [...]struct {
	name string
	char byte
}{{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}

// maxEntity is how long a reference can be, with its leading zeros.
const maxEntity = 12

func entity(b []byte, text string) ([]byte, int) {
	end := strings.IndexByte(text[:min(len(text), maxEntity)], ';')
	if end < 0 {
		return b, 0
	}
	name := text[1:end]
	for _, e := range entities {
		if e.name == name {
			return append(b, e.char), end + 1
		}
	}
	digits, base := strings.TrimPrefix(name, "#"), 10
	if digits == name {
		return b, 0
	}
	if rest := strings.TrimLeft(digits, "xX"); rest != digits {
		digits, base = rest, 16
	}
	if r, err := strconv.ParseUint(digits, base, 31); err == nil {
		return utf8.AppendRune(b, rune(r)), end + 1
	}
	return b, 0
}

// withoutCutEscape is a text without the beginning of an escape at its end.
func withoutCutEscape(text string) string {
	i := strings.LastIndexAny(text[max(0, len(text)-maxEntity):], `%\&`)
	if i < 0 {
		return text
	}
	i += max(0, len(text)-maxEntity)
	rest := text[i+1:]
	switch text[i] {
	case '%':
		rest = strings.TrimLeft(rest, hexDigits)
	case '\\':
		rest = strings.TrimLeft(strings.TrimLeft(rest, "uUx"), hexDigits)
	case '&':
		rest = strings.TrimLeftFunc(rest, func(r rune) bool { return r == '#' || inWord(r) })
	}
	if rest != "" {
		return text
	}
	return text[:i]
}

const hexDigits = "0123456789abcdefABCDEF"

// hexadecimal reads digits and nothing else.
func hexadecimal(digits string) (rune, bool) {
	n, err := strconv.ParseUint(digits, 16, 31)
	return rune(n), err == nil && !strings.ContainsAny(digits, "+-_xX")
}

// fold takes away what a server changes on the way: case, compatibility forms
// (NFKC), the characters that SASLprep maps to nothing (RFC 4013 2.1), and the
// kinds of white space. ASCII is left to the automaton, which folds byte by
// byte as asciiFold does.
func fold(text string) string {
	if isASCII(text) {
		return text
	}
	text = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text)))
	return strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
			return r
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector) || r == 0x034F:
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, text)
}

func isASCII(text string) bool {
	for len(text) >= 8 { // these eight bytes are read at once
		if (text[0]|text[1]|text[2]|text[3]|text[4]|text[5]|text[6]|text[7])&0x80 != 0 {
			return false
		}
		text = text[8:]
	}
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// asciiFold is how a byte is compared: without its case, and with white space as
// queries write it.
func asciiFold(c byte) byte {
	switch {
	case c >= 'A' && c <= 'Z':
		return c + 'a' - 'A'
	case c == '+' || c == '\t' || c == '\n' || c == '\r':
		return ' '
	}
	return c
}

// foldASCII is asciiFold of a whole text.
func foldASCII(text string) string {
	b := []byte(text)
	for i, c := range b {
		b[i] = asciiFold(c)
	}
	return string(b)
}

// inWord reports whether a character can be part of a word.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
