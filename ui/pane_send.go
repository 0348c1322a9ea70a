package ui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model/message"
	"xmppscope/ui/urlview"
	"xmppscope/urlspec"
)

// sendPane is the message, what it will become, and who gets it; after a send,
// what became of every delivery.
type sendPane struct {
	window  // of the recipients
	title   editor
	body    editor
	inTitle bool
	// bodyTop is the first drawn row of the body.
	bodyTop int
	planned planned
	// out are the JIDs of the targets that were left out.
	out map[string]bool
}

func newSendPane(title, body string) sendPane {
	p := sendPane{title: newEditor(title), body: newEditor(body)}
	p.body.lines = true
	return p
}

func (p *sendPane) name() string { return "Send" }
func (p *sendPane) slot() slot   { return slotBottom }

func (p *sendPane) rows(s *screen) (*window, int) {
	return &p.window, p.recipients(s).len()
}

func (p *sendPane) bindings() []binding {
	line := func(by int) func(*screen) tea.Cmd {
		return func(s *screen) tea.Cmd { p.line(by, s.bodyWidth()); return nil }
	}
	return []binding{
		typeBinding(),
		{commands, []string{"enter"}, "enter", "details",
			"what is known of this recipient: room, role, status codes, evidence", nil, (*screen).recipientDetails},
		{commands, []string{"space"}, "space", "tick", "leave this recipient out of the next message, or take it in again",
			p.whyNoRecipient, p.turnRecipient},
		{typing, []string{"up"}, "↑", "", "line up, and from the message to its title", nil, line(-1)},
		{typing, []string{"down"}, "↓", "", "line down", nil, line(1)},
		{typing, []string{"enter"}, "enter", "", "new line; in the title, on to the message", nil, p.newLine},
		{commands, []string{"v"}, "v", "preview", "preview of every message as it will go out (alt+v while typing)",
			nil, (*screen).preview},
		{typing, []string{"alt+v"}, "alt+v", "preview", "", nil, (*screen).preview},
	}
}

// line moves by a line in the message, and between it and its title.
func (p *sendPane) line(by, width int) {
	switch {
	case p.inTitle && by > 0:
		p.inTitle = false
	case !p.inTitle && !p.vertical(by, width) && by < 0:
		p.inTitle = true
	}
}

func (p *sendPane) newLine(*screen) tea.Cmd {
	if p.inTitle {
		p.inTitle = false
		return nil
	}
	p.body.insert("\n")
	return nil
}

// bodyWidth is the width the message is wrapped to on the screen.
func (s *screen) bodyWidth() int {
	b, _ := s.layout().boxOf(s.send.slot())
	w, _ := b.inner()
	if w >= 100 {
		w = w*55/100 - 1
	}
	return w - composeLabel - 2
}

// tab goes from the title to the message and back.
func (p *sendPane) tab(by int) bool {
	if by > 0 != p.inTitle {
		return false
	}
	p.inTitle = by < 0
	return true
}

// enter begins with the title, where there is one, and from behind with the
// message.
func (p *sendPane) enter(by int) { p.inTitle = by > 0 && p.title.text != "" }

func (p *sendPane) copied(s *screen) (what, text string) {
	rows := p.recipients(s)
	if p.selected >= rows.len() {
		return "", ""
	}
	return "recipient", rows.at(p.selected).jid
}

func (p *sendPane) writes() bool            { return true }
func (p *sendPane) typed(*screen, snapshot) {}
func (p *sendPane) finish(*screen)          {}
func (p *sendPane) leave()                  {}
func (p *sendPane) escape(*screen) bool     { return false }

// field is the editor that takes the keys.
func (p *sendPane) field() *editor {
	if p.inTitle {
		return &p.title
	}
	return &p.body
}

func (p *sendPane) notification() message.Notification {
	return message.Notification{Title: p.title.text, Body: p.body.text}
}

// draw gives the composer and the recipients: side by side where there is
// width for both, else one below the other.
func (p *sendPane) draw(s *screen, w, h int, focused bool) view {
	st, spec, r := s.st, s.url.spec, s.run()
	typing := focused && s.typing
	var v view
	if w >= 100 {
		v = p.beside(st, p.recipients(s), w, h, focused, typing)
	} else {
		v = p.below(st, p.recipients(s), w, h, focused, typing)
	}
	unit := ""
	if w >= 76 {
		unit = " code points"
	}
	v.right = p.status(st, p.plan(s.ctx, spec.Reading), spec.Reading, unit)
	if rows := p.recipients(s); rows.sent() {
		delivered, total := r.Delivered()
		v.right = fmt.Sprintf("%d of %d arrived · ", delivered, total) + v.right
	}
	return v
}

// planned is what would be sent, and what that was worked out of.
type planned struct {
	of    message.Notification
	in    plannedIn
	batch message.Batch
}

// plannedIn is what matters of a URL.
type plannedIn struct {
	subject, emojis  bool
	format, overflow string
}

// plan is what would be sent. It is worked out when something of it has changed, and
// not for every frame.
func (p *sendPane) plan(ctx context.Context, r urlspec.Reading) message.Batch {
	of, in := p.notification(), plannedIn{r.Subject, r.Emojis, r.Format, r.Overflow}
	if p.planned.of != of || p.planned.in != in {
		p.planned = planned{of, in, message.For(ctx, of, r)}
	}
	return p.planned.batch
}

// beside draws the recipients beside the composer.
func (p *sendPane) beside(st *styles, rows recipients, w, h int, focused, typing bool) view {
	left := w * 55 / 100
	v := p.compose(st, left-1, h, typing)
	people := p.people(st, rows, w-left-1, h, focused && !typing)
	p.at.x = left
	for i := range h {
		a, b := "", ""
		if i < len(v.lines) {
			a = v.lines[i]
		} else {
			v.lines = append(v.lines, "")
		}
		if i < len(people.lines) {
			b = people.lines[i]
		}
		v.lines[i] = fit(a, left-1) + st.border.Render(st.glyphs.rule) + b
	}
	v.selected, v.left = people.selected, left
	return v
}

// below draws the recipients below the composer.
func (p *sendPane) below(st *styles, rows recipients, w, h int, focused, typing bool) view {
	people := p.people(st, rows, w, max(1, h/2), focused && !typing)
	peopleH := len(people.lines)
	v := p.compose(st, w, h-peopleH, typing)
	for len(v.lines) < h-peopleH {
		v.lines = append(v.lines, "")
	}
	p.at.y = h - peopleH
	v.lines = append(v.lines, people.lines...)
	if people.selected >= 0 {
		v.selected = h - peopleH + people.selected
	}
	return v
}

// The column of the composer's labels.
const composeLabel = 9

func (p *sendPane) compose(st *styles, w, h int, typing bool) view {
	v := view{selected: -1}
	if h <= 0 || w <= composeLabel+2 {
		return v
	}
	room := w - composeLabel - 2
	titleText := p.title.shownProse(0, len(p.title.text))
	before := p.title.shownProse(0, p.title.cursor)
	skip := 0
	if typing && p.inTitle {
		skip = max(0, cells(before)-room+1)
		v.cursor = &point{1 + composeLabel + cells(before) - skip, 0}
	}
	shown := st.strong.Render(skipCells(titleText, skip))
	if titleText == "" {
		shown = st.muted.Render("none")
	}
	label := "title"
	if typing && !p.inTitle {
		label = "title ↑" // the key that goes there
	}
	v.lines = append(v.lines, " "+st.muted.Render(fit(label, composeLabel))+shorten(shown, room))
	rows := bodyRows(p.body.text, room)
	row, col := bodyPlace(rows, p.body.text, p.body.cursor)
	bodyH := h - 1
	if bodyH <= 0 {
		return v
	}
	if row < p.bodyTop {
		p.bodyTop = row
	}
	if row >= p.bodyTop+bodyH {
		p.bodyTop = row - bodyH + 1
	}
	p.bodyTop = clamp(p.bodyTop, 0, max(0, len(rows)-bodyH))
	secrets := urlspec.SecretsInProse(p.body.text)
	for i := p.bodyTop; i < min(len(rows), p.bodyTop+bodyH); i++ {
		label := ""
		if i == p.bodyTop {
			label = "message"
		}
		last := rows[i].last
		if last > rows[i].first && p.body.text[last-1] == '\n' {
			last--
		}
		text := veiled(p.body.text, secrets, rows[i].first, last)
		if p.body.text == "" {
			text = st.muted.Render("type the message here")
		}
		v.lines = append(v.lines, " "+st.muted.Render(fit(label, composeLabel))+shorten(text, room))
	}
	if typing && !p.inTitle {
		v.cursor = &point{1 + composeLabel + col, 1 + row - p.bodyTop}
	}
	return v
}

// bodyRow is a drawn row of the message: its bytes, line feed included.
type bodyRow struct{ first, last int }

// bodyRows wraps the text to w cells.
func bodyRows(text string, w int) []bodyRow {
	w = max(1, w)
	var rows []bodyRow
	first, used, at := 0, 0, 0
	for at < len(text) {
		if text[at] == '\n' {
			rows = append(rows, bodyRow{first, at + 1})
			at++
			first, used = at, 0
			continue
		}
		_, n, width := urlview.Character(text[at:])
		if used+width > w && at > first {
			cut := at
			if i := strings.LastIndexByte(text[first:at], ' '); i > 0 {
				cut = first + i + 1
			}
			rows = append(rows, bodyRow{first, cut})
			first = cut
			used = cells(clean(text[first:at]))
		}
		used += width
		at += n
	}
	return append(rows, bodyRow{first, len(text)})
}

// bodyPlace gives the row and column of a byte offset.
func bodyPlace(rows []bodyRow, text string, offset int) (row, col int) {
	for i := len(rows) - 1; i >= 0; i-- {
		if offset >= rows[i].first {
			return i, cells(clean(text[rows[i].first:offset]))
		}
	}
	return 0, 0
}

// vertical moves the body's cursor up or down a drawn row of width w, and says
// whether there was one.
func (p *sendPane) vertical(by, w int) bool {
	rows := bodyRows(p.body.text, w)
	row, col := bodyPlace(rows, p.body.text, p.body.cursor)
	to := row + by
	if to < 0 || to >= len(rows) {
		return false
	}
	at, used := rows[to].first, 0
	for at < rows[to].last && p.body.text[at] != '\n' {
		_, n, width := urlview.Character(p.body.text[at:])
		if used+width > col {
			break
		}
		used += width
		at += n
	}
	p.body.move(at)
	return true
}

// status counts the message against its limit, in code points as Apprise does.
func (p *sendPane) status(st *styles, plan message.Batch, reading urlspec.Reading, unit string) string {
	if p.body.text == "" && p.title.text == "" {
		return st.muted.Render("no message yet")
	}
	if !plan.Accepted {
		return st.warn.Render("would not be sent")
	}
	subject := "title in the body"
	if reading.Subject {
		subject = "title as subject"
	}
	if p.title.text == "" {
		subject = "no title"
	}
	length := fmt.Sprintf("%d", plan.Whole.Body)
	if plan.Limits.Body > 0 {
		length += fmt.Sprintf(" / %d", plan.Limits.Body)
	}
	text := subject + " · " + length + unit
	if len(plan.Messages) > 1 {
		text += st.warn.Render(fmt.Sprintf(" · %d messages", len(plan.Messages)))
	}
	if plan.Lost.Body > 0 {
		text += st.warn.Render(fmt.Sprintf(" · %d cut off", plan.Lost.Body))
	}
	return text
}
