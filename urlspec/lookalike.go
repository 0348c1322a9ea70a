package urlspec

import (
	"strings"
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
		if n > 0 && strings.IndexByte(set, encodedByte(s[i+n-2], s[i+n-1])) >= 0 {
			return n
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
