package ui

import (
	"xmppscope/model/fact"
	"xmppscope/model/matrix"
)

// places lists what each place offers, those that have nothing last and
// together, then what several of them tell.
func (d *matrixDialog) places(p *sheet) {
	if len(d.cells) == 0 {
		return
	}
	p.head("What each place offers")
	for _, f := range matrix.PlaceFacts(d.cells) {
		if f.Role == fact.RoleHeading {
			p.hang(" ", p.st.strong, f.Text)
			continue
		}
		sign, style := p.st.state(f.State)
		p.hang("   "+style.Render(sign)+" "+fit(clean(f.Label), 8)+" ", p.st.text, f.Text)
	}
	for _, f := range d.matrix.TLSFacts() {
		p.gap()
		p.paint([]fact.Fact{f})
	}
}
