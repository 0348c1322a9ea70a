package report

import (
	"fmt"
	"strings"

	"xmppscope/model"
	"xmppscope/model/fact"
)

// Markdown is the report for a mail or an issue.
func (rep Report) Markdown() string {
	p := &markdown{}
	p.title("xmppscope report")
	p.paragraph(strings.Join([]string{rep.Program, rep.When, string(rep.Kind)}, ", "))
	p.code([]string{rep.URL})
	p.paragraph("Result: " + rep.Outcome + ".")
	if len(rep.Findings) > 0 {
		p.heading("Findings")
	}
	for _, f := range rep.Findings {
		p.paragraph(fmt.Sprintf("%s: %s: %s %s", f.Severity, f.Code, f.Title, f.Explain))
		if f.Fix != nil {
			p.paragraph("Fix: " + f.Fix.Label)
			p.code([]string{f.Fix.URL})
		}
		if f.Admin != "" {
			p.paragraph("For the server's operator: " + f.Admin)
		}
	}
	if v := rep.Apprise; v != nil {
		p.heading("Apprise 2.1.0")
		p.paragraph(v.Fact().Text + ".")
	}
	rep.renderTables(p)
	if len(rep.Events) > 0 {
		p.heading("Events")
		p.code(rep.Events)
	}
	return p.String()
}

func (rep Report) renderTables(p *markdown) {
	section := func(name string, head []string, rows [][]string) {
		if len(rows) > 0 {
			p.heading(name)
			p.table(head, rows)
		}
	}
	var rows [][]string
	for _, r := range rep.Assembly {
		rows = append(rows, []string{r.Label, strings.TrimSpace(r.Value + " " + r.Note), r.From})
	}
	section("How the URL is read", []string{"part", "value", "from"}, rows)
	rows = nil
	for _, q := range rep.Params {
		rows = append(rows, []string{q.Name, q.Value, q.Note})
	}
	section("Parameters that differ from their defaults", []string{"parameter", "value", "note"}, rows)
	rows = nil
	for _, s := range rep.Stages {
		took := ""
		if s.State != "" {
			took = model.Duration(s.Took)
		}
		rows = append(rows, []string{string(s.Name), string(s.State), took, s.Words()})
	}
	section("Stages", []string{"stage", "state", "took", "what happened"}, rows)
	facts := func(name string, facts []fact.Fact) {
		rows = nil
		for _, f := range facts {
			if f.Role != fact.RoleHeading || f.Label != "" { // a title says the same as the section's
				rows = append(rows, []string{f.Label, f.Text})
			}
		}
		section(name, []string{"what", "value"}, rows)
	}
	facts("Connection", rep.Connection)
	facts("Login", rep.Login)
	facts("Rooms", rep.Rooms)
	facts("Messages", rep.Deliveries)
}

// markdown writes the parts of a report.
type markdown struct{ strings.Builder }

func (m *markdown) title(text string)     { fmt.Fprintf(m, "# %s\n", text) }
func (m *markdown) heading(text string)   { fmt.Fprintf(m, "\n## %s\n", text) }
func (m *markdown) paragraph(text string) { fmt.Fprintf(m, "\n%s\n", inline(text)) }

// code is indented, which no text inside can end.
func (m *markdown) code(lines []string) {
	m.WriteString("\n")
	for _, line := range lines {
		fmt.Fprintf(m, "    %s\n", line)
	}
}

func (m *markdown) table(head []string, rows [][]string) {
	rule := make([]string, len(head))
	for i := range rule {
		rule[i] = "---"
	}
	m.WriteString("\n")
	for i, row := range append([][]string{head, rule}, rows...) {
		cells := make([]string, len(row))
		for j, cell := range row {
			if cells[j] = cell; i > 1 {
				cells[j] = strings.ReplaceAll(inline(cell), "|", `\|`)
			}
		}
		fmt.Fprintf(m, "| %s |\n", strings.Join(cells, " | "))
	}
}

// inline keeps text from being taken for markup: a server's words must not
// become a link or a picture.
func inline(text string) string { return markup.Replace(text) }

var markup = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`,
	"<", `\<`, ">", `\>`, "#", `\#`, "!", `\!`)
