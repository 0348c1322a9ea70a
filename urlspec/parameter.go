package urlspec

import "slices"

// ParamKind is the kind of value a parameter takes.
type ParamKind string

// The kinds of parameter.
const (
	KindBool     ParamKind = "yes/no"
	KindChoice   ParamKind = "choice"
	KindInt      ParamKind = "integer"
	KindSeconds  ParamKind = "seconds"
	KindHost     ParamKind = "host"
	KindText     ParamKind = "text"
	KindTargets  ParamKind = "targets"
	KindZone     ParamKind = "time zone"
	KindPassword ParamKind = "password"
)

// Parameter is one query parameter that Apprise reads. [Spec.Settings] has its
// value in a URL.
type Parameter struct {
	Name string
	Kind ParamKind
	// Values are the allowed values of a choice or a yes/no parameter.
	Values []string
	// Default is what holds without the parameter: a value, or in words what it
	// depends on. [Setting.Default] has it for one URL.
	Default string
	// Label says in a word or two what the parameter is about, where its name
	// does not.
	Label string
	// Help says in one sentence what it is for, InApprise what it does in
	// Apprise 2.1.0, and Here what it does in xmppscope.
	Help, InApprise, Here string
	// Used is false for a parameter that Apprise's XMPP plugin never uses.
	Used bool
	// Documented is false for one that works but is not on the scheme's page.
	Documented bool

	// also are names that other programs and older notes use for it.
	also []string
	rule rule
	// url says when the URL that Apprise itself prints has it.
	url printing
}

// rule is how Apprise reads one parameter, or several alike. p is the parameter
// as written, nil where it is not.
type rule interface {
	// read takes the value over into r.values, or the default when p is nil.
	read(r *resolved, row *Parameter, p *Param)
	// value is what read took over, as Apprise writes such a value.
	value(r *resolved, row *Parameter, p *Param) string
	// unusual says whether Apprise prints the value where it prints only what
	// is not the default.
	unusual(r *resolved, row *Parameter, p *Param) bool
	// check raises the problems of the value as written.
	check(c *checker, row *Parameter, p *Param)
	// source is the part of the URL that gives the default, empty when none
	// does.
	source(r *resolved) extent
}

// printing says when Apprise's own url() prints a parameter.
type printing uint8

const (
	never printing = iota // another part of the URL says it, or nothing does
	always
	ifUnusual
)

// append adds the parameter to the URL that Apprise prints.
func (row *Parameter) append(b []byte, r *resolved, p *Param) []byte {
	if row.url == never || row.url == ifUnusual && !row.rule.unusual(r, row, p) {
		return b
	}
	b = append(b, row.Name...)
	b = append(b, '=')
	b = appendQuoted(b, row.rule.value(r, row, p))
	return append(b, '&')
}

// Parameters returns every parameter that Apprise reads, the most useful ones
// first.
func Parameters() []Parameter {
	out := make([]Parameter, len(shown))
	for i, row := range shown {
		out[i] = *row
	}
	return out
}

// shown are the rows in the order in which people see them.
var shown = inOrder(parameters[:], displayOrder[:])

// inOrder sorts rows by their names' places in a list; a row without a place
// goes to the end.
func inOrder(rows []Parameter, names []string) []*Parameter {
	out := make([]*Parameter, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	place := func(row *Parameter) int {
		if i := slices.Index(names, row.Name); i >= 0 {
			return i
		}
		return len(names)
	}
	slices.SortStableFunc(out, func(a, b *Parameter) int { return place(a) - place(b) })
	return out
}

// parameter looks a name up; it gives nil for one that Apprise does not know.
// The row must not be changed.
func parameter(name string) *Parameter {
	for i := range parameters {
		if parameters[i].Name == name {
			return &parameters[i]
		}
	}
	return nil
}

// Parameter is the row of the table that a parameter of a URL belongs to; ok is
// false when Apprise does not know it.
func (p Param) Parameter() (row Parameter, ok bool) {
	if p.row == nil {
		return Parameter{}, false
	}
	return *p.row, true
}

// Label says in a word or two what the parameter is about, or that it has no
// effect.
func (p Param) Label() string {
	switch {
	case p.row == nil:
		return "unknown"
	case !p.Wins:
		return "replaced"
	case p.row.Label != "":
		return p.row.Label
	}
	return p.Name
}
