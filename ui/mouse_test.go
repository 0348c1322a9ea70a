package ui

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

// A click selects the row that it hits, whatever stands above it.
func TestClickSelectsARow(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL, Body: "hi", Run: joined().run})
	s.press("ctrl+s", "enter")
	s.finish()
	s.press("esc", "m")
	s.View()
	for _, tt := range []struct {
		pane pane
		row  int
	}{{&s.jids, 2}, {&s.stages, 4}, {&s.params, 3}, {&s.events, 1}, {&s.send, 1}} {
		b, _ := s.layout().boxOf(tt.pane.slot())
		w, _ := tt.pane.rows(s.screen)
		x := b.x + 1 + w.at.x + 2
		s.Update(tea.MouseClickMsg{X: x, Y: b.y + 1 + w.at.y + tt.row, Button: tea.MouseLeft})
		s.View()
		if w, _ = tt.pane.rows(s.screen); s.focus != tt.pane || s.typing || w.selected != w.top+tt.row {
			t.Errorf("%s: focus %s, typing %v, line %d, want %d", tt.pane.name(), s.focus.name(), s.typing, w.selected,
				w.top+tt.row)
		}
	}
	b, _ := s.layout().boxOf(s.send.slot())
	s.Update(tea.MouseClickMsg{X: b.x + 3, Y: b.y + 2, Button: tea.MouseLeft})
	if !s.typing {
		t.Error("a click into the message does not let type")
	}
	s.press("esc", "?")
	top := s.dialogs[0].(*textDialog).top
	s.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	s.View()
	if got := s.dialogs[0].(*textDialog).top; got <= top {
		t.Errorf("the wheel leaves the help at line %d", got)
	}
}
