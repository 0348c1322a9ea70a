package urlspec

// Parse reads text as Apprise 2.1.0 does. It never fails.
func Parse(text string) Spec {
	l := lex(text)
	r := resolve(&l)
	return Spec{
		Text:    text,
		Spans:   r.spans(text, r.secrets(text)),
		Reading: r.reading(),
		Params:  l.params,
	}
}
