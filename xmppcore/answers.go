package xmppcore

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
	"xmppscope/xmppcore/wire"
)

// Which message an answer is about. Our ids are random, so whoever knows one has
// seen the message; in a room that is every occupant, so there it also matters
// who speaks. An error without an id of ours can only be told by where it comes
// from: components answer with one when their library makes the reply.

// takeMessage matches an answer with what was sent. The lock is held.
func (s *session) takeMessage(m wire.Message) {
	if m.Carbon && s.isAccount(m.From) { // a copy of what another of our clients got
		return
	}
	switch {
	case m.Error != nil:
		s.takeError(m)
	case m.Captcha:
		s.takeTask(m)
	case m.Type == "groupchat":
		s.takeReflection(m)
	case m.ReceiptFor != "":
		d := s.deliveries[m.ReceiptFor]
		if d != nil && d.out && !d.toRoom() && d.bare == bare(m.From) {
			s.prove(d, event.Received)
		}
	case m.From == s.jid: // the target is the address that we were given
		if d := s.deliveries[m.ID]; d != nil && d.out && d.bare == bare(m.From) {
			d.own = true
			s.changed = append(s.changed, d)
		}
	}
}

// prove notes an answer that names the message and shows that it arrived, perhaps
// after a task that somebody did elsewhere. Only an error that names it too says more.
func (s *session) prove(d *delivery, rung event.Evidence) {
	d.proven = true
	if d.guessed || d.failure != nil && (d.failure.Removed || d.failure.Cause == event.CauseCaptcha) {
		d.guessed = false
		d.failure, d.data.Error = nil, nil
	}
	if d.failure == nil {
		d.data.Evidence = rung
	}
	s.changed = append(s.changed, d)
}

// takeError reads an error about a message: the one whose id it has, else one of
// those that went to where it comes from.
func (s *session) takeError(m wire.Message) {
	d := s.deliveries[m.ID]
	switch {
	case d != nil && d.out:
		if s.mayReturn(d, m.From) {
			s.bounce(d, stream.StanzaFailure(event.StageAck, event.CauseBounced, m.Error))
			d.guessed = false
		}
	case m.ID != "" && s.earlier[m.ID]:
		s.remarks = append(s.remarks, remark{item: wire.Safe(m.ID),
			failure: stream.StanzaFailure(event.StageAck, event.CauseBounced, m.Error)})
	default:
		s.takeNamelessError(m)
	}
}

// mayReturn reports whether an error with the id of a message may come from
// there. In a room the other occupants know the id, and may not.
func (s *session) mayReturn(d *delivery, from string) bool {
	if !d.toRoom() || s.isOurServer(from) {
		return true
	}
	_, service, _ := strings.Cut(d.bare, "@")
	return bare(from) == service || s.isRoom(d.bare, from)
}

// isRoom reports whether an address is that of a room, or of ourselves in it.
func (s *session) isRoom(jid, from string) bool {
	if bare(from) != jid {
		return false
	}
	nick := resource(from)
	r := s.byJID[jid]
	return nick == "" || r != nil && nick == r.nick
}

// isOurServer reports whether an address is our server's, or our account's, for
// which it speaks (RFC 6120 8.1.2.1).
func (s *session) isOurServer(from string) bool {
	return s.isAccount(from) || bare(from) == bare(s.run.dest.Domain)
}

func (s *session) isAccount(from string) bool {
	return from == "" || from == s.jid || from == s.run.account() || from == bare(s.run.account())
}

// bounce notes that a message came back. Whatever was known of it is taken back,
// and the first error is the one that counts, after those that name it.
func (s *session) bounce(d *delivery, why *event.Failure) {
	if d.bounced() && !d.guessed {
		return
	}
	d.failure, d.data.Error = why, why
	d.data.Evidence, d.data.Changed = event.Written, false
	s.changed = append(s.changed, d)
}

func (d *delivery) toRoom() bool { return d.data.Kind == string(urlspec.Groupchat) }

func (d *delivery) bounced() bool { return d.failure != nil && d.failure.Cause == event.CauseBounced }

// takeNamelessError reads an error without an id that is ours. With one message
// to where it comes from on its way it is about that one; with several it may be
// about any, so that none can be called taken.
func (s *session) takeNamelessError(m wire.Message) {
	why := *stream.StanzaFailure(event.StageAck, event.CauseBounced, m.Error)
	if m.ID != "" {
		why.Unsure = true
		why.Quoted = wire.Safe(m.ID)
		why.Detail = fmt.Sprintf("it names the message %q, which we did not send", why.Quoted)
	}
	for _, jid := range s.sources(m.From) {
		open := slices.DeleteFunc(s.waiting[jid], func(d *delivery) bool { return !d.out || d.proven || d.bounced() })
		delete(s.waiting, jid) // what is in doubt stays so, until an answer names it
		about := why
		if n := len(open); n > 1 {
			about.Unsure = true
			about.Detail = strings.TrimPrefix(about.Detail+fmt.Sprintf(
				"; it may be about any of the %s on the way to %s", event.Count(n, "message"), open[0].data.To), "; ")
		}
		for _, d := range open {
			s.bounce(d, &about)
			d.guessed = true
		}
	}
}

// takeTask reads that somebody wants a task done, before a room lets us in or a user
// gets our message (XEP-0158): it names what we sent, or is about all that went there.
// Until then it is held back.
func (s *session) takeTask(m wire.Message) {
	why := &event.Failure{Stage: event.StageMUC, Cause: event.CauseCaptcha}
	r := s.joins[m.CaptchaFor]
	if r == nil {
		r = s.byJID[bare(m.From)]
	}
	if r != nil && !r.answered {
		r.answered, r.failure = true, why
		s.decided = append(s.decided, r)
		return
	}
	held := s.waiting[bare(m.From)]
	if d := s.deliveries[m.CaptchaFor]; d != nil && s.mayReturn(d, m.From) {
		held = []*delivery{d}
	}
	for _, d := range held {
		if d.out && !d.proven && d.failure == nil {
			d.failure, d.data.Evidence = why.In(event.StageAck), event.Written
			s.changed = append(s.changed, d)
		}
	}
}

// sources are the targets that an error without an id may be about, by their
// bare JIDs.
func (s *session) sources(from string) []string {
	jid := bare(from)
	switch _, target := s.waiting[jid]; {
	case target && s.byJID[jid] != nil && !s.isRoom(jid, from):
		return nil // another occupant
	case target:
		return []string{jid}
	case s.isOurServer(from):
		return slices.Sorted(maps.Keys(s.waiting))
	case jid == from && !strings.Contains(jid, "@"): // a domain speaks for those who live there
		return slices.DeleteFunc(slices.Sorted(maps.Keys(s.waiting)), func(target string) bool {
			return bareDomain(target) != jid
		})
	}
	return nil
}

// takeReflection finds our own message in a room's. Services keep its id
// (XEP-0045 7.4), or at least the origin-id; of one that keeps neither, the
// sender and the body are left, and then history must be told from what is new.
func (s *session) takeReflection(m wire.Message) {
	r := s.byJID[bare(m.From)]
	if r == nil {
		return
	}
	for _, id := range []string{m.ID, m.OriginID} {
		d := s.deliveries[id]
		if d == nil || d.bare != r.jid || !d.out || !d.toRoom() {
			continue
		}
		if !d.bounced() || d.guessed {
			d.data.Changed = !sameText(d.body, m.Body)
		}
		s.prove(d, event.Reflected)
		return
	}
	// One with an origin-id is somebody else's, since then the service keeps ids.
	if m.OriginID != "" || m.Delay != "" || !r.joined || resource(m.From) != r.nick {
		return
	}
	for len(r.deliveries) > 0 && r.deliveries[0].data.Evidence == event.Reflected {
		r.deliveries = r.deliveries[1:]
	}
	for _, d := range r.deliveries {
		if d.data.Evidence != event.Reflected && d.out && d.failure == nil && d.body == m.Body {
			d.data.Evidence = event.Reflected
			s.changed = append(s.changed, d)
			return
		}
	}
}

// sameText reports whether a room sent our text. Line ends are not ours: XML has
// one kind, and Apprise writes two.
func sameText(sent, came string) bool {
	line := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	return line.Replace(sent) == line.Replace(came)
}

// remark is the news that an earlier message of the session came back.
type remark struct {
	item    string
	failure *event.Failure
}
