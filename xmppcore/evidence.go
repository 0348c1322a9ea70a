package xmppcore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Evidence is gathered in this order:
//
//	<message id=…> …          written
//	<iq><ping/></iq>          its answer: the server took all before it (XEP-0199 4.2)
//	<message type=groupchat>  reflected, by the room
//	<received id=…>           received, by the other client (XEP-0184)
//	<message type=error …>    bounced: it takes all of that back
//
// The ping is a barrier: a server handles one client's stanzas in order, so it
// bounces what it cannot deliver itself before it answers. Of other servers the
// barrier says nothing, so an error counts until the run ends. Which message an
// answer is about is the business of answers.go.

// batchSize is how many messages are on their way before the server must
// confirm them: enough to fill the line, few enough to confirm within rto. Who
// did not answer in time is asked and waited for once more, behind the last batch:
// however many messages there are, a server that is deaf costs rto twice.
const batchSize = 32

// delivery is one message to one target.
type delivery struct {
	data     event.Delivery // what this attempt knows
	before   event.Evidence // what earlier attempts reached
	reported event.Delivery // what has been told
	bare     string         // the target's bare JID, canonical
	room     *room          // nil for a user
	body     string
	stanza   string
	remote   bool // the target is at another domain than we are
	out      bool // on its way: an answer can come before the write returns
	own      bool // it came to this very session
	proven   bool // an answer with its id says that it arrived
	guessed  bool // its failure is an error without its id
	// unfit is why it can never be sent, failure why it failed, or was not
	// sent. A delivery that is settled takes no part in further attempts.
	unfit, failure *event.Failure
	settled        bool
	reportedText   string
}

// deliver sends what is left of the notification and finds out what became of
// it. Each delivery is judged for itself; only the end of the stream ends them
// all.
func (s *session) deliver(ctx context.Context) *event.Failure {
	all := s.load(s.run.note)
	s.run.rec.start(event.StageSend, fmt.Sprintf("sending %s to %s", event.Count(len(s.run.note.messages), "message"),
		event.Count(len(s.run.dest.Targets), "target")))
	var broken *event.Failure
	rest := all
	for len(rest) > 0 && broken == nil {
		batch := rest[:min(batchSize, len(rest))]
		rest = rest[len(batch):]
		broken = s.send(ctx, batch)
		switch {
		case broken != nil:
		case len(rest) == 0:
			s.judgeSend(all)
			if broken = s.confirm(ctx, all, true); broken == nil {
				broken = s.recognizeRooms(ctx, all)
			}
		case s.deaf == nil:
			broken = s.confirm(ctx, batch, false)
		}
	}
	s.judge(all, broken)
	return broken
}

// load takes over what is left of a notification.
func (s *session) load(note *notification) []*delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliveries, s.waiting, s.changed, s.slow = map[string]*delivery{}, map[string][]*delivery{}, nil, false
	for _, r := range s.rooms {
		r.deliveries = nil
	}
	for _, d := range note.deliveries { // also those that an earlier attempt has settled
		s.deliveries[d.data.ID] = d
	}
	all := note.left()
	for _, d := range all {
		d.begin()
		if !d.toRoom() {
			continue
		}
		if d.room = s.byJID[d.bare]; d.room != nil {
			d.room.deliveries = append(d.room.deliveries, d)
		}
	}
	return all
}

// maxPiece is how much of a batch is written in one piece.
const maxPiece = 32 << 10

// send writes a batch, in pieces of several messages. A failure is that of the
// stream; what may not be sent, or is too big, is reported and left out.
func (s *session) send(ctx context.Context, batch []*delivery) *event.Failure {
	var piece []*delivery
	size := 0
	for _, d := range batch {
		if size > 0 && size+len(d.stanza) > maxPiece {
			if broken := s.sendPiece(ctx, piece); broken != nil {
				return broken
			}
			piece, size = piece[:0], 0
		}
		piece, size = append(piece, d), size+len(d.stanza)
	}
	return s.sendPiece(ctx, piece)
}

// sendPiece writes some messages at once.
func (s *session) sendPiece(ctx context.Context, piece []*delivery) *event.Failure {
	var text strings.Builder
	s.mu.Lock()
	for _, d := range piece {
		if d.failure == nil && d.room != nil && !d.room.joined {
			d.failure, d.data.Error = d.room.failure, d.room.data("").Error
		}
		if d.failure == nil {
			d.failure = s.tooBig(event.StageSend, d.stanza)
		}
		if d.out = d.failure == nil; d.out {
			s.waiting[d.bare] = append(s.waiting[d.bare], d)
			text.WriteString(d.stanza)
		}
	}
	s.mu.Unlock()
	if text.Len() > 0 {
		if broken := s.put(ctx, event.StageSend, text.String()); broken != nil {
			return broken
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range piece {
		if d.failure != nil && !d.out {
			d.failure = d.failure.In(event.StageSend)
		} else if d.data.Evidence == event.NotSent { // or the answer overtook us
			d.data.Evidence = event.Written
		}
		s.changed = append(s.changed, d)
	}
	s.reportDeliveries()
	return nil
}

// judgeSend ends the send stage.
func (s *session) judgeSend(all []*delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	written := 0
	var first *event.Failure
	for _, d := range all {
		if d.data.Evidence != event.NotSent {
			written++
		} else if first == nil {
			first = d.failure
		}
	}
	text := fmt.Sprintf("%d of %s written", written, event.Count(len(all), "stanza"))
	switch {
	case first == nil:
		s.run.rec.ok(event.StageSend, text, nil)
	case written == 0:
		s.run.rec.fail(text, nil, first.In(event.StageSend))
	default:
		s.run.rec.warn(event.StageSend, text, nil, first.In(event.StageSend))
	}
}

// confirm waits for the evidence that counts as success, for as long as rto: after
// the last batch also for what was asked for beyond that, and a little for receipts,
// which nothing depends on.
func (s *session) confirm(ctx context.Context, batch []*delivery, last bool) *event.Failure {
	s.mu.Lock()
	sent := slices.ContainsFunc(batch, func(d *delivery) bool { return d.data.Evidence != event.NotSent })
	s.mu.Unlock()
	if !sent {
		return nil
	}
	s.run.rec.start(event.StageAck, "waiting for the server to confirm, the rooms to reflect")
	began := time.Now()
	waits := (*delivery).untaken
	if last {
		waits = (*delivery).open
	}
	answer, broken := s.barrier(ctx, batch)
	if broken != nil {
		return broken
	}
	if s.deaf = nil; answer == nil {
		s.deaf = s.run.late(event.StageAck, event.WaitPing)
	}
	answered := time.Now()
	roundTrip := answered.Sub(began)
	patience := s.run.dest.Answer - roundTrip
	if s.slow && !last {
		patience = 0
	}
	reflected, broken := s.await(ctx, event.StageAck, patience, s.none(batch, waits))
	s.slow = s.slow || !reflected
	if broken != nil || answer == nil || !last {
		return broken
	}
	for _, w := range []struct {
		patience time.Duration
		waits    func(*delivery) bool
	}{
		{s.run.receiptPatience(roundTrip), (*delivery).mayBeReceived},
		{s.run.bouncePatience(roundTrip), (*delivery).mayComeBack},
	} {
		if left := w.patience - time.Since(answered); left > 0 {
			if _, broken = s.await(ctx, event.StageAck, left, s.none(batch, w.waits)); broken != nil {
				return broken
			}
		}
	}
	return nil
}

// none is a condition to wait for: that no delivery of the list is any more as
// waits says. One that is not will not be so again, so each is looked at once.
func (s *session) none(list []*delivery, waits func(*delivery) bool) func() bool {
	return func() bool {
		s.reportDeliveries()
		for len(list) > 0 && (s.deaf != nil || !waits(list[0])) {
			list = list[1:]
		}
		return len(list) == 0
	}
}

// maxReceiptPatience is the most that receipts are waited for unless the job says
// how long.
const maxReceiptPatience = 150 * time.Millisecond

// receiptPatience is how long receipts are waited for after the server's answer. One
// more round trip is what the client of somebody who is there needs at this server.
// A receipt is a bonus, so a send to somebody who is away must not wait for longer,
// and the next notification of a session not at all.
func (r *run) receiptPatience(roundTrip time.Duration) time.Duration {
	switch {
	case r.job.Receipts != nil:
		return *r.job.Receipts
	case r.hurry:
		return 0
	}
	return min(roundTrip, maxReceiptPatience)
}

// The least and the most that a message to another domain may take to come back.
const (
	minBouncePatience = 300 * time.Millisecond
	maxBouncePatience = time.Second
)

// bouncePatience is how long a message to another domain may still come back after
// the server's answer, which says nothing of that domain: be it a service beside the
// server, such as its rooms, or another server. What comes later is lost with the
// session, so this one is not cut to a round trip.
func (r *run) bouncePatience(roundTrip time.Duration) time.Duration {
	if r.hurry {
		return 0
	}
	return min(max(3*roundTrip, minBouncePatience), maxBouncePatience)
}

// barrier pings the server. Its answer, even an error, confirms what users
// were sent before. It is nil when it did not come in time.
func (s *session) barrier(ctx context.Context, batch []*delivery) (*wire.IQ, *event.Failure) {
	id := newID()
	answer, broken := s.ask(ctx, event.StageAck, id, pingStanza(s.run.dest.Domain, id))
	if broken != nil || answer == nil {
		return answer, broken
	}
	s.confirmed(batch)
	return answer, nil
}

// confirmed notes that the server has answered a ping behind these messages.
func (s *session) confirmed(batch []*delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range batch {
		if d.failure == nil && d.data.Evidence == event.Written {
			d.data.Evidence = event.Accepted
			s.changed = append(s.changed, d)
		}
	}
}

// open reports whether a delivery still lacks the evidence it needs, and untaken
// whether it lacks that of its kind, without which it may have to be sent again.
func (d *delivery) open() bool    { return d.onItsWay() && !d.data.Proven() }
func (d *delivery) untaken() bool { return d.onItsWay() && !d.taken() }

func (d *delivery) onItsWay() bool { return d.failure == nil && d.data.Evidence != event.NotSent }

// mayComeBack reports whether a message may still come back from another domain, of
// which nothing was heard.
func (d *delivery) mayComeBack() bool {
	return d.failure == nil && d.remote && d.data.Evidence == event.Accepted
}

// mayBeReceived reports whether a receipt may still come.
func (d *delivery) mayBeReceived() bool {
	return d.failure == nil && d.data.Evidence == event.Accepted && !d.own // we send ourselves no receipt
}

// reportDeliveries tells what changed. The lock is held.
func (s *session) reportDeliveries() {
	s.reportRooms() // one may have thrown us out, and its deliveries with us
	changed, remarks := s.changed, s.remarks
	s.changed, s.remarks = nil, nil
	closing := s.run.rec.running(event.StageClose)
	for _, r := range remarks {
		stage := s.run.rec.firstRunning(event.StageMUC, event.StageSend, event.StageAck, event.StageClose)
		s.run.rec.item(stage, r.item, event.Warn, "an earlier message of this session came back: "+r.failure.Answer(), nil,
			r.failure.In(stage))
	}
	for _, d := range changed {
		state, text := d.outcome()
		data := d.known()
		if d.data.Evidence == event.NotSent && d.failure == nil || data == d.reported && text == d.reportedText {
			continue
		}
		d.reported, d.reportedText = data, text
		stage := event.StageAck
		if d.failure != nil {
			stage = d.failure.Stage
		} else if d.data.Evidence == event.Written {
			stage = event.StageSend
		}
		if closing {
			stage = event.StageClose
		}
		s.run.rec.item(stage, d.data.ID, state, text, data, d.failure.In(stage))
	}
}

// outcome says what is known of a delivery.
func (d *delivery) outcome() (event.State, string) {
	if d.failure != nil {
		text := "to " + d.data.To + ": " + d.failure.Sentence()
		switch {
		case d.failure.Cause == event.CauseBounced:
		case d.taken():
			text += "; the server has taken it, so it may have arrived"
		case d.known().Evidence != event.NotSent:
			text += "; it was written before, so it may have arrived"
		}
		return event.Fail, text
	}
	text := d.data.Evidence.To(d.data.To)
	switch {
	case d.data.Changed:
		return event.Warn, text + ", with another text than ours"
	case d.data.Evidence != event.Accepted:
		return event.OK, text
	case d.own:
		return event.Warn, text + ", and given to this very session: nobody else got it"
	case d.remote:
		text += "; the other server has not been heard from"
	}
	return event.OK, text
}

// judge says the last word on every delivery and ends the stages. broken is
// why the stream ended before, or nil.
func (s *session) judge(all []*delivery, broken *event.Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[event.Evidence]int{}
	good, vain, changed := 0, 0, 0
	var first *event.Failure
	for _, d := range all {
		switch {
		case d.failure != nil:
		case d.data.Evidence == event.NotSent:
			d.failure = broken.In(event.StageSend)
		case d.open() && broken != nil:
			d.failure = broken.In(event.StageAck)
		case d.open() && d.room != nil:
			d.failure = s.run.late(event.StageAck, event.WaitReflection)
		case d.open() && d.taken():
			d.failure = s.run.late(event.StageAck, event.WaitReceipt)
		case d.open():
			d.failure = s.run.late(event.StageAck, event.WaitAfter)
		}
		if d.failure == nil {
			good++
			counts[d.data.Evidence]++
			if d.data.Changed {
				changed++
			} else if state, _ := d.outcome(); state == event.Warn {
				vain++
			}
		} else if first == nil {
			first = d.failure
		}
	}
	s.changed = append(s.changed, all...)
	s.reportDeliveries()
	if broken != nil || !s.run.rec.running(event.StageAck) {
		return // the run's failure ends the stages, or nothing was sent
	}
	text := event.Tally(counts, len(all), true)
	switch {
	case first == nil && vain > 0:
		s.run.rec.warn(event.StageAck, text+", "+strconv.Itoa(vain)+" by this session itself", nil, nil)
	case first == nil && changed > 0:
		s.run.rec.warn(event.StageAck, text+", "+strconv.Itoa(changed)+" with another text", nil, nil)
	case first == nil:
		s.run.rec.ok(event.StageAck, text, nil)
	case good == 0:
		s.run.rec.fail(text, nil, first.In(event.StageAck))
	default:
		s.run.rec.warn(event.StageAck, text, nil, first.In(event.StageAck))
	}
}
