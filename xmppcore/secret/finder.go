package secret

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Shortest is the length from which on a secret is looked for, in bytes, as it is
// and as it is compared.
// Shorter ones are a part of many words, which would become unreadable, and
// what is missing from a well-known text would reveal them.
const Shortest = 4

// longest is how much of a form is looked for, in bytes. Whoever repeats that
// much of a long secret has said enough.
const longest = 64

// Finder finds some secrets. It never changes, and several goroutines may use
// it. The zero value finds nothing.
type Finder struct {
	forms  []form
	search *automaton
	// shown are the texts that stay although a secret stands in them, known those
	// that stay although they are a piece of one.
	shown, known map[string]bool
}

// form is a text to look for.
type form struct {
	text string
	// word is a secret that is a plain word, encoded one in base64, cut one of
	// which only the beginning is looked for.
	word, encoded, cut bool
}

// NewFinder finds the secrets that have [Shortest] bytes or more. What stands
// in one of the texts shown is none where that stands for itself, written exactly
// so, between characters of no word: it is known anyway.
func NewFinder(secrets, shown []string) Finder {
	var f Finder
	for _, s := range secrets {
		f.forms = addForms(f.forms, s)
	}
	if len(f.forms) == 0 {
		return Finder{}
	}
	slices.SortFunc(f.forms, func(a, b form) int { return strings.Compare(a.text, b.text) })
	f.forms = slices.CompactFunc(f.forms, func(a, b form) bool { return a.text == b.text })
	f.search = newAutomaton(f.forms)
	f.shown, f.known = map[string]bool{}, map[string]bool{}
	for _, s := range shown {
		if s != "" && !f.known[s] {
			f.known[s], f.known[foldASCII(fold(s))] = true, true
			if f.search.in(fold(s)) {
				f.shown[s] = true
			}
		}
	}
	return f
}

// addForms adds the forms of a secret that cannot be undone in the text where it
// stands. In base64, three bytes become four characters: which ones depends on
// where the secret begins, so there are three forms, without the characters that
// its neighbours have a part in.
func addForms(forms []form, secret string) []form {
	if min(len(secret), len(fold(secret))) < Shortest {
		return forms
	}
	spellings := []string{secret, norm.NFKC.String(secret), norm.NFC.String(secret)}
	if name, err := idna.Lookup.ToASCII(secret); err == nil {
		spellings = append(spellings, name)
	}
	add := func(text string, f form) {
		if len(text) > longest {
			text, f.cut = strings.ToValidUTF8(text[:longest], ""), true
		}
		if f.text = foldASCII(text); len(f.text) >= Shortest {
			forms = append(forms, f)
		}
	}
	word := isWord(secret)
	for _, s := range spellings {
		s = fold(s)
		add(s, form{word: word})
		add(strings.TrimSpace(s), form{word: word})
	}
	spellings = append(spellings, strings.ToLower(secret), strings.ToUpper(secret))
	slices.Sort(spellings)
	for _, s := range slices.Compact(spellings) {
		s = s[:min(len(s), longest)]
		for before := range 3 {
			payload := []byte("\x00\x00"[:before] + s)
			first, last := []int{0, 2, 3}[before], len(payload)*8/6
			for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				text := encoding.EncodeToString(payload)
				if len(s) == Shortest { // too little for more than chance, unless it ends the payload as in PLAIN
					last = len(text)
				}
				add(text[first:last], form{encoded: true})
			}
		}
	}
	return forms
}

// isWord reports whether a secret is a plain word, which a sentence may use
// without a thought of the secret: letters in the case of a word, and hyphens.
func isWord(secret string) bool {
	for part := range strings.SplitSeq(secret, "-") {
		for _, r := range part {
			if !unicode.IsLetter(r) {
				return false
			}
		}
		_, n := utf8.DecodeRuneInString(part)
		if rest := part[n:]; strings.ToLower(rest) != rest && strings.ToUpper(part) != part {
			return false
		}
	}
	return true
}

// Empty reports whether there is nothing to find.
func (f Finder) Empty() bool { return len(f.forms) == 0 }

// Word reports whether one of the secrets is a plain word.
func (f Finder) Word() bool {
	return slices.ContainsFunc(f.forms, func(form form) bool { return form.word })
}

// In reports whether a secret stands in a text.
func (f Finder) In(text string) bool {
	return !f.Empty() && eachView(text, f.inView)
}

// inView looks at a text as it is, without what is shown anyway.
func (f Finder) inView(text string) bool {
	if !f.search.in(fold(text)) {
		return false
	}
	return len(f.shown) == 0 || len(f.spans(text, false)) > 0
}

// Strike puts mask in the place of every secret in a sentence of ours. A secret
// that is a plain word is struck out only where it stands as a word of its own.
// Of a text that hides one under escapes, nothing but mask is left.
func (f Finder) Strike(text, mask string) string {
	if !f.In(text) {
		return text
	}
	spans := f.spans(text, true)
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(text[at:s.from])
		b.WriteString(mask)
		at = s.to
	}
	b.WriteString(text[at:])
	struck := b.String()
	plain, escaped := unescape(struck)
	if escaped && eachView(plain, func(view string) bool { return len(f.spans(view, true)) > 0 }) {
		return mask
	}
	return struck
}

// span is a stretch of a text.
type span struct{ from, to int }

// spans are the stretches of a text where secrets stand, in order and apart from
// each other. In a sentence, those that are plain words count only as whole words.
func (f Finder) spans(text string, sentence bool) []span {
	view, places := mapped(text)
	var found []span
	var token span // the last one in base64
	state := int32(0)
	for i := range len(view) {
		state = f.search.step(state, view[i])
		f.search.eachEnd(state, func(n int32) {
			form := f.forms[n]
			s := span{places[i+1-len(form.text)].from, places[i].to}
			whole := wholeWord(text, s)
			switch {
			case f.shown[text[whole.from:whole.to]]:
				return
			case form.cut:
				s.to = len(text)
			case form.encoded && s.to <= token.to: // it has been struck out
				return
			case form.encoded:
				s = wholeToken(text, s)
				token = s
			case sentence && form.word && whole != s:
				return
			}
			found = append(found, s)
		})
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var apart []span
	for _, s := range found {
		if n := len(apart); n > 0 && s.from <= apart[n-1].to {
			apart[n-1].to = max(apart[n-1].to, s.to)
		} else {
			apart = append(apart, s)
		}
	}
	return apart
}

// mapped is a text folded, and the stretch of the text that each byte of it came
// from.
func mapped(text string) (view string, places []span) {
	if isASCII(text) {
		places = make([]span, len(text))
		for i := range places {
			places[i] = span{i, i + 1}
		}
		return text, places
	}
	var b strings.Builder
	for at := 0; at < len(text); {
		n := max(1, norm.NFKC.NextBoundaryInString(text[at:], true))
		piece := fold(text[at : at+n])
		b.WriteString(piece)
		for range len(piece) {
			places = append(places, span{at, at + n})
		}
		at += n
	}
	return b.String(), places
}

// wholeWord is a stretch with the letters and digits that it hangs together
// with, as far as they matter, wholeToken with all that base64 may hold.
func wholeWord(text string, s span) span {
	before := strings.TrimRightFunc(text[max(0, s.from-longest):s.from], inWord)
	after := strings.TrimLeftFunc(text[s.to:min(len(text), s.to+longest)], inWord)
	return span{max(0, s.from-longest) + len(before), min(len(text), s.to+longest) - len(after)}
}

func wholeToken(text string, s span) span {
	const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="
	before, after := strings.TrimRight(text[:s.from], signs), strings.TrimLeft(text[s.to:], signs)
	return span{len(before), len(text) - len(after)}
}
