package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// question is a dialog that is answered with yes or no.
type question struct {
	title string
	lines []string
	yes   string
	do    func(*screen) tea.Cmd
	// deliberate takes only y for a yes, and not enter, where a slip would hurt.
	deliberate bool
	// live says that the question is about the run that is going, and is moot when it
	// has ended.
	live bool
}

func confirm(title string, lines []string, yes string, do func(*screen) tea.Cmd) *question {
	return &question{title: title, lines: lines, yes: yes, do: do}
}

func (q *question) paste(string) {}

func (q *question) key(s *screen, msg tea.KeyPressMsg) tea.Cmd {
	switch name := msg.String(); name {
	case "enter", "y":
		if name == "y" || !q.deliberate {
			s.closeDialog()
			return q.do(s)
		}
	case "esc", "n", "q":
		s.closeDialog()
	}
	return nil
}

func (q *question) draw(s *screen, w, h int) (string, view) {
	lines := []string{""}
	for _, text := range q.lines {
		for _, line := range wrap(text, w-4) {
			lines = append(lines, "  "+line)
		}
	}
	if room := max(2, h-2); len(lines) > room {
		lines = append(lines[:room-1], "  "+fmt.Sprintf("%s %d more", s.st.glyphs.more, len(lines)-room+1))
	}
	key := "enter"
	if q.deliberate {
		key = "y"
	}
	lines = append(lines, "", "  "+answer(s.st, key, q.yes, "esc", "not now"))
	return q.title, show(lines...)
}
