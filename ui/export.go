package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
)

// export writes a report of the run. It is made in Update, because it must
// show the run as it is now, and written in the background.
func (s *screen) export() tea.Cmd {
	r := s.run()
	now := s.opts.Clock()
	text := report(r, now.Format("2006-01-02 15:04:05 -0700"))
	name := filepath.Join(s.opts.ReportDir, "xmppscope-"+now.Format("20060102-150405")+".md")
	return func() tea.Msg {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return noticeMsg("no report: " + err.Error())
		}
		_, err = f.WriteString(text)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return noticeMsg("no report: " + err.Error())
		}
		return noticeMsg("report written: " + name)
	}
}

// report is a run as Markdown, for a mail or an issue. It holds no secret.
func report(r *model.Run, when string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	cell := func(s string) string { return strings.ReplaceAll(clean(s), "|", `\|`) }
	line("# xmppscope report\n\n%s, %s of\n\n    %s\n", when, r.Kind, clean(r.Spec.Redacted()))
	for _, f := range r.Findings() {
		line("**%s** (%s): %s\n\n%s\n", clean(f.Title), f.Severity, f.Code, clean(f.Explain))
		if f.Fix != nil {
			line("Fix: %s\n\n    %s\n", clean(f.Fix.Label), clean(f.Fix.URL))
		}
	}
	line("## How the URL is read\n\n| | | from |\n|---|---|---|")
	for _, row := range model.Assembly(r.Spec) {
		line("| %s | %s %s | %s |", row.Label, cell(row.Value), cell(row.Note), cell(row.From))
	}
	line("\n## Stages\n\n| stage | state | took | |\n|---|---|---|---|")
	for _, s := range r.Stages {
		state := string(s.State)
		if state == "" {
			state = "not reached"
		}
		line("| %s | %s | %s | %s |", s.Name, state, short(s.Took), cell(s.Text))
	}
	if len(r.Deliveries) > 0 {
		line("\n## Deliveries\n\n| to | kind | evidence | |\n|---|---|---|---|")
		for _, d := range r.Deliveries {
			problem := ""
			if d.Error != nil {
				problem = errorText(d.Error)
			}
			line("| %s | %s | %s | %s |", cell(d.To), d.Kind, d.Evidence, cell(problem))
		}
	}
	line("\n## Events\n\n```")
	for _, e := range r.Events {
		line("+%07.1f %-9s %-5s %s", float64(e.At.Microseconds())/1000, e.Stage, e.State, eventText(e))
	}
	line("```")
	return b.String()
}
