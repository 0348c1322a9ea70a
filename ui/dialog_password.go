package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// passwordDialog asks for the password of a URL that has none. It is kept in
// memory for this session only, and never put into the URL; but another password
// takes the place of the one that the URL has.
type passwordDialog struct {
	jid string
	req request
	in  editor
	// other says that the one there is was refused.
	other bool
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
		if d.in.text == "" && d.other {
			return nil // the old one was refused, and an empty one is none
		}
		s.closeDialog()
		switch {
		case d.in.text == "":
			d.req.noPassword = true
		case d.other && s.url.spec.Reading.PasswordSet:
			s.apply(s.url.spec.SetPassword(d.in.text))
			s.notice = "another password in the URL; " + s.undoKey() + " undoes it"
		default:
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
	switch {
	case d.other && s.url.spec.Reading.PasswordSet:
		hint = "It takes the place of the one in the URL, escaped."
	case d.in.text == "" && !d.other:
		hint = "Without one, enter logs in with an empty password."
	}
	v := show("", "  "+shorten("for "+clean(d.jid), w-4), "", "  "+fit(text, room),
		"  "+s.st.border.Render(strings.Repeat(s.st.glyphs.border.Top, room)),
		"  "+s.st.muted.Render(shorten(hint, w-4)), "", "  "+answer(s.st, "enter", "go on", "esc", "not now"))
	v.cursor = &point{2 + len(before) - skip, 3}
	if d.other {
		return "Another password", v
	}
	return "Password", v
}
