package message

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/runenames"
)

// Apprise interprets escapes with Python's unicode-escape codec, after writing
// every character beyond ASCII as an escape of its own.

var (
	// errEscape means a malformed escape: Apprise keeps the text as typed.
	errEscape = errors.New("malformed escape")
	// errSurrogate means an escape for half a character, which Python accepts
	// and no encoder will send.
	errSurrogate = errors.New("escape for a surrogate")
)

// simpleEscapes are the escapes of one character.
var simpleEscapes = map[byte]string{
	'\n': "", '\\': "\\", '\'': "'", '"': "\"", 'a': "\a", 'b': "\b", 'f': "\f",
	'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// hexEscapes are the escapes with a fixed number of hexadecimal digits.
var hexEscapes = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// interpretEscapes replaces the escapes of a Python string literal: \n and its
// like, octal \101, \x41, \u263a, \U0001f600, \N{BULLET}, and a backslash at a
// line's end, which joins two lines. An unknown escape such as \q stays. The
// error is errEscape, or else errSurrogate.
func interpretEscapes(s string) (string, error) {
	var out strings.Builder
	var half error
	for {
		at := strings.IndexByte(s, '\\')
		if at < 0 {
			out.WriteString(s)
			return out.String(), half
		}
		out.WriteString(s[:at])
		s = s[at+1:]
		text, used, err := oneEscape(s)
		switch err {
		case errSurrogate:
			half = err
		case errEscape:
			return "", err
		}
		out.WriteString(text)
		s = s[used:]
	}
}

// oneEscape interprets what follows a backslash: the text it stands for, and
// how many bytes belong to it.
func oneEscape(s string) (text string, used int, err error) {
	if s == "" {
		return "", 0, errEscape
	}
	c := s[0]
	if text, ok := simpleEscapes[c]; ok {
		return text, 1, nil
	}
	if digits := hexEscapes[c]; digits > 0 {
		if len(s) <= digits {
			return "", 0, errEscape
		}
		code, err := strconv.ParseUint(s[1:1+digits], 16, 32)
		if err != nil || code > utf8.MaxRune {
			return "", 0, errEscape
		}
		if code >= 0xd800 && code <= 0xdfff {
			return "", 1 + digits, errSurrogate
		}
		return string(rune(code)), 1 + digits, nil
	}
	switch {
	case c >= '0' && c <= '7':
		return octalEscape(s)
	case c == 'N':
		return namedEscape(s)
	case c >= utf8.RuneSelf:
		// The character was an escape itself by now, and its backslash is
		// taken by this one: only its letters and digits are left.
		r, size := utf8.DecodeRuneInString(s)
		return asciiEscape(r), size, nil
	}
	return "\\" + s[:1], 1, nil
}

// octalEscape takes up to three octal digits; \777 is U+01FF.
func octalEscape(s string) (string, int, error) {
	code, used := rune(0), 0
	for used < len(s) && used < 3 && s[used] >= '0' && s[used] <= '7' {
		code = code*8 + rune(s[used]-'0')
		used++
	}
	return string(code), used, nil
}

// namedEscape takes {NAME}, in any case.
func namedEscape(s string) (string, int, error) {
	end := strings.IndexByte(s, '}')
	if len(s) < 2 || s[1] != '{' || end < 0 {
		return "", 0, errEscape
	}
	r, ok := runeNamed(strings.ToUpper(s[2:end]))
	if !ok {
		return "", 0, errEscape
	}
	return string(r), end + 1, nil
}

// asciiEscape is Python's backslashreplace of r.
func asciiEscape(r rune) string {
	hex := strconv.FormatInt(int64(r), 16)
	switch {
	case r < 0x100:
		return `\x` + hex
	case r < 0x10000:
		return `\u` + strings.Repeat("0", 4-len(hex)) + hex
	}
	return `\U` + strings.Repeat("0", 8-len(hex)) + hex
}

// runeNamed finds a character by its Unicode name. Unlike Python it knows no
// name aliases and no names of Hangul syllables.
func runeNamed(name string) (rune, bool) {
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
