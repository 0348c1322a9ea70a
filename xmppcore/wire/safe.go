package wire

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is how many characters of a server's explanation are kept.
const maxText = 500

// Safe makes text from the network safe to show: control characters (C0, C1,
// DEL), bidirectional and other invisible format characters, line and paragraph
// separators and bytes that are not UTF-8 become visible escapes: \n, \r, \t,
// \u202e, \xff. The joiners U+200C and U+200D stay, since scripts and emoji
// need them. Safe is for one line of output; it does not shorten.
func Safe(s string) string {
	clean := strings.IndexFunc(s, unsafeRune) < 0 && utf8.ValidString(s)
	if clean {
		return s
	}
	var b strings.Builder
	appendSafe(&b, s)
	return b.String()
}

// unsafeRune reports whether r could do anything but be seen.
func unsafeRune(r rune) bool {
	switch {
	case r < 0x20 || r == 0x7f:
		return true
	case r < 0x7f:
		return false
	case r == 0x200C || r == 0x200D:
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

func appendSafe(b *strings.Builder, s string) {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r > 0xffff && unsafeRune(r):
			fmt.Fprintf(b, `\U%08x`, r)
		case unsafeRune(r):
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
}

// safeCut is Safe of the first max characters of s, with "…" where it was cut.
func safeCut(s string, max int) string {
	n := 0
	for i := range s {
		if n == max {
			return Safe(s[:i]) + "…"
		}
		n++
	}
	return Safe(s)
}
