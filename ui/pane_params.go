package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/ui/urlview"
	"xmppscope/urlspec"
)

// paramsPane shows every parameter and edits its value in place.
type paramsPane struct {
	window
	settings []urlspec.Setting
	editing  bool
	input    editor
}

func (p *paramsPane) name() string { return "Params" }
func (p *paramsPane) slot() slot   { return slotLowerLeft }

func (p *paramsPane) rows(*screen) (*window, int) { return &p.window, len(p.settings) }

func (p *paramsPane) bindings() []binding {
	return []binding{
		doneBinding(),
		{commands, []string{"enter"}, "enter", "edit", "edit the value; the URL changes with it", p.whyNoEdit, p.edit},
		{commands, []string{"space"}, "space", "turn", "next of the values that bring no warning", p.whyNoTurn, p.turn},
		{commands, []string{"x", "delete", "backspace"}, "x", "default", "take the parameter out of the URL",
			p.whyNotSet, p.drop},
	}
}

func (p *paramsPane) whyNoEdit(*screen) string {
	row, ok := p.row()
	return unless(ok && row.Known, "Apprise does not know this parameter; x removes it, alt+f may rename it")
}

func (p *paramsPane) whyNoTurn(*screen) string {
	row, ok := p.row()
	return unless(ok && len(row.Values) > 0, "this parameter takes any value; enter edits it")
}

func (p *paramsPane) whyNotSet(*screen) string {
	row, ok := p.row()
	return unless(ok && row.Set, "this parameter is not in the URL")
}

// edit begins to edit the selected value.
func (p *paramsPane) edit(s *screen) tea.Cmd {
	row, _ := p.row()
	p.editing, p.input = true, newEditor(row.Written)
	s.typing = true
	return nil
}

// turn takes the value after the current one, of a parameter with a fixed set.
func (p *paramsPane) turn(s *screen) tea.Cmd {
	row, _ := p.row()
	at := slices.Index(row.Values, row.Value)
	for step := 1; step <= len(row.Values); step++ {
		value := row.Values[(at+step+len(row.Values))%len(row.Values)]
		if step == len(row.Values) || !s.warns(row.Name, value) {
			s.setParam(row.Name, value)
			return nil
		}
	}
	return nil
}

// warns says whether a value of a parameter would bring a new problem.
func (s *screen) warns(name, value string) bool {
	serious := func(spec urlspec.Spec) int {
		n := 0
		for _, p := range spec.Problems {
			if p.Severity != urlspec.Info {
				n++
			}
		}
		return n
	}
	after := urlspec.Parse(s.url.spec.SetParam(name, value).Apply(s.url.text))
	return serious(after) > serious(s.url.spec)
}

func (p *paramsPane) drop(s *screen) tea.Cmd {
	row, _ := p.row()
	s.setParam(row.Name, "")
	return nil
}

func (p *paramsPane) copied(*screen) (what, text string) {
	row, ok := p.row()
	if !ok || row.Secret {
		return "", ""
	}
	return row.Name, row.Name + "=" + row.Value
}

func (p *paramsPane) field() *editor {
	if p.editing {
		return &p.input
	}
	return nil
}

func (p *paramsPane) writes() bool            { return false }
func (p *paramsPane) typed(*screen, snapshot) {}

func (p *paramsPane) finish(s *screen) {
	if row, ok := p.row(); ok && p.editing {
		s.setParam(row.Name, p.input.text)
	}
}

func (p *paramsPane) leave() { p.editing = false }

func (p *paramsPane) escape(*screen) bool {
	editing := p.editing
	p.editing = false
	return editing
}

// read gathers the rows of a URL: every parameter that does something in Apprise
// and is on the scheme's page, and the others when the URL has them.
func (p *paramsPane) read(spec urlspec.Spec) {
	p.settings = p.settings[:0]
	for _, s := range spec.Settings() {
		if s.Set || s.Used && s.Documented {
			p.settings = append(p.settings, s)
		}
	}
}

func (p *paramsPane) draw(s *screen, w, h int, focused bool) view {
	st := s.st
	set := 0
	valueW := 8
	for _, row := range p.settings {
		valueW = max(valueW, cells(clean(row.Value)))
	}
	valueW = min(valueW, max(8, (w-nameWidth)/3))
	for _, row := range p.settings {
		if row.Set {
			set++
		}
	}
	whole := func(i int) []string {
		lead, note := p.parts(st, p.settings[i], valueW)
		return hanging(lead, st.muted, note, w-1)
	}
	room := h
	var about []string
	if row, ok := p.row(); ok && focused && h >= 8 {
		about = aboutLines(row, max(10, w-2), max(2, h/4))
		room = h - len(about)
	}
	v := p.drawWhole(len(p.settings), room, focused, func(i int) []string {
		if focused && i == p.selected && about == nil && !p.editing {
			return whole(i)
		}
		lead, note := p.parts(st, p.settings[i], valueW)
		return []string{shorten(lead+st.muted.Render(note), w-1)}
	}, whole)
	for len(v.lines) < room && about != nil {
		v.lines = append(v.lines, "")
	}
	for _, line := range about {
		v.lines = append(v.lines, " "+st.info.Render(line))
	}
	if p.editing && focused {
		p.drawField(st, &v, w)
	}
	v.right = fmt.Sprintf("%d set · %d default", set, len(p.settings)-set)
	return v
}

// drawField draws the value that is being edited over its row.
func (p *paramsPane) drawField(st *styles, v *view, w int) {
	row, ok := p.row()
	if !ok {
		return
	}
	x := 1 + nameWidth + 1
	text, before := p.input.shown()
	if row.Secret {
		text, before = bullets(p.input.text), bullets(p.input.text[:p.input.cursor])
	}
	room := max(1, w-x-1)
	skip := max(0, cells(before)-room+1)
	v.lines = append([]string(nil), v.lines...)
	v.lines[v.selected] = " " + st.strong.Render(fit(clean(row.Name), nameWidth)) + " " +
		fit(st.accent.Render(skipCells(text, skip)), room)
	v.cursor = &point{x + cells(before) - skip, v.selected}
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

// parts are the columns of a row, and what there is to say of the parameter.
func (p *paramsPane) parts(st *styles, row urlspec.Setting, valueW int) (lead, note string) {
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
	note = clean(row.Help)
	if more := clean(row.Note()); more != "" {
		note = "(" + more + ") " + note
	}
	lead = mark + name.Render(fit(clean(row.Name), nameWidth)) + " " + shown.Render(fit(value, valueW)) + " "
	return lead, note
}

// row is the selected row.
func (p *paramsPane) row() (urlspec.Setting, bool) {
	if p.selected < 0 || p.selected >= len(p.settings) {
		return urlspec.Setting{}, false
	}
	return p.settings[p.selected], true
}
