package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// choice is a dialog in which one of a few things is picked.
type choice struct {
	title   string
	lines   []string
	options []option
	at      int
}

// option is one thing to pick, with what comes of it.
type option struct {
	label, result string
	do            func(*screen) tea.Cmd
}

func (c *choice) paste(string) {}

func (c *choice) key(s *screen, msg tea.KeyPressMsg) tea.Cmd {
	switch name := msg.String(); name {
	case "down", "j", "tab", "alt+f":
		c.at = (c.at + 1) % len(c.options)
	case "up", "k", "shift+tab":
		c.at = (c.at + len(c.options) - 1) % len(c.options)
	case "enter":
		s.closeDialog()
		return c.options[c.at].do(s)
	case "esc", "q":
		s.closeDialog()
	default:
		if len(name) == 1 && name[0] >= '1' && int(name[0]-'1') < len(c.options) {
			s.closeDialog()
			return c.options[name[0]-'1'].do(s)
		}
	}
	return nil
}

func (c *choice) draw(s *screen, w, _ int) (string, view) {
	lines := []string{""}
	for _, text := range c.lines {
		for _, line := range wrap(text, w-4) {
			lines = append(lines, "  "+line)
		}
	}
	lines = append(lines, "")
	selected := 0
	for i, o := range c.options {
		mark := " "
		if i == c.at {
			mark, selected = s.st.glyphs.marker, len(lines)
		}
		lines = append(lines, shorten(fmt.Sprintf("%s %s %s", mark, s.st.key.Render(fmt.Sprint(i+1)), o.label), w-2))
		if o.result != "" {
			lines = append(lines, shorten("    "+s.st.muted.Render(o.result), w-2))
		}
	}
	lines = append(lines, "", "  "+answer(s.st, "enter", "takes it", "esc", "leaves it as it is"))
	v := show(lines...)
	v.selected = selected
	return c.title, v
}

// offerFixes asks which of a problem's fixes is meant. They are for the person
// to decide on, so none is made before the answer.
func (s *screen) offerFixes(p urlspec.Problem) {
	c := &choice{title: "Which was meant?", lines: []string{clean(p.Message)}}
	for _, f := range p.Fixes() {
		c.options = append(c.options, option{clean(f.Label), clean(s.url.spec.RedactedAfter(f)),
			func(s *screen) tea.Cmd { s.makeFix(f); return nil }})
	}
	s.open(c)
}

// chooseURL asks which of several URLs of a text is meant, as each is a service
// of its own to Apprise. Then goes on with what was asked for.
func (s *screen) chooseURL(parts []urlspec.Part, then func(*screen) tea.Cmd) {
	c := &choice{title: "Several URLs", lines: []string{
		event.Count(len(parts), "URL") + " in one text, and Apprise writes to each. Which one is this about?"}}
	for _, part := range parts {
		c.options = append(c.options, option{clean(urlspec.Redact(part.Text)), "", func(s *screen) tea.Cmd {
			s.url.replace(part.Text, len(part.Text))
			s.edited()
			s.notice = "the other URLs are left out; " + s.undoKey() + " brings them back"
			return then(s)
		}})
	}
	s.open(c)
}

// several are the URLs of a text that holds more than one.
func several(text string) []urlspec.Part {
	if !strings.Contains(text, "://") {
		return nil
	}
	if parts := urlspec.Split(text); len(parts) > 1 {
		return parts
	}
	return nil
}
