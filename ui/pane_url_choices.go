package ui

import (
	"charm.land/lipgloss/v2"

	"xmppscope/urlspec"
)

// choices are the completions of a parameter's name or value at the cursor.
type choices struct {
	items    []urlspec.Completion
	selected int
	// moved says that one was picked by hand, so that enter means it.
	moved bool
}

func (c *choices) active() bool { return len(c.items) > 0 }

func (c *choices) close() { *c = choices{} }

// offer looks for completions after the text changed.
func (c *choices) offer(text string, cursor int) {
	c.close()
	if cursor == 0 {
		return
	}
	for _, item := range urlspec.Complete(text, cursor) {
		if item.Text != text[item.Start:item.End] {
			c.items = append(c.items, item)
		}
	}
}

// key answers the keys that choose, and says whether it took one.
func (c *choices) key(s *screen, name string) bool {
	if !c.active() {
		return false
	}
	switch name {
	case "down", "ctrl+n":
		c.selected, c.moved = (c.selected+1)%len(c.items), true
	case "up":
		c.selected, c.moved = (c.selected+len(c.items)-1)%len(c.items), true
	case "tab", "enter":
		if name == "enter" && !c.moved {
			return false
		}
		item := c.items[c.selected]
		s.apply(urlspec.Fix{Start: item.Start, End: item.End, Text: item.Text})
		c.offer(s.url.text, s.url.cursor)
	case "esc":
		c.close()
	default:
		return false
	}
	return true
}

// choicesShown is how many completions are listed at once.
const choicesShown = 7

// drawChoices lists the completions below the cursor.
func (s *screen) drawChoices(canvas *lipgloss.Canvas, at point) {
	c := &s.url.choices
	width, labelW := 0, 0
	for _, item := range c.items {
		labelW = max(labelW, cells(clean(item.Label)))
	}
	for _, item := range c.items {
		width = max(width, labelW+2+cells(clean(item.Help)))
	}
	width = min(width, 64, s.w-6)
	same := len(c.items) > 1 // values of one parameter share its sentence
	for _, item := range c.items {
		same = same && item.Help == c.items[0].Help
	}
	if same {
		width = min(max(labelW+1, 12), s.w-6)
	}
	y, room := s.choicesAt(at)
	rows := min(len(c.items), choicesShown, room-2)
	if rows < 1 || width < 1 {
		return
	}
	top := clamp(c.selected-rows+1, 0, len(c.items)-rows)
	end := top + rows
	r := rect{clamp(at.x-1, 0, max(0, s.w-width-3)), y, min(width+3, s.w), rows + 2}
	var lines []string
	for _, item := range c.items[top:end] {
		line := " " + s.st.accent.Render(fit(clean(item.Label), labelW))
		if !same {
			line += "  " + s.st.muted.Render(clean(item.Help))
		}
		lines = append(lines, line)
	}
	box := drawBox(s.st, r, "", s.st.muted.Render("tab takes"), true, lines)
	drawText(canvas, r, box)
	s.highlight(canvas, r, c.selected-top, 0)
}

// choicesAt is the row where the completions begin, and how many there are for
// them: below the assembly, which stays in sight while the URL is typed, or, where
// that leaves no room, below the cursor.
func (s *screen) choicesAt(cursor point) (y, room int) {
	l := s.layout()
	if b, ok := l.boxOf(s.jids.slot()); ok && s.shownIn(b) == &s.jids {
		_, h := b.inner()
		y = b.y + 1 + min(len(s.jids.shown), h)
		if room = l.diag.y - y; room >= leastChoices {
			return y, room
		}
	}
	return cursor.y + 2, s.h - cursor.y - 2
}

// leastChoices is how many rows a list of completions takes at least, with its
// border, to be worth a place of its own.
const leastChoices = 4
