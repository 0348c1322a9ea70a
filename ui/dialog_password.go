package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// passwordDialog asks for the password of a URL that has none. It is kept in
// memory for this session only, and never put into the URL.
type passwordDialog struct {
	jid string
	req request
	in  editor
}

func (s *screen) askPassword(req request) dialog {
	return &passwordDialog{jid: s.url.spec.Reading.LoginJID, req: req}
}

func (d *passwordDialog) paste(text string) { d.in.insert(strings.TrimSpace(text)) }

func (d *passwordDialog) key(s *screen, msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc":
		s.closeDialog()
	case "enter":
		s.closeDialog()
		if d.in.text == "" {
			d.req.noPassword = true
		} else {
			s.password[d.jid] = d.in.text
		}
		return s.ask(d.req)
	default:
		s.keymap.editing.edit(&d.in, msg)
	}
	return nil
}

func (d *passwordDialog) draw(s *screen, w, _ int) (string, view) {
	room := max(4, min(40, w-4))
	before := []rune(bullets(d.in.text[:d.in.cursor]))
	skip := max(0, len(before)-room+1)
	text := skipCells(bullets(d.in.text), skip)
	hint := "It stays in memory until you quit."
	if d.in.text == "" {
		hint = "Enter without one logs in with an empty password."
	}
	v := show("", "  "+shorten("for "+clean(d.jid), w-4), "", "  "+fit(text, room),
		"  "+s.st.border.Render(strings.Repeat(s.st.glyphs.border.Top, room)),
		"  "+s.st.muted.Render(shorten(hint, w-4)), "", "  "+answer(s.st, "enter", "go on", "esc", "not now"))
	v.cursor = &point{2 + len(before) - skip, 3}
	return "Password", v
}
