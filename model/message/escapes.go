package message

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/runenames"
)

// simpleEscapes are the escapes of one character.
var simpleEscapes = map[byte]string{
	'\n': "", '\\': "\\", '\'': "'", '"': "\"", 'a': "\a", 'b': "\b", 'f': "\f",
	'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// hexEscapes are the escapes with a fixed number of hexadecimal digits.
var hexEscapes = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// interpretEscapes replaces the escapes of a Python string literal, one by one:
// \n and its like, octal \101, \x41, \u263a, \U0001f600, \N{BULLET}, and a
// backslash at a line's end, which joins two lines. What is no escape stays as it
// was typed. Two escapes for the halves of one character are that character, and
// halved says that there are such; whole is false when one half stands alone, for
// which loneHalf stands in the text.
func interpretEscapes(s string) (text string, halved, whole bool) {
	var out strings.Builder
	half := rune(0) // the first half of a character, still without its second
	whole = true
	alone := func() { // the half before has no second one
		if half != 0 {
			out.WriteRune(loneHalf)
			half, halved, whole = 0, true, false
		}
	}
	for s != "" {
		at := strings.IndexByte(s, '\\')
		if at < 0 {
			at = len(s)
		}
		if at > 0 {
			alone()
		}
		out.WriteString(s[:at])
		if s = s[at:]; s == "" {
			break
		}
		text, used, isHalf := oneEscape(s[1:])
		switch {
		case isHalf && half == 0:
			half = text
		case isHalf:
			if r := utf16.DecodeRune(half, text); r != utf8.RuneError {
				out.WriteRune(r)
				half, halved = 0, true
			} else {
				alone()
				half = text
			}
		case used < 0: // no escape: the backslash stays, and so does what follows
			alone()
			out.WriteByte('\\')
			used = 0
		case text >= 0:
			alone()
			out.WriteRune(text)
		}
		s = s[1+used:]
	}
	alone()
	return out.String(), halved, whole
}

// loneHalf stands for half a character, which no Go string can hold as Python's do: a
// noncharacter, which no text of a person's has. What a conversion or a cut leaves
// out of a message is as if it had not been there.
const loneHalf = '\ufdd0'

// joined is what a backslash at a line's end stands for: nothing.
const joined rune = -1

// oneEscape interprets what follows a backslash: the character it stands for,
// and how many bytes belong to it, -1 when it is no escape. half says that it is
// half a character (a surrogate).
func oneEscape(s string) (r rune, used int, half bool) {
	if s == "" {
		return 0, -1, false
	}
	c := s[0]
	if text, ok := simpleEscapes[c]; ok {
		if text == "" {
			return joined, 1, false
		}
		return rune(text[0]), 1, false
	}
	switch digits := hexEscapes[c]; {
	case digits > 0:
		if len(s) <= digits {
			return 0, -1, false
		}
		code, err := strconv.ParseUint(s[1:1+digits], 16, 32)
		if err != nil || code > utf8.MaxRune {
			return 0, -1, false
		}
		return rune(code), 1 + digits, utf16.IsSurrogate(rune(code))
	case c >= '0' && c <= '7':
		return octalEscape(s)
	case c == 'N':
		return namedEscape(s)
	}
	return 0, -1, false
}

// octalEscape takes up to three octal digits; \777 is U+01FF.
func octalEscape(s string) (r rune, used int, half bool) {
	for used < len(s) && used < 3 && s[used] >= '0' && s[used] <= '7' {
		r = r*8 + rune(s[used]-'0')
		used++
	}
	return r, used, false
}

// namedEscape takes {NAME}, in any case.
func namedEscape(s string) (r rune, used int, half bool) {
	end := strings.IndexAny(s[1:], "}\\")
	if len(s) < 2 || s[1] != '{' || end < 0 || s[1+end] != '}' || strings.IndexByte(s[2:1+end], '{') >= 0 {
		return 0, -1, false
	}
	r, ok := runeNamed(strings.ToUpper(s[2 : 1+end]))
	if !ok {
		return 0, -1, false
	}
	return r, end + 2, false
}

// runeNamed finds a character by its Unicode name, or by an alias of it.
func runeNamed(name string) (rune, bool) {
	if syllable, ok := strings.CutPrefix(name, "HANGUL SYLLABLE "); ok {
		return hangulNamed(syllable)
	}
	if r, ok := aliases()[name]; ok {
		return r, true
	}
	if digits, ok := strings.CutPrefix(name, "CJK UNIFIED IDEOGRAPH-"); ok {
		code, err := strconv.ParseUint(digits, 16, 32)
		if err != nil || !strings.HasPrefix(runenames.Name(rune(code)), "<CJK Ideograph") {
			return 0, false
		}
		return rune(code), true
	}
	r, ok := runesByName()[name]
	return r, ok
}

// runesByName is built when the first \N is met, and only read from then on.
var runesByName = sync.OnceValue(func() map[string]rune {
	names := make(map[string]rune, 1<<16)
	for r := rune(0); r <= 0xe01ef; r++ {
		if name := runenames.Name(r); name != "" && name[0] != '<' {
			names[name] = r
		}
		if r == 0x3ffff {
			r = 0xe0000 - 1 // planes 4 to 13 are empty
		}
	}
	return names
})
