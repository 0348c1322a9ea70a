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

// unreached are the targets of the URL that the newest send did not reach: those it
// failed with, and those that an edit of the URL named anew since. A target that it was
// not meant for has what became of it in the send before: who got the message once gets
// it no second time, and who was left out has not failed.
func (s *screen) unreached(newest *model.Run) []urlspec.Address {
	reached := reachedBy(newest)
	unknown := func(t urlspec.Address) bool { _, known := reached[t.JID]; return !known }
	for i := s.runs.Len() - 1; i >= 0 && slices.ContainsFunc(s.url.spec.Reading.Targets, unknown); i-- {
		if r := s.runs.At(i); r != newest && r.Kind == model.Send && r.Done {
			for jid, good := range reachedBy(r) {
				if _, known := reached[jid]; !known {
					reached[jid] = good
				}
			}
		}
	}
	edited := newest.Spec.Text != s.url.text
	return slices.DeleteFunc(slices.Clone(s.url.spec.Reading.Targets), func(t urlspec.Address) bool {
		if good, known := reached[t.JID]; known {
			return good
		}
		return !edited || s.send.leftOut(t)
	})
}

// reachedBy says of the JIDs that a send was for whether it reached them: of a message
// in several parts, each counts.
func reachedBy(r *model.Run) map[string]bool {
	reached := make(map[string]bool, len(r.Deliveries))
	for i := range r.Deliveries {
		d := &r.Deliveries[i]
		before, known := reached[d.To]
		reached[d.To] = d.Good() && (before || !known)
	}
	return reached
}
