package ui

import (
	"cmp"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"xmppscope/model"
	"xmppscope/urlspec"
)

// jidsPane is the table of how the URL is put together.
type jidsPane struct {
	noField
	window
	// ghost is the whole table, shown its rows that were drawn last, for enter and
	// copy, and drawn what they were made of. They are made once, and not for every
	// frame.
	ghost model.Ghost
	shown []model.Row
	drawn assemblyOf
	// changed are the keys of the rows that were different in the run before, valueW
	// and meantW what the widest value of each column needs.
	changed        map[string]bool
	valueW, meantW int
}

// assemblyOf is what a table was made of: the URL and the one before, and its height.
type assemblyOf struct {
	text, before string
	h            int
}

func (p *jidsPane) name() string { return "JIDs" }
func (p *jidsPane) slot() slot   { return slotUpperLeft }

func (p *jidsPane) rows(*screen) (*window, int) { return &p.window, len(p.shown) }

func (p *jidsPane) bindings() []binding {
	return []binding{
		{commands, []string{"enter"}, "enter", "edit", "edit the part of the URL this row comes from", nil, p.edit},
	}
}

// edit puts the cursor into the part of the URL that decides a row.
func (p *jidsPane) edit(s *screen) tea.Cmd {
	if p.selected >= len(p.shown) {
		return nil
	}
	row := p.shown[p.selected]
	if row.Start >= row.End {
		s.notice = "nothing in the URL decides this: " + clean(row.From)
		return nil
	}
	s.toURL()
	s.url.move(row.End)
	return nil
}

func (p *jidsPane) copied(*screen) (what, text string) {
	if p.selected >= len(p.shown) {
		return "", ""
	}
	row := p.shown[p.selected]
	return row.Label, cmp.Or(row.Value, row.Meant)
}

// draw gives the table, with a mark at the rows that were different in the run
// before. Where it does not all fit, the rows that only explain go first. While
// Apprise reads the URL otherwise than it was meant, or not at all, both readings
// are seen.
func (p *jidsPane) draw(s *screen, w, h int, focused bool) view {
	st, spec, before := s.st, s.url.spec, s.baseline()
	if spec.Text == "" { // the table of the example that the URL field shows
		spec = urlspec.Parse(example)
	}
	if r := s.past(); r != nil {
		spec = r.Spec
	}
	room := h
	if s.url.choices.active() && s.layout().class == narrow {
		room = max(1, h-leastChoices-1) // they stand below the table
	}
	p.build(s, spec, before, room)
	unfinished := s.url.unfinished(s.typingURL())
	whole := func(i int) []string {
		r := p.shown[i]
		if p.ghost.Split {
			return p.bothLines(st, r, w, unfinished, true)
		}
		return assemblyWhole(st, r, p.changed[r.Key], w, p.valueW)
	}
	v := p.drawWhole(len(p.shown), room, focused, func(i int) []string {
		r := p.shown[i]
		switch {
		case focused && i == p.selected:
			return whole(i)
		case p.ghost.Split:
			return p.bothLines(st, r, w, unfinished, false)
		}
		return []string{assemblyLine(st, r, p.changed[r.Key], w, p.valueW)}
	}, whole)
	if p.ghost.Split {
		v.right = st.glyphs.meant + " as meant"
		if !spec.Reading.Accepted && w >= 70 {
			v.right = "Apprise reads nothing, " + v.right
		}
		v.right = st.muted.Render(v.right)
	}
	if n := p.unseen(); n > 0 {
		v.hidden = fmt.Sprintf("%s %d more", st.glyphs.more, n)
	}
	v.right = s.withHidden(v.right, p, v.hidden, w)
	return v
}

// unseen counts the rows that are not seen, those that only explain another left out.
func (p *jidsPane) unseen() int {
	n, before := 0, -1
	for i := range p.ghost.Rows {
		if !p.ghost.Rows[i].Child {
			n++
		}
	}
	for _, i := range p.window.rows {
		if i != before && !p.shown[i].Child {
			n--
		}
		before = i
	}
	return n
}

// build makes the table, where it is another one than before.
func (p *jidsPane) build(s *screen, spec urlspec.Spec, before *model.Run, h int) {
	of := assemblyOf{text: spec.Text, h: h}
	if before != nil {
		of.before = before.Spec.Text
	}
	if of == p.drawn {
		return
	}
	if p.ghost = s.url.ghost; spec.Text != s.url.text {
		p.ghost = model.GhostOf(spec)
	}
	all := p.ghost.Rows
	p.drawn, p.shown, p.changed, p.valueW, p.meantW = of, visible(all, h), nil, 1, 0
	if before != nil {
		p.changed = model.Changed(model.Assembly(before.Spec), all)
	}
	need := func(value, note string) int {
		if note == "" {
			return cells(clean(value))
		}
		return cells(clean(value)) + 2 + cells(clean(note))
	}
	for _, r := range p.shown {
		if p.ghost.Split {
			p.valueW, p.meantW = max(p.valueW, cells(clean(r.Value))), max(p.meantW, need(r.Meant, r.MeantNote))
		} else {
			p.valueW = max(p.valueW, need(r.Value, r.Note))
		}
	}
}

// visible drops rows that only explain until the rest fits in h lines: the parts
// of the login JID, then its resource and the mode, then every other child, and
// last the TLS name, which repeats the stream's.
func visible(rows []model.Row, h int) []model.Row {
	drop := func(rows []model.Row, gone func(model.Row) bool) []model.Row {
		var kept []model.Row
		for _, r := range rows {
			if !gone(r) {
				kept = append(kept, r)
			}
		}
		return kept
	}
	for _, gone := range []func(model.Row) bool{
		func(r model.Row) bool { return r.Key == "login.local" || r.Key == "login.domain" },
		func(r model.Row) bool { return r.Key == "login.resource" || r.Key == "mode" },
		func(r model.Row) bool { return r.Child },
		func(r model.Row) bool { return r.Key == "tls" },
	} {
		if len(rows) <= h {
			break
		}
		rows = drop(rows, gone)
	}
	return rows
}

// assemblyLine draws a row: what it is, its value, and where that comes from.
// want is the width that the widest value needs; the provenance has the rest, if
// that is enough to say something.
func assemblyLine(st *styles, r model.Row, changed bool, w, want int) string {
	mark := " "
	if changed {
		mark = st.info.Render(st.glyphs.changed)
	}
	sign := " "
	if r.Problem == urlspec.Error || r.Problem == urlspec.Warning {
		s, style := st.severity(r.Problem)
		sign = style.Render(s)
	}
	style := st.strong
	if r.Child {
		style = st.text
	}
	from, rest := st.muted.Render(clean(r.From)), w-labelW-4
	valueW := max(want, 26) + 1
	lead := mark + assemblyLabel(st, r) + sign + " "
	if rest-valueW >= leastFrom {
		return lead + fit(withNote(st, style, r.Value, r.Note, valueW), valueW) + " " + fit(from, rest-valueW)
	}
	// The value comes before where it is from.
	value := withNote(st, style, r.Value, r.Note, rest)
	if room := rest - cells(value) - 2; room >= leastFrom {
		return lead + spread(value, shorten(from, room), rest)
	}
	return lead + value
}

// assemblyWhole is the row that is selected: what does not fit into its line stands
// below.
func assemblyWhole(st *styles, r model.Row, changed bool, w, want int) []string {
	line := assemblyLine(st, r, changed, w, want)
	text := clean(r.Value)
	if r.Note != "" {
		text += "  " + clean(r.Note)
	}
	whole := ansi.Strip(line)
	if strings.Contains(whole, text) && strings.Contains(whole, clean(r.From)) {
		return []string{line}
	}
	lead, from := " "+assemblyLabel(st, r)+"  ", clean(r.From)
	if rest := w - labelW - 4; cells(text)+2+cells(from) <= rest {
		return []string{lead + spread(st.strong.Render(text), st.muted.Render(from), rest)}
	}
	lines := hanging(lead, st.strong, text, w-1)
	return append(lines, hanging(strings.Repeat(" ", cells(lead)), st.muted, from, w-1)...)
}

// labelW is the column of the labels.
const labelW = 11

func assemblyLabel(st *styles, r model.Row) string {
	label := r.Label
	if r.Child {
		label = "  " + label
	}
	return st.muted.Render(fit(label, labelW))
}

// leastFrom is how many cells the provenance takes at least; a shorter piece of it
// says nothing.
const leastFrom = 10

// withNote is a value with its note; where there is no room for both, the value is
// cut.
func withNote(st *styles, style look, value, note string, w int) string {
	value, note = clean(value), clean(note)
	if note == "" {
		return style.Render(shorten(value, w))
	}
	if cells(value)+cells(note)+2 > w {
		value = shorten(value, max(8, w-cells(note)-2))
	}
	return style.Render(value) + "  " + st.second.Render(note)
}

// bothLines draws a row of both readings: what Apprise reads, and, where that is
// another thing, what was meant, dim and with its own sign. Where a row is drawn whole,
// a provenance without room stands below.
func (p *jidsPane) bothLines(st *styles, r model.Row, w int, unfinished, whole bool) []string {
	sign := " "
	if !unfinished && (r.Problem == urlspec.Error || r.Problem == urlspec.Warning) {
		s, style := st.severity(r.Problem)
		sign = style.Render(s)
	}
	rest := w - labelW - 4
	valueW := min(p.valueW, max(1, rest*2/5))
	meantW := min(p.meantW+2, max(0, rest-valueW-2))
	read, meant := st.strong.Render(clean(r.Value)), ""
	if r.Value == "" {
		read = st.muted.Render("–")
	}
	switch {
	case r.Meant == "":
		meant = st.muted.Render(st.glyphs.meant + " not meant")
	case r.Meant != r.Value || r.MeantNote != r.Note:
		meant = st.tentative.Render(st.glyphs.meant) + " " + withNote(st, st.tentative, r.Meant, r.MeantNote, meantW-2)
	}
	line := " " + assemblyLabel(st, r) + sign + " " + fit(read, valueW) + "  " + fit(meant, meantW)
	from, room := clean(r.From), rest-valueW-meantW-3
	switch {
	case whole && cells(from) > room:
		return append([]string{line}, hanging(strings.Repeat(" ", labelW+valueW+7), st.muted, from, w-1)...)
	case room < leastFrom:
		return []string{line}
	}
	return []string{line + " " + st.muted.Render(shorten(from, room))}
}
