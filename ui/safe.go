package ui

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// clusterRunes is how many code points of one character are drawn. Scripts
// that stack marks need three or four; a hundred thousand are an attack.
const clusterRunes = 5

// clean makes any text drawable in one line. Control characters, bidirectional
// overrides, line separators and invalid bytes become visible escapes, and a
// character whose width terminals do not agree on is reduced to its first code
// point, so that no line is ever longer than we think.
//
// Text from the network is safe before it gets here; this is the second lock.
func clean(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for len(s) > 0 {
		text, n := cleanCluster(s)
		b.WriteString(text)
		s = s[n:]
	}
	return b.String()
}

// cleanCluster gives the drawable form of the first character of s, and how
// many bytes of s it stands for.
func cleanCluster(s string) (text string, n int) {
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && size <= 1 {
		return fmt.Sprintf(`\x%02x`, s[0]), 1
	}
	if hidden(r) {
		return escape(r), size
	}
	if r < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		return s[:1], 1
	}
	cluster, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	n = max(len(cluster), size)
	var kept strings.Builder
	count := 0
	for _, r := range cluster {
		if count == clusterRunes {
			break
		}
		if !hidden(r) {
			kept.WriteRune(r)
		}
		count++
	}
	text = kept.String()
	if ansi.StringWidth(text) == ansi.StringWidthWc(text) && ansi.StringWidth(text) > 0 {
		return text, n
	}
	first := string(r)
	if w := ansi.StringWidth(first); w > 0 && w == ansi.StringWidthWc(first) {
		return first, n
	}
	return escape(r), n
}

// hidden says whether a code point must not reach the terminal as it is: it
// would move the cursor, turn the text around, or simply not be seen.
func hidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r == 0x2028, r == 0x2029, r == 0x061c, r == 0xfeff, r == 0x00ad:
		return true
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
		return true
	case r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return unicode.Is(unicode.Co, r)
}

func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	}
	return fmt.Sprintf(`\u{%x}`, r)
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// cells is the width of drawable text.
func cells(s string) int { return ansi.StringWidth(s) }

// fit makes drawable text, styled or not, exactly w cells wide.
func fit(s string, w int) string {
	if w <= 0 {
		return ""
	}
	n := cells(s)
	if n > w {
		s = ansi.Truncate(s, w, "…")
		n = cells(s)
	}
	if n < w {
		s += strings.Repeat(" ", w-n)
	}
	return s
}

// shorten cuts drawable text to at most w cells.
func shorten(s string, w int) string {
	if w <= 0 {
		return ""
	}
	return ansi.Truncate(s, w, "…")
}

// spread puts left and right at the two ends of w cells; left gives way.
func spread(left, right string, w int) string {
	r := cells(right)
	if r >= w {
		return fit(right, w)
	}
	return fit(left, w-r) + right
}

// wrap breaks clean text into lines of at most w cells, between words where it
// can.
func wrap(s string, w int) []string {
	if w <= 0 {
		return nil
	}
	return strings.Split(ansi.Wrap(s, w, " "), "\n")
}
