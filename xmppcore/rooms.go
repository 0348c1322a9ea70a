package xmppcore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
	"xmppscope/xmppcore/wire"
)

// room is a room that the run joins (XEP-0045). Several targets may name it.
type room struct {
	jid     string // bare, canonical
	written []string
	nick    string // ours: the one asked for, then the one we got
	id      string // of the join
	// answered is true once the room let us in or refused, told once that has
	// been told.
	answered, reported bool
	joined             bool
	codes              []int
	role               string
	failure            *event.Failure
	echoed             bool     // the error repeats what we asked for
	services           []string // those of our server, when this room's was not found
	listed             bool     // our server names its domain among its own
	odd                bool     // something came that may be our own presence
	// deliveries are what the notification has for it.
	deliveries []*delivery
}

// join enters every room. All presences go out before the first answer is
// waited for, so that many rooms take no longer than one; each is then judged
// by its own answer. A room that does not let us in does not stop the others.
//
// In a session that is kept, the rooms that we are in are reported and not
// entered again; the others are asked again.
func (s *session) join(ctx context.Context) *event.Failure {
	s.mu.Lock()
	for _, r := range s.rooms {
		s.renew(r)
	}
	wants := s.run.wantedRooms()
	for _, t := range s.run.dest.Targets {
		if t.Kind == urlspec.Groupchat && wants(bare(t.Written)) {
			s.addRoom(t)
		}
	}
	rooms := s.rooms
	s.mu.Unlock()
	if len(rooms) == 0 {
		return nil
	}
	s.run.rec.start(event.StageMUC, "joining "+event.Count(len(rooms), "room"))
	var asking strings.Builder
	for i, r := range rooms {
		stanza := s.enter(r)
		if f := s.tooBig(event.StageMUC, stanza); f != nil {
			return f
		}
		asking.WriteString(stanza)
		if asking.Len() > maxPiece || asking.Len() > 0 && i == len(rooms)-1 {
			if f := s.put(ctx, event.StageMUC, asking.String()); f != nil {
				return f
			}
			asking.Reset()
		}
	}
	waiting := rooms
	_, broken := s.await(ctx, event.StageMUC, s.run.dest.Answer, func() bool {
		s.reportRooms()
		for len(waiting) > 0 && waiting[0].answered {
			waiting = waiting[1:]
		}
		return len(waiting) == 0
	})
	if broken != nil {
		return broken
	}
	if broken = s.findServices(ctx); broken != nil {
		return broken
	}
	s.judgeRooms()
	return nil
}

// enter is the stanza that asks to be let into a room, empty where there is no way to
// ask.
func (s *session) enter(r *room) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.answered {
		return ""
	}
	s.run.rec.item(event.StageMUC, wire.Safe(r.jid), event.Start, "joining as "+wire.Safe(r.nick),
		r.data(r.written[0]), nil)
	return joinStanza(r.jid, r.nick, r.id)
}

// addRoom notes a target's room, once.
func (s *session) addRoom(t target) {
	jid := bare(t.Written)
	if r := s.byJID[jid]; r != nil {
		if !slices.Contains(r.written, t.Written) {
			r.written = append(r.written, t.Written)
		}
		return
	}
	r := &room{jid: jid, written: []string{t.Written}, nick: s.run.dest.Nick, id: newID()}
	s.rooms, s.byJID[jid], s.joins[r.id] = append(s.rooms, r), r, r
	switch what, offset, found := illegal(r.nick); {
	case t.Failure != nil:
		f := *t.Failure
		f.Stage = event.StageMUC
		r.failure, r.answered = &f, true
	case found:
		r.failure, r.answered = &event.Failure{Stage: event.StageMUC, Cause: event.CauseIllegalStanza,
			Detail: fmt.Sprintf("%s at character %d of the nick cannot be written in XML", what, offset+1)}, true
	}
	if r.answered {
		s.decided = append(s.decided, r)
	}
}

// renew makes a room ready for the next notification of a session.
func (s *session) renew(r *room) {
	r.reported, r.codes = false, nil
	if r.joined || r.failure != nil && r.failure.Cause == event.CauseIllegalStanza {
		s.decided = append(s.decided, r)
		return
	}
	delete(s.joins, r.id)
	*r = room{jid: r.jid, written: r.written, nick: s.run.dest.Nick, id: newID()}
	s.joins[r.id] = r
}

// leaveStanzas are the stanzas that leave the rooms we are in. What the rooms say
// of us from here on is no news.
func (s *session) leaveStanzas() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaving = true
	var stanzas strings.Builder
	for _, r := range s.rooms {
		if r.joined {
			stanzas.WriteString(leaveStanza(r.jid, r.nick))
		}
	}
	return stanzas.String()
}

// takePresence reads what a room says of us: our own presence, marked with
// status 110, or an error. What it says of others does not matter. The lock is
// held.
func (s *session) takePresence(p wire.Presence) {
	r := s.byJID[bare(p.From)]
	if asked := s.joins[p.ID]; p.Error != nil && asked != nil {
		r = asked // whoever says it: the id is random
	} else if p.Error != nil && r == nil && p.ID == "" {
		r = s.onlyOneAsked(p.From)
	}
	if r == nil || s.leaving {
		return
	}
	s.decided = append(s.decided, r)
	// Without the mark, the nick that is ours for as long as we are in tells.
	self := p.Has(wire.StatusSelf) || p.Room && p.JID == s.jid || r.joined && resource(p.From) == r.nick
	switch {
	case p.Error != nil:
		if !r.answered && (p.ID == "" || p.ID == r.id) {
			r.answered, r.failure = true, stream.StanzaFailure(event.StageMUC, event.CauseRoom, p.Error)
			r.echoed = p.Echoed
		}
	case !self && !r.answered && resource(p.From) == r.nick && p.Type == "unavailable":
		r.answered, r.codes, r.failure = true, p.Codes, removalFailure(p, false)
	case !self && !r.answered && resource(p.From) == r.nick && p.Type == "":
		r.odd = true
	case !self:
	case p.Type == "" && !r.answered:
		r.answered, r.joined = true, true
		r.nick, r.codes, r.role = resource(p.From), p.Codes, p.Role
	case p.Type == "unavailable" && p.Has(wire.StatusNewNick) && p.Nick != "":
		r.nick = p.Nick
	case p.Type == "unavailable" && (r.joined || !r.answered):
		r.failure = removalFailure(p, r.joined)
		r.answered, r.joined, r.reported, r.codes, r.role = true, false, false, p.Codes, ""
		s.giveUp(r)
	}
}

// giveUp decides what is on its way to a room that we are not in any more. A
// room tells things in order, so what it has not reflected by now it never will.
// The lock is held.
func (s *session) giveUp(r *room) {
	for _, d := range r.deliveries {
		if d.out && d.failure == nil && d.data.Evidence != event.Reflected {
			d.failure = r.failure.In(event.StageAck)
			s.changed = append(s.changed, d)
		}
	}
}

// onlyOneAsked is the room that an error without an id is about, which comes from our
// server or from a room service, nil when it may be about several. The lock is held.
func (s *session) onlyOneAsked(from string) *room {
	var only *room
	for _, r := range s.rooms {
		if r.answered || !s.isOurServer(from) && bareDomain(r.jid) != bare(from) {
			continue
		}
		if only != nil {
			return nil
		}
		only = r
	}
	return only
}

// removalFailure says why a room threw us out, or did not let us in (XEP-0045
// 15.6.2).
func removalFailure(p wire.Presence, in bool) *event.Failure {
	f := &event.Failure{Stage: event.StageMUC, Cause: event.CauseRoom, Removed: in, Text: p.Reason,
		Moved: wire.Safe(p.Moved)}
	switch {
	case p.Destroyed:
		f.Detail = "the room was destroyed"
	case p.Has(wire.StatusBanned):
		f.Detail = "banned from the room"
	case p.Has(wire.StatusKicked) && !p.Has(wire.StatusError):
		f.Detail = "kicked out of the room"
	case p.Has(wire.StatusNotMember), p.Has(wire.StatusMembersOnly):
		f.Detail = "removed, the room is for members only"
	case p.Has(wire.StatusShutdown):
		f.Detail, f.Passing = "removed, the room service shuts down", true
	}
	if p.Actor != "" {
		f.Quoted = wire.Safe(p.Actor)
		f.Detail = strings.TrimSpace(f.Detail + " by " + f.Quoted)
	}
	return f
}

// reportRooms tells what has been decided since. A room that throws us out later
// is part of the stage that is at work then. The lock is held.
func (s *session) reportRooms() {
	stage := s.run.rec.firstRunning(event.StageMUC, event.StageAck, event.StageSend)
	decided := s.decided
	s.decided = nil
	for _, r := range decided {
		if !r.answered || r.reported {
			continue
		}
		r.reported = true
		state, text := r.outcome(s.run.dest.Nick)
		for _, written := range r.written {
			s.run.rec.item(stage, wire.Safe(r.jid), state, text, r.data(written), r.failure.In(stage))
		}
	}
}

// outcome says how a join went.
func (r *room) outcome(wanted string) (event.State, string) {
	if r.failure != nil {
		return event.Fail, r.failure.Sentence()
	}
	var remarks []string
	if slices.Contains(r.codes, wire.StatusCreated) {
		remarks = append(remarks, "the room did not exist, joining has just created it")
	}
	if slices.Contains(r.codes, wire.StatusNickChanged) || r.nick != wanted {
		remarks = append(remarks, fmt.Sprintf("the service made the nick %q of %q", wire.Safe(r.nick), wire.Safe(wanted)))
	}
	if r.role == "visitor" {
		remarks = append(remarks, "as a visitor, who may not speak in a moderated room")
	}
	text := "joined as " + wire.Safe(r.nick)
	if len(remarks) == 0 {
		return event.OK, text
	}
	return event.Warn, text + "; " + strings.Join(remarks, "; ")
}

func (r *room) data(written string) event.Room {
	d := event.Room{JID: wire.Safe(written), Nick: wire.Safe(r.nick), Joined: r.joined, Codes: r.codes,
		Role: wire.Safe(r.role), Services: r.services, Listed: r.listed, Echoed: r.echoed}
	if r.failure != nil && r.failure.Condition != "" {
		d.Error = r.failure
	}
	return d
}

// judgeRooms ends the muc stage. Rooms that did not answer have failed.
func (s *session) judgeRooms() {
	s.mu.Lock()
	defer s.mu.Unlock()
	joined, warned := 0, false
	var first *event.Failure
	for _, r := range s.rooms {
		if !r.answered {
			r.answered, r.failure = true, s.run.late(event.StageMUC, event.WaitJoin)
			if r.odd {
				r.failure.Cause, r.failure.Waiting = event.CauseOddAnswer, ""
			}
			s.decided = append(s.decided, r)
		}
		if r.joined {
			joined++
		} else if first == nil {
			first = r.failure
		}
		state, _ := r.outcome(s.run.dest.Nick)
		warned = warned || state == event.Warn
	}
	s.reportRooms()
	text := fmt.Sprintf("joined %d of %s", joined, event.Count(len(s.rooms), "room"))
	switch {
	case joined == 0:
		s.run.rec.fail(text, nil, first)
	case first != nil:
		s.run.rec.warn(event.StageMUC, text, nil, first)
	case warned:
		s.run.rec.warn(event.StageMUC, text, nil, nil)
	default:
		s.run.rec.ok(event.StageMUC, text, nil)
	}
}
