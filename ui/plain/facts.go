package plain

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/model/fact"
)

// facts paints rows as the model gives them. Labels stand in a column, and
// beside them what the state says of a row, in a word where the screen has a
// sign. The sum comes last, where a reader of lines looks for it.
func (l Look) facts(facts []fact.Fact) []string {
	labels, states := labelWidth, 0
	for _, f := range facts {
		if f.Role != fact.RoleHeading {
			labels = max(labels, ansi.StringWidth(f.Label))
		}
		if f.Role == fact.RoleValue && f.State != "" {
			states = max(states, stateWidth, len(f.State))
		}
	}
	var lines, sum []string
	label := ""
	for _, f := range facts {
		if f.Label != "" {
			label = f.Label
		}
		switch f.Role {
		case fact.RoleHeading:
			lines = append(lines, l.heading(f, len(lines) > 0)...)
		case fact.RoleSum:
			sum = append(sum, l.row(f, label, labels, 0)...)
		case fact.RoleBytes: // in one line, so that it can be searched for
			first, _ := l.leads(f, label, labels, states)
			lines = append(lines, first+f.Text)
		default:
			lines = append(lines, l.row(f, label, labels, states)...)
		}
	}
	if len(lines) > 0 && len(sum) > 0 && !l.Labels {
		lines = append(lines, "")
	}
	return append(lines, sum...)
}

// heading is a line above rows. Where every line has a label, a heading that
// names no thing would only be in the way.
func (l Look) heading(f fact.Fact, gap bool) []string {
	switch {
	case l.Labels && f.Label == "":
		return nil
	case l.Labels:
		return []string{f.Label + ": " + f.Text}
	case gap:
		return []string{"", l.paint(strong, f.Text)}
	}
	return []string{l.paint(strong, f.Text)}
}

func (l Look) row(f fact.Fact, label string, labels, states int) []string {
	first, rest := l.leads(f, label, labels, states)
	lines := l.wrapped(f.Text, first, rest)
	if f.Role == fact.RoleSum {
		lead := first
		for i, line := range lines {
			lines[i] = lead + l.paint(stateRole(f.State), strings.TrimPrefix(line, lead))
			lead = rest
		}
	}
	return lines
}

// leads are what stands before the first line of a row, and before the others.
// label is that of the row above where the row has none.
func (l Look) leads(f fact.Fact, label string, labels, states int) (first, rest string) {
	word := string(f.State)
	if f.Role == fact.RoleSum {
		word = ""
	}
	if l.Labels {
		if first = label + ": "; word != "" {
			first += word + ": "
		}
		return first, first
	}
	first = l.paint(muted, pad(f.Label, labels)) + " "
	rest = strings.Repeat(" ", labels+1)
	if states > 0 {
		first += l.paint(stateRole(f.State), pad(word, states)) + "  "
		rest += strings.Repeat(" ", states+2)
	}
	return first, rest
}

// inBrief makes the rows of one thing a row: its name, and what the first of
// them says. Those that are good or bad follow; the others are details, which
// the screen and the report have.
func inBrief(facts []fact.Fact) []fact.Fact {
	thing, first := facts[0], facts[1]
	brief := []fact.Fact{{Label: thing.Label, Text: thing.Text + ": " + first.Text, State: first.State}}
	for _, f := range facts[2:] {
		if f.State != "" {
			brief = append(brief, f)
		}
	}
	return brief
}
