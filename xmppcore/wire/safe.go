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
		if r == utf8.RuneError && n == 1 || unsafeRune(r) {
			b.WriteString(Escape(s[i : i+n]))
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
}

// Escape is the visible form of one character that must not be shown as it is,
// or of one byte that is not UTF-8, as in Safe.
func Escape(character string) string {
	switch r, n := utf8.DecodeRuneInString(character); {
	case r == utf8.RuneError && n == 1:
		return fmt.Sprintf(`\x%02x`, character[0])
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	default:
		return fmt.Sprintf(`\u%04x`, r)
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
