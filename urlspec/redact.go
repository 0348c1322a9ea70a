package urlspec

import "strings"

// mask stands for a password of any length.
const mask = "****"

// Redacted is the text with every Password span replaced by "****". It works
// on spans, so it also holds for half-typed and refused URLs.
func (s Spec) Redacted() string {
	var b strings.Builder
	b.Grow(len(s.Text))
	at := 0
	for _, span := range s.Spans {
		if span.Kind == Password {
			b.WriteString(s.Text[at:span.Start])
			b.WriteString(mask)
			at = span.End
		}
	}
	b.WriteString(s.Text[at:])
	return b.String()
}

// Redact is Parse(text).Redacted(): text with the passwords of all URLs in it
// replaced by "****".
func Redact(text string) string {
	if !strings.ContainsAny(text, ":=") {
		return text // nothing begins a password
	}
	l := lex(text)
	r := resolve(&l)
	return Spec{Text: text, Spans: r.spans(text, r.secrets(text))}.Redacted()
}
