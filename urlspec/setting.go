package urlspec

import (
	"fmt"
	"strings"
)

// Setting is one parameter in one URL: what is written, what Apprise makes of
// it, and what it would take without. All but Written may be shown.
type Setting struct {
	Parameter
	// Written is the value as it is written, decoded once. Where Secret is true
	// it is a password or may hold one; elsewhere too only Note may show it.
	Written string
	// Value is the value as Apprise uses it, in the form in which Apprise prints
	// it: "yes" for subject=true, "10" for retry=99, "4.0" for cto=4. Of to= it
	// is the list as written. In a URL that Apprise refuses it is Written.
	Value string
	// Default is the value that this URL has without the parameter. It is empty
	// where there is none, and where the URL says too little to tell.
	Default string
	// Set is true when the parameter is in the URL.
	Set bool
	// Known is false for a name that Apprise does not know.
	Known bool
	// Secret is true when the value must be hidden; Value is "••••••••" then, or
	// empty.
	Secret bool
	// Differs is true when the value that Apprise uses is not the default.
	Differs bool
}

// Settings are all parameters that Apprise reads, the most useful ones first,
// and after them those of the URL that it does not know. Of a repeated one only
// the occurrence that counts is there. A name that may be the rest of a password
// is left out.
func (s Spec) Settings() []Setting {
	l := lex(s.Text)
	r := resolve(&l)
	v := viewer{r, r.secrets(s.Text), r.accepted()}
	all := make([]Setting, 0, len(shown)+2)
	for _, row := range shown {
		all = append(all, v.known(row, r.of(row)))
	}
	for i := range r.params {
		if p := &r.params[i]; !p.Known && p.Wins && p.Name != "" && !covers(v.marks, p.NameStart, p.NameEnd) {
			all = append(all, v.unknown(p))
		}
	}
	return all
}

// viewer makes the settings of one URL.
type viewer struct {
	*resolved
	marks    []extent // the secrets
	accepted bool     // by Apprise, as it is written
}

func (v viewer) known(row *Parameter, p *Param) Setting {
	s := Setting{Parameter: *row, Known: true, Set: p != nil, Secret: row.Kind == KindPassword}
	initial := v.without(row, p)
	value := initial
	if p != nil {
		s.Written = p.Value
		s.Secret = s.Secret || covers(v.marks, p.NameStart, p.ValueEnd)
		if value = p.Value; v.accepted {
			value = row.rule.value(v.resolved, row, p)
		}
	}
	s.Differs = value != initial
	from := row.rule.source(v.resolved)
	if s.Default = Redact(initial); covers(v.marks, from.start, from.end) {
		s.Default = hide(initial)
	}
	switch {
	case s.Secret:
		s.Value = hide(value)
	case s.Differs:
		s.Value = Redact(value)
	default:
		s.Value = s.Default
	}
	return s
}

func (v viewer) unknown(p *Param) Setting {
	s := Setting{Written: p.Value, Set: true, Secret: p.secret() || covers(v.marks, p.NameStart, p.ValueEnd)}
	s.Name, s.Help = Redact(p.Name), "Apprise does not know it and ignores it."
	if s.Value = Redact(p.Value); s.Secret {
		s.Value = hide(p.Value)
	}
	return s
}

// without is the value that the URL would have without a parameter, which p is.
// A part of a refused URL gives none.
func (v viewer) without(row *Parameter, p *Param) string {
	r := v.resolved
	if from := row.rule.source(r); from.start < from.end && !v.accepted {
		return ""
	}
	if p != nil {
		l, other := *r.lexed, *r
		r, r.lexed = &other, &l
		row.rule.read(r, row, nil)
	}
	return row.rule.value(r, row, nil)
}

// hide stands for a secret; that there is none may be seen.
func hide(secret string) string {
	if secret == "" {
		return ""
	}
	return Mask
}

// Note is the rest of what there is to say of a parameter that is set, in a few
// words: its default where it differs, whether it matters, and what is written
// where Apprise uses something else.
func (s Setting) Note() string {
	if !s.Set || !s.Known || s.Secret {
		return ""
	}
	var words []string
	if s.Differs && s.Default != "" {
		words = append(words, "default "+s.Default)
	}
	if !s.Used {
		words = append(words, "no effect in Apprise")
	}
	if written := Redact(s.Written); written != s.Value {
		words = append(words, fmt.Sprintf(`written "%s"`, written))
	}
	return strings.Join(words, "; ")
}
