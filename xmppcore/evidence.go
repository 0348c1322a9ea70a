package xmppcore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// Evidence is gathered in this order, and a delivery never loses a rung:
//
//	<message id=…> …          written
//	<iq><ping/></iq>          its answer: the server took all before it (XEP-0199 4.2)
//	<message type=error id=…> bounced
//	<message type=groupchat>  reflected, by the room
//	<received id=…>           received, by the other client (XEP-0184)
//
// The ping is a barrier: a server handles one client's stanzas in order, so it
// bounces what it cannot deliver itself before it answers. Of other servers the
// barrier says nothing.

// batchSize is how many messages are on their way before the server must
// confirm them: enough to fill the line, few enough to confirm within rto.
const batchSize = 32

// pingAnswer is what the barrier waits for.
const pingAnswer = "the server's answer to a ping"

// delivery is one message to one target.
type delivery struct {
	data   DeliveryData // what this attempt knows
	before Evidence     // what earlier attempts reached
	told   DeliveryData // what has been told
	bare   string       // the target's bare JID, canonical
	room   *room        // nil for a user
	body   string
	stanza string
	remote bool // the target is at another domain than we are
	out    bool // on its way: an answer can come before the write returns
	own    bool // it came to this very session
	// unfit is why it can never be sent, failure why it failed, or was not
	// sent. A delivery that is settled takes no part in further attempts.
	unfit, failure *Failure
	settled        bool
	toldText       string
}

// deliver sends what is left of the notification and finds out what became of
// it. Each delivery is judged for itself; only the end of the stream ends them
// all.
func (s *session) deliver(ctx context.Context) *Failure {
	all := s.carry(s.run.note)
	s.run.rec.start(StageSend, fmt.Sprintf("sending %s to %s", plural(len(s.run.note.messages), "message"), plural(len(s.run.plan.Targets), "target")))
	var broken *Failure
	rest := all
	for len(rest) > 0 && broken == nil {
		batch := rest[:min(batchSize, len(rest))]
		rest = rest[len(batch):]
		if broken = s.send(ctx, batch); broken == nil && len(rest) == 0 {
			s.judgeSend(all)
		}
		if broken == nil {
			broken = s.confirm(ctx, batch, len(rest) == 0)
		}
	}
	s.judge(all, broken)
	return broken
}

// carry takes over what is left of a notification.
func (s *session) carry(note *notification) []*delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliveries = note.left()
	for _, d := range s.deliveries {
		d.begin()
		if d.data.Kind == string(urlspec.Groupchat) {
			d.room = s.room(d.bare)
		}
	}
	return s.deliveries
}

// send writes a batch. A failure is that of the stream; what may not be sent,
// or is too big, is told and left out.
func (s *session) send(ctx context.Context, batch []*delivery) *Failure {
	for _, d := range batch {
		s.mu.Lock()
		if d.failure == nil && d.room != nil && !d.room.joined {
			d.failure, d.data.Error = d.room.failure, d.room.data("").Error
		}
		unfit := d.failure
		d.out = unfit == nil
		s.mu.Unlock()
		if unfit == nil {
			unfit = s.write(ctx, StageSend, d.stanza)
			if unfit != nil && unfit.Cause != CauseTooBig {
				return unfit
			}
		}
		s.mu.Lock()
		if unfit != nil {
			d.failure = inStage(unfit, StageSend)
		} else if d.data.Evidence == NotSent { // or the answer overtook us
			d.data.Evidence = Written
		}
		s.tell(batch)
		s.mu.Unlock()
	}
	return nil
}

// judgeSend ends the send stage.
func (s *session) judgeSend(all []*delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	written := 0
	var first *Failure
	for _, d := range all {
		if d.data.Evidence != NotSent {
			written++
		} else if first == nil {
			first = d.failure
		}
	}
	text := fmt.Sprintf("%d of %s written", written, plural(len(all), "stanza"))
	switch {
	case first == nil:
		s.run.rec.ok(StageSend, text, nil)
	case written == 0:
		s.run.rec.fail(text, nil, inStage(first, StageSend))
	default:
		s.run.rec.warn(StageSend, text, nil, inStage(first, StageSend))
	}
}

// confirm waits for the evidence that counts as success, for as long as rto;
// after the last batch also a little for receipts, which nothing depends on.
func (s *session) confirm(ctx context.Context, batch []*delivery, last bool) *Failure {
	s.mu.Lock()
	sent := slices.ContainsFunc(batch, func(d *delivery) bool { return d.data.Evidence != NotSent })
	s.mu.Unlock()
	if !sent {
		return nil
	}
	s.run.rec.start(StageAck, "waiting for the server to confirm, the rooms to reflect")
	began := time.Now()
	answer, broken := s.barrier(ctx, batch)
	if broken != nil {
		return broken
	}
	if answer == nil {
		s.deaf = s.run.late(StageAck, pingAnswer)
	}
	roundTrip := time.Since(began)
	patience := s.run.plan.Answer - roundTrip
	_, broken = s.await(ctx, StageAck, patience, func() bool {
		s.tell(batch)
		return answer == nil || !slices.ContainsFunc(batch, func(d *delivery) bool { return d.open() })
	})
	if broken != nil || answer == nil || !last || s.run.hurry {
		return broken
	}
	_, broken = s.await(ctx, StageAck, min(patience, receiptGrace(roundTrip)), func() bool {
		s.tell(s.deliveries)
		return !slices.ContainsFunc(s.deliveries, func(d *delivery) bool {
			return d.failure == nil && d.data.Evidence == Accepted
		})
	})
	return broken
}

// receiptGrace is how long a receipt is waited for: three times what the server
// needed, since the receipt comes from another client behind it, and long
// enough for a telephone that is awake. A receipt is a bonus, so a send to
// somebody who is away must not wait for it much longer.
func receiptGrace(roundTrip time.Duration) time.Duration {
	return min(max(3*roundTrip, 300*time.Millisecond), time.Second)
}

// barrier pings the server. Its answer, even an error, confirms what users
// were sent before. It is nil when it did not come in time.
func (s *session) barrier(ctx context.Context, batch []*delivery) (*wire.IQ, *Failure) {
	id := newID()
	answer, broken := s.ask(ctx, StageAck, id, pingStanza(s.run.plan.Domain, id))
	if broken != nil || answer == nil {
		return answer, broken
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range batch {
		if d.failure == nil && d.data.Evidence == Written {
			d.data.Evidence = Accepted
		}
	}
	return answer, nil
}

// open reports whether a delivery still lacks the evidence it needs.
func (d *delivery) open() bool {
	switch {
	case d.failure != nil, d.data.Evidence == NotSent:
		return false
	case d.room != nil:
		return d.data.Evidence != Reflected
	}
	return d.data.Evidence == Written
}

// takeMessage matches an answer with what was sent. Ids are random, so who
// knows one has seen the message; who may say what about it is checked all the
// same. The lock is held.
func (s *session) takeMessage(m wire.Message) {
	switch {
	case m.Error != nil:
		d := s.delivery(m.ID, m.From)
		if d == nil || d.failure != nil || d.room != nil && (d.data.Evidence == Reflected || resource(m.From) != "") {
			return
		}
		d.data.Error = stanzaError(m.Error)
		d.failure = &Failure{Stage: StageAck, Cause: CauseBounced, Condition: m.Error.Condition, Type: m.Error.Type, Text: m.Error.Text}
	case m.Type == "groupchat":
		if d := s.reflected(m); d != nil {
			d.data.Evidence = Reflected
		}
	case m.ReceiptFor != "":
		if d := s.delivery(m.ReceiptFor, m.From); d != nil && d.room == nil {
			d.data.Evidence = Received
		}
	case m.From == s.jid: // the target is the address that we were given
		if d := s.delivery(m.ID, m.From); d != nil {
			d.own = true
		}
	}
}

// delivery finds what was sent under an id to the sender of an answer.
func (s *session) delivery(id, from string) *delivery {
	for _, d := range s.deliveries {
		if d.out && d.data.ID == id && d.bare == bare(from) {
			return d
		}
	}
	return nil
}

// reflected finds our own message in a room's. Services keep its id (XEP-0045
// 7.4), or at least the origin-id; of one that keeps neither, the sender and
// the body are left.
func (s *session) reflected(m wire.Message) *delivery {
	r := s.room(bare(m.From))
	if r == nil || resource(m.From) != r.nick || m.Delay != "" {
		return nil
	}
	var alike *delivery
	for _, d := range s.deliveries {
		if d.room != r || d.data.Evidence == Reflected {
			continue
		}
		if d.out && (d.data.ID == m.ID || d.data.ID == m.OriginID) {
			return d
		}
		if alike == nil && d.out && d.body == m.Body {
			alike = d
		}
	}
	if m.OriginID != "" { // it keeps ids, so this is somebody else's
		return nil
	}
	return alike
}

// tell tells what changed. The lock is held.
func (s *session) tell(list []*delivery) {
	for _, d := range list {
		state, text := d.outcome()
		data := d.known()
		if d.data.Evidence == NotSent && d.failure == nil || data == d.told && text == d.toldText {
			continue
		}
		d.told, d.toldText = data, text
		stage := StageAck
		if d.failure != nil {
			stage = d.failure.Stage
		} else if d.data.Evidence == Written {
			stage = StageSend
		}
		s.run.rec.item(stage, d.data.ID, state, text, data, d.failure)
	}
	s.tellRooms() // one that throws us out while we send
}

// outcome says what is known of a delivery.
func (d *delivery) outcome() (State, string) {
	to := " " + d.data.To
	if d.failure != nil {
		text := "to" + to + ": " + sentence(d.failure)
		if d.known().Evidence != NotSent && d.failure.Cause != CauseBounced {
			text += "; it was written before, so it may have arrived"
		}
		return Fail, text
	}
	switch d.data.Evidence {
	case Received:
		return OK, "received by a client of" + to
	case Reflected:
		return OK, "reflected by" + to
	case Accepted:
		if d.own {
			return Warn, "accepted by the server for" + to + ", and given to this very session: nobody else got it"
		}
		text := "accepted by the server for" + to
		if d.remote {
			text += "; the other server has not been heard from"
		}
		return OK, text
	}
	return OK, "written to" + to
}

// judge says the last word on every delivery and ends the stages. broken is
// why the stream ended before, or nil.
func (s *session) judge(all []*delivery, broken *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[Evidence]int{}
	good, vain := 0, 0
	var first *Failure
	for _, d := range all {
		switch {
		case d.failure != nil:
		case d.data.Evidence == NotSent:
			d.failure = inStage(broken, StageSend)
		case d.open() && broken != nil:
			d.failure = inStage(broken, StageAck)
		case d.open() && d.room != nil:
			d.failure = s.run.late(StageAck, "the room to reflect the message")
		case d.open():
			d.failure = s.run.late(StageAck, pingAnswer+" after the message")
		}
		if d.failure == nil {
			good++
			counts[d.data.Evidence]++
			if state, _ := d.outcome(); state == Warn {
				vain++
			}
		} else if first == nil {
			first = d.failure
		}
	}
	s.tell(all)
	if broken != nil || !s.run.rec.running(StageAck) {
		return // the run's failure ends the stages, or nothing was sent
	}
	text := fmt.Sprintf("%d of %d confirmed", good, len(all))
	if list := evidenceList(counts); list != "" {
		text += ": " + list
	}
	switch {
	case first == nil && vain > 0:
		s.run.rec.warn(StageAck, text+", "+strconv.Itoa(vain)+" by this session itself", nil, nil)
	case first == nil:
		s.run.rec.ok(StageAck, text, nil)
	case good == 0:
		s.run.rec.fail(text, nil, inStage(first, StageAck))
	default:
		s.run.rec.warn(StageAck, text, nil, inStage(first, StageAck))
	}
}

// evidenceList counts the rungs, the highest first.
func evidenceList(counts map[Evidence]int) string {
	var parts []string
	for _, e := range []Evidence{Received, Reflected, Accepted} {
		if n := counts[e]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, e))
		}
	}
	return strings.Join(parts, ", ")
}

// inStage is the failure as it shows in a stage.
func inStage(f *Failure, stage Stage) *Failure {
	if f == nil || f.Stage == stage {
		return f
	}
	g := *f
	g.Stage = stage
	return &g
}
