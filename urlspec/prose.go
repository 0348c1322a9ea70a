package urlspec

import "strings"

// Stretch is a piece of a text, in bytes.
type Stretch struct{ Start, End int }

// Secrets are the stretches of a text that may hold a password, when it is meant
// for a URL: in order, without overlap.
func Secrets(text string) []Stretch { return spanned(text).secrets() }

// SecretsInProse are the stretches of a text that hold a password when it is
// meant for people, such as a message: those of the URLs in it and of words such as
// alice:secret@host, and what follows "password=". A colon and an "@" in two words
// make no password there, as in "12:30 backup on nas@home".
func SecretsInProse(text string) []Stretch {
	marks := nestedSecrets(nil, text, 0)
	for _, m := range Find(text) {
		for _, s := range Secrets(m.URL) {
			marks = append(marks, extent{m.Start + s.Start, m.Start + s.End})
		}
	}
	eachNamed(text, 0, func(value int) {
		if assigned := strings.TrimRight(text[:value], " \"'"); !strings.HasSuffix(assigned, "=") {
			return
		}
		end := len(text)
		if i := strings.IndexFunc(text[value:], func(r rune) bool { return endsWord(r) || r == '&' || r == ';' }); i >= 0 {
			end = value + i
		}
		marks = append(marks, extent{value, end})
	})
	for from := 0; from < len(text); {
		to := len(text)
		if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
			to = from + i
		}
		marks = looseSchemes(marks, text, from, to)
		marks = looseLine(marks, text, from, to, false)
		from = to + 1
	}
	marks = union(marks)
	out := make([]Stretch, len(marks))
	for i, m := range marks {
		out[i] = Stretch{m.start, m.end}
	}
	return out
}

// looseSchemes marks the password behind the first "xmpp:" of a line, with whatever
// signs, that has one.
func looseSchemes(marks []extent, text string, from, to int) []extent {
	const most = 100 // schemes on a line without a sign behind any
	last := from + lastSign(text[from:to], "@")
	for at, tries := from, 0; ; at += len("xmpp") {
		i := indexFold(text[at:to], "xmpp")
		if i < 0 {
			return marks
		}
		at += i
		n := schemeLike(text[at:to])
		if n == 0 {
			continue
		}
		start := at + n
		if m, ok := looseStart(text[start:to], true, last-start); ok {
			return append(marks, extent{start + m.start, start + m.end})
		}
		if sign, _ := firstSign(text[start:to], ":&|"); sign >= 0 {
			continue
		}
		switch tries++; {
		case last < start:
			return marks
		case tries == most:
			return append(marks, extent{start, last})
		}
	}
}

// RedactProse is a text for people with [Mask] in the place of every password
// that [SecretsInProse] finds.
func RedactProse(text string) string {
	return masked(text, SecretsInProse(text), 0, len(text))
}
