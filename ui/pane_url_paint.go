package ui

import (
	"strings"

	"xmppscope/ui/urlview"
	"xmppscope/urlspec"
)

// paintRow draws a row of the URL. What a problem points to is underlined.
func paintRow(st *styles, u *urlview.View, r urlview.Row) string {
	var b strings.Builder
	for run := range u.Runs(r) {
		style := st.part(run.Kind)
		if run.Ignored {
			style = st.muted
		}
		if run.Severity != "" {
			_, level := st.severity(run.Severity)
			style = st.squiggle(style, level)
		}
		b.WriteString(style.Render(run.Text))
	}
	return b.String()
}

// paintLabels draws the names of the parts below a row. That of the part
// current, -1 for none, stands out.
func paintLabels(st *styles, u *urlview.View, r urlview.Row, current, w int) string {
	var b strings.Builder
	at := 0
	for _, label := range u.LabelLine(r, w, current) {
		style := st.muted
		if label.Part == current {
			style = st.here
		}
		for ; at < label.Column; at++ {
			b.WriteByte(' ')
		}
		b.WriteString(style.Render(label.Text))
		at += len(label.Text)
	}
	return b.String()
}

// paintPointer draws the squiggle of a problem, with its message at the side
// where there is more room; with its code where the message is told elsewhere.
// key is the key that makes its fix, empty where none does.
func paintPointer(st *styles, p urlspec.Problem, mark urlview.Mark, w int, told bool, key string) string {
	_, style := st.severity(p.Severity)
	text, fix := clean(p.Message), ""
	if told {
		text = p.Code
	} else if p.Fix != nil && key != "" {
		fix = clean(p.Fix.Label)
	}
	left, right := mark.Column-1, w-mark.End()-1
	message := func(room int) string {
		full := style.Render(text)
		if fix != "" {
			hint := "  " + st.key.Render(key) + " " + fix
			if cells(text)+cells(hint) <= room {
				return full + hint
			}
			if cells(text) > room/2 && cells(hint) < room/2 {
				return shorten(full, room-cells(hint)) + hint
			}
		}
		return shorten(full, room)
	}
	if right >= left || right >= cells(text) {
		return strings.Repeat(" ", mark.Column) + style.Render(mark.Text) + " " + message(right)
	}
	m := message(left)
	return strings.Repeat(" ", max(0, left-cells(m))) + m + " " + style.Render(mark.Text)
}
