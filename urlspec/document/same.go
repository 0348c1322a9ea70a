package document

import "strings"

// sameBut says whether another document is this one but for the changes: the
// same structure, the same values, the same URLs.
func (d *Document) sameBut(next *Document, changes []change, byView map[*view][]edit) bool {
	if next.format != d.format || (next.broken == nil) != (d.broken == nil) || len(next.urls) != len(d.urls) {
		return false
	}
	wanted := map[*url]string{}
	quotes := map[*leaf]*cut{}
	for _, c := range changes {
		switch {
		case c.quote:
			wanted[c.url] = c.url.cut.below.text[c.url.cut.from:c.url.cut.to]
			quotes[c.url.leaf] = c.url.cut
		case c.url != nil:
			wanted[c.url] = c.url.with(c.edits)
		}
	}
	for i, u := range d.urls {
		text, changed := wanted[u]
		if got := next.urls[i].text(); changed && got != text || !changed && got != u.text() {
			return false
		}
	}
	return sameTokens(d.tokens, next.tokens, byView, quotes)
}

// sameTokens says whether tokens became others by edits of their values, and
// words by quotes that join what a shell had taken apart.
func sameTokens(before, after []token, byView map[*view][]edit, quotes map[*leaf]*cut) bool {
	i := 0
	for j := range after {
		if i == len(before) {
			return false
		}
		c := quotes[before[i].leaf]
		switch {
		case before[i].leaf == nil || c == nil:
			if !sameToken(&before[i], &after[j], byView) {
				return false
			}
			i++
		default: // a word that now has in it what followed it
			text := after[j].text
			if after[j].kind != before[i].kind || !strings.HasSuffix(text, c.below.text[c.from:c.to]) ||
				!strings.HasPrefix(text, before[i].text) {
				return false
			}
			// What is left of both is the same, so the rest of the word is what
			// stands between.
			next := len(before) - (len(after) - j - 1)
			if next <= i || !onlyOf(before[i+1:next], text[len(before[i].text):]) {
				return false
			}
			i = next
		}
	}
	return i == len(before)
}

// with is the URL with edits made, which are those of its view.
func (u *url) with(edits []edit) string {
	moved := make([]edit, len(edits))
	for i, e := range edits {
		moved[i] = edit{span{e.start - u.start, e.end - u.start}, e.text}
	}
	return apply(u.text(), moved)
}

// sameToken says whether a token became another one by the edits of its value.
func sameToken(a, b *token, byView map[*view][]edit) bool {
	if a.kind != b.kind || (a.leaf == nil) != (b.leaf == nil) {
		return false
	}
	if a.leaf == nil {
		return a.text == b.text
	}
	return apply(a.leaf.text, byView[a.leaf.view]) == b.leaf.text
}

// onlyOf says whether tokens are structure, or words of a text in order.
func onlyOf(tokens []token, text string) bool {
	for _, t := range tokens {
		i := strings.Index(text, t.text)
		if i < 0 {
			return false
		}
		text = text[i+len(t.text):]
	}
	return true
}
