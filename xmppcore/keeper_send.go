package xmppcore

import (
	"context"
	"fmt"
	"slices"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// send carries a notification through as many sessions as it takes.
func (k *Keeper) send(ctx context.Context, note *notification) error {
	retries := max(0, min(k.job.Reading.Retry, urlspec.MaxRetry))
	trouble := k.lost // since when nothing gets through; zero while all is well
	for n := 2; ; n++ {
		left := len(note.left())
		broken := k.attempt(ctx, note)
		again := note.retry(ctx, broken)
		if len(note.messages) == 0 {
			again = broken != nil && broken.Temporary() && ctx.Err() == nil
		}
		if len(note.left()) < left {
			trouble = time.Time{}
		}
		var pause time.Duration
		switch {
		case !again:
			return note.result(k.rec)
		case k.session == nil && !k.lost.IsZero():
			if trouble.IsZero() {
				trouble = k.lost
			}
			rest := k.options.Outage - time.Since(trouble)
			if rest <= 0 {
				return note.result(k.rec)
			}
			pause = min(k.backoff.pause(), rest)
		case retries > 0:
			retries--
			pause = pauseOf(k.job.Reading.Wait)
		default:
			return note.result(k.rec)
		}
		failure := note.failure(k.rec)
		k.rec.nextAttempt()
		if f := k.rec.wait(ctx, pause, fmt.Sprintf("attempt %d, after: %s", n, failure.Sentence())); f != nil {
			k.rec.failOpenStages(f)
			return f
		}
	}
}

// attempt is one attempt at a notification. It returns why no session could be
// opened, or why it broke. The session is gone then, unless only the caller
// gave up.
func (k *Keeper) attempt(ctx context.Context, note *notification) *event.Failure {
	if k.session != nil && k.session.broken() != nil {
		why := k.session.broken() // it was lost a moment ago, which no one has noticed
		k.session.hangUp()
		k.forget(why)
	}
	failure := k.prepare(ctx, note)
	if failure == nil && len(note.messages) > 0 {
		failure = k.session.deliver(ctx)
		k.session.unload()
	}
	if failure != nil {
		k.rec.failOpenStages(failure)
	}
	if k.session == nil {
		return failure
	}
	if lost := k.session.broken(); lost != nil {
		k.closeBroken(lost)
		return failure
	}
	if failure == nil {
		k.backoff.reset()
	}
	k.rec.end(event.StageClose, event.Skip, "the session stays open for the next notification", nil, nil)
	return failure
}

// prepare gets the session ready for a notification: it opens one, or tells of
// the one that is open.
func (k *Keeper) prepare(ctx context.Context, note *notification) *event.Failure {
	if k.session == nil {
		return k.connect(ctx, note)
	}
	for _, e := range k.story {
		k.rec.end(e.Stage, e.State, "as before: "+e.Text, e.Data, e.Failure)
	}
	note.address(k.session.run.dest, k.job.Need)
	k.session.run.note = note
	return k.session.join(ctx)
}

// connect opens a session and joins the rooms. Until it stands, ctx ends it.
func (k *Keeper) connect(ctx context.Context, note *notification) *event.Failure {
	life, hangUp := context.WithCancel(k.life)
	keep := context.AfterFunc(ctx, hangUp)
	r := &run{job: k.job, rec: k.rec, note: note, kept: true, hurry: !k.options.Receipts}
	failure := r.do(life, func(s *session) *event.Failure {
		k.session, k.hangUp = s, hangUp
		return s.prepare(life)
	})
	if !keep() && failure == nil {
		failure = &event.Failure{Stage: event.StageMUC, Cause: event.CauseCancelled}
	}
	if failure == nil {
		k.story = slices.DeleteFunc(k.rec.finalEvents(), func(e event.Event) bool {
			return e.Stage == event.StageWait || e.Stage == event.StageMUC
		})
		k.lost = time.Time{}
		return nil
	}
	k.rec.failOpenStages(failure)
	if k.session != nil {
		k.closeBroken(failure)
		return failure
	}
	hangUp()
	if !failure.Temporary() && failure.Cause != event.CauseCancelled {
		k.lost = time.Time{}
	}
	return failure
}

// closeBroken ends a session that is broken, and tells its end.
func (k *Keeper) closeBroken(why *event.Failure) {
	select {
	case <-k.session.ended:
	default:
		k.session.watch.end(why) // there is nobody to say goodbye to
	}
	k.session.close(k.life)
	k.forget(why)
}

// forget notes that there is no session any more. It will be restored, unless
// what ended it would end the next one too, or the caller wanted its end.
func (k *Keeper) forget(why *event.Failure) {
	k.hangUp()
	k.session, k.story = nil, nil
	switch {
	case why.Cause == event.CauseCancelled:
	case !why.Temporary():
		k.lost = time.Time{}
	case k.lost.IsZero():
		k.lost = time.Now()
	}
}

// ping asks whether the server is still there, and notes that it is not.
func (k *Keeper) ping() {
	if why := k.session.ping(k.work); why != nil && k.work.Err() == nil {
		k.onLost(why)
		return
	}
	k.backoff.reset()
}

// reconnect is one attempt to come back to a server that was lost.
func (k *Keeper) reconnect() {
	k.rec.nextAttempt()
	if k.connect(k.work, newNotification(nil)) == nil {
		k.rec.end(event.StageClose, event.Skip, "the session is back, and stays open", nil, nil)
	}
}

// onLost tells of a session that was lost between two notifications.
func (k *Keeper) onLost(why *event.Failure) {
	k.rec.redirect(k.options.Trace)
	k.session.hangUp()
	data := k.session.run.closeData()
	k.forget(why)
	text := "the session was lost and is not restored: "
	if !k.lost.IsZero() {
		text = "the session was lost and will be restored: "
	}
	k.rec.warn(event.StageClose, text+why.Sentence(), data, why.In(event.StageClose))
}

// goodbye ends the session for good.
func (k *Keeper) goodbye() {
	if k.session == nil {
		return
	}
	k.rec.redirect(k.options.Trace)
	k.session.close(k.life)
	k.hangUp()
	k.session = nil
}

// ping pings the server, and returns why the session is broken.
func (s *session) ping(ctx context.Context) *event.Failure {
	if why := s.broken(); why != nil {
		return why
	}
	id := newID()
	answer, failure := s.ask(ctx, event.StageClose, id, pingStanza(s.run.dest.Domain, id))
	if failure == nil && answer == nil {
		failure = s.run.late(event.StageClose, event.WaitPing)
		s.deaf = failure
	}
	return failure
}

// broken is why the session can no longer be used, nil while it can.
func (s *session) broken() *event.Failure {
	if s.deaf != nil {
		return s.deaf
	}
	select {
	case <-s.ended:
		why := s.reason(context.Background(), nil)
		why.Stage = event.StageClose
		return &why
	default:
		return s.watch.given()
	}
}

// maxEarlier is of how many earlier messages a session knows the ids: enough for
// what a distant server returns after minutes.
const maxEarlier = 1000

// unload forgets the deliveries of a notification, except their ids.
func (s *session) unload() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.earlier) > maxEarlier {
		clear(s.earlier)
	}
	for id := range s.deliveries {
		s.earlier[id] = true
	}
	s.deliveries, s.waiting, s.changed, s.remarks = nil, nil, nil, nil
	for _, r := range s.rooms {
		r.deliveries = nil
	}
}
