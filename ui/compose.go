package ui

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"xmppscope/model"
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
	// top is the first drawn row of the body.
	bodyTop int
}

func newSendPane(title, body string) sendPane {
	p := sendPane{title: newEditor(title), body: newEditor(body)}
	p.body.lines = true
	return p
}

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
func (p *sendPane) draw(st *styles, spec urlspec.Spec, r *model.Run, w, h int, focused, typing bool) view {
	plan := message.For(p.notification(), spec.Reading)
	if w >= 100 {
		left := w * 55 / 100
		v := p.compose(st, left-1, h, typing)
		people := p.people(st, spec, r, w-left-1, h, focused && !typing)
		p.at.x = left
		for i := range h {
			a, b := "", ""
			if i < len(v.lines) {
				a = v.lines[i]
			}
			if i < len(people.lines) {
				b = people.lines[i]
			}
			if i < len(v.lines) {
				v.lines[i] = fit(a, left-1) + st.border.Render(st.glyphs.rule) + b
			} else {
				v.lines = append(v.lines, fit(a, left-1)+st.border.Render(st.glyphs.rule)+b)
			}
		}
		v.selected, v.left = people.selected, left
		v.right = p.status(st, plan, spec.Reading)
		return v
	}
	peopleH := clamp(len(p.rows(spec, r)), 1, max(1, h/2))
	v := p.compose(st, w, h-peopleH, typing)
	for len(v.lines) < h-peopleH {
		v.lines = append(v.lines, "")
	}
	people := p.people(st, spec, r, w, peopleH, focused && !typing)
	p.at.y = h - peopleH
	v.lines = append(v.lines, people.lines...)
	if people.selected >= 0 {
		v.selected = h - peopleH + people.selected
	}
	v.right = p.status(st, plan, spec.Reading)
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
	titleText := clean(p.title.text)
	before := clean(p.title.text[:p.title.cursor])
	skip := 0
	if typing && p.inTitle {
		skip = max(0, cells(before)-room+1)
		v.cursor = &point{1 + composeLabel + cells(before) - skip, 0}
	}
	shown := st.strong.Render(skipCells(titleText, skip))
	if titleText == "" {
		shown = st.muted.Render("none")
	}
	v.lines = append(v.lines, " "+st.muted.Render(fit("title", composeLabel))+shorten(shown, room))
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
	for i := p.bodyTop; i < min(len(rows), p.bodyTop+bodyH); i++ {
		label := ""
		if i == p.bodyTop {
			label = "message"
		}
		text := clean(strings.TrimSuffix(p.body.text[rows[i].first:rows[i].last], "\n"))
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
func (p *sendPane) status(st *styles, plan message.Batch, reading urlspec.Reading) string {
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
	text := subject + " · " + length
	if len(plan.Messages) > 1 {
		text += st.warn.Render(fmt.Sprintf(" · %d messages", len(plan.Messages)))
	}
	if plan.Lost.Body > 0 {
		text += st.warn.Render(fmt.Sprintf(" · %d cut off", plan.Lost.Body))
	}
	return text
}

// previewLines is every message as it will go out.
func (s *screen) previewLines(w int) []string {
	plan := message.For(s.send.notification(), s.url.spec.Reading)
	if !plan.Accepted {
		return []string{"", " " + s.st.warn.Render(s.st.glyphs.warn) + " not sent: " + clean(plan.Reason), ""}
	}
	lines := []string{""}
	for i, m := range plan.Messages {
		length := plan.Lengths()[i]
		lines = append(lines, " "+s.st.titleFocus.Render(fmt.Sprintf("message %d of %d", i+1, len(plan.Messages)))+
			s.st.muted.Render(fmt.Sprintf("   %d code points", length.Body)))
		if m.Subject != "" {
			lines = append(lines, " "+s.st.muted.Render("subject ")+clean(m.Subject))
		}
		for _, text := range strings.Split(strings.ReplaceAll(m.Body, "\r\n", "\n"), "\n") {
			for _, line := range wrap(clean(text), max(10, w-5)) {
				lines = append(lines, " "+s.st.border.Render(s.st.glyphs.rule)+" "+line)
			}
		}
		lines = append(lines, "")
	}
	return lines
}

// skipCells drops the first n cells of clean text.
func skipCells(s string, n int) string {
	for n > 0 && s != "" {
		_, size, width := urlview.Character(s)
		n -= width
		s = s[size:]
	}
	return s
}

// bullets gives a bullet for every code point.
func bullets(s string) string {
	return strings.Repeat(urlview.Bullet, utf8.RuneCountInString(s))
}
