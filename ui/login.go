package ui

import (
	"strings"

	"charm.land/lipgloss/v2"

	"xmppscope/model"
)

// loginFacts explain a login: every mechanism and why it was taken or not,
// then what the server said around them.
func (p *sheet) loginFacts(r *model.Run) {
	list := model.ExplainSASL(r)
	if len(list) == 0 {
		return
	}
	p.head("How the login is chosen")
	for i := 0; i < len(list); i++ {
		l := list[i]
		names := []string{l.Name}
		for l.State != model.SASLNote && i+1 < len(list) && list[i+1].State == l.State && list[i+1].Text == l.Text {
			i++ // what has the same reason is said once
			names = append(names, list[i].Name)
		}
		if l.State == model.SASLNote {
			p.fact(l.Name, l.Text)
			continue
		}
		if l.State == model.SASLMissing && len(names) > 1 {
			l.Text = "we know them, the server does not offer them"
		}
		sign, style := p.mechanismSign(l.State, r)
		p.marked(sign, style, mechanismState(l.State), strings.Join(names, ", ")+": "+l.Text)
	}
}

func mechanismState(state model.SASLState) string {
	if state == model.SASLPassed {
		return "not taken"
	}
	return string(state)
}

func (p *sheet) mechanismSign(state model.SASLState, r *model.Run) (string, lipgloss.Style) {
	g := p.st.glyphs
	switch {
	case state == model.SASLUsed && r.SASL != nil && r.SASL.Failure != nil:
		return g.fail, p.st.fail
	case state == model.SASLUsed:
		return g.ok, p.st.ok
	case state == model.SASLPredicted:
		return g.running, p.st.info
	case state == model.SASLPassed:
		return g.skip, p.st.muted
	}
	return g.waiting, p.st.muted
}
