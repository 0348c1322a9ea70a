package urlspec

import (
	"sort"
	"strings"
)

// Mask stands for a password, or for what may hold a part of one, whatever its
// length.
const Mask = "••••••••"

// apprisesMask is what Apprise itself prints for a password in its own URL.
const apprisesMask = "****"

// Redacted is the text with [Mask] in the place of every Password span. It works
// on spans, so it also holds for half-typed and refused URLs.
func (s Spec) Redacted() string { return s.RedactedPart(0, len(s.Text)) }

// RedactedAfter is the text with a fix made, as it may be shown: what is hidden
// now stays so, also where it would be no password afterwards.
func (s Spec) RedactedAfter(f Fix) string {
	if !s.uncovers(f) {
		return spanned(f.Apply(s.Text)).Redacted()
	}
	return s.RedactedPart(0, f.Start) + f.Text + s.RedactedPart(f.End, len(s.Text))
}

// uncovers says whether an edit would leave a part of a password where it shows.
func (s Spec) uncovers(f Fix) bool {
	before, after := make([]extent, 0, 4), make([]extent, 0, 4)
	for _, x := range s.secrets() {
		before = append(before, extent{x.Start, x.End})
	}
	for _, x := range spanned(f.Apply(s.Text)).secrets() {
		after = append(after, extent{x.Start, x.End})
	}
	return uncovers(before, f, after)
}

// RedactedPart is a stretch of the text with the passwords of the whole masked.
func (s Spec) RedactedPart(from, to int) string { return masked(s.Text, s.secrets(), from, to) }

// secrets are the Password spans.
func (s Spec) secrets() []Stretch {
	var out []Stretch
	for _, span := range s.Spans {
		if span.Kind == Password {
			out = append(out, Stretch{span.Start, span.End})
		}
	}
	return out
}

// masked is a stretch of a text with Mask in the place of its secrets, which are in
// order and do not overlap.
func masked(text string, secrets []Stretch, from, to int) string {
	var b strings.Builder
	b.Grow(to - from)
	at := from
	first := sort.Search(len(secrets), func(i int) bool { return secrets[i].End > from })
	for _, s := range secrets[first:] {
		if s.Start >= to {
			break
		}
		b.WriteString(text[at:max(at, s.Start)])
		b.WriteString(Mask)
		at = min(to, s.End)
	}
	b.WriteString(text[at:to])
	return b.String()
}

// Redact is Parse(text).Redacted(): text with the passwords of all URLs in it
// replaced by [Mask].
func Redact(text string) string {
	if isPlainWord(text) {
		return text
	}
	return spanned(text).Redacted()
}

// isPlainWord says that a text has nothing in it that could part a password from what
// is none, so that redaction finds none: it is a number, a name, a host. Most values
// of parameters are.
func isPlainWord(text string) bool {
	for i := range len(text) {
		if !unreserved(text[i]) {
			return false
		}
	}
	return true
}

// spanned is as much of Parse(text) as redaction needs.
func spanned(text string) Spec {
	l := lex(text)
	r := resolve(&l)
	return Spec{Text: text, Spans: r.spans(text, r.secrets(text))}
}
