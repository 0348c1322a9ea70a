package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// recipient is one line of the people who get the message.
type recipient struct {
	kind, jid string
	delivery  *event.Delivery
	room      *event.Room
	message   int
	// failed is the sentence of the last failure about a room that did not let
	// us in, for those that gave no error.
	failed string
}

// rows lists the recipients: of the run while it stands for this URL, else as
// the URL has them now.
func (p *sendPane) rows(spec urlspec.Spec, r *model.Run) []recipient {
	var out []recipient
	if r == nil || r.Spec.Text != spec.Text {
		for _, t := range spec.Reading.Targets {
			out = append(out, recipient{kind: string(t.Kind), jid: t.JID})
		}
		return out
	}
	roomOf := func(jid string) *event.Room {
		for i := range r.Rooms {
			if r.Rooms[i].JID == jid {
				return &r.Rooms[i]
			}
		}
		return nil
	}
	if r.Kind == model.Send {
		for i := range r.Deliveries {
			d := &r.Deliveries[i]
			room := roomOf(d.To)
			out = append(out, recipient{kind: d.Kind, jid: d.To, delivery: d, room: room, message: d.Message, failed: whyNotJoined(r, room)})
		}
		return out
	}
	for _, t := range spec.Reading.Targets {
		room := roomOf(t.JID)
		out = append(out, recipient{kind: string(t.Kind), jid: t.JID, room: room, failed: whyNotJoined(r, room)})
	}
	return out
}

// whyNotJoined is what the run last said of a room that gave no error and did
// not let us in.
func whyNotJoined(r *model.Run, room *event.Room) string {
	if room == nil || room.Joined || room.Error != nil || !r.Done {
		return ""
	}
	for _, e := range slices.Backward(r.Events) {
		if e.Item == room.JID && e.State == event.Fail {
			return e.Text
		}
	}
	return ""
}

func (p *sendPane) people(st *styles, spec urlspec.Spec, r *model.Run, w, h int, marked bool) view {
	rows := p.rows(spec, r)
	if len(rows) == 0 {
		p.window = window{}
		return show(" " + st.muted.Render("the targets of the URL stand here"))
	}
	many := 0
	for _, row := range rows {
		many = max(many, row.message)
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = recipientLine(st, row, many > 1, w)
	}
	return p.list(lines, h, marked)
}

func recipientLine(st *styles, row recipient, numbered bool, w int) string {
	kind := "user"
	if row.kind == string(urlspec.Groupchat) {
		kind = "room"
	}
	sign, style, what := recipientState(st, row)
	name := clean(row.jid)
	if numbered && row.message > 0 {
		name = fmt.Sprintf("%d %s", row.message, name)
	}
	whatW := min(cells(what), max(0, w*6/10))
	nameW := max(0, w-4-5-whatW-1)
	return " " + style.Render(sign) + " " + st.muted.Render(fit(kind, 5)) + fit(name, nameW) + " " + style.Render(shorten(what, whatW))
}

// recipientState says how far a delivery came, never more than is proven.
func recipientState(st *styles, row recipient) (sign string, style lipgloss.Style, what string) {
	if d := row.delivery; d != nil {
		ladder := evidenceLadder(st, d.Evidence)
		switch {
		case d.Error != nil:
			return st.glyphs.fail, st.fail, "came back: " + clean(errorText(d.Error))
		case d.Good():
			return st.glyphs.ok, st.ok, ladder + " " + fit(string(d.Evidence), rungWidth)
		case d.Evidence != event.NotSent:
			return st.glyphs.warn, st.warn, ladder + " only " + string(d.Evidence)
		}
	}
	if room := row.room; room != nil {
		switch {
		case room.Error != nil:
			return st.glyphs.fail, st.fail, "not joined: " + clean(errorText(room.Error))
		case row.failed != "":
			return st.glyphs.fail, st.fail, "not joined: " + clean(row.failed)
		case room.Joined && row.delivery == nil:
			return st.glyphs.ok, st.ok, "joined as " + clean(room.Nick) + clean(roomMarks(room))
		}
	}
	if row.delivery != nil {
		return st.glyphs.waiting, st.muted, "not sent"
	}
	return st.glyphs.waiting, st.muted, ""
}

// rungWidth is the length of the longest name of a rung.
const rungWidth = len(event.Reflected)

// evidenceLadder draws the rungs: written, accepted, reflected, received.
func evidenceLadder(st *styles, e event.Evidence) string {
	rungs := map[event.Evidence]int{event.Written: 1, event.Accepted: 2, event.Reflected: 3, event.Received: 4}
	n := rungs[e]
	return strings.Repeat(st.glyphs.bar, n) + strings.Repeat(st.glyphs.waiting, 4-n)
}

func errorText(e *event.Failure) string {
	if e.Text != "" {
		return e.Condition + " (" + e.Text + ")"
	}
	return e.Condition
}

// roomMarks are the role that a room gave us and its status codes, in short.
func roomMarks(room *event.Room) string {
	text := ""
	if room.Role != "" {
		text += " · " + room.Role
	}
	for i, code := range room.Codes {
		if i == 0 {
			text += " ·"
		}
		text += fmt.Sprintf(" %d", code)
	}
	return text
}

// roomStatus says what a status code in the presence of a room means (XEP-0045
// section 15.6.2); empty for one that we do not know.
func roomStatus(code int) string {
	return map[int]string{
		100: "everybody in the room can see the full JID",
		110: "the room says that this occupant is us",
		170: "what is said here is logged where others can read it",
		201: "the room did not exist and was created by joining",
		210: "the room gave us another nick than we asked for",
		301: "banned from the room",
		303: "the nick changes",
		307: "kicked out of the room",
		321: "removed, because the affiliation changed",
		322: "removed, because the room is for members only now",
		332: "removed, because the service shuts down",
		333: "removed for a technical reason",
	}[code]
}

// roomFacts are what the join of a room told.
func (p *sheet) roomFacts(r *model.Run, room *event.Room) {
	g := p.st.glyphs
	switch {
	case room.Error != nil:
		p.marked(g.fail, p.st.fail, "join", "not joined: "+errorText(room.Error))
		p.fact("error type", room.Error.Type)
		p.fact("from", room.Error.By)
	case room.Joined:
		p.marked(g.ok, p.st.ok, "join", "joined as "+room.Nick)
	case whyNotJoined(r, room) != "":
		p.marked(g.fail, p.st.fail, "join", "not joined: "+whyNotJoined(r, room))
	default:
		p.marked(g.waiting, p.st.muted, "join", "not joined")
	}
	switch room.Role {
	case "":
	case "visitor":
		p.marked(g.warn, p.st.warn, "role", "visitor: may listen, and not speak where the room is moderated")
	default:
		p.fact("role", room.Role)
	}
	for _, code := range room.Codes {
		p.fact(fmt.Sprintf("status %d", code), orDash(roomStatus(code)))
	}
}

// deliveryFacts are how far one message came, and what that proves.
func (p *sheet) deliveryFacts(d *event.Delivery) {
	row := recipient{kind: d.Kind, jid: d.To, delivery: d}
	sign, style, what := recipientState(p.st, row)
	p.marked(sign, style, fmt.Sprintf("message %d", d.Message), what)
	p.fact("proves", evidenceMeaning(d))
	p.fact("stanza id", d.ID)
}

// evidenceMeaning says in a sentence what a rung of the ladder proves.
func evidenceMeaning(d *event.Delivery) string {
	switch {
	case d.Error != nil:
		return "the message came back, so nobody has it"
	case d.Evidence == event.Written:
		return "it left this machine; nothing says that the server took it"
	case d.Evidence == event.Accepted:
		return "the server answered a ping sent after it, and has not sent it back; whether anybody reads it is not known"
	case d.Evidence == event.Reflected:
		return "the room sent our own message back, as it does to every occupant"
	case d.Evidence == event.Received:
		return "the other side's program sent a receipt (XEP-0184)"
	}
	return ""
}

// recipientDetails shows everything that is known of the selected recipient.
func (s *screen) recipientDetails() tea.Cmd {
	r := s.run()
	rows := s.send.rows(s.url.spec, r)
	if s.send.selected >= len(rows) {
		return s.startTyping()
	}
	row := rows[s.send.selected]
	s.open(&pages{title: "Recipient", text: func(s *screen, w int) []string {
		p := newSheet(s.st, w)
		p.recipientFacts(r, row)
		return p.lines
	}, answers: func(*screen) []string { return []string{"y", "copy the JID", "esc", "close"} }, extra: func(s *screen, key string) (tea.Cmd, bool) {
		if key != "y" {
			return nil, false
		}
		return s.copyValue(), true
	}})
	return nil
}

func (p *sheet) recipientFacts(r *model.Run, row recipient) {
	kind := "a user"
	if row.kind == string(urlspec.Groupchat) {
		kind = "a room"
	}
	p.gap()
	p.say(p.st.strong, "", row.jid)
	p.fact("kind", kind)
	if row.room == nil && row.delivery == nil {
		p.fact("", "nothing is known yet: a check joins the rooms, a send shows how far each message came")
		return
	}
	if row.room != nil {
		p.roomFacts(r, row.room)
	}
	if row.delivery != nil {
		p.deliveryFacts(row.delivery)
	}
	var about []int
	for _, e := range r.Events {
		if e.Item != "" && (e.Item == row.jid || row.delivery != nil && e.Item == row.delivery.ID) {
			about = append(about, e.Seq)
		}
	}
	if len(about) > 0 {
		p.head("Events")
		p.eventList(r, about)
	}
}
