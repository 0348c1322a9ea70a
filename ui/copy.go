package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
)

// copyText puts text on the clipboard by OSC 52, which also works over SSH,
// and says what it was.
func (s *screen) copyText(what, text string) tea.Cmd {
	if text == "" {
		s.notice = "there is nothing to copy here"
		return nil
	}
	s.notice = "copied " + what + ": " + shorten(clean(strings.ReplaceAll(text, "\n", " ")), max(10, s.w-12-cells(what)))
	return tea.SetClipboard(text)
}

// copyValue copies what is selected in the pane that has the keys.
func (s *screen) copyValue() tea.Cmd {
	r := s.run()
	switch s.focus {
	case paneJIDs:
		if i := s.assembly.selected; i < len(s.assembly.rows) {
			return s.copyText(s.assembly.rows[i].Label, s.assembly.rows[i].Value)
		}
	case paneStages:
		if r != nil && s.stages.selected < len(r.Stages) {
			stage := r.Stages[s.stages.selected]
			return s.copyText("stage", string(stage.Name)+": "+stage.Text)
		}
	case paneParams:
		if row, ok := s.params.row(); ok && !row.secret {
			return s.copyText(row.Name, row.Name+"="+row.value)
		}
	case paneEvents:
		if e, ok := s.events.current(); ok {
			return s.copyText("event", fmt.Sprintf("+%s %s %s: %s", short(e.At), e.Stage, e.State, eventText(e)))
		}
	case paneXML:
		if r != nil && s.xml.selected < len(s.xml.lines) {
			return s.copyText("element", r.XML[s.xml.lines[s.xml.selected]].Text)
		}
	case paneSend:
		if rows := s.send.rows(s.url.spec, r); s.send.selected < len(rows) {
			return s.copyText("recipient", rows[s.send.selected].jid)
		}
	case paneURL:
		return s.copyText("the URL without its password", s.url.spec.Redacted())
	}
	return s.copyText("", "")
}

// copyURL copies the URL: first without its password, and, when asked again at
// once, as it is.
func (s *screen) copyURL() tea.Cmd {
	if s.copyReal {
		s.copyReal = false
		s.notice = "copied the URL with its password"
		return tea.SetClipboard(s.url.text)
	}
	cmd := s.copyText("the URL without its password", s.url.spec.Redacted())
	if s.url.spec.Reading.PasswordSet {
		s.copyReal = true
		s.notice = "copied the URL without its password; Y again copies it with it"
	}
	return cmd
}

func (s *screen) copyCard() tea.Cmd {
	d := s.diagnose()
	text := d.text
	if d.finding != nil {
		text = d.finding.Title + "\n" + d.finding.Explain
		if d.finding.Fix != nil {
			text += "\nFix: " + d.finding.Fix.Label + "\n" + d.finding.Fix.URL
		}
	}
	return s.copyText("the diagnosis", clean2(text))
}

// clean2 cleans text line by line.
func clean2(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.Join(lines, "\n")
}

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
