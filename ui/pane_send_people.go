package ui

import (
	"fmt"
	"strings"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// recipient is one line of the people who get the message.
type recipient struct {
	kind, jid string
	delivery  *event.Delivery
	room      *event.Room
	message   int
	out       bool // it was left out of the next message
	// evidence and join are what the run says of the delivery and of the room.
	evidence, join fact.Fact
}

// recipients are those who get the message: those of the run while it stands for
// this URL, else those of the URL as it is now. There may be thousands, so each is
// worked out when it is looked at.
type recipients struct {
	targets []urlspec.Address
	run     *model.Run      // nil when there is none for this URL
	out     map[string]bool // the JIDs of those that were left out
	// order is that of the deliveries, those that failed first; nil while it is
	// theirs.
	order []int
}

// recipients are those of the shown run, or of the URL.
func (p *sendPane) recipients(s *screen) recipients {
	spec, r := s.url.spec, s.run()
	if r == nil || r.Spec.Text != spec.Text {
		r = nil
	}
	rs := recipients{targets: spec.Reading.Targets, run: r, out: p.out}
	if !rs.sent() || !r.Done {
		return rs
	}
	if delivered, total := r.Delivered(); delivered == total || delivered == 0 {
		return rs
	}
	rs.order = make([]int, 0, len(r.Deliveries))
	for _, good := range []bool{false, true} {
		for i := range r.Deliveries {
			if r.Deliveries[i].Good() == good {
				rs.order = append(rs.order, i)
			}
		}
	}
	return rs
}

// sent reports whether the rows are messages and not only targets.
func (rs recipients) sent() bool { return rs.run != nil && rs.run.Kind == model.Send }

func (rs recipients) len() int {
	if rs.sent() {
		return len(rs.run.Deliveries)
	}
	return len(rs.targets)
}

// numbered reports whether the message has several parts.
func (rs recipients) numbered() bool { return rs.sent() && len(rs.run.Messages) > 1 }

func (rs recipients) at(i int) recipient {
	var row recipient
	if rs.order != nil {
		i = rs.order[i]
	}
	if rs.sent() {
		d := &rs.run.Deliveries[i]
		row = recipient{kind: d.Kind, jid: d.To, delivery: d, message: d.Message, evidence: rs.run.EvidenceFact(*d)}
	} else {
		row = recipient{kind: string(rs.targets[i].Kind), jid: rs.targets[i].JID}
	}
	row.out = rs.out[row.jid]
	if rs.run == nil {
		return row
	}
	if room := rs.run.Room(row.jid); room != nil {
		row.room, row.join = room, rs.run.JoinFact(*room)
	}
	return row
}

func (p *sendPane) people(st *styles, rows recipients, w, h int, marked bool) view {
	if rows.len() == 0 {
		p.window = window{}
		return show(" " + st.muted.Render("the targets of the URL stand here"))
	}
	whole := func(i int) []string { return recipientWhole(st, rows.at(i), rows.numbered(), w) }
	return p.drawWhole(rows.len(), h, marked, func(i int) []string {
		row := rows.at(i)
		if sign, _, _ := recipientState(st, row); h >= 3 && (marked && i == p.selected || sign == st.glyphs.fail) {
			return whole(i)
		}
		return []string{recipientLine(st, row, rows.numbered(), w)}
	}, whole)
}

// recipientWhole is a recipient of whom nothing is cut: the name in full, and below it,
// where both do not fit into a line, what became of the message.
func recipientWhole(st *styles, row recipient, numbered bool, w int) []string {
	sign, style, what := recipientState(st, row)
	name := clean(row.jid)
	if row.out || 11+cells(name)+cells(what) <= w {
		return []string{recipientLine(st, row, numbered, w)}
	}
	lead := " " + style.Render(sign) + " " + st.muted.Render(fit(row.kindWord(), 5))
	lines := hanging(lead, st.text, name, w-1)
	if what != "" {
		lines = append(lines, hanging(strings.Repeat(" ", 8), style, what, w-1)...)
	}
	return lines
}

// kindWord is what a recipient is, in a word.
func (r recipient) kindWord() string {
	return kindOf(urlspec.Address{Kind: urlspec.TargetKind(r.kind)})
}

func recipientLine(st *styles, row recipient, numbered bool, w int) string {
	kind := row.kindWord()
	sign, style, what := recipientState(st, row)
	name := clean(row.jid)
	if row.out {
		sign, style, what = st.glyphs.skip, st.muted, strings.TrimSuffix("left out; "+what, "; ")
	}
	if numbered && row.message > 0 {
		name = fmt.Sprintf("%d %s", row.message, name)
	}
	whatW := min(cells(what), max(0, w*6/10))
	nameW := max(0, w-4-5-whatW-1)
	return " " + style.Render(sign) + " " + st.muted.Render(fit(kind, 5)) + fit(name, nameW) + " " +
		style.Render(shorten(what, whatW))
}

// recipientState is how far a delivery came, or whether the room is joined, as
// short as it can be said.
func recipientState(st *styles, row recipient) (sign string, style look, what string) {
	state, what := event.State(""), ""
	switch d := row.delivery; {
	case d != nil && (d.Error != nil || d.Evidence == event.NotSent && row.join.State != event.Fail):
		state, what = row.evidence.State, clean(row.evidence.Text)
	case d != nil && d.Evidence != event.NotSent:
		state, what = row.evidence.State, evidenceLadder(st, d.Evidence)+" "+fit(string(d.Evidence), rungWidth)
		if !d.Good() {
			what = evidenceLadder(st, d.Evidence) + " only " + string(d.Evidence)
		}
	case row.join.State == event.Fail:
		state, what = row.join.State, clean(row.join.Text)
	case row.join.State != "":
		state, what = row.join.State, clean(row.join.Text+roomMarks(row.room))
	}
	sign, style = st.state(state)
	return sign, style, what
}

// rungWidth is the length of the longest name of a rung.
const rungWidth = len(event.Reflected)

// evidenceLadder draws the rungs as a bar.
func evidenceLadder(st *styles, e event.Evidence) string {
	n := e.Rank()
	return strings.Repeat(st.glyphs.bar, n) + strings.Repeat(st.glyphs.waiting, len(event.Rungs())-n)
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
