package urlview

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/xmppcore/wire"
)

// clusterRunes is how many code points of one character are drawn. Scripts
// that stack marks need three or four; a hundred thousand are an attack.
const clusterRunes = 5

// Character gives what is shown for the first character of a text that is not
// empty, how many bytes of it that stands for, and how many columns it takes.
//
// A control character, one that turns the text around or is not seen, and a
// byte that is not UTF-8 become a visible escape. A character whose width
// terminals do not agree on is reduced to its first code point, or to the escape
// of that, so that no line is ever longer than we think. Joiners inside of a
// character are left out.
func Character(s string) (shown string, size, width int) {
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && size <= 1 || Hidden(r) {
		shown = wire.Escape(s[:size])
		return shown, size, len(shown)
	}
	if r < utf8.RuneSelf && alone(s[size:]) {
		return s[:size], size, 1
	}
	cluster, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	all := max(len(cluster), size)
	shown = visible(cluster)
	if width, ok := sureWidth(shown); ok {
		return shown, all, width
	}
	first := s[:size]
	if prepended(first) {
		shown = wire.Escape(first)
		return shown, size, len(shown)
	}
	if width, ok := sureWidth(first); ok {
		return first, all, width
	}
	shown = wire.Escape(first)
	return shown, all, len(shown)
}

// alone says whether an ASCII character before rest is a character by itself.
// There is nothing that it could be joined to, so a joiner is one as well.
func alone(rest string) bool {
	if rest == "" || rest[0] < utf8.RuneSelf {
		return true
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return Hidden(r)
}

// prepended says whether a code point makes one character with whatever comes
// behind it, which must not vanish.
func prepended(first string) bool {
	cluster, _ := ansi.FirstGraphemeCluster(first+"a", ansi.GraphemeWidth)
	return len(cluster) > len(first)
}

// visible is a character without its hidden code points and without more of
// them than anything readable has. It is empty for one with a byte that is not
// UTF-8.
func visible(cluster string) string {
	var b strings.Builder
	count, from := 0, 0
	for i, r := range cluster {
		switch {
		case r == utf8.RuneError:
			return ""
		case count == clusterRunes:
			return b.String() + cluster[from:i]
		case Hidden(r):
			b.WriteString(cluster[from:i])
			from = i + utf8.RuneLen(r)
		}
		count++
	}
	if from == 0 {
		return cluster
	}
	return b.String() + cluster[from:]
}

// sureWidth is how many columns a text takes; ok is false when it takes none,
// or when the two ways in which terminals count do not agree.
func sureWidth(s string) (width int, ok bool) {
	width = ansi.StringWidth(s)
	return width, width > 0 && width == ansi.StringWidthWc(s)
}

// Hidden says whether a code point must not reach the terminal as it is: it
// would move the cursor, turn the text around, or may not be seen. Beyond what
// [wire.Safe] escapes these are the joiners, which are not seen where nothing is
// joined, and what has no meaning that all terminals know.
func Hidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r < 0xad:
		return false
	case r >= 0x2060 && r <= 0x206f, r >= 0xe0000 && r <= 0xe0fff: // also those not assigned
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)
}
