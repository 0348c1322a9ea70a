package xmppcore

import (
	"context"
	"errors"
	"time"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
	"xmppscope/xmppcore/wire"
)

// What is asked and answered with iq stanzas: our questions, and those that the
// other side has.

// takeIQ reads an answer to what we asked, or a question that must have one (RFC
// 6120 8.2.3). The library answers pings and questions for its version by itself.
// The lock is held.
func (s *session) takeIQ(iq wire.IQ) {
	switch iq.Type {
	case "result", "error":
		if _, ours := s.answers[iq.ID]; ours && s.mayAnswer(iq.From) {
			s.answers[iq.ID] = &iq
		}
	case "get", "set":
		byLibrary := iq.Type == "get" && (iq.Query.Space == wire.NSPing || iq.Query.Space == wire.NSVersion)
		if iq.ID == "" || byLibrary {
			return
		}
		push := iq.Type == "set" && iq.Query.Space == wire.NSRoster && s.isAccount(iq.From)
		s.owed = append(s.owed, answerStanza(iq.From, iq.ID, push))
	}
}

// reply writes the answers that we owe. It is the reader's, as the library's own
// answers are: what has to be answered has been read.
func (s *session) reply() {
	s.mu.Lock()
	owed := s.owed
	s.owed = nil
	s.mu.Unlock()
	for _, stanza := range owed {
		if _, err := s.client.SendOrg(stanza); err != nil {
			return // the next read says why
		}
	}
}

// mayAnswer reports whether an answer to what we asked of our server may come from
// there: from the server, our account or this very session. Without an address it
// is from our account (RFC 6120 8.1.2.1).
func (s *session) mayAnswer(from string) bool {
	if s.respondent != "" && from == s.respondent {
		return true
	}
	switch from {
	case "", s.jid, s.run.dest.Domain, s.run.account():
		return true
	}
	from = bare(from)
	return from == bare(s.run.dest.Domain) || from == bare(s.run.account())
}

// ask sends a request and waits for its answer, an error included. The answer
// is nil when none came in time.
func (s *session) ask(ctx context.Context, stage event.Stage, id, stanza string) (*wire.IQ, *event.Failure) {
	return s.askWithin(ctx, stage, id, stanza, s.run.dest.Answer)
}

func (s *session) askWithin(ctx context.Context, stage event.Stage, id, stanza string,
	patience time.Duration) (*wire.IQ, *event.Failure) {
	s.mu.Lock()
	s.answers[id] = nil
	s.mu.Unlock()
	if f := s.write(ctx, stage, stanza); f != nil {
		return nil, f
	}
	_, f := s.await(ctx, stage, patience, func() bool { return s.answers[id] != nil })
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.answers[id]
	delete(s.answers, id)
	return answer, f
}

// begin asks for the session without which servers of RFC 3921 (section 3) take no
// message. RFC 6121 has none any more, so it is only asked for where it must be.
func (s *session) begin(ctx context.Context) *event.Failure {
	id := newID()
	answer, f := s.ask(ctx, event.StageBind, id, sessionStanza(id))
	switch {
	case f != nil:
		return f
	case answer == nil:
		return s.run.late(event.StageBind, event.WaitSession)
	case answer.Error != nil:
		return stream.StanzaFailure(event.StageBind, event.CauseBind, answer.Error)
	}
	return nil
}

// roster asks for the contacts. Nothing depends on them: a roster that does
// not come is a warning.
func (s *session) roster(ctx context.Context) *event.Failure {
	s.run.rec.start(event.StageRoster, "asking for the roster")
	id := newID()
	answer, f := s.ask(ctx, event.StageRoster, id, rosterStanza(id))
	switch {
	case f != nil && s.tooMuch():
		s.run.tooLong = true
		s.run.rec.warn(event.StageRoster, "the roster is too long, we go on without: "+f.Detail, nil, f)
		return f
	case f != nil:
		return s.run.rec.fail(f.Sentence(), nil, f)
	case answer == nil:
		f := s.run.late(event.StageRoster, event.WaitRoster)
		s.run.rec.warn(event.StageRoster, f.Sentence(), nil, f)
	case answer.Error != nil:
		s.run.rec.warn(event.StageRoster, "the server does not give the roster: "+answer.Error.Condition, nil, nil)
	default:
		s.run.rec.ok(event.StageRoster, event.Count(answer.Contacts, "contact"), event.Roster{Contacts: answer.Contacts})
	}
	return nil
}

// tooMuch reports whether an element broke a limit of ours, which in the place of the
// roster is the roster, and not the blanks between two elements.
func (s *session) tooMuch() bool {
	var limit *wire.LimitError
	return errors.As(s.tap.Err(), &limit) && limit.What != wire.LimitBlanks
}
