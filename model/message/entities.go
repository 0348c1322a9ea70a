package message

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// longestReference is the longest name Python looks for in a reference, in code
// points, without "&" and ";".
const longestReference = 32

// unescapeHTML replaces character references as Python's html.unescape does. The
// names are the same as in Go; the difference is in numbers, where Python
// drops control characters and the non-characters.
func unescapeHTML(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	var out strings.Builder
	for {
		at := strings.IndexByte(s, '&')
		if at < 0 {
			out.WriteString(s)
			return out.String()
		}
		out.WriteString(s[:at])
		s = s[at:]
		size := referenceSize(s)
		if strings.HasPrefix(s[:size], "&#") {
			out.WriteString(numberedRune(s[len("&#"):size]))
		} else {
			out.WriteString(html.UnescapeString(s[:size]))
		}
		s = s[size:]
	}
}

// referenceSize is the length of the reference that s begins with, or 1 when
// its "&" begins none.
func referenceSize(s string) int {
	size := 1
	if strings.HasPrefix(s, "&#") {
		size = len("&#")
		digits := "0123456789"
		if len(s) > size && s[size]|0x20 == 'x' {
			size++
			digits += "abcdefABCDEF"
		}
		first := size
		for size < len(s) && strings.IndexByte(digits, s[size]) >= 0 {
			size++
		}
		if size == first {
			return 1
		}
	} else {
		for n := 0; n < longestReference && size < len(s); n++ {
			if strings.IndexByte("\t\n\f <&#;", s[size]) >= 0 {
				break
			}
			_, width := utf8.DecodeRuneInString(s[size:])
			size += width
		}
		if size == 1 {
			return 1
		}
	}
	if size < len(s) && s[size] == ';' {
		size++
	}
	return size
}

// windows1252 is what the references &#128; to &#159; mean.
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"

// numberedRune is the character of a numeric reference, written as "65;" or
// "x41;".
func numberedRune(number string) string {
	number = strings.TrimSuffix(number, ";")
	base := 10
	if number[0]|0x20 == 'x' {
		number, base = number[1:], 16
	}
	code, err := strconv.ParseInt(number, base, 64)
	if err != nil || code > utf8.MaxRune || code >= 0xd800 && code <= 0xdfff || code == 0 {
		return string(utf8.RuneError)
	}
	switch {
	case code >= 0x80 && code <= 0x9f:
		return string([]rune(windows1252)[code-0x80])
	case code <= 0x08, code == 0x0b, code >= 0x0e && code <= 0x1f, code == 0x7f,
		code >= 0xfdd0 && code <= 0xfdef, code&0xfffe == 0xfffe:
		return ""
	}
	return string(rune(code))
}
