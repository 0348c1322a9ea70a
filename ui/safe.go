package ui

import (
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"xmppscope/ui/urlview"
)

// clean makes any text drawable in one line, by the rules for the characters of
// a URL.
//
// Text from the network is safe before it gets here; this is the second lock.
func clean(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for len(s) > 0 {
		text, n, _ := urlview.Character(s)
		b.WriteString(text)
		s = s[n:]
	}
	return b.String()
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
	return ansi.Truncate(s, w, cutSign)
}

// cutSign stands where a text goes on, or where a part of the URL is yet to be typed.
const cutSign = "…"

// spread puts left and right at the two ends of w cells; left gives way.
func spread(left, right string, w int) string {
	r := cells(right)
	if r >= w {
		return fit(right, w)
	}
	return fit(left, w-r) + right
}

// wrap breaks clean text into lines of at most w cells, between words where it
// can. A hyphen is no place to break: SCRAM-SHA-256 is one word.
func wrap(s string, w int) []string { return wrapBy(ansi.Wrap, s, w) }

// wrapStyled is wrap for text with looks, which go on in the next line.
func wrapStyled(s string, w int) []string { return wrapBy(lipgloss.Wrap, s, w) }

func wrapBy(breakUp func(s string, w int, breakpoints string) string, s string, w int) []string {
	if w <= 0 {
		return nil
	}
	const unbroken = "\u2011" // a hyphen that does not break
	if strings.Contains(s, unbroken) {
		return strings.Split(breakUp(s, w, " "), "\n")
	}
	whole := breakUp(strings.ReplaceAll(s, "-", unbroken), w, " ")
	return strings.Split(strings.ReplaceAll(whole, unbroken, "-"), "\n")
}

// skipCells drops the first n cells of clean text.
func skipCells(s string, n int) string {
	for n > 0 && s != "" {
		_, size, width := urlview.Character(s)
		n -= width
		s = s[size:]
	}
	return s
}

// bullets gives a bullet for every code point.
func bullets(s string) string {
	return strings.Repeat(urlview.Bullet, utf8.RuneCountInString(s))
}
