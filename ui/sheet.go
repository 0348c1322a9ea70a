package ui

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// sheet gathers the lines of a dialog that is read: headings, and facts with
// their labels in a column of their own. Every text is made drawable here.
type sheet struct {
	st    *styles
	w     int // of the dialog
	label int // width of the labels
	lines []string
}

func newSheet(st *styles, w int) *sheet { return &sheet{st: st, w: w, label: 11} }

// gap leaves one line empty.
func (p *sheet) gap() {
	if n := len(p.lines); n == 0 || p.lines[n-1] != "" {
		p.lines = append(p.lines, "")
	}
}

func (p *sheet) head(text string) {
	p.gap()
	p.lines = append(p.lines, " "+p.st.titleFocus.Render(clean(text)))
}

// say adds a paragraph behind a sign; an empty sign takes no room.
func (p *sheet) say(style lipgloss.Style, sign, text string) {
	if sign != "" {
		sign += " "
	}
	p.hang(" "+style.Render(sign), style, text)
}

// fact adds a paragraph with a label. An empty text adds nothing.
func (p *sheet) fact(label, text string) { p.factIn(p.st.text, label, text) }

func (p *sheet) factIn(style lipgloss.Style, label, text string) {
	if text != "" {
		p.hang(" "+p.st.muted.Render(fit(clean(label), p.label))+" ", style, text)
	}
}

// marked is a fact whose label has a sign, which says the same as its colour.
func (p *sheet) marked(sign string, signed lipgloss.Style, label, text string) {
	if text != "" {
		p.hang(" "+signed.Render(sign)+" "+p.st.muted.Render(fit(clean(label), p.label-2))+" ", p.st.text, text)
	}
}

// hang adds a wrapped paragraph: lead stands before its first line, and as many
// blanks before the others.
func (p *sheet) hang(lead string, style lipgloss.Style, text string) {
	for i, line := range wrap(clean(text), max(10, p.w-cells(lead)-2)) {
		if i > 0 {
			lead = strings.Repeat(" ", cells(lead))
		}
		p.lines = append(p.lines, lead+style.Render(line))
	}
}
