package ui

import (
	"fmt"
	"strings"

	"xmppscope/model"
	"xmppscope/urlspec"
)

// assemblyPane is the table of how the URL is put together.
type assemblyPane struct {
	window
	// rows are the lines drawn last, for enter and copy.
	rows []model.Row
}

// draw gives the table, with a mark at the rows that a run before had
// otherwise. Where it does not all fit the explaining rows go first.
func (p *assemblyPane) draw(st *styles, spec urlspec.Spec, before *model.Run, w, h int, focused bool) view {
	if spec.Text == "" { // the table of the example that the URL field shows
		spec = urlspec.Parse(example)
	}
	all := model.Assembly(spec)
	if len(all) == 0 {
		p.rows = nil
		return show(p.rejected(st, spec, w, h)...)
	}
	changed := map[string]bool{}
	if before != nil {
		changed = model.Changed(model.Assembly(before.Spec), all)
	}
	p.rows = visible(all, h)
	lines := make([]string, len(p.rows))
	valueW := 0
	for _, r := range p.rows {
		need := cells(clean(r.Value))
		if r.Note != "" {
			need += 2 + cells(clean(r.Note))
		}
		valueW = max(valueW, need)
	}
	for i, r := range p.rows {
		lines[i] = assemblyLine(st, r, changed[r.Key], w, valueW)
	}
	v := p.list(lines, h, focused)
	if hidden := len(lines) - h; hidden > 0 {
		v.right = fmt.Sprintf("%s %d more", st.glyphs.more, hidden)
	}
	return v
}

// visible drops rows that only explain until the rest fits in h lines: first
// the children, then the resource and mode rows are already gone and the TLS
// name follows, because it repeats the stream's.
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
func (p *assemblyPane) rejected(st *styles, spec urlspec.Spec, w, h int) []string {
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
	}{{urlspec.Scheme, "scheme"}, {urlspec.User, "user"}, {urlspec.Password, "password"}, {urlspec.Host, "host"}, {urlspec.Target, "target"}} {
		if have[k.kind] {
			parts = append(parts, st.ok.Render(st.glyphs.ok)+" "+k.name)
		} else {
			parts = append(parts, st.muted.Render(st.glyphs.waiting+" "+k.name))
		}
	}
	return strings.Join(parts, "  ")
}
