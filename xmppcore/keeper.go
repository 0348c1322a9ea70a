package xmppcore

import (
	"context"
	"sync"
	"time"

	"xmppscope/xmppcore/event"
)

// KeepOptions vary a [Keeper]. The zero value is ready for use.
type KeepOptions struct {
	// Ping is how long the session may be idle before the server is asked
	// whether it is still there (XEP-0199); 0 means a minute. An answer must
	// come within rto.
	Ping time.Duration
	// Least and Most bound the wait before an attempt at a server that is away.
	// It doubles from attempt to attempt; 0 means a second and a minute.
	Least, Most time.Duration
	// Outage is how long after the loss of the session a Send still waits for
	// the server; 0 means five minutes. It does not end the attempts to come
	// back between the notifications.
	Outage time.Duration
	// Receipts makes every Send wait a little for XEP-0184 receipts, as [Run]
	// does. Otherwise only receipts that come before the server's confirmation
	// count.
	Receipts bool
	// Trace is told what happens between the notifications: how the session was
	// lost and found again, each time as a run of its own, and pings as XML.
	Trace event.Trace
}

func (o KeepOptions) withDefaults() KeepOptions {
	for _, d := range []struct {
		value *time.Duration
		none  time.Duration
	}{{&o.Ping, time.Minute}, {&o.Least, time.Second}, {&o.Most, time.Minute}, {&o.Outage, 5 * time.Minute}} {
		if *d.value <= 0 {
			*d.value = d.none
		}
	}
	o.Most = max(o.Most, o.Least)
	return o
}

// Keeper is keepalive=yes: one session that carries many notifications. The
// first Send connects, logs in and joins the rooms. After that the session
// stays up, is pinged while it is idle, and is restored when it was lost, by
// the next Send or between two of them, whichever comes first.
//
// No notification is lost with the session: what the server had not confirmed
// when the stream broke goes out again in the next session, under the same id,
// so that the receiver can tell a repetition; what had evidence is not
// repeated. A Send that gives up says for each message how far it came.
//
// Apprise does not look at name= here; the nick is the URL's user.
//
// One goroutine belongs to a Keeper, and ends with Close or its context.
type Keeper struct {
	job     Job
	options KeepOptions
	// work ends the Sends and the loop that looks after the session, life the
	// session itself. Between the two, Close leaves the rooms and ends the
	// stream.
	work, life context.Context
	stop, end  context.CancelFunc
	done       chan struct{} // closed when the goroutine has ended

	// turn holds a token while somebody works with the session. Whoever put it
	// there owns the fields of this group.
	turn    chan struct{}
	rec     *recorder
	session *session
	hangUp  context.CancelFunc // of the session's context
	story   []event.Event      // how it was opened
	lost    time.Time          // when a session was lost that is to be restored
	backoff backoff

	mu      sync.Mutex
	agenda  agenda
	changed chan struct{} // holds a token when agenda is new
}

// agenda is what the goroutine waits for while nobody has the turn.
type agenda struct {
	ended <-chan struct{} // the session's end; nil without a session
	due   time.Time       // of the next ping or attempt; zero when there is nothing to do
}

// Keep prepares a session for notifications to the job's targets; Messages,
// Until and NoLogin of the job have no meaning. It connects with the first
// Send. ctx ends everything, without a goodbye; Close ends it with one.
func Keep(ctx context.Context, job Job, options KeepOptions) *Keeper {
	job.Messages, job.Until, job.NoLogin = nil, "", false
	options = options.withDefaults()
	k := &Keeper{job: job, options: options, done: make(chan struct{}), turn: make(chan struct{}, 1),
		rec: newRecorder(options.Trace, job), backoff: backoff{least: options.Least, most: options.Most},
		changed: make(chan struct{}, 1)}
	k.life, k.end = context.WithCancel(ctx)
	k.work, k.stop = context.WithCancel(k.life)
	go k.loop()
	return k
}

// Close ends a Send that is under way, leaves the rooms, ends the stream, and
// returns when nothing of the Keeper is left. Closing twice is harmless.
func (k *Keeper) Close() {
	k.stop()
	<-k.done
	k.end()
}

// Send sends one notification, and returns when every delivery has its
// evidence or has failed. It tells trace a whole run: where the session was up
// already, the stages up to the login are told as they were when it was opened.
// Notifications are sent one after the other, in the order of the calls.
//
// It returns nil when every target has its evidence; otherwise the first
// *Failure. A failed delivery is tried again as retry= and wait= say. When the
// session is lost, Send waits for the next one, for as long as
// KeepOptions.Outage; that is not counted as a retry. Failing to open the first
// session is counted: there is nothing to restore.
func (k *Keeper) Send(ctx context.Context, messages []event.Message, trace event.Trace) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(k.work, cancel)()
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		cancelled := &event.Failure{Stage: event.StageWait, Cause: event.CauseCancelled}
		newRecorder(trace, k.job).failOpenStages(cancelled)
		return cancelled
	}
	defer k.release()
	k.rec.redirect(trace)
	defer k.rec.redirect(k.options.Trace)
	return k.send(ctx, newNotification(messages))
}

// release gives the turn back, and says what is to be done next.
func (k *Keeper) release() {
	next := agenda{}
	switch {
	case k.session != nil:
		next = agenda{ended: k.session.ended, due: time.Now().Add(k.options.Ping)}
	case !k.lost.IsZero():
		next = agenda{due: time.Now().Add(k.backoff.pause())}
	}
	k.mu.Lock()
	k.agenda = next
	k.mu.Unlock()
	<-k.turn
	select {
	case k.changed <- struct{}{}:
	default:
	}
}

// loop looks after the session between the notifications.
func (k *Keeper) loop() {
	defer close(k.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		k.mu.Lock()
		next := k.agenda
		k.mu.Unlock()
		var alarm <-chan time.Time
		if !next.due.IsZero() {
			timer.Reset(time.Until(next.due))
			alarm = timer.C
		}
		select {
		case <-k.work.Done():
			k.turn <- struct{}{} // and never gives it back
			k.goodbye()
			return
		case <-k.changed:
			continue
		case <-next.ended:
		case <-alarm:
		}
		select {
		case k.turn <- struct{}{}:
			switch {
			case k.session != nil:
				k.ping()
			case !k.lost.IsZero():
				k.reconnect()
			}
			k.release()
		case <-k.work.Done():
		}
	}
}
