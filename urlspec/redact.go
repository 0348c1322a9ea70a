package urlspec

import "strings"

// Mask stands for a password, or for what may hold a part of one, whatever its
// length.
const Mask = "••••••••"

// apprisesMask is what Apprise itself prints for a password in its own URL.
const apprisesMask = "****"

// Redacted is the text with [Mask] in the place of every Password span. It works
// on spans, so it also holds for half-typed and refused URLs.
func (s Spec) Redacted() string {
	var b strings.Builder
	b.Grow(len(s.Text))
	at := 0
	for _, span := range s.Spans {
		if span.Kind == Password {
			b.WriteString(s.Text[at:span.Start])
			b.WriteString(Mask)
			at = span.End
		}
	}
	b.WriteString(s.Text[at:])
	return b.String()
}

// Redact is Parse(text).Redacted(): text with the passwords of all URLs in it
// replaced by [Mask].
func Redact(text string) string {
	l := lex(text)
	r := resolve(&l)
	return Spec{Text: text, Spans: r.spans(text, r.secrets(text))}.Redacted()
}
