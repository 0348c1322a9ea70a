package xmppcore

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/xmppo/go-xmpp"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
	"xmppscope/xmppcore/wire"
)

// session is a stream that is logged in. One goroutine, receive, reads it
// through the library; what it reads reaches take by way of the tap and
// changes the state below. The run's own goroutine writes, waits for changes,
// and alone tells the events.
type session struct {
	run    *run
	client *xmpp.Client
	relay  *relay
	tap    *wire.Tap
	watch  *watch
	follow *stream.Follower
	stop   func() // ends the watch
	jid    string // our full JID
	// maxBytes is the server's limit on a stanza (XEP-0478), 0 when unknown.
	maxBytes int

	// news is rung when the state changed. ended is closed when receive ends.
	news  chan struct{}
	ended chan struct{}

	mu         sync.Mutex
	answers    map[string]*wire.IQ // by the id of our request; nil while awaited
	respondent string              // who else than our server may answer it
	rooms      []*room
	byJID      map[string]*room     // rooms, by their bare JIDs
	joins      map[string]*room     // rooms, by the ids of our presences
	deliveries map[string]*delivery // by their stanza ids
	// waiting is what an error without an id may be about, by the target's bare JID;
	// earlier are the ids of earlier notifications.
	waiting map[string][]*delivery
	earlier map[string]bool
	remarks []remark
	owed    []string // answers that are to be written
	leaving bool     // we say goodbye: that rooms let us go is no news
	// decided and changed are the rooms and deliveries of which there is something
	// new to tell.
	decided  []*room
	changed  []*delivery
	failure  *event.Failure // why the stream ended under us
	received int            // elements, after the login

	// deaf is set when the server did not answer a ping in time, slow when rooms did
	// not reflect in time. Only the run's own goroutine knows.
	deaf *event.Failure
	slow bool
}

func newSession(r *run, relay *relay, tap *wire.Tap, w *watch, stop func(), follow *stream.Follower) *session {
	return &session{run: r, relay: relay, tap: tap, watch: w, stop: stop, follow: follow,
		news: make(chan struct{}, 1), ended: make(chan struct{}), answers: map[string]*wire.IQ{},
		byJID: map[string]*room{}, joins: map[string]*room{}, earlier: map[string]bool{}}
}

// step is told each step of the stream, as a listener of its follower. What the
// server sends after the login is for the session.
func (s *session) step(step stream.Step) error {
	switch {
	case !step.Received || s.follow.State().Position != stream.Ready:
	case step.Failure != nil:
		s.endedBy(step.Failure)
	default:
		s.take(step.Item)
	}
	return nil
}

// take reads an element that came after the login.
func (s *session) take(item wire.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received++
	if p, ok := wire.AsPresence(item.Element); ok {
		s.takePresence(p)
	}
	if m, ok := wire.AsMessage(item.Element); ok {
		s.takeMessage(m)
	}
	if iq, ok := wire.AsIQ(item.Element); ok {
		s.takeIQ(iq)
	}
	s.ring()
}

// endedBy notes why the stream ended. The first reason is the one that counts: a
// stream error is followed by the end of the stream and of the connection.
func (s *session) endedBy(f *event.Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure == nil {
		s.failure = f
	}
}

func (s *session) ring() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// receive reads until the stream ends. It is the only reader.
func (s *session) receive() {
	defer close(s.ended)
	for complaints := 0; ; {
		err := s.recv()
		if err != nil {
			complaints++
		}
		if err == nil || s.canGoOn(err, complaints) {
			s.reply()
			continue
		}
		if stopped := s.tap.Err(); stopped != nil {
			err = stopped
		} else if lost := s.relay.lost(); lost != nil && !isOurs(err) {
			err = lost
		}
		s.endedBy(transportFailure(err))
		return
	}
}

// recv reads one stanza. The tap has taken what it says; the library's reading
// of it is not needed. A panic is the tap's, or a fault of the library.
func (s *session) recv() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = crash(r)
		}
	}()
	_, err = s.client.Recv()
	return err
}

// canGoOn reports whether the library only disliked an element, one that it does
// not know or cannot use: nothing that reading or decoding says, and the stream
// is well. After anything else it must not be called again, since it may hold
// its lock for ever. It complains once for an element at most.
func (s *session) canGoOn(err error, complaints int) bool {
	if isOurs(err) || ofReading(err) || s.tap.Err() != nil || s.relay.lost() != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return complaints <= s.received
}

// isOurs reports whether an error is a reason of ours to end the session, or a
// crash.
func isOurs(err error) bool {
	var failure *event.Failure
	return errors.As(err, &failure)
}

// ofReading reports whether an error came from the connection, or from decoding
// what came over it. The library's own errors have no types.
func ofReading(err error) bool {
	var (
		syntax  *xml.SyntaxError
		shape   xml.UnmarshalError
		number  *strconv.NumError
		network net.Error
		system  syscall.Errno
	)
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &syntax) || errors.As(err, &shape) || errors.As(err, &number) ||
		errors.As(err, &network) || errors.As(err, &system)
}

// crash turns a recovered panic into an error.
func crash(recovered any) error {
	if err, ok := wire.Stopped(recovered); ok {
		return err
	}
	return &event.Failure{Cause: event.CauseInternal,
		Detail: wire.Safe(fmt.Sprintf("the XMPP library crashed: %v", recovered))}
}

// write sends one stanza. The server must take it within rto.
func (s *session) write(ctx context.Context, stage event.Stage, stanza string) *event.Failure {
	if f := s.tooBig(stage, stanza); f != nil {
		return f
	}
	return s.put(ctx, stage, stanza)
}

// tooBig says why a stanza may not be sent, nil when it may.
func (s *session) tooBig(stage event.Stage, stanza string) *event.Failure {
	if len(stanza) > maxStanza {
		return &event.Failure{Stage: stage, Cause: event.CauseTooBig, Size: len(stanza), Limit: maxStanza, Own: true,
			Detail: fmt.Sprintf("the stanza has %d bytes, and we send no more than %d", len(stanza), maxStanza)}
	}
	if s.maxBytes > 0 && len(stanza) > s.maxBytes {
		return &event.Failure{Stage: stage, Cause: event.CauseTooBig, Size: len(stanza), Limit: s.maxBytes,
			Detail: fmt.Sprintf("the stanza has %d bytes, the server takes %d", len(stanza), s.maxBytes)}
	}
	return nil
}

// put writes stanzas, none of them too big, in one piece. Nothing is sent for a
// caller who has cancelled, even where the watch does not know of it yet.
func (s *session) put(ctx context.Context, stage event.Stage, stanzas string) *event.Failure {
	if ctx.Err() != nil {
		return s.lost(ctx, stage, ctx.Err())
	}
	s.watch.expect(stage, event.WaitReader, s.run.dest.Answer)
	// The caller's context may be shorter than the session's.
	release := context.AfterFunc(ctx, func() { s.watch.end(&event.Failure{Cause: event.CauseCancelled}) })
	_, err := s.client.SendOrg(stanzas)
	release()
	s.watch.rest()
	if stopped := s.tap.Err(); stopped != nil && err == stopped {
		err = nil // it was written; the next wait finds that the session ends
	}
	if err != nil {
		return s.lost(ctx, stage, err)
	}
	return nil
}

// await waits until done, which is called with the lock held, says so. It
// returns false when patience ran out, and a failure when the stream ended.
func (s *session) await(ctx context.Context, stage event.Stage, patience time.Duration,
	done func() bool) (bool, *event.Failure) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	finished := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return done()
	}
	for {
		if finished() {
			return true, nil
		}
		select {
		case <-s.news:
		case <-s.ended:
			if finished() {
				return true, nil
			}
			return false, s.lost(ctx, stage, nil)
		case <-timer.C:
			return finished(), nil
		case <-ctx.Done():
			return false, s.lost(ctx, stage, ctx.Err())
		}
	}
}

// lost says why the stream ended while the stage was at work. The reader learns
// the reason; the writer, who may be told first, gives it a moment.
func (s *session) lost(ctx context.Context, stage event.Stage, err error) *event.Failure {
	if err != nil && ctx.Err() == nil {
		timer := time.NewTimer(s.run.grace())
		defer timer.Stop()
		select {
		case <-s.ended:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	f := s.reason(ctx, err)
	f.Stage = stage
	return &f
}

// reason is the first thing that ended the stream: a reason of ours, or what
// the server did.
func (s *session) reason(ctx context.Context, err error) event.Failure {
	if v := s.watch.given(); v != nil {
		return *v
	}
	if ctx.Err() != nil {
		return event.Failure{Cause: event.CauseCancelled}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure != nil {
		return *s.failure
	}
	return *transportFailure(err)
}

// close leaves the rooms, ends the stream and hangs up. Where something may still
// come back it waits, for a short time only, for the server to end its half; where
// all is proved there is nothing to wait for. The library's own Close is never
// called: it leaves a goroutine behind for ten seconds.
func (s *session) close(ctx context.Context) {
	s.run.rec.start(event.StageClose, "ending the stream")
	text := s.leave(ctx)
	s.hangUp()
	s.mu.Lock()
	s.reportDeliveries() // what came back while we said goodbye
	s.mu.Unlock()
	s.run.rec.ok(event.StageClose, text, s.run.closeData())
}

// hangUp hangs up. When it returns nothing of the session runs.
func (s *session) hangUp() {
	s.watch.hangUp()
	<-s.ended
	s.stop()
	s.relay.close()
}

// leave says goodbye, to the rooms and to the server in one piece, and says how it
// went.
func (s *session) leave(ctx context.Context) string {
	const silent = "hung up; the server had not ended its side"
	if s.watch.given() != nil {
		return silent
	}
	goodbye := s.leaveStanzas() + streamEnd
	written := s.relay.out.Load() + int64(len(goodbye)) // encrypted it is longer
	if f := s.put(ctx, event.StageClose, goodbye); f != nil {
		return silent
	}
	proved := s.proved()
	timer := time.NewTimer(s.run.grace())
	defer timer.Stop()
	for {
		select {
		case <-s.ended:
			return "both sides ended the stream"
		case <-s.relay.moved:
			if proved && s.relay.out.Load() >= written {
				return "ended the stream and hung up"
			}
		case <-timer.C:
			return silent
		case <-ctx.Done():
			return silent
		}
	}
}

// proved reports whether every message has its evidence, so that nothing is to come:
// for another server's user, who may not be known there, only a receipt is as much.
func (s *session) proved() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.deliveries {
		if !d.good() || d.remote && d.data.Evidence != event.Received {
			return false
		}
	}
	return s.failure == nil
}
