package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model/message"
	"xmppscope/urlspec"
)

// question is a dialog that is answered with yes or no.
type question struct {
	title string
	lines []string
	yes   string
	do    func(*screen) tea.Cmd
	// deliberate takes only y for a yes, and not enter, where a slip would hurt.
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
			s.closeDialog()
			return q.do(s)
		}
	case "esc", "n", "q":
		s.closeDialog()
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

// confirmRecipients asks, once for every new set of recipients, whether they are
// the right ones.
func (s *screen) confirmRecipients(req request, plan message.Batch) dialog {
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
	for _, line := range firstLines(plan, 3) {
		lines = append(lines, s.st.border.Render(s.st.glyphs.rule)+" "+shorten(line, 56))
	}
	return confirm("Send", lines, "send", func(s *screen) tea.Cmd { req.agreed = true; return s.ask(req) })
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
