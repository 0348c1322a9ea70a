package xmppcore

import (
	"context"
	"net"
	"net/netip"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Run does the job and returns when everything it started has ended: no
// goroutine, socket or timer is left. ctx ends it at any moment. If that is while
// the library computes a key out of the password, the computation goes on for a
// second or two, and nobody hears of it.
//
// It returns nil when every target reached the evidence that counts as success
// (accepted for a user, reflected for a room), or, for a check, when every
// stage passed. Otherwise it returns the first *Failure; the events hold the
// rest.
//
// One thing of the library's is out of reach: the file descriptor of its own
// end of a loopback connection, whose other end is closed. The garbage
// collector closes it.
func Run(ctx context.Context, job Job, trace event.Trace) error {
	r := &run{job: job, rec: newRecorder(trace, job), note: newNotification(job.Messages)}
	r.attempt(ctx)
	return r.note.result(r.rec)
}

// run is one attempt at a job, over one session.
type run struct {
	job  Job
	dest destination
	rec  *recorder
	// note is what is sent. Other attempts may have carried some of it.
	note *notification
	// kept is true when the session serves further notifications, hurry when
	// receipts are not waited for.
	kept, hurry bool
	// tooLong is true when the session broke because of its roster, rosterless when
	// the roster is not asked for again.
	tooLong, rosterless bool
	// connecting is how long dns and tcp took, of the time for connecting.
	connecting time.Duration
	counts     counts
	// opened is when the newest connection was, readBefore what was read by then.
	opened     time.Time
	readBefore int64
	// place is where tcp connected to, for further connections; beside is what goes on
	// beside the connection to it; asked is true once it is asked what answers without
	// ALPN.
	beside *aside
	place  endpoint
	asked  bool
	// loopback is true when the connection does not leave this machine.
	loopback bool
}

// attempt runs a whole session. It returns the failure that ended it, or nil
// when it came to its end; single rooms and targets may have failed all the
// same.
func (r *run) attempt(ctx context.Context) *event.Failure {
	failure := r.do(ctx, func(s *session) *event.Failure {
		failure := s.do(ctx)
		if r.tooLong {
			return failure
		}
		if failure != nil {
			r.rec.failOpenStages(failure)
		}
		s.close(ctx)
		return failure
	})
	if failure != nil {
		r.rec.failOpenStages(failure)
	}
	return failure
}

// do takes the stages up to the login in order, and then runs use with the
// session, unless the run ends before. It returns the failure that ended the
// run.
func (r *run) do(ctx context.Context, use func(*session) *event.Failure) *event.Failure {
	if !r.job.Reading.Accepted {
		return &event.Failure{Stage: event.StageDNS, Cause: event.CauseInternal, Detail: "the reading was not accepted"}
	}
	var failure *event.Failure
	if r.dest, failure = newDestination(r.job.Reading); failure != nil {
		return failure
	}
	r.note.address(r.dest, r.job.Need)
	beside := adviseSRV(ctx, r.job, r.dest, r.rec)
	defer beside.stop()
	defer func() { beside.await(ctx, r.grace()) }()
	r.beside = beside
	if beside != nil {
		beside.thorough = len(r.job.Messages) == 0 && !r.kept
	}
	if _, err := netip.ParseAddr(r.dest.Host); err == nil && beside != nil {
		r.rec.ok(event.StageDNS, "no look-up needed; SRV records are advice only",
			event.DNS{Host: r.dest.Host, Addresses: []string{r.dest.Host}})
	}
	conn, place, failure := r.connect(ctx, beside)
	if failure != nil {
		beside.settle(ctx, r, failure)
		return failure
	}
	r.place = place
	if r.isLast(event.StageDNS) || r.isLast(event.StageTCP) {
		conn.Close()
		return r.closed("hung up")
	}
	s, failure := r.open(ctx, conn, place)
	if s == nil {
		if failure != nil && failure.Stage.Phase() != event.PhaseLogin {
			beside.settle(ctx, r, failure)
		}
		return failure
	}
	failure = use(s)
	if !r.tooLong {
		return failure
	}
	// What stands in the way of the rest of the stream is the roster: another
	// session goes on without it.
	s.hangUp()
	r.tooLong, r.rosterless = false, true
	if conn, failure = r.dialAgain(ctx, place); failure != nil {
		return failure
	}
	if s, failure = r.open(ctx, conn, place); s == nil {
		return failure
	}
	return use(s)
}

// do does the work of the session: it joins the rooms and sends the messages.
func (s *session) do(ctx context.Context) *event.Failure {
	r := s.run
	if r.isLast(event.StageSASL) || r.isLast(event.StageBind) {
		return nil
	}
	if f := s.prepare(ctx); f != nil || r.isLast(event.StageMUC) {
		return f
	}
	if len(r.job.Messages) == 0 {
		return nil
	}
	return s.deliver(ctx)
}

// prepare makes a session ready for messages: the roster, the rooms.
func (s *session) prepare(ctx context.Context) *event.Failure {
	r := s.run
	if r.job.Reading.Roster && !r.rosterless {
		if f := s.roster(ctx); f != nil || r.isLast(event.StageRoster) {
			return f
		}
	}
	return s.join(ctx)
}

// wantedRooms says which rooms, by their bare JIDs, the run enters: a check and a
// session that is kept enter all of them, else those that something is left for.
func (r *run) wantedRooms() func(jid string) bool {
	if r.kept || len(r.job.Messages) == 0 {
		return func(string) bool { return true }
	}
	left := r.note.rooms()
	return func(jid string) bool { return left[jid] }
}

// connect looks up and dials, within the time for connecting.
func (r *run) connect(ctx context.Context, beside *aside) (net.Conn, endpoint, *event.Failure) {
	began := time.Now()
	dialling, cancel := context.WithTimeout(ctx, r.dest.Connect)
	defer cancel()
	conn, place, failure := dial(dialling, r.job, r.dest, beside, r.rec)
	if failure != nil && ctx.Err() != nil {
		failure.Cause = event.CauseCancelled
	}
	r.connecting = time.Since(began)
	if conn != nil {
		proxied, _ := proxyOf(r.job, r.dest) // a proxy here is not the end of the way
		tcp, ok := conn.RemoteAddr().(*net.TCPAddr)
		r.loopback = proxied == nil && ok && tcp.IP.IsLoopback()
	}
	return conn, place, failure
}

// connectLeft is what dns and tcp left of the time for connecting.
func (r *run) connectLeft() time.Duration {
	return max(urlspec.MinTimeout.Duration(), r.dest.Connect-r.connecting)
}

// grace is how long we wait for what nothing depends on: the server's goodbye.
func (r *run) grace() time.Duration { return min(time.Second, r.dest.Answer) }

// isLast reports whether the run ends after this stage. A run that is to end
// after a stage that does not apply to it ends at the next one that does.
func (r *run) isLast(stage event.Stage) bool { return r.rec.reached(stage) }

// metered counts the bytes of a connection that has just been opened.
func (r *run) metered(conn net.Conn) net.Conn {
	r.opened, r.readBefore = time.Now(), r.counts.in.Load()
	return meter{conn, &r.counts}
}

// interpret adds to the failure of a connection what its own end cannot tell: that
// the server asked for a certificate of ours, which we have not; and for how long it
// was silent before it hung up.
func (r *run) interpret(f *event.Failure, check *tlsCheck) *event.Failure {
	g := *f
	switch {
	case check.demanded() && before(g.Stage) &&
		(g.Cause == event.CauseClosed || g.Cause == event.CauseTLS || g.Cause == event.CauseInternal):
		g = event.Failure{Stage: g.Stage, Cause: event.CauseClientCertificate, Detail: g.Detail}
	case g.Cause == event.CauseClosed && r.counts.in.Load() == r.readBefore:
		g.Waited = time.Since(r.opened).Seconds()
	}
	return &g
}

// before reports whether a stage comes before the login.
func before(stage event.Stage) bool {
	return stage.Phase() == event.PhaseConnect || stage.Phase() == event.PhaseTLS || stage.Phase() == event.PhaseFeatures
}

// account is our bare JID.
func (r *run) account() string { return r.dest.Login.Localpart() + "@" + r.dest.Domain }

func (r *run) closeData() event.Close {
	return event.Close{BytesIn: r.counts.in.Load(), BytesOut: r.counts.out.Load()}
}

// closed ends a run that stops before the login.
func (r *run) closed(text string) *event.Failure {
	r.rec.ok(event.StageClose, text, r.closeData())
	return nil
}

// late is the failure for an answer that did not come.
func (r *run) late(stage event.Stage, waiting event.Wait) *event.Failure {
	return &event.Failure{Stage: stage, Cause: event.CauseTimeout, Waiting: waiting, Waited: r.dest.Answer.Seconds()}
}

// stage is the stage that a stream is in, as the run tells it. What the probe
// has told already and the second connection repeats is part of the login.
func (r *run) stage(s event.Stage) event.Stage {
	if s != event.StageBind && r.rec.ended(s) {
		return event.StageSASL
	}
	return s
}

// channel is what the choice of a mechanism depends on besides the features.
// found may be nil.
func (r *run) channel(found *probed) channel {
	ch := channel{scramPlus: r.job.Reading.ScramPlus, clearPassword: r.loopback || r.job.AllowCleartextPassword}
	if found != nil {
		ch.tls, ch.early = found.tls, found.early
	}
	return ch
}
