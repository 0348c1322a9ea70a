package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/urlspec"
)

// Who of the URL's targets gets the message: all, but those that were left out by
// hand, or those that the last send did not reach.

// leftOut says whether a target was left out.
func (p *sendPane) leftOut(t urlspec.Address) bool { return p.out[t.JID] }

func (p *sendPane) leaveOut(t urlspec.Address, out bool) {
	if p.out == nil {
		p.out = map[string]bool{}
	}
	p.out[t.JID] = out
}

func (p *sendPane) turn(t urlspec.Address) { p.leaveOut(t, !p.leftOut(t)) }

// kept are those of some targets that were not left out.
func (p *sendPane) kept(targets []urlspec.Address) []urlspec.Address {
	return slices.DeleteFunc(slices.Clone(targets), p.leftOut)
}

// turnRecipient leaves the selected recipient out, or takes it in again.
func (p *sendPane) turnRecipient(s *screen) tea.Cmd {
	rows := p.recipients(s)
	if p.selected >= rows.len() {
		return nil
	}
	row := rows.at(p.selected)
	t := urlspec.Address{JID: row.jid}
	p.turn(t)
	s.notice = clean(row.jid) + " gets the next message"
	if p.leftOut(t) {
		s.notice = clean(row.jid) + " is left out of the next message; space takes it in again"
	}
	return nil
}

func (p *sendPane) whyNoRecipient(s *screen) string {
	return unless(p.recipients(s).len() > 0, "there is no recipient yet")
}

// lastSend is the newest send that is over, nil without one.
func (s *screen) lastSend() *model.Run {
	for i := s.runs.Len() - 1; i >= 0; i-- {
		if r := s.runs.At(i); r.Kind == model.Send && r.Done {
			return r
		}
	}
	return nil
}

// unreached are the targets of the URL that a send did not reach, whatever they
// were called in it.
func (s *screen) unreached(r *model.Run) []urlspec.Address {
	reached, failed := map[string]bool{}, map[string]bool{}
	for _, d := range r.Deliveries {
		reached[d.To] = true
		if !d.Good() { // of a message in several parts, each counts
			failed[d.To] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(s.url.spec.Reading.Targets), func(t urlspec.Address) bool {
		return reached[t.JID] && !failed[t.JID]
	})
}
