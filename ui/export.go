package ui

import (
	"os"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model/report"
)

// export writes a report of the run. It is written in the background, and made
// there too, but for a run that is still going: it must show that as it is now.
func (s *screen) export() tea.Cmd {
	r := s.run()
	now := s.opts.Clock()
	text := func() string {
		return report.New(s.ctx, r, s.opts.Program, now.Format("2006-01-02 15:04:05 -0700")).Markdown()
	}
	if s.privacy {
		whole, names := text, s.names()
		text = func() string { return coverText(whole(), names) }
	}
	if !r.Done {
		made := text()
		text = func() string { return made }
	}
	name := filepath.Join(s.opts.ReportDir, "xmppscope-"+now.Format("20060102-150405")+".md")
	return func() tea.Msg {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return noticeMsg("no report: " + err.Error())
		}
		_, err = f.WriteString(text())
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return noticeMsg("no report: " + err.Error())
		}
		return noticeMsg("report written: " + name)
	}
}
