package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/urlspec"
)

// jidsPane is the table of how the URL is put together.
type jidsPane struct {
	noField
	window
	// shown are the rows drawn last, for enter and copy, and drawn is what they were
	// made of. They are made once, and not for every frame.
	shown []model.Row
	drawn assemblyOf
	// changed are the keys of the rows that were different in the run before, valueW
	// what the widest value needs.
	changed map[string]bool
	valueW  int
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
		{commands, []string{"enter"}, "↵", "edit", "edit the part of the URL this row comes from", nil, p.edit},
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
	return p.shown[p.selected].Label, p.shown[p.selected].Value
}

// draw gives the table, with a mark at the rows that were different in the run
// before. Where it does not all fit, the rows that only explain go first.
func (p *jidsPane) draw(s *screen, w, h int, focused bool) view {
	st, spec, before := s.st, s.url.spec, s.baseline()
	if spec.Text == "" { // the table of the example that the URL field shows
		spec = urlspec.Parse(example)
	}
	p.build(spec, before, h)
	if len(p.shown) == 0 {
		return show(p.rejected(st, spec, w, h)...)
	}
	v := p.drawRows(len(p.shown), h, focused, func(i int) string {
		return assemblyLine(st, p.shown[i], p.changed[p.shown[i].Key], w, p.valueW)
	})
	if hidden := len(p.shown) - h; hidden > 0 {
		v.right = fmt.Sprintf("%s %d more", st.glyphs.more, hidden)
	}
	return v
}

// build makes the table, where it is another one than before.
func (p *jidsPane) build(spec urlspec.Spec, before *model.Run, h int) {
	of := assemblyOf{text: spec.Text, h: h}
	if before != nil {
		of.before = before.Spec.Text
	}
	if of == p.drawn {
		return
	}
	all := model.Assembly(spec)
	p.drawn, p.shown, p.changed, p.valueW = of, visible(all, h), nil, 0
	if before != nil {
		p.changed = model.Changed(model.Assembly(before.Spec), all)
	}
	for _, r := range p.shown {
		need := cells(clean(r.Value))
		if r.Note != "" {
			need += 2 + cells(clean(r.Note))
		}
		p.valueW = max(p.valueW, need)
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
// want is the width that the widest value needs; the provenance has the rest,
// and at least eleven cells.
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
	label, value := r.Label, clean(r.Value)
	if r.Child {
		label = "  " + label
	}
	from := st.muted.Render(clean(r.From))
	labelW := 11
	rest := w - labelW - 4
	valueW := rest
	if rest >= 40 {
		valueW = clamp(max(want, 26)+1, 0, rest-11)
	}
	fromW := max(0, rest-valueW)
	style := st.strong
	if r.Child {
		style = st.text
	}
	text := style.Render(value)
	if r.Note != "" {
		note := st.second.Render(clean(r.Note))
		if cells(value)+cells(note)+2 <= valueW {
			text += "  " + note
		} else {
			text = style.Render(shorten(value, max(8, valueW-cells(note)-2))) + "  " + note
		}
	}
	return mark + st.muted.Render(fit(label, labelW)) + sign + " " + fit(text, valueW) + " " + fit(from, fromW)
}

// rejected is drawn instead of the table: why Apprise does not take the URL,
// and what has been understood of it so far.
func (p *jidsPane) rejected(st *styles, spec urlspec.Spec, w, h int) []string {
	lines := []string{}
	for _, q := range spec.Problems {
		if q.Severity != urlspec.Error {
			continue
		}
		sign, style := st.severity(q.Severity)
		for i, text := range wrap(clean(q.Message), max(10, w-5)) {
			lead := "   "
			if i == 0 {
				lead = " " + style.Render(sign) + " "
			}
			lines = append(lines, lead+text)
		}
		if q.Fix != nil {
			lines = append(lines, "   "+st.key.Render("alt+f")+" "+clean(q.Fix.Label))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, " "+st.fail.Render(st.glyphs.fail)+" Apprise does not accept this as an XMPP URL.")
	}
	if len(lines) < h {
		lines = append(lines, " "+st.muted.Render("so far: ")+soFar(st, spec))
	}
	return lines
}

// soFar lists the parts that were understood and those that are missing.
func soFar(st *styles, spec urlspec.Spec) string {
	have := map[urlspec.Kind]bool{}
	for _, span := range spec.Spans {
		have[span.Kind] = have[span.Kind] || span.Start < span.End
	}
	var parts []string
	for _, k := range []struct {
		kind urlspec.Kind
		name string
	}{
		{urlspec.Scheme, "scheme"}, {urlspec.User, "user"}, {urlspec.Password, "password"},
		{urlspec.Host, "host"}, {urlspec.Target, "target"},
	} {
		if have[k.kind] {
			parts = append(parts, st.ok.Render(st.glyphs.ok)+" "+k.name)
		} else {
			parts = append(parts, st.muted.Render(st.glyphs.waiting+" "+k.name))
		}
	}
	return strings.Join(parts, "  ")
}
