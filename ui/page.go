package ui

import (
	"strings"

	"xmppscope/model/fact"
)

// page gathers the lines of a dialog that is read: headings, and facts with
// their labels in a column of their own. Every text is made drawable here.
type page struct {
	st    *styles
	w     int // of the dialog
	label int // width of the labels
	lines []string
}

func newPage(st *styles, w int) *page { return &page{st: st, w: w, label: 11} }

// newFactPage is a page with room for the labels of the model's facts.
func newFactPage(st *styles, w int) *page { return &page{st: st, w: w, label: 14} }

// paint adds rows as the model gives them. What its state says of a row is said
// by a sign as well as by a colour.
func (p *page) paint(facts []fact.Fact) {
	for _, f := range facts {
		sign, style := p.st.state(f.State)
		switch {
		case f.Role == fact.RoleHeading:
			p.head(f.Text)
		case f.Role == fact.RoleSum:
			if len(p.lines) > 0 {
				p.gap()
			}
			p.paragraph(style, sign, f.Text)
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
func (p *page) bytes(label, text string) {
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
func (p *page) gap() {
	if n := len(p.lines); n == 0 || p.lines[n-1] != "" {
		p.lines = append(p.lines, "")
	}
}

func (p *page) head(text string) {
	p.gap()
	p.lines = append(p.lines, " "+p.st.titleFocus.Render(clean(text)))
}

// paragraph adds a paragraph behind a sign; an empty sign takes no room.
func (p *page) paragraph(style look, sign, text string) {
	if sign != "" {
		sign += " "
	}
	p.wrapped(" "+style.Render(sign), style, text)
}

// fact adds a paragraph with a label. An empty text adds nothing.
func (p *page) fact(label, text string) {
	if text != "" {
		p.wrapped(" "+p.st.muted.Render(fit(clean(label), p.label))+" ", p.st.text, text)
	}
}

// marked is a fact whose label has a sign, which says the same as its colour.
func (p *page) marked(sign string, signed look, label, text string) {
	if text != "" {
		p.wrapped(" "+signed.Render(sign)+" "+p.st.muted.Render(fit(clean(label), p.label-2))+" ", p.st.text, text)
	}
}

// keys tells of the keys of a pane that has nothing to show yet.
func (p *page) keys(s *screen, all []binding) {
	p.gap()
	for _, b := range all {
		if b.help != "" && b.at&commands != 0 {
			p.wrapped(" "+p.st.key.Render(fit(s.shownKey(b.show), 5))+" ", p.st.text, b.help)
		}
	}
}

// wrapped adds a paragraph: lead stands before its first line, and as many blanks
// before the others.
func (p *page) wrapped(lead string, style look, text string) {
	for i, line := range wrap(clean(text), max(10, p.w-cells(lead)-2)) {
		if i > 0 {
			lead = strings.Repeat(" ", cells(lead))
		}
		p.lines = append(p.lines, lead+style.Render(line))
	}
}
