package xmppcore

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// maxServices is how many of the services that a server names are asked what they
// are.
const maxServices = 8

// unknownService reports whether a room could not be reached because its service is
// not there, as far as its failure tells.
func (r *room) unknownService() bool {
	if r.failure == nil {
		return false
	}
	switch r.failure.Cause {
	case event.CauseTimeout:
		return true
	case event.CauseRoom:
		switch r.failure.Condition {
		case "remote-server-not-found", "remote-server-timeout", "service-unavailable", "not-allowed", "forbidden",
			"feature-not-implemented", "jid-malformed":
			return true
		}
	}
	return false
}

// findServices asks our server for its room services, where a room's own could not be
// reached, so that the right one can be named (XEP-0030 3, 4; XEP-0045 6.1). Nothing
// depends on it, so it takes a moment at most, and only a run that fails anyhow.
func (s *session) findServices(ctx context.Context) *event.Failure {
	s.mu.Lock()
	var lost []*room
	for _, r := range s.rooms {
		if r.unknownService() || !r.answered {
			lost = append(lost, r)
		}
	}
	s.mu.Unlock()
	if len(lost) == 0 {
		return nil
	}
	end := time.Now().Add(s.run.grace())
	items, broken := s.discover(ctx, event.StageMUC, s.run.dest.Domain, "items", end)
	if broken != nil || items == nil {
		return broken
	}
	var services []string
	for i, item := range items.Items {
		if i == maxServices || strings.Contains(item, "@") || strings.Contains(item, "/") {
			continue
		}
		info, broken := s.discover(ctx, event.StageMUC, item, "info", end)
		switch {
		case broken != nil:
			return broken
		case info != nil && info.Rooms:
			services = append(services, wire.Safe(item))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range lost {
		if slices.Contains(items.Items, bareDomain(r.jid)) {
			r.listed, r.reported = true, false
			s.decided = append(s.decided, r)
		}
		if len(services) > 0 && !slices.Contains(services, bareDomain(r.jid)) {
			r.services, r.reported = services, false // it is told once more, with them
			s.decided = append(s.decided, r)
		}
	}
	return nil
}

// bareDomain is the domain of a bare JID.
func bareDomain(jid string) string { return jid[strings.LastIndexByte(jid, '@')+1:] }

// recognizeRooms asks the domains of users whose messages came back whether rooms live
// there: a room that the URL names as a user answers as a user does who is not there
// (XEP-0030 3, XEP-0045 6.1). Our server is asked whether the domain is one of its own:
// ejabberd refuses what its own services refuse in the same words as other domains.
// Nothing depends on it, so it takes a moment at most, and
// only a run that fails anyhow.
func (s *session) recognizeRooms(ctx context.Context, all []*delivery) *event.Failure {
	s.mu.Lock()
	about := map[string][]*delivery{}
	var domains []string
	for _, d := range all {
		domain := bareDomain(d.bare)
		if !d.mayBeRoom() || domain == bareDomain(bare(s.run.dest.Domain)) {
			continue
		}
		if about[domain] == nil {
			domains = append(domains, domain)
		}
		about[domain] = append(about[domain], d)
	}
	s.mu.Unlock()
	if len(domains) == 0 {
		return nil
	}
	end := time.Now().Add(s.run.grace())
	items, broken := s.discover(ctx, event.StageAck, s.run.dest.Domain, "items", end)
	if broken != nil {
		return broken
	}
	for _, domain := range domains[:min(len(domains), maxServices)] {
		info, broken := s.discover(ctx, event.StageAck, domain, "info", end)
		if broken != nil {
			return broken
		}
		s.mu.Lock()
		for _, d := range about[domain] {
			d.data.RoomService = info != nil && info.Rooms
			d.data.Listed = items != nil && slices.Contains(items.Items, domain)
			s.changed = append(s.changed, d)
		}
		s.mu.Unlock()
	}
	return nil
}

// mayBeRoom reports whether a message to a user came back as one does that went to a
// room.
func (d *delivery) mayBeRoom() bool {
	if d.toRoom() || !d.bounced() || d.guessed {
		return false
	}
	switch d.failure.Condition {
	case "not-acceptable", "item-not-found", "bad-request", "service-unavailable", "not-allowed", "forbidden",
		"feature-not-implemented":
		return true
	}
	return false
}

// discover asks one question of service discovery. The answer is nil when there is
// none in time, or only an error.
func (s *session) discover(ctx context.Context, stage event.Stage, to, what string, end time.Time) (*wire.IQ,
	*event.Failure) {
	patience := time.Until(end)
	if patience <= 0 {
		return nil, nil
	}
	id := newID()
	s.mu.Lock()
	s.respondent = to
	s.mu.Unlock()
	answer, f := s.askWithin(ctx, stage, id, discoStanza(to, id, what), patience)
	s.mu.Lock()
	s.respondent = ""
	s.mu.Unlock()
	if answer != nil && answer.Error != nil {
		return nil, f
	}
	return answer, f
}

// discoStanza asks an entity what it has, "items", or what it is, "info".
func discoStanza(to, id, what string) string {
	return fmt.Sprintf("<iq to='%s' type='get' id='%s'><query xmlns='http://jabber.org/protocol/disco#%s'/></iq>",
		escape(to), id, what)
}
