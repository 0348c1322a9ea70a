package ui

import (
	"strings"

	"xmppscope/ui/urlview"
	"xmppscope/urlspec"
)

// veiled is what is shown of a text while it is typed, from an offset to
// another: a bullet for each cell of a password, so that the cursor keeps its
// place.
func veiled(text string, secrets []urlspec.Stretch, from, to int) string {
	var b strings.Builder
	at := from
	for _, s := range secrets {
		start, end := max(s.Start, from), min(s.End, to)
		if start >= end {
			continue
		}
		b.WriteString(clean(text[at:start]))
		b.WriteString(strings.Repeat(urlview.Bullet, cells(clean(text[start:end]))))
		at = end
	}
	b.WriteString(clean(text[at:to]))
	return b.String()
}

// shown is what is seen of a field of one line, and of it what stands before the
// cursor.
func (e *editor) shown() (text, before string) {
	secrets := urlspec.Secrets(e.text)
	return veiled(e.text, secrets, 0, len(e.text)), veiled(e.text, secrets, 0, e.cursor)
}

// shownProse is the same for a field that is meant for people.
func (e *editor) shownProse(from, to int) string {
	return veiled(e.text, urlspec.SecretsInProse(e.text), from, min(to, len(e.text)))
}
