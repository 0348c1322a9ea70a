package ui

import (
	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/urlspec"
)

// recipientDetails shows everything that is known of the selected recipient.
func (s *screen) recipientDetails() tea.Cmd {
	r := s.run()
	rows := s.send.recipients(s)
	if s.send.selected >= rows.len() {
		return s.startTyping()
	}
	row := rows.at(s.send.selected)
	s.open(&textDialog{
		title: "Recipient",
		text: func(s *screen, w int) []string {
			p := newFactPage(s.st, w)
			p.recipientFacts(r, row)
			return p.lines
		},
		answers: func(*screen) []string { return []string{"y", "copy the JID", "esc", "close"} },
		extra: func(s *screen, key string) (tea.Cmd, bool) {
			if key != "y" {
				return nil, false
			}
			return s.copyValue(), true
		},
	})
	return nil
}

func (p *page) recipientFacts(r *model.Run, row recipient) {
	kind := "a user"
	if row.kind == string(urlspec.Groupchat) {
		kind = "a room"
	}
	p.gap()
	p.paragraph(p.st.strong, "", row.jid)
	p.fact("kind", kind)
	if row.room == nil && row.delivery == nil {
		p.fact("", "nothing is known yet: a check joins the rooms, a send shows how far each message came")
		return
	}
	if row.room != nil {
		p.paint(r.RoomFacts(*row.room)[1:]) // the heading is above
	}
	if row.delivery != nil {
		p.paint(r.DeliveryFacts(*row.delivery)[1:])
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
