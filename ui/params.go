package ui

import (
	"fmt"
	"strings"

	"xmppscope/ui/urlview"
	"xmppscope/urlspec"
)

// paramsPane shows every parameter and edits its value in place.
type paramsPane struct {
	window
	rows    []urlspec.Setting
	editing bool
	input   editor
}

// read gathers the rows of a URL: every parameter that does something in Apprise
// and is on the scheme's page, and the others when the URL has them.
func (p *paramsPane) read(spec urlspec.Spec) {
	p.rows = p.rows[:0]
	for _, s := range spec.Settings() {
		if s.Set || s.Used && s.Documented {
			p.rows = append(p.rows, s)
		}
	}
}

func (p *paramsPane) draw(st *styles, w, h int, focused bool) view {
	set := 0
	lines := make([]string, len(p.rows))
	valueW := 8
	for _, row := range p.rows {
		valueW = max(valueW, cells(clean(row.Value)))
	}
	valueW = min(valueW, max(8, (w-nameWidth)/3))
	for i, row := range p.rows {
		if row.Set {
			set++
		}
		lines[i] = p.line(st, row, w, valueW)
	}
	room := h
	var about []string
	if row, ok := p.row(); ok && focused && h >= 8 {
		about = aboutLines(row, max(10, w-2), max(2, h/4))
		room = h - len(about)
	}
	v := p.list(lines, room, focused)
	for len(v.lines) < room && about != nil {
		v.lines = append(v.lines, "")
	}
	for _, line := range about {
		v.lines = append(v.lines, " "+st.info.Render(line))
	}
	if p.editing && focused && p.selected < len(p.rows) {
		x := 1 + nameWidth + 1
		before := clean(p.input.text[:p.input.cursor])
		text := clean(p.input.text)
		if p.rows[p.selected].Secret {
			before, text = bullets(before), bullets(text)
		}
		room := max(1, w-x-1)
		skip := max(0, cells(before)-room+1)
		v.lines = append([]string(nil), v.lines...)
		v.lines[v.selected] = " " + st.strong.Render(fit(clean(p.rows[p.selected].Name), nameWidth)) + " " +
			fit(st.accent.Render(skipCells(text, skip)), room)
		v.cursor = &point{x + cells(before) - skip, v.selected}
	}
	v.right = fmt.Sprintf("%d set · %d default", set, len(p.rows)-set)
	return v
}

// aboutLines say what a parameter is for, and what it does in Apprise and here,
// in as many lines as there is room for.
func aboutLines(row urlspec.Setting, w, room int) []string {
	text := row.Help
	if len(row.Values) > 0 {
		text += " (" + strings.Join(row.Values, ", ") + ")"
	}
	if row.Known {
		text += " In Apprise: " + row.InApprise + " Here: " + row.Here
	}
	lines := wrap(clean(text), w)
	if len(lines) > room {
		lines = lines[:room]
		lines[room-1] = shorten(lines[room-1]+" …", w)
	}
	return lines
}

// nameWidth is the column of the parameters' names.
const nameWidth = 10

func (p *paramsPane) line(st *styles, row urlspec.Setting, w, valueW int) string {
	value := clean(row.Value)
	if row.Secret && value != "" {
		value = urlview.Mask
	}
	mark, name, shown := " ", st.muted, st.muted
	if row.Set {
		mark, name, shown = st.accent.Render(st.glyphs.bullet), st.strong, st.accent
		if !row.Known {
			mark, shown = st.warn.Render(st.glyphs.warn), st.warn
		}
	}
	if value == "" {
		value = "–"
	}
	note := clean(row.Help)
	if more := clean(row.Note()); more != "" {
		note = "(" + more + ") " + note
	}
	return mark + name.Render(fit(clean(row.Name), nameWidth)) + " " + shown.Render(fit(value, valueW)) + " " +
		st.muted.Render(fit(note, w-nameWidth-valueW-4))
}

// start begins to edit the selected value.
func (p *paramsPane) start() bool {
	if p.selected >= len(p.rows) || !p.rows[p.selected].Known {
		return false
	}
	p.editing, p.input = true, newEditor(p.rows[p.selected].Written)
	return true
}

// turn gives the value after the current one, for parameters with a fixed set.
func (p *paramsPane) turn() (row urlspec.Setting, next string, ok bool) {
	if p.selected >= len(p.rows) {
		return urlspec.Setting{}, "", false
	}
	row = p.rows[p.selected]
	if len(row.Values) == 0 {
		return row, "", false
	}
	for i, v := range row.Values {
		if v == row.Value {
			return row, row.Values[(i+1)%len(row.Values)], true
		}
	}
	return row, row.Values[0], true
}

// row is the selected row.
func (p *paramsPane) row() (urlspec.Setting, bool) {
	if p.selected < 0 || p.selected >= len(p.rows) {
		return urlspec.Setting{}, false
	}
	return p.rows[p.selected], true
}
