package document

import "strings"

// sameBut says whether another document is this one but for the changes: the
// same structure, the same values, the same URLs.
func (d *Document) sameBut(next *Document, changes []change, byView map[*view][]edit) bool {
	if next.format != d.format || next.broken != d.broken || len(next.urls) != len(d.urls) {
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
		switch got := next.urls[i].text(); {
		case changed && u.entry != nil: // it may take up settings now; its own text is among the tokens
		case changed && got != text, !changed && got != u.text():
			return false
		}
	}
	return sameTokens(d.tokens, next.tokens, byView, quotes)
}

// sameTokens says whether tokens became others by edits of their values.
func sameTokens(before, after []token, byView map[*view][]edit, quotes map[*leaf]*cut) bool {
	for i := range before {
		if quotes[before[i].leaf] != nil && before[i].leaf != nil {
			return redirections(before) == redirections(after) &&
				sameWords(words(before), words(after), byView, quotes)
		}
	}
	if len(before) != len(after) {
		return false
	}
	for i := range before {
		if !sameToken(&before[i], &after[i], byView) {
			return false
		}
	}
	return true
}

// words are the tokens of shell code that are no mere structure.
func words(tokens []token) []token {
	var out []token
	for _, t := range tokens {
		if t.text != "" {
			out = append(out, t)
		}
	}
	return out
}

// redirections counts those of shell code.
func redirections(tokens []token) int {
	n := 0
	for _, t := range tokens {
		if strings.HasPrefix(t.kind, "redirect ") {
			n++
		}
	}
	return n
}

// sameWords says whether the words of a shell script are the same but for
// quotes that join what a shell had taken apart.
func sameWords(before, after []token, byView map[*view][]edit, quotes map[*leaf]*cut) bool {
	i := 0
	for j := range after {
		if i == len(before) {
			return false
		}
		c := quotes[before[i].leaf]
		if before[i].leaf == nil || c == nil {
			if !sameToken(&before[i], &after[j], byView) {
				return false
			}
			i++
			continue
		}
		joined, found := strings.CutPrefix(after[j].text, before[i].text)
		if !found || !strings.HasSuffix(after[j].text, c.below.text[c.from:c.to]) {
			return false
		}
		i = skipJoined(before, i+1, joined)
	}
	return i == len(before)
}

// skipJoined goes over the words that are only what was joined to another.
func skipJoined(tokens []token, i int, joined string) int {
	for ; i < len(tokens); i++ {
		at := strings.Index(joined, tokens[i].text)
		if at < 0 || hasAlphanumeric(joined[:at]) {
			return i
		}
		joined = joined[at+len(tokens[i].text):]
	}
	return i
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

func hasAlphanumeric(s string) bool {
	for i := range len(s) {
		if isAlphanumeric(s[i]) {
			return true
		}
	}
	return false
}
