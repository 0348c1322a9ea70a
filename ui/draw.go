package ui

import (
	"image"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
)

// View draws the whole screen. It is called after every message and depends
// on nothing but the state.
func (s *screen) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.WindowTitle = "xmppscope"
	if s.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if s.w <= 0 || s.h <= 0 {
		return v
	}
	content, cursor := s.frame()
	v.SetContent(content)
	if cursor != nil {
		v.Cursor = tea.NewCursor(cursor.x, cursor.y)
		v.Cursor.Shape = tea.CursorBar
		v.Cursor.Blink = false
	}
	return v
}

// frame draws everything into a grid of cells and gives it as text.
func (s *screen) frame() (string, *point) {
	l := s.layout()
	canvas := s.blank()
	put := func(r rect, lines ...string) {
		if r.w > 0 && r.h > 0 && len(lines) > 0 {
			drawText(canvas, r, strings.Join(lines[:min(len(lines), r.h)], "\n"))
		}
	}
	d := s.diagnose()
	put(l.header, s.header(l))
	var cursor *point
	for _, b := range l.boxes {
		shown := s.shownIn(b)
		focused := s.focus == shown && len(s.dialogs) == 0
		w, h := b.inner()
		v := shown.draw(s, w, h, s.focus == shown)
		if v.right != "" && !strings.Contains(v.right, "\x1b") {
			v.right = s.st.muted.Render(v.right)
		}
		put(b.rect, drawBox(s.st, b.rect, s.boxTitle(b, focused, cells(v.right)), v.right, focused, v.lines))
		if focused {
			s.highlight(canvas, b.rect, v.selected, v.left)
			if v.cursor != nil {
				cursor = inside(b.rect, *v.cursor)
			}
		}
	}
	put(l.diag, s.drawDiagnosis(d, l.diag.w, l.diag.h)...)
	if l.class == tiny {
		put(rect{0, s.h - 1, s.w, min(1, s.h-1)}, s.tinyKeys(d))
	}
	put(l.keys, s.bar(l.keys.w))
	for i := range s.dialogs {
		cursor = s.drawDialog(canvas, s.dialogs[i])
	}
	if s.url.choices.active() && len(s.dialogs) == 0 && cursor != nil {
		s.drawChoices(canvas, *cursor)
	}
	if s.privacy {
		s.coverNames(canvas)
	}
	if s.opts.ASCII {
		toASCII(canvas, s.w, s.h)
	}
	return canvas.Render(), cursor
}

// blank is the grid of cells of the frame before, empty again: a new one for each frame
// would be most of the memory that a frame takes.
func (s *screen) blank() *lipgloss.Canvas {
	if c := s.canvas; c != nil && c.Width() == s.w && c.Height() == s.h {
		c.Clear()
		return c
	}
	s.canvas = lipgloss.NewCanvas(s.w, s.h)
	return s.canvas
}

// drawText draws text into a rectangle of the canvas.
func drawText(canvas *lipgloss.Canvas, r rect, text string) {
	lipgloss.NewLayer(text).Draw(canvas, image.Rect(r.x, r.y, r.x+r.w, r.y+r.h))
}

// inside moves a pane's point to the screen; a point outside of the box has no
// cursor.
func inside(r rect, at point) *point {
	w, h := r.inner()
	if at.x < 0 || at.y < 0 || at.x >= w || at.y >= h {
		return nil
	}
	return &point{r.x + 1 + at.x, r.y + 1 + at.y}
}

// highlight gives the selected row its background, and its marker, which is
// all there is without colour.
func (s *screen) highlight(canvas *lipgloss.Canvas, r rect, row, left int) {
	w, h := r.inner()
	if row < 0 || row >= h || w <= 0 {
		return
	}
	first := r.x + 1 + left
	for x := first; x <= r.x+w; x++ {
		c := canvas.CellAt(x, r.y+1+row)
		if c == nil || c.Width == 0 {
			continue // the second cell of a wide character, which its first cell draws
		}
		c = c.Clone()
		if s.st.selected != nil {
			c.Style.Bg = s.st.selected
		}
		if x == first {
			c.Content, c.Width = s.st.glyphs.marker, 1
		}
		canvas.SetCell(x, r.y+1+row, c)
	}
}

// tinyKeys is the last row of the smallest screen.
func (s *screen) tinyKeys(d diagnosis) string {
	if s.h < 3 {
		return s.tinyDiagnosis(d)
	}
	return fit(" "+s.st.key.Render("^c")+" quit  "+s.st.key.Render("enter")+" check", s.w)
}

// tinyDiagnosis leaves room for the way out beside the diagnosis.
func (s *screen) tinyDiagnosis(d diagnosis) string {
	line := strings.Join(s.drawDiagnosis(d, max(0, s.w-8), 1), "")
	return fit(line, max(0, s.w-8)) + " " + s.st.key.Render("^c") + " quit"
}

func (s *screen) boxTitle(b box, focused bool, right int) string {
	w, _ := b.inner()
	if right > 0 {
		w -= right + 3
	}
	typing := s.typing && s.focus.field() != nil && len(s.dialogs) == 0
	return boxTitle(s.st, s.tabs(b), focused, typing, w-4)
}
