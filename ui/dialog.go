package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model/message"
	"xmppscope/urlspec"
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

// shut takes the topmost dialog away. The URL and the message take text again
// if they did before.
func (s *screen) shut() {
	if n := len(s.dialogs); n > 0 {
		s.dialogs = s.dialogs[:n-1]
	}
	if len(s.dialogs) == 0 {
		s.typing = s.resume && s.focus.writes()
	}
}

// question is a dialog that is answered with yes or no.
type question struct {
	title string
	lines []string
	yes   string
	do    func(*screen) tea.Cmd
	// deliberate takes y and not enter for a yes, where a slip would hurt.
	deliberate bool
}

func confirm(title string, lines []string, yes string, do func(*screen) tea.Cmd) *question {
	return &question{title: title, lines: lines, yes: yes, do: do}
}

func (q *question) paste(string) {}

func (q *question) key(s *screen, msg tea.KeyPressMsg) tea.Cmd {
	switch name := msg.String(); name {
	case "enter", "y":
		if name == "y" || !q.deliberate {
			s.shut()
			return q.do(s)
		}
	case "esc", "n", "q":
		s.shut()
	}
	return nil
}

func (q *question) draw(s *screen, w, h int) (string, view) {
	lines := []string{""}
	for _, text := range q.lines {
		for _, line := range wrap(text, w-4) {
			lines = append(lines, "  "+line)
		}
	}
	if room := max(2, h-2); len(lines) > room {
		lines = append(lines[:room-1], "  "+fmt.Sprintf("%s %d more", s.st.glyphs.more, len(lines)-room+1))
	}
	key := "enter"
	if q.deliberate {
		key = "y"
	}
	lines = append(lines, "", "  "+answer(s.st, key, q.yes, "esc", "not now"))
	return q.title, show(lines...)
}

func answer(st *styles, pairs ...string) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, st.key.Render(pairs[i])+" "+pairs[i+1])
	}
	return strings.Join(parts, "   ")
}

// nameRecipients asks, once for every new set of recipients, whether they are
// the right ones.
func (s *screen) nameRecipients(req request, plan message.Batch) dialog {
	reading := s.url.spec.Reading
	what := "1 message"
	if n := len(plan.Messages); n > 1 {
		what = fmt.Sprintf("%d messages", n)
	}
	lines := []string{what + " from " + clean(reading.LoginJID) + " to:"}
	for _, t := range reading.Targets {
		kind := "user"
		if t.Kind == urlspec.Groupchat {
			kind = "room"
		}
		lines = append(lines, s.st.strong.Render("  "+clean(t.JID))+s.st.muted.Render("  "+kind))
	}
	if reading.SelfTarget {
		lines = append(lines, "No target is left in the URL, so it goes to the account itself.")
	}
	lines = append(lines, "")
	for _, line := range preview(plan, 3) {
		lines = append(lines, s.st.border.Render(s.st.glyphs.rule)+" "+shorten(line, 56))
	}
	return confirm("Send", lines, "send", func(s *screen) tea.Cmd { req.agreed = true; return s.ask(req) })
}

// preview is the first lines of what will be sent.
func preview(plan message.Batch, lines int) []string {
	if len(plan.Messages) == 0 {
		return nil
	}
	var out []string
	if first := plan.Messages[0]; first.Subject != "" {
		out = append(out, "subject: "+clean(first.Subject))
	}
	for _, line := range strings.Split(strings.ReplaceAll(plan.Messages[0].Body, "\r\n", "\n"), "\n") {
		out = append(out, clean(line))
	}
	if len(out) > lines {
		out = append(out[:lines-1], fmt.Sprintf("and %d more lines", len(out)-lines+1))
	}
	return out
}

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
		s.shut()
	case "enter":
		s.shut()
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
	v := show("", "  "+shorten("for "+clean(d.jid), w-4), "", "  "+fit(text, room), "  "+s.st.border.Render(strings.Repeat(s.st.glyphs.border.Top, room)),
		"  "+s.st.muted.Render(shorten(hint, w-4)), "", "  "+answer(s.st, "enter", "go on", "esc", "not now"))
	v.cursor = &point{2 + len(before) - skip, 3}
	return "Password", v
}

// pages is a dialog of text to read, longer than the screen perhaps.
type pages struct {
	title string
	text  func(s *screen, w int) []string
	top   int
	seen  int
	// extra answers further keys and says whether it took the key; answers names
	// them and what they do, in pairs, below the text wherever that stands.
	extra   func(s *screen, name string) (tea.Cmd, bool)
	answers func(s *screen) []string
}

func (p *pages) paste(string) {}

func (p *pages) key(s *screen, msg tea.KeyPressMsg) tea.Cmd {
	name := msg.String()
	if p.extra != nil {
		if cmd, took := p.extra(s, name); took {
			return cmd
		}
	}
	switch name {
	case "esc", "q", "enter", "d", "?", "f1":
		s.shut()
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

func (p *pages) draw(s *screen, w, h int) (string, view) {
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
