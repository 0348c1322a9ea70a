package plain

import (
	"strings"

	"xmppscope/ui/urlview"
	"xmppscope/urlspec"
)

// drawing is a URL laid out for a screen. Build it with newDrawing.
type drawing struct {
	look Look
	url  *urlview.View
}

func newDrawing(spec urlspec.Spec, look Look) *drawing {
	return &drawing{look, urlview.New(spec, urlview.Secrecy{})}
}

// rows gives the URL in rows no wider than the look, each with a row of marks
// under its parts and rows of their labels. The marks are always drawn, so
// that the drawing needs no colour.
func (d *drawing) rows() []string {
	var lines []string
	for _, row := range d.url.Rows(d.look.width()) {
		if row.First == row.Last {
			continue // room for a cursor
		}
		lines = append(lines, d.row(row))
		if marks := d.marks(row); marks != "" {
			lines = append(lines, d.look.paint(muted, marks))
		}
		for _, labels := range d.url.Labels(row, d.look.width()) {
			lines = append(lines, labelLine(labels))
		}
	}
	return lines
}

func (d *drawing) row(row urlview.Row) string {
	var b strings.Builder
	text, as := "", normal
	for run := range d.url.Runs(row) {
		if r := runRole(run); r != as {
			b.WriteString(d.look.paint(as, text))
			text, as = "", r
		}
		text += run.Text
	}
	b.WriteString(d.look.paint(as, text))
	return b.String()
}

// runRole is what a stretch of a URL is to the reader.
func runRole(run urlview.Run) role {
	switch run.Kind {
	case urlspec.User:
		return accent
	case urlspec.Host:
		return strong
	case urlspec.Port, urlspec.Target:
		return normal
	case urlspec.ParamValue:
		if !run.Ignored {
			return accent
		}
	case urlspec.Lost, urlspec.Other:
		return doubtful
	}
	return muted
}

// marks underlines the parts in a row.
func (d *drawing) marks(row urlview.Row) string {
	var b strings.Builder
	b.Grow(d.url.Width(row))
	for _, cell := range d.url.Cells[row.First:row.Last] {
		mark := byte(' ')
		if cell.Part >= 0 {
			mark = '~'
		}
		for range cell.Width {
			b.WriteByte(mark)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

func labelLine(labels []urlview.Label) string {
	var b strings.Builder
	b.Grow(len(labels) * 16)
	for _, label := range labels {
		for b.Len() < label.Column {
			b.WriteByte(' ')
		}
		b.WriteString(label.Text)
	}
	return b.String()
}

// pointer draws the part of the URL around the bytes start to end, in at most
// width cells, and the squiggle under them.
func (d *drawing) pointer(start, end int, r role, width int) (text, squiggle string) {
	row := d.url.Around(start, end, width)
	wrong := d.url.Touched(row, start, end)
	text = d.url.Text(urlview.Row{First: row.First, Last: wrong.First}) +
		d.look.paint(r, d.url.Text(wrong)) +
		d.url.Text(urlview.Row{First: wrong.Last, Last: row.Last})
	mark, _ := d.url.Pointer(row, start, end, -1)
	squiggle = strings.Repeat(" ", mark.Column) + d.look.paint(r, mark.Text)
	if row.First > 0 {
		text, squiggle = "…"+text, " "+squiggle
	}
	if row.Last < len(d.url.Cells) {
		text += "…"
	}
	return strings.TrimRight(text, " "), squiggle
}
