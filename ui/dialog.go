package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
)

// dialog lies on top of the panes and has all keys but ctrl+c and ctrl+z.
type dialog interface {
	// key answers a key press; closing is the dialog's own business.
	key(s *screen, msg tea.KeyPressMsg) tea.Cmd
	// paste takes pasted text.
	paste(text string)
	// draw gives the inside for a screen of w by h cells; the frame is the
	// width of the widest line.
	draw(s *screen, w, h int) (title string, v view)
}

func (s *screen) open(d dialog) {
	if len(s.dialogs) == 0 {
		s.resume = s.typing
	}
	s.leave()
	s.dialogs = append(s.dialogs, d)
}

// closeDialog closes the topmost dialog. A pane that took text before takes it
// again.
func (s *screen) closeDialog() {
	if n := len(s.dialogs); n > 0 {
		s.dialogs = s.dialogs[:n-1]
	}
	if len(s.dialogs) == 0 {
		s.typing = s.resume && s.focus.writes()
	}
}

// drawDialog lays a dialog over the middle of the screen.
func (s *screen) drawDialog(canvas *lipgloss.Canvas, d dialog) *point {
	roomW, roomH := max(0, min(s.w-4, 92)), max(0, s.h-4)
	bottom := s.h
	if l := s.layout(); l.class != tiny { // the diagnosis stays in sight
		bottom = l.diag.y
		roomH = bottom - 3
	}
	title, v := d.draw(s, roomW, roomH)
	w, h := cells(title)+6+cells(v.right), min(len(v.lines), roomH)
	for _, line := range v.lines {
		w = max(w, cells(line)+2)
	}
	w = min(w, roomW)
	r := rect{max(0, (s.w-w-2)/2), max(0, (bottom-h-1)/2), min(w+2, s.w), min(h+2, s.h)}
	if r.w+4 >= s.w { // slivers of what is below would only be in the way
		r.x, r.w = 0, s.w
	}
	if r.w < 2 || r.h < 2 {
		return nil
	}
	right := v.right
	if right != "" {
		right = s.st.muted.Render(right)
	}
	box := drawBox(s.st, r, s.st.titleFocus.Render(title), right, true, v.lines)
	drawText(canvas, r, box)
	s.highlight(canvas, r, v.selected, 0)
	if v.cursor == nil {
		return nil
	}
	return inside(r, *v.cursor)
}

// answer draws keys and what they do, in pairs.
func answer(st *styles, pairs ...string) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, st.key.Render(pairs[i])+" "+pairs[i+1])
	}
	return strings.Join(parts, "   ")
}
