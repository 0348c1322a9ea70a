package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// runsDialog lists the runs of the session.
type runsDialog struct{ list window }

func (s *screen) openRuns() tea.Cmd {
	s.open(&runsDialog{window{selected: s.shown}})
	return nil
}

func (d *runsDialog) paste(string) {}

func (d *runsDialog) key(s *screen, msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc", "q", "H":
		s.closeDialog()
	case "down", "j":
		d.list.move(1, s.runs.Len())
	case "up", "k":
		d.list.move(-1, s.runs.Len())
	case "enter":
		s.closeDialog()
		s.shown = clamp(d.list.selected, 0, s.runs.Len()-1)
	case "u":
		s.closeDialog()
		if r := s.runs.At(clamp(d.list.selected, 0, s.runs.Len()-1)); r != nil {
			s.url.replace(r.Spec.Text, len(r.Spec.Text))
			s.edited()
			s.notice = "the URL of run " + fmt.Sprint(r.ID)
		}
	}
	return nil
}

func (d *runsDialog) draw(s *screen, w, h int) (string, view) {
	lines := make([]string, s.runs.Len())
	for i := range lines {
		r := s.runs.At(i)
		line := " " + runLine(s.st, r, s.age(r)) + "   "
		lines[i] = line + s.st.muted.Render(shorten(clean(r.Spec.Redacted()), max(0, w-2-cells(line))))
	}
	v := d.list.drawLines(lines, max(1, h-2), true)
	keys := " " + answer(s.st, "enter", "show", "u", "take its URL", "esc", "close")
	v.lines = append(append([]string(nil), v.lines...), "", keys)
	return "Runs", v
}
