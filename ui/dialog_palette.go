package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// paletteDialog finds any action by the words of its help.
type paletteDialog struct {
	in   editor
	list window
	// all are the actions that can be found: those of the place that had the
	// keys come first, then those of every pane.
	all []binding
	// typing is restored before an action runs.
	typing bool
	found  []binding
}

func (s *screen) openPalette() tea.Cmd {
	d := &paletteDialog{typing: s.typing}
	from := s.place()
	for _, b := range s.keymap.at[from] {
		d.all = append(d.all, b.binding)
	}
	for _, b := range s.keymap.all {
		if b.at&from == 0 && b.at&commands == commands {
			d.all = append(d.all, b)
		}
	}
	d.search()
	s.open(d)
	return nil
}

// search gathers the actions that have all the words.
func (d *paletteDialog) search() {
	words := strings.Fields(strings.ToLower(d.in.text))
	d.found = nil
	for _, b := range d.all {
		if b.help != "" && b.do != nil && contains(b.help+" "+b.show+" "+b.short, words) {
			d.found = append(d.found, b)
		}
	}
	d.list = window{}
}

func (d *paletteDialog) paste(text string) { d.in.insert(text); d.search() }

func (d *paletteDialog) key(s *screen, msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc", "ctrl+p":
		s.closeDialog()
	case "down", "ctrl+n":
		d.list.move(1, len(d.found))
	case "up":
		d.list.move(-1, len(d.found))
	case "enter":
		if d.list.selected >= len(d.found) {
			return nil
		}
		b := d.found[d.list.selected]
		s.closeDialog()
		s.typing = d.typing && b.at&typing != 0
		if b.why != nil {
			if why := b.why(s); why != "" {
				s.notice = why
				return nil
			}
		}
		return b.do(s)
	default:
		if s.keymap.editing.edit(&d.in, msg) {
			d.search()
		}
	}
	return nil
}

func (d *paletteDialog) draw(s *screen, w, h int) (string, view) {
	const keyW = 11
	h = min(h, 16)
	lines := make([]string, len(d.found))
	for i, b := range d.found {
		why := ""
		if b.why != nil {
			why = b.why(s)
		}
		text := b.help
		if why != "" {
			text = s.st.muted.Render(b.help + "  not now: " + why)
		}
		lines[i] = " " + s.st.key.Render(fit(s.shownKey(b.show), keyW)) + " " + shorten(text, w-keyW-4)
	}
	body := d.list.drawLines(lines, max(1, h-2), true)
	text, before := d.in.shown()
	v := show(append([]string{" > " + text, ""}, body.lines...)...)
	if body.selected >= 0 {
		v.selected = body.selected + 2
	}
	if len(lines) == 0 {
		v.lines = append(v.lines, " "+s.st.muted.Render("no action has these words"))
	}
	for i := range v.lines {
		v.lines[i] = fit(v.lines[i], max(0, min(w, 88)-2))
	}
	v.cursor = &point{3 + cells(before), 0}
	v.right = "enter does it · esc"
	return "Actions", v
}
