package ui

import tea "charm.land/bubbletea/v2"

// wheelLines is how far one notch of the wheel scrolls.
const wheelLines = 3

// mouseEvent answers the mouse while it is on: a click gives a pane the keys
// and selects the row that was clicked, the wheel scrolls.
func (s *screen) mouseEvent(msg tea.MouseMsg) tea.Cmd {
	m := msg.Mouse()
	by := 0
	if wheel, ok := msg.(tea.MouseWheelMsg); ok {
		if by = wheelLines; wheel.Button == tea.MouseWheelUp {
			by = -wheelLines
		}
	}
	if n := len(s.dialogs); n > 0 {
		return s.scrollDialog(s.dialogs[n-1], by)
	}
	for _, b := range s.layout().boxes {
		if m.X < b.x || m.X >= b.x+b.w || m.Y < b.y || m.Y >= b.y+b.h {
			continue
		}
		shown := s.shownIn(b)
		if by != 0 {
			if s.focus != shown {
				s.jump(shown)
				s.typing = false
			}
			s.scroll(by)
		} else if click, ok := msg.(tea.MouseClickMsg); ok && click.Button == tea.MouseLeft {
			s.click(shown, b, point{m.X - b.x - 1, m.Y - b.y - 1})
		}
	}
	return nil
}

// click is a click inside a box.
func (s *screen) click(p pane, b box, at point) {
	if s.focus != p {
		s.jump(p)
	}
	if list, n := p.rows(s); list != nil {
		if line, ok := list.hit(at); ok && line < n {
			s.finishField()
			list.pick(line)
			return
		}
	}
	if p.writes() {
		s.typing = true
	}
	if p, ok := p.(clicker); ok {
		p.click(at, b.w-2)
	}
}

// scrollDialog scrolls a dialog.
func (s *screen) scrollDialog(d dialog, by int) tea.Cmd {
	key := tea.KeyPressMsg{Code: tea.KeyDown}
	if by < 0 {
		key.Code, by = tea.KeyUp, -by
	}
	for range by {
		if cmd := d.key(s, key); cmd != nil {
			return cmd
		}
	}
	return nil
}
