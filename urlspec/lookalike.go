package urlspec

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What parts user, password and host is not always written as Apprise reads it:
// it comes percent-encoded, once or several times, or as the full-width sign of
// another keyboard. To Apprise those are no delimiters. To somebody who looks
// for a password they are.

// signAt gives the length of a sign of set that stands at s[i], written as it
// is, encoded or as one that looks like it; 0 when there is none.
func signAt(s string, i int, set string) int {
	switch c := s[i]; {
	case c == '%':
		n := encodedAt(s[i:])
		switch {
		case n == 0:
		case strings.IndexByte(set, encodedByte(s[i+n-2], s[i+n-1])) >= 0:
			return n
		case encodedByte(s[i+n-2], s[i+n-1]) >= utf8.RuneSelf:
			return encodedSignAt(s[i:], set)
		}
		return 0
	case c < utf8.RuneSelf:
		if strings.IndexByte(set, c) >= 0 {
			return 1
		}
		return 0
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	if c := plainSign(r); c != 0 && strings.IndexByte(set, c) >= 0 {
		return n
	}
	return 0
}

// encodedAt is the length of the escape that s begins with, with any number of
// "25" between its "%" and its digits, as in %3A and %25253A; 0 when it is none.
func encodedAt(s string) int {
	i := 1
	for strings.HasPrefix(s[i:], "25") && len(s) >= i+4 {
		i += 2
	}
	if len(s) < i+2 || unhex(s[i]) < 0 || unhex(s[i+1]) < 0 {
		return 0
	}
	return i + 2
}

// encodedSignAt is signAt for a look-alike, each byte of which is escaped.
func encodedSignAt(s, set string) int {
	var char [utf8.UTFMax]byte
	at := 0
	for i := range char {
		if at >= len(s) || s[at] != '%' {
			break
		}
		n := encodedAt(s[at:])
		if n == 0 {
			break
		}
		at += n
		char[i] = encodedByte(s[at-2], s[at-1])
		if r, n := utf8.DecodeRune(char[:i+1]); n == i+1 && r != utf8.RuneError {
			if c := plainSign(r); c != 0 && strings.IndexByte(set, c) >= 0 {
				return at
			}
			break
		}
	}
	return 0
}

func encodedByte(high, low byte) byte { return byte(unhex(high)<<4 | unhex(low)) }

// plainSign is the ASCII sign that a character looks like, 0 when it is none.
func plainSign(r rune) byte {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return byte(r - 0xFF01 + '!')
	case r == 0xFE55, r == 0xFE13, r == 0xFE30, r == 0x2236, r == 0xA789, r == 0x02D0, r == 0x05C3:
		return ':'
	case r == 0xFE6B:
		return '@'
	case r == 0x2044, r == 0x2215:
		return '/'
	case r == 0xFE5F:
		return '#'
	case r == 0xFE56:
		return '?'
	case r == 0xFE60:
		return '&'
	case r == 0xFE66:
		return '='
	}
	return 0
}

// maySign says whether a colon, or what looks like a sign, may begin with a byte.
func maySign(c byte) bool { return c == ':' || c == '%' || c >= utf8.RuneSelf }

// longestEscape is how far before a place an escape is looked for that ends
// there: one that was encoded three times.
const longestEscape = len("%252525")

// signBefore says whether a text ends with a sign of set.
func signBefore(s, set string) bool {
	i := len(s) - 1
	if window := max(0, len(s)-longestEscape); i >= 2 && unhex(s[i]) >= 0 {
		i = strings.LastIndexByte(s[window:], '%')
		if i >= 0 {
			i += window
		}
	}
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return i >= 0 && i+signAt(s, i, set) == len(s)
}

// firstSign finds the first sign of set in s and the place behind it; both are
// -1 when there is none.
func firstSign(s, set string) (at, after int) {
	for i := 0; i < len(s); i++ {
		if n := signAt(s, i, set); n > 0 {
			return i, i + n
		}
	}
	return -1, -1
}

// lastSign finds the last sign of set in s, -1 when there is none.
func lastSign(s, set string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if c := s[i]; c >= utf8.RuneSelf && !utf8.RuneStart(c) {
			continue
		}
		if signAt(s, i, set) > 0 {
			return i
		}
	}
	return -1
}

// strangeSign finds a sign that hardly any user has in the name, so that it may
// have been typed for the “:”: a delimiter of lists, or one that no local part
// may have (RFC 7622), both also encoded, since a whole text may be; a bracket,
// white space, or a “%” that begins no escape, or that of a letter, which nobody
// writes; or any other sign beyond ASCII, which no local part may have (RFC 8265).
// It has something before it and behind it. What is common in names is
// none: “-”, “.”, “_”, “+”, “=”, “~”, “\”.
func strangeSign(m mapped) (at, after int) {
	for i := leadingSpace(m.s); i < len(m.s); {
		if i > 0 && m.pos(i) > m.pos(i-1)+1 {
			return i - 1, i // a tab, which Apprise has removed
		}
		strange, n := strangeAt(m.s, i)
		if strange && i > 0 && strip(m.s[i+n:]) != "" {
			return i, i + n
		}
		i += n
	}
	return -1, -1
}

// strangeAt looks at the sign at s[i], and gives its length.
func strangeAt(s string, i int) (strange bool, n int) {
	r, n := utf8.DecodeRuneInString(s[i:])
	if sign := signAt(s, i, `|;,"'<>`); sign > 0 {
		return true, sign
	}
	if r != '%' {
		return isSpace(r) || isForeignSign(r) || r < utf8.RuneSelf && strings.IndexByte("!$*()[]{}^`", byte(r)) >= 0, n
	}
	escape := encodedAt(s[i:])
	if escape == 0 || isSchemeChar(encodedByte(s[i+escape-2], s[i+escape-1])) {
		return true, n
	}
	return false, escape
}

// isForeignSign says whether a character beyond ASCII can be seen, and is no letter,
// digit or mark.
func isForeignSign(r rune) bool {
	return r >= utf8.RuneSelf && r != utf8.RuneError && !unicode.IsLetter(r) && !unicode.IsDigit(r) &&
		!unicode.IsMark(r) && !isUnseen(r)
}
