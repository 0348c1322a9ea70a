package urlspec

// Parse reads text as Apprise 2.1.0 does. It never fails: a text that Apprise
// refuses has a Reading that is not accepted, and an error among its Problems.
func Parse(text string) Spec {
	l := lex(text)
	r := resolve(&l)
	secrets := r.secrets(text)
	s := Spec{
		Text:     text,
		Spans:    r.spans(text, secrets),
		Reading:  r.reading(),
		Problems: r.verified(text, secrets, r.check(text, secrets)),
		Params:   l.params,
		Origins:  r.origins(),
		doubt:    r.doubt,
	}
	s.Reading.veil = r.veil(&s.Reading, text, secrets)
	return s
}
