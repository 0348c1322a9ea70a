package ui

import (
	"fmt"
	"strconv"
	"strings"

	"xmppscope/urlspec"
)

// paramNamed looks a parameter up in the table of all that Apprise reads.
func paramNamed(name string) (urlspec.Parameter, bool) {
	for _, p := range urlspec.Parameters() {
		if p.Name == name {
			return p, true
		}
	}
	return urlspec.Parameter{}, false
}

// paramLabel is the word below a parameter in the URL: what it is about, where
// its name does not say so.
func paramLabel(name string) string {
	switch name {
	case "name":
		return "nick"
	case "xmpp":
		return "TCP host"
	case "pass":
		return "password"
	}
	return name
}

// paramRow is one row of the pane.
type paramRow struct {
	urlspec.Parameter
	initial string // the default in this URL
	value   string // as Apprise uses it
	set     bool
	secret  bool
	known   bool
}

// paramsPane shows every parameter and edits its value in place.
type paramsPane struct {
	window
	rows    []paramRow
	editing bool
	input   editor
}

// read gathers the rows of a URL: every parameter that does something and is
// on the scheme's page, and the others when the URL has them.
func (p *paramsPane) read(spec urlspec.Spec) {
	set := map[string]string{}
	var others []paramRow
	for _, q := range spec.Params {
		if !q.Wins {
			continue
		}
		set[q.Name] = q.Value
		if _, known := paramNamed(q.Name); !known {
			unknown := urlspec.Parameter{Name: q.Name, Help: "Apprise does not know it and ignores it."}
			others = append(others, paramRow{Parameter: unknown, value: q.Value, set: true})
		}
	}
	p.rows = p.rows[:0]
	for _, q := range urlspec.Parameters() {
		value, has := set[q.Name]
		if !has && (!q.Used || !q.Documented) {
			continue
		}
		row := paramRow{Parameter: q, value: value, set: has, known: true, secret: q.Kind == urlspec.KindPassword}
		row.initial = initial(q, spec.Reading)
		if spec.Reading.Accepted && !row.secret {
			row.value = used(q.Name, value, spec.Reading)
		}
		if !has {
			row.value = row.initial
		}
		p.rows = append(p.rows, row)
	}
	p.rows = append(p.rows, others...)
}

// used is the value as Apprise uses it, which is not always the one written.
func used(name, written string, r urlspec.Reading) string {
	yes := map[bool]string{true: "yes", false: "no"}
	number := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
	switch name {
	case "mode":
		return string(r.Mode)
	case "name":
		return r.Nick
	case "verify":
		return yes[r.Verify]
	case "scramplus":
		return yes[r.ScramPlus]
	case "subject":
		return yes[r.Subject]
	case "roster":
		return yes[r.Roster]
	case "keepalive":
		return yes[r.Keepalive]
	case "emojis":
		return yes[r.Emojis]
	case "optional":
		return yes[r.Optional]
	case "redirect":
		return yes[r.Redirect]
	case "cto":
		return number(r.CTO)
	case "rto":
		return number(r.RTO)
	case "retry":
		return strconv.Itoa(r.Retry)
	case "wait":
		return number(r.Wait)
	case "overflow":
		return r.Overflow
	case "format":
		return r.Format
	}
	return written
}

// initial is the default in this URL: some depend on the rest of it.
func initial(q urlspec.Parameter, r urlspec.Reading) string {
	switch {
	case !r.Accepted:
		return q.Default
	case q.Name == "mode" && r.Secure:
		return string(urlspec.ModeSTARTTLS)
	case q.Name == "mode":
		return string(urlspec.ModeNone)
	case q.Name == "name":
		return r.User
	case q.Name == "xmpp":
		return r.Host
	}
	return q.Default
}

func (p *paramsPane) draw(st *styles, w, h int, focused bool) view {
	set := 0
	lines := make([]string, len(p.rows))
	valueW := 8
	for _, row := range p.rows {
		valueW = max(valueW, cells(clean(row.value)))
	}
	valueW = min(valueW, max(8, (w-nameWidth)/3))
	for i, row := range p.rows {
		if row.set {
			set++
		}
		lines[i] = p.line(st, row, w, valueW)
	}
	room := h
	var about []string
	if row, ok := p.row(); ok && focused && h >= 8 {
		help := clean(row.Help)
		if len(row.Values) > 0 {
			help += " (" + strings.Join(row.Values, ", ") + ")"
		}
		if about = wrap(help, max(10, w-2)); len(about) > 2 {
			about = about[:2]
		}
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
		if p.rows[p.selected].secret {
			before, text = bullets(st, before), bullets(st, text)
		}
		room := max(1, w-x-1)
		skip := max(0, cells(before)-room+1)
		v.lines = append([]string(nil), v.lines...)
		v.lines[v.selected] = " " + st.strong.Render(fit(p.rows[p.selected].Name, nameWidth)) + " " + fit(st.accent.Render(skipCells(text, skip)), room)
		v.cursor = &point{x + cells(before) - skip, v.selected}
	}
	v.right = fmt.Sprintf("%d set · %d default", set, len(p.rows)-set)
	return v
}

// nameWidth is the column of the parameters' names.
const nameWidth = 10

func (p *paramsPane) line(st *styles, row paramRow, w, valueW int) string {
	value := clean(row.value)
	if row.secret && value != "" {
		value = bullets(st, "12345678")
	}
	mark, name, shown := " ", st.muted, st.muted
	if row.set {
		mark, name, shown = st.accent.Render(st.glyphs.bullet), st.strong, st.accent
		if !row.known {
			mark, shown = st.warn.Render(st.glyphs.warn), st.warn
		}
	}
	if value == "" {
		value = "–"
	}
	note := clean(row.Help)
	if row.set && row.initial != "" && row.initial != row.value {
		note = "(default " + clean(row.initial) + ") " + note
	}
	return mark + name.Render(fit(row.Name, nameWidth)) + " " + shown.Render(fit(value, valueW)) + " " + st.muted.Render(fit(note, w-nameWidth-valueW-4))
}

// start begins to edit the selected value.
func (p *paramsPane) start() bool {
	if p.selected >= len(p.rows) || !p.rows[p.selected].known {
		return false
	}
	text := ""
	if p.rows[p.selected].set {
		text = p.rows[p.selected].value
	}
	p.editing, p.input = true, newEditor(text)
	return true
}

// turn gives the value after the current one, for parameters with a fixed set.
func (p *paramsPane) turn() (row paramRow, next string, ok bool) {
	if p.selected >= len(p.rows) {
		return paramRow{}, "", false
	}
	row = p.rows[p.selected]
	if len(row.Values) == 0 {
		return row, "", false
	}
	for i, v := range row.Values {
		if v == row.value {
			return row, row.Values[(i+1)%len(row.Values)], true
		}
	}
	return row, row.Values[0], true
}

// row is the selected row.
func (p *paramsPane) row() (paramRow, bool) {
	if p.selected < 0 || p.selected >= len(p.rows) {
		return paramRow{}, false
	}
	return p.rows[p.selected], true
}
