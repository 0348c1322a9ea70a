package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/model/message"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// sendDialog asks, once for every new set of recipients, whether they are the
// right ones. Each can be left out.
type sendDialog struct {
	req  request
	plan message.Batch
	list window
}

func (d *sendDialog) paste(string) {}

func (d *sendDialog) key(s *screen, msg tea.KeyPressMsg) tea.Cmd {
	targets := s.candidates(d.req)
	switch msg.String() {
	case "down", "j":
		d.list.move(1, len(targets))
	case "up", "k":
		d.list.move(-1, len(targets))
	case "pgdown", "ctrl+d":
		d.list.move(10, len(targets))
	case "pgup", "ctrl+u":
		d.list.move(-10, len(targets))
	case "home", "g":
		d.list.move(-len(targets), len(targets))
	case "end", "G":
		d.list.move(len(targets), len(targets))
	case "space", "x":
		if d.list.selected < len(targets) {
			s.send.turn(targets[d.list.selected])
		}
	case "a":
		all := len(s.chosen(d.req)) == len(targets)
		for _, t := range targets {
			s.send.leaveOut(t, all)
		}
	case "enter", "y":
		if len(s.chosen(d.req)) == 0 {
			return nil
		}
		s.closeDialog()
		d.req.agreed = true
		return s.ask(d.req)
	case "esc", "n", "q":
		s.closeDialog()
	}
	return nil
}

func (d *sendDialog) draw(s *screen, w, h int) (string, view) {
	st := s.st
	targets, chosen := s.candidates(d.req), len(s.chosen(d.req))
	what := "message"
	if n := len(d.plan.Messages); n > 1 {
		what = fmt.Sprintf("%d messages", n)
	}
	head := fmt.Sprintf("%s from %s to %d of %s", what, clean(s.url.spec.Reading.LoginJID), chosen,
		event.Count(len(targets), "recipient"))
	if cells(head) > w-3 { // to how many comes before from whom
		head = fmt.Sprintf("%s to %d of %s", what, chosen, event.Count(len(targets), "recipient"))
	}
	if chosen == 0 {
		head = "Nobody is left to send to."
	}
	above := []string{" " + shorten(head, w-3)}
	if s.url.spec.Reading.SelfTarget {
		above = append(above, " "+st.muted.Render(shorten("no target is in the URL, so it goes to the account itself", w-3)))
	}
	below := []string{""}
	for _, line := range firstLines(d.plan, 3) {
		below = append(below, " "+st.border.Render(st.glyphs.rule)+" "+shorten(line, w-5))
	}
	enter := answer(st, "enter", "send")
	if chosen == 0 {
		enter = st.muted.Render("enter send")
	}
	keys := " " + enter + "   " + answer(st, "space", "tick", "a", "all", "esc", "not now")
	if cells(keys) > w-2 {
		keys = " " + enter + "   " + answer(st, "space", "tick", "esc", "no")
	}
	below = append(below, "", keys)
	least := min(len(targets), 3)
	if len(above)+least+len(below) > h { // who gets it comes before what they get
		below = []string{keys}
	}
	if len(above)+least+len(below) > h {
		above = above[:1]
	}
	whole := func(i int) []string { return s.recipientInFull(targets[i], w-2) }
	wanted := len(targets)
	for i := range targets[:min(len(targets), h)] {
		wanted += len(whole(i)) - 1
	}
	body := d.list.drawWhole(len(targets), clamp(h-len(above)-len(below), 1, wanted), true, func(i int) []string {
		if i == d.list.selected {
			return whole(i)
		}
		return []string{" " + s.tickOf(targets[i]) + " " + withNote(st, st.strong, targets[i].JID, kindOf(targets[i]), w-7)}
	}, whole)
	v := show(append(append(above, body.lines...), below...)...)
	v.selected = len(above) + body.selected
	if hidden := len(targets) - d.list.lines(); hidden > 0 {
		v.right = fmt.Sprintf("%s %d more", st.glyphs.more, hidden)
	}
	return "Send", v
}

// recipientInFull is a recipient of whose JID nothing is cut, in lines of w cells.
func (s *screen) recipientInFull(t urlspec.Address, w int) []string {
	jid, kind := clean(t.JID), "  "+kindOf(t)
	lines := hanging(" "+s.tickOf(t)+" ", s.st.strong, jid, w)
	if last := lines[len(lines)-1]; cells(last)+cells(kind) <= w {
		lines[len(lines)-1] = last + s.st.second.Render(kind)
		return lines
	}
	return append(lines, strings.Repeat(" ", 3)+s.st.second.Render(kind))
}

// tickOf says whether a recipient gets the message.
func (s *screen) tickOf(t urlspec.Address) string {
	if s.send.leftOut(t) {
		return s.st.muted.Render("[ ]")
	}
	return s.st.ok.Render("[x]")
}

// kindOf is what a target is, in a word.
func kindOf(t urlspec.Address) string {
	if t.Kind == urlspec.Groupchat {
		return "room"
	}
	return "user"
}

// candidates are those that a request may go to: all targets of the URL, or those
// that it names.
func (s *screen) candidates(req request) []urlspec.Address {
	if req.only != nil {
		return req.only
	}
	return s.url.spec.Reading.Targets
}

// chosen are those of the candidates that were not left out.
func (s *screen) chosen(req request) []urlspec.Address {
	return s.send.kept(s.candidates(req))
}

// whyNoResend says why there is nobody to send to again.
func whyNoResend(s *screen) string {
	r := s.lastSend()
	switch {
	case s.live != nil:
		return runGoing
	case r == nil:
		return "nothing has been sent yet; ^s sends"
	case whyNoRun(s) != "":
		return whyNoRun(s)
	case len(s.unreached(r)) == 0:
		return "everybody it was for got the last message"
	}
	return ""
}

// resends says that what the diagnosis is about is the send whose failed recipients S
// sends to again. While nothing is typed, the key bar has that key.
func (s *screen) resends() bool { return s.run() == s.lastSend() && whyNoResend(s) == "" }

// resend sends the message to those that the last send did not reach.
func (s *screen) resend() tea.Cmd {
	return s.ask(request{kind: model.Send, only: s.unreached(s.lastSend())})
}

// firstLines are the first lines of what will be sent.
func firstLines(plan message.Batch, lines int) []string {
	if len(plan.Messages) == 0 {
		return nil
	}
	var out []string
	if first := plan.Messages[0]; first.Subject != "" {
		out = append(out, "subject: "+clean(urlspec.RedactProse(first.Subject)))
	}
	body := urlspec.RedactProse(plan.Messages[0].Body)
	for _, line := range strings.Split(strings.ReplaceAll(body, "\r\n", "\n"), "\n") {
		out = append(out, clean(line))
	}
	if len(out) > lines {
		out = append(out[:lines-1], fmt.Sprintf("and %d more lines", len(out)-lines+1))
	}
	return out
}
