package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

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
	l := s.layout()
	if click, ok := msg.(tea.MouseClickMsg); ok && click.Button == tea.MouseLeft {
		switch at := (point{m.X, m.Y}); {
		case l.keys.has(at):
			return s.clickBar(at.x - l.keys.x)
		case l.diag.has(at):
			return s.clickDiagnosis(at.x-l.diag.x, at.y-l.diag.y, l)
		}
	}
	for _, b := range l.boxes {
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
			if p := s.tabAt(b, m.X, m.Y); p != nil {
				return s.jump(p)
			}
			s.click(shown, b, point{m.X - b.x - 1, m.Y - b.y - 1})
		}
	}
	return nil
}

func (r rect) has(at point) bool {
	return at.x >= r.x && at.x < r.x+r.w && at.y >= r.y && at.y < r.y+r.h
}

// tabAt is the pane whose name stands at a place of the upper border, nil when
// none does.
func (s *screen) tabAt(b box, x, y int) pane {
	if y != b.y {
		return nil
	}
	shown := s.shownIn(b)
	w, h := b.inner()
	title := ansi.Strip(s.boxTitle(b, s.focus == shown, cells(shown.draw(s, w, h, s.focus == shown).right)))
	from, at := 0, b.x+2 // behind the corner and a blank
	var found pane
	for _, t := range s.tabs(b) {
		i := strings.IndexByte(title[from:], byte('0'+t.number))
		if i < 0 {
			break
		}
		start := at + cells(title[:from+i])
		if strings.HasSuffix(title[:from+i], "alt+") {
			start -= len("alt+")
		}
		if x < start {
			break
		}
		found, from = s.panes[t.number-1], from+i+1
	}
	if x >= at+cells(title) {
		return nil
	}
	return found
}

// clickBar does what a hint of the key bar stands for.
func (s *screen) clickBar(x int) tea.Cmd {
	_, hints := s.hints(s.layout().keys.w)
	for _, hint := range hints {
		if x >= hint.from && x < hint.to && hint.do != nil {
			return hint.do(s)
		}
	}
	return nil
}

// clickDiagnosis does what the hint says that stands at a place of the diagnosis:
// the last of its keys that begins before it.
func (s *screen) clickDiagnosis(x, y int, l layout) tea.Cmd {
	d := s.diagnose()
	lines := s.drawDiagnosis(d, l.diag.w, l.diag.h)
	if y >= len(lines) {
		return nil
	}
	line, best := ansi.Strip(lines[y]), -1
	var do func(*screen) tea.Cmd
	for _, hint := range []struct {
		key string
		why func(*screen) string
		do  func(*screen) tea.Cmd
	}{{"f", whyNoFix, (*screen).fix}, {"d", whyNoDetails, (*screen).details}, {"!", whyNoRisk, (*screen).risk}} {
		if hint.why(s) != "" {
			continue
		}
		if s.typing {
			hint.key = "alt+" + hint.key
		}
		i := strings.LastIndex(line, "  "+hint.key+" ")
		if i >= 0 && i > best && x >= cells(line[:i])+2 {
			best, do = i, hint.do
		}
	}
	if do == nil {
		return nil
	}
	return do(s)
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
