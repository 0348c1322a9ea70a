package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"
)

// textDialog shows text that is read, and scrolls where it is longer than the
// screen.
type textDialog struct {
	title string
	text  func(s *screen, w int) []string
	top   int
	seen  int
	// extra answers further keys and says whether it took the key; answers names
	// them and what they do, in pairs, below the text wherever that stands.
	extra   func(s *screen, name string) (tea.Cmd, bool)
	answers func(s *screen) []string
}

func (p *textDialog) paste(string) {}

func (p *textDialog) key(s *screen, msg tea.KeyPressMsg) tea.Cmd {
	name := msg.String()
	if p.extra != nil {
		if cmd, took := p.extra(s, name); took {
			return cmd
		}
	}
	switch name {
	case "esc", "q", "enter", "d", "?", "f1":
		s.closeDialog()
	case "down", "j":
		p.top++
	case "up", "k":
		p.top--
	case "pgdown", "space", "ctrl+d":
		p.top += max(1, p.seen-1)
	case "pgup", "ctrl+u":
		p.top -= max(1, p.seen-1)
	case "home", "g":
		p.top = 0
	case "end", "G":
		p.top = 1 << 30
	}
	return nil
}

func (p *textDialog) draw(s *screen, w, h int) (string, view) {
	lines := p.text(s, w)
	var foot []string
	if p.answers != nil {
		foot = []string{"", " " + answer(s.st, p.answers(s)...)}
		if h < 8 {
			foot = foot[1:]
		}
	}
	p.seen = max(1, h-len(foot))
	p.top = clamp(p.top, 0, max(0, len(lines)-p.seen))
	end := min(len(lines), p.top+p.seen)
	v := show(slices.Concat(lines[p.top:end], foot)...)
	v.right = "esc closes"
	if len(lines) > p.seen {
		move := "↓ more"
		if end == len(lines) {
			move = "↑ back"
		}
		v.right = fmt.Sprintf("%d–%d of %d · %s · esc closes", p.top+1, end, len(lines), move)
	}
	return p.title, v
}
