package plain

import (
	"slices"
	"sort"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// bullets stand for a password, whatever its length.
const bullets = "••••••••"

// glyph is what the screen shows for a few bytes of the URL: one grapheme
// cluster, one visible escape, or the bullets of a whole password.
type glyph struct {
	text       string
	start, end int // bytes of the URL
	width      int // cells
	kind       urlspec.Kind
}

// glyphs draws a URL without its password. Every byte of the text belongs to
// exactly one glyph, so that offsets can be found again in cells.
func glyphs(spec urlspec.Spec) []glyph {
	var gs []glyph
	for _, span := range spec.Spans {
		if span.Start == span.End {
			continue
		}
		if span.Kind == urlspec.Password {
			if n := len(gs); n > 0 && gs[n-1].kind == urlspec.Password {
				gs[n-1].end = span.End
				continue
			}
			gs = append(gs, glyph{bullets, span.Start, span.End, ansi.StringWidth(bullets), span.Kind})
			continue
		}
		for at := span.Start; at < span.End; {
			cluster, width := ansi.FirstGraphemeCluster(spec.Text[at:span.End], ansi.GraphemeWidth)
			shown := wire.Safe(cluster)
			if shown != cluster || width == 0 {
				width = ansi.StringWidth(shown)
			}
			gs = append(gs, glyph{shown, at, at + len(cluster), width, span.Kind})
			at += len(cluster)
		}
	}
	return gs
}

// part is a labelled stretch of the URL.
type part struct {
	start, end int
	label      string
	role       role
}

// parts names the pieces of a URL that a person should know, in order and
// without overlap.
func parts(spec urlspec.Spec) []part {
	var ps []part
	for _, span := range spec.Spans {
		p := part{start: span.Start, end: span.End}
		switch span.Kind {
		case urlspec.Scheme:
			p.label, p.role = "scheme", muted
		case urlspec.User:
			p.label, p.role = "user", accent
		case urlspec.Password:
			p.label, p.role = "password", muted
		case urlspec.Host:
			p.label, p.role = "host", strong
		case urlspec.Port:
			p.label = "port"
		case urlspec.Target:
			p.label = targetLabel(spec, span)
		case urlspec.Lost:
			p.label, p.role = "lost", doubtful
		case urlspec.Other:
			p.label, p.role = "not read", doubtful
		default:
			continue
		}
		switch n := len(ps); {
		case p.start == p.end, span.Kind == urlspec.Password && inParam(spec, span):
		case n > 0 && ps[n-1].label == p.label && ps[n-1].end == p.start:
			ps[n-1].end = p.end
		default:
			ps = append(ps, p)
		}
	}
	for _, param := range spec.Params {
		p := part{start: param.NameStart, end: max(param.NameEnd, param.ValueEnd), label: param.Label()}
		if p.start < p.end {
			ps = append(ps, p)
		}
	}
	slices.SortStableFunc(ps, func(a, b part) int { return a.start - b.start })
	return ps
}

// inParam says whether a span stands in a parameter; the parameters are in
// the order of the text.
func inParam(spec urlspec.Spec, span urlspec.Span) bool {
	i := sort.Search(len(spec.Params), func(i int) bool {
		return max(spec.Params[i].NameEnd, spec.Params[i].ValueEnd) >= span.End
	})
	return i < len(spec.Params) && spec.Params[i].NameStart <= span.Start
}

func targetLabel(spec urlspec.Spec, span urlspec.Span) string {
	if !spec.Reading.Accepted {
		return "target"
	}
	for _, t := range spec.Reading.Targets {
		if t.Start < span.End && span.Start < t.End {
			if t.Kind == urlspec.Groupchat {
				return "room"
			}
			return "to"
		}
	}
	return "dropped"
}

// drawing is a URL laid out for a screen. Build it with newDrawing.
type drawing struct {
	look   Look
	glyphs []glyph
	parts  []part
	cells  int // the width of all glyphs
}

func newDrawing(spec urlspec.Spec, look Look) *drawing {
	d := &drawing{look: look, glyphs: glyphs(spec), parts: parts(spec)}
	for _, g := range d.glyphs {
		d.cells += g.width
	}
	return d
}

// rows gives the URL in rows no wider than the look, each with a row of marks
// under its parts and rows of their labels. The marks are always drawn, so
// that the drawing needs no colour.
func (d *drawing) rows() []string {
	var lines []string
	gs, ps := d.glyphs, d.parts
	for len(gs) > 0 {
		n, cells := 0, 0
		for n < len(gs) && (n == 0 || cells+gs[n].width <= d.look.width()) {
			cells += gs[n].width
			n++
		}
		last := gs[n-1].end
		for len(ps) > 0 && ps[0].end <= gs[0].start {
			ps = ps[1:]
		}
		here := sort.Search(len(ps), func(i int) bool { return ps[i].start >= last })
		lines = append(lines, d.row(gs[:n], ps[:here])...)
		gs = gs[n:]
	}
	return lines
}

// row draws one row of glyphs; ps are the parts in it. A part that began in
// the row above has its label there.
func (d *drawing) row(gs []glyph, ps []part) []string {
	of := func(g glyph) (role, rune) {
		i := sort.Search(len(ps), func(i int) bool { return ps[i].end > g.start })
		if i < len(ps) && ps[i].start < g.end {
			return ps[i].role, '~'
		}
		return muted, ' '
	}
	text, marks := markRow(gs, of, d.look)
	lines := []string{text}
	if marks != "" {
		lines = append(lines, d.look.paint(muted, marks))
	}
	var labels []string
	column, next := 0, 0
	for _, p := range ps {
		if p.start < gs[0].start {
			continue
		}
		for next < len(gs) && gs[next].end <= p.start {
			column += gs[next].width
			next++
		}
		labels = placeLabel(labels, p.label, column)
	}
	return append(lines, labels...)
}

// placeLabel writes a label at its column, in the first row with room for it.
func placeLabel(rows []string, label string, column int) []string {
	for i, row := range rows {
		if ansi.StringWidth(row) < column {
			rows[i] = pad(row, column) + label
			return rows
		}
	}
	return append(rows, strings.Repeat(" ", column)+label)
}

// markRow draws glyphs and, under each, the mark that of gives for it.
func markRow(gs []glyph, of func(glyph) (role, rune), look Look) (text, marks string) {
	var t, m, run strings.Builder
	current := normal
	for _, g := range gs {
		r, mark := of(g)
		if r != current {
			t.WriteString(look.paint(current, run.String()))
			run.Reset()
			current = r
		}
		run.WriteString(g.text)
		m.WriteString(strings.Repeat(string(mark), g.width))
	}
	t.WriteString(look.paint(current, run.String()))
	return t.String(), strings.TrimRight(m.String(), " ")
}

// pointer draws the part of the URL around the bytes start to end, in at most
// width cells, with a row of marks under them: one caret for a single place,
// waves for a stretch.
func (d *drawing) pointer(start, end int, r role, width int) (text, marks string) {
	gs := d.glyphs
	first := sort.Search(len(gs), func(i int) bool { return gs[i].end > start })
	last := sort.Search(len(gs), func(i int) bool { return gs[i].start >= end }) - 1
	last = max(first, last)
	if first == len(gs) { // behind the last byte
		gs = append(slices.Clip(gs), glyph{text: " ", start: start, end: end, width: 1})
	}
	mark := '~'
	if first == last {
		mark = '^'
	}
	from, to := d.window(gs, first, last, width)
	plain := func(glyph) (role, rune) { return normal, ' ' }
	text, _ = markRow(gs[from:first], plain, d.look)
	marks = strings.Repeat(" ", ansi.StringWidth(text))
	visible := min(last+1, to)
	marked, row := markRow(gs[first:visible], func(glyph) (role, rune) { return r, mark }, d.look)
	after, _ := markRow(gs[visible:to], plain, d.look)
	text, marks = text+marked+after, marks+d.look.paint(r, row)
	if from > 0 {
		text, marks = "…"+text, " "+marks
	}
	if to < len(gs) {
		text += "…"
	}
	return strings.TrimRight(text, " "), marks
}

// window chooses the glyphs to show: all of them when they fit, else as many
// as fit around first to last, with a cell kept for the dots on each side.
func (d *drawing) window(gs []glyph, first, last, width int) (from, to int) {
	if d.cells < width {
		return 0, len(gs)
	}
	width -= 2
	from, to = first, first+1
	cells := gs[first].width
	for to <= last && cells+gs[to].width <= width {
		cells += gs[to].width
		to++
	}
	for grown := true; grown; {
		grown = false
		if from > 0 && cells+gs[from-1].width <= width {
			from--
			cells += gs[from].width
			grown = true
		}
		if to < len(gs) && cells+gs[to].width <= width {
			cells += gs[to].width
			to++
			grown = true
		}
	}
	return from, to
}
