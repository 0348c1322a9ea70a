package ui

import (
	"strings"

	"charm.land/lipgloss/v2"

	"xmppscope/model/fact"
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

// newFactSheet is a sheet with room for the labels of the model's facts.
func newFactSheet(st *styles, w int) *sheet { return &sheet{st: st, w: w, label: 14} }

// paint adds rows as the model gives them. What its state says of a row is said
// by a sign as well as by a colour.
func (p *sheet) paint(facts []fact.Fact) {
	for _, f := range facts {
		sign, style := p.st.state(f.State)
		switch {
		case f.Role == fact.RoleHeading:
			p.head(f.Text)
		case f.Role == fact.RoleSum:
			if len(p.lines) > 0 {
				p.gap()
			}
			p.say(style, sign, f.Text)
		case f.Role == fact.RoleBytes:
			p.bytes(f.Label, f.Text)
		case f.State == "":
			p.fact(f.Label, f.Text)
		default:
			p.marked(sign, style, f.Label, f.Text)
		}
	}
}

// bytes breaks bytes in hex, with or without colons, into lines of the same
// length.
func (p *sheet) bytes(label, text string) {
	size, between := 2, ""
	if strings.Contains(text, ":") {
		size, between = 3, ":"
	}
	for length := 16; text != ""; label = "" {
		if p.w-p.label-4 < length*size {
			length = 8
		}
		n := min(length*size, len(text))
		p.fact(label, strings.TrimSuffix(text[:n], between))
		text = text[n:]
	}
}

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
func (p *sheet) fact(label, text string) {
	if text != "" {
		p.hang(" "+p.st.muted.Render(fit(clean(label), p.label))+" ", p.st.text, text)
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
