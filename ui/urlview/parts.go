package urlview

import (
	"cmp"
	"slices"
	"sort"

	"xmppscope/urlspec"
)

// Part is a stretch of the URL that has a name: the scheme, the user, a target,
// or a whole parameter with its value.
type Part struct {
	// Start and End are bytes of the URL.
	Start, End int
	// Label is the name, in a few words of ASCII.
	Label string
	// Ignored is true for a parameter that counts for nothing: Apprise does not
	// know it, or a later one replaces it.
	Ignored bool
}

// PartAt is the index of the part that a byte belongs to, -1 for none.
func (v *View) PartAt(offset int) int {
	i := sort.Search(len(v.Parts), func(i int) bool { return v.Parts[i].End > offset })
	if i < len(v.Parts) && v.Parts[i].Start <= offset {
		return i
	}
	return -1
}

// parter makes the parts of a URL out of its spans.
type parter struct {
	spec  urlspec.Spec
	parts []Part
	// targets are those of the reading as they stand in the URL; the ones before
	// the present span are gone. They are nil until they are needed.
	targets []urlspec.Address
}

// add gives the index of the part that a span belongs to, -1 for none.
func (p *parter) add(span urlspec.Span) int {
	last := len(p.parts) - 1
	if last >= 0 && span.Start < p.parts[last].End { // the rest of a parameter
		if span.Kind == urlspec.Password {
			p.parts[last].End = max(p.parts[last].End, span.End)
		}
		return last
	}
	part := p.part(span)
	switch {
	case part.Label == "":
		return -1
	case last >= 0 && p.parts[last].Label == part.Label && p.parts[last].End == part.Start:
		p.parts[last].End = part.End
		return last
	}
	if p.parts == nil {
		p.parts = make([]Part, 0, p.most())
	}
	p.parts = append(p.parts, part)
	return last + 1
}

// most is how many parts there can be.
func (p *parter) most() int {
	n := 0
	for _, span := range p.spec.Spans {
		switch span.Kind {
		case urlspec.Punct, urlspec.Space, urlspec.ParamValue:
		default:
			n++
		}
	}
	return n
}

// part is the part that begins with a span; it has no label when none does.
func (p *parter) part(span urlspec.Span) Part {
	part := Part{Start: span.Start, End: span.End}
	switch span.Kind {
	case urlspec.Scheme:
		part.Label = "scheme"
	case urlspec.User:
		part.Label = "user"
	case urlspec.Password:
		part.Label = "password"
	case urlspec.Host:
		part.Label = "host"
	case urlspec.Port:
		part.Label = "port"
	case urlspec.Target:
		part.Label = p.target(span)
	case urlspec.ParamName, urlspec.ParamValue:
		return p.param(span)
	case urlspec.Lost:
		part.Label = "lost"
	case urlspec.Other:
		part.Label = "not read"
	}
	return part
}

// target says what became of a target. In a URL that is refused, or not typed to its
// end, it is neither a user nor a room yet.
func (p *parter) target(span urlspec.Span) string {
	if !p.spec.Reading.Accepted {
		return "target"
	}
	if p.targets == nil {
		p.targets = p.spec.Reading.Targets
		inOrder := func(a, b urlspec.Address) int { return cmp.Compare(a.Start, b.Start) }
		if !slices.IsSortedFunc(p.targets, inOrder) {
			p.targets = slices.Clone(p.targets)
			slices.SortFunc(p.targets, inOrder)
		}
	}
	for len(p.targets) > 0 && p.targets[0].End <= span.Start {
		p.targets = p.targets[1:]
	}
	switch {
	case len(p.targets) == 0 || p.targets[0].Start >= span.End:
		return "dropped"
	case p.targets[0].Kind == urlspec.Groupchat:
		return "room"
	}
	return "user"
}

// param is the part of a parameter that begins with a span of it. Its label may
// be its name, so one whose name is not shown in full, since it may belong to a
// password, is just a parameter.
func (p *parter) param(span urlspec.Span) Part {
	param := p.spec.Params[span.Index]
	part := Part{Start: span.Start, End: max(span.End, param.ValueEnd), Label: "parameter"}
	part.Ignored = !param.Known || !param.Wins
	whole := span.Kind == urlspec.ParamName && span.Start == param.NameStart && span.End == param.NameEnd
	if whole || param.NameStart == param.NameEnd {
		part.Label = param.Label()
	}
	return part
}
