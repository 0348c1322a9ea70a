package urlspec

import (
	"slices"
	"sort"
	"strings"
)

// spans colours the whole text, refused and half-typed URLs included. It
// first lays out the parts as Apprise cuts them, then marks as Password
// whatever may hold one, also where Apprise reads something else there.
func (r *resolved) spans(text string, secrets []extent) []Span {
	p := painter{text: text, out: make([]Span, 0, 12+2*len(r.lexed.targets)+4*len(r.params))}
	if r.faults.has(notURL) {
		p.paintOther()
	} else {
		p.paintURL(r)
	}
	return overlay(p.out, secrets)
}

// painter lays spans side by side.
type painter struct {
	text string
	out  []Span
	at   int
}

// put adds a span; what was left before it is punctuation.
func (p *painter) put(kind Kind, from, to, index int) {
	p.fill(Punct, from)
	if to > p.at {
		p.out = append(p.out, Span{Kind: kind, Start: p.at, End: to, Index: index})
		p.at = to
	}
}

// fill gives everything up to to the kind, except for white space at both ends.
func (p *painter) fill(kind Kind, to int) {
	if to <= p.at {
		return
	}
	gap := p.text[p.at:to]
	lead := leadingSpace(gap)
	trail := len(gap) - len(stripRight(gap[lead:])) - lead
	for _, s := range [...]Span{
		{Kind: Space, Start: p.at, End: p.at + lead},
		{Kind: kind, Start: p.at + lead, End: to - trail},
		{Kind: Space, Start: to - trail, End: to},
	} {
		if s.Start < s.End {
			p.out = append(p.out, s)
		}
	}
	p.at = to
}

func (p *painter) putPart(kind Kind, m mapped, index int) {
	if m.s != "" {
		p.put(kind, m.start(), m.end(), index)
	}
}

func (p *painter) paintURL(r *resolved) {
	l := r.lexed
	schemeKind := Scheme
	if l.faults.has(otherScheme) {
		schemeKind = Other
	}
	p.putPart(schemeKind, l.scheme, 0)
	p.put(Punct, l.sep.start(), l.sep.end(), 0)
	p.putPart(User, l.user, 0)
	p.putPart(Password, l.password, 0)
	host := Host
	if l.userGrows(len(p.text)) {
		host = User
	}
	p.putPart(host, l.host, 0)
	p.putPart(Port, l.port, 0)
	if rest := l.netloc.end(); rest > p.at {
		if l.host.s == "" && l.port.s == "" {
			p.put(Punct, rest, rest, 0)
		} else {
			p.fillLost(rest, l.hasPort && l.port.s == "")
		}
	}
	for i, t := range l.targets {
		p.putPart(Target, t, i)
	}
	if l.cut.s != "" {
		p.put(Lost, l.cut.start(), l.cut.end(), 0)
	}
	if l.fragment.s != "" {
		p.put(Lost, l.fragment.start(), l.fragment.end(), 0)
	}
	for i, q := range l.params {
		if q.NameEnd > q.NameStart {
			p.put(ParamName, q.NameStart, q.NameEnd, i)
		}
		if q.ValueEnd > q.ValueStart {
			p.put(ParamValue, q.ValueStart, q.ValueEnd, i)
		}
	}
	p.fill(Punct, len(p.text))
}

// fillLost covers what Apprise drops of the authority. The colon of an empty
// port is punctuation.
func (p *painter) fillLost(to int, colon bool) {
	if colon && p.at < to {
		p.put(Punct, p.at, p.at+1, 0)
	}
	p.fill(Lost, to)
}

// paintOther lays out a text that is no URL, or not yet one.
func (p *painter) paintOther() {
	body := strip(p.text)
	from := leadingSpace(p.text)
	low := strings.ToLower(body)
	if body != "" && strings.HasPrefix("xmpps://", low) || strings.HasPrefix("xmpp://", low) ||
		strings.HasPrefix(low, "xmpp:") || strings.HasPrefix(low, "xmpps:") {
		name := len(low)
		if i := strings.IndexByte(low, ':'); i >= 0 {
			name = i
		}
		p.put(Scheme, from, from+name, 0)
		rest := low[name:]
		p.fill(Punct, from+len(low)-len(strings.TrimLeft(rest, ":/\\")))
	}
	p.fill(Other, len(p.text))
}

// extent is a stretch of the text, in bytes as typed.
type extent struct{ start, end int }

// covers says whether one of marks, which are sorted, has a byte of a stretch.
func covers(marks []extent, start, end int) bool {
	i := sort.Search(len(marks), func(i int) bool { return marks[i].end > start })
	return i < len(marks) && marks[i].start < end
}

// overlay turns every stretch of marks into Password, and joins neighbours, so
// that one password is one span whatever Apprise cut it into. Both lists are
// sorted.
func overlay(spans []Span, marks []extent) []Span {
	if len(marks) == 0 {
		return spans
	}
	room, hidden := len(spans), 0
	for _, m := range marks {
		hidden += m.end - m.start
	}
	if hidden > spans[len(spans)-1].End/2 { // what is all password leaves few spans
		room = min(room, 64)
	}
	out := make([]Span, 0, room+2*len(marks))
	put := func(s Span) {
		if n := len(out); n > 0 && s.Kind == Password && out[n-1].Kind == Password {
			out[n-1].End = s.End
			return
		}
		out = append(out, s)
	}
	for _, s := range spans {
		for len(marks) > 0 && marks[0].end <= s.Start {
			marks = marks[1:]
		}
		for _, m := range marks {
			if m.start >= s.End {
				break
			}
			if m.start > s.Start {
				put(Span{s.Kind, s.Start, m.start, s.Index})
				s.Start = m.start
			}
			end := min(m.end, s.End)
			put(Span{Password, s.Start, end, 0})
			s.Start = end
		}
		if s.Start < s.End {
			put(s)
		}
	}
	return out
}

// union sorts marks and joins those that touch.
func union(marks []extent) []extent {
	slices.SortFunc(marks, func(a, b extent) int { return a.start - b.start })
	out := marks[:0]
	for _, m := range marks {
		switch n := len(out); {
		case m.end <= m.start:
		case n > 0 && m.start <= out[n-1].end:
			out[n-1].end = max(out[n-1].end, m.end)
		default:
			out = append(out, m)
		}
	}
	return out
}
