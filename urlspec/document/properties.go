package document

import (
	"strings"
	"unicode/utf8"
)

// javaValue decodes a value of Java's properties.
func (d *Document) javaValue(from, to int) *view {
	b := &builder{below: d.root}
	decodeEscapes(b, from, to, javaEscape)
	return b.view(func(s string) (string, bool) { return strings.ReplaceAll(s, `\`, `\\`), !hasControls(s) })
}

// javaEnd is where a line of Java's properties ends, together with those that
// it goes on with: behind an odd number of backslashes.
func javaEnd(s string, from, to int) int {
	for {
		line := s[from:to]
		if slashes := len(line) - len(strings.TrimRight(line, `\`)); slashes%2 == 0 || to >= len(s) {
			return to
		}
		next := to + lineEnd(s[to:])
		to = len(s)
		if i := strings.IndexAny(s[next:], "\r\n"); i >= 0 {
			to = next + i
		}
		from = next
	}
}

// javaEscape decodes the escapes of Java's properties, in which a backslash
// before any other character only takes the meaning from it, and one at the end
// of a line goes on with the next, less its indentation.
func javaEscape(b *builder, at, to int) (next int, ok bool) {
	s := b.below.text[:to]
	if n := lineEnd(s[at+1:]); n > 0 {
		rest := s[at+1+n:]
		return to - len(strings.TrimLeft(rest, " \t\f")), true
	}
	if r, ok := hexRune(s[at:]); ok {
		b.put(string(r), at, at+6)
		return at + 6, true
	}
	_, size := utf8.DecodeRuneInString(s[at+1:])
	text := s[at+1 : at+1+size]
	if i := strings.Index("tnrf", text); i >= 0 {
		text = "\t\n\r\f"[i : i+1]
	}
	b.put(text, at, at+1+size)
	return at + 1 + size, true
}
