package ui

import "fmt"

// withHidden is what stands in the border of a pane w cells wide, with count, which says
// how much of it there is no room for, and the keys that show it.
func (s *screen) withHidden(right string, p pane, count string, w int) string {
	if count == "" {
		return right
	}
	keys := s.zoomKeys(p)
	forms := []string{count + ", " + keys + " shows all", count + ": " + keys, count}
	if keys == "" {
		forms = forms[2:]
	}
	name := cells(fmt.Sprintf("%s%d %s", s.st.glyphs.marker, s.number(p), p.name()))
	if s.typing { // its number has alt+ before it then
		name += 4
	}
	for _, form := range forms {
		if right != "" {
			form = right + s.st.muted.Render(" · "+form)
		}
		if cells(form)+name+6 <= w {
			return form
		}
	}
	if right == "" {
		return count
	}
	return right
}

// zoomKeys are the keys that zoom a pane as the keys are now, none where it is zoomed.
func (s *screen) zoomKeys(p pane) string {
	zoom, jump := "z", ""
	if p.writes() && (s.typing || s.focus != p) { // a pane that takes text takes z
		zoom = "alt+z"
	}
	switch {
	case s.focus == p && s.zoomed:
		return ""
	case s.focus != p && s.typing:
		jump = fmt.Sprintf("alt+%d then ", s.number(p))
	case s.focus != p:
		jump = fmt.Sprintf("%d then ", s.number(p))
	}
	return jump + zoom
}
