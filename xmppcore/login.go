package xmppcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
	"xmppscope/xmppcore/wire"
)

// maxStanza is how large an element may be once we are logged in, 4 MiB; the
// decoder's own limit of 1 MiB holds before.
const maxStanza = 4 << 20

// open opens a session. Where the library would choose the same mechanism as we
// would, that takes one connection: the login itself. Otherwise it takes a
// second one, and the first finds out what to choose: a login that was ended
// before anything secret went out, or a probe.
//
// The session is nil when the run ends before the login, by a failure or
// because no more was asked for.
func (r *run) open(ctx context.Context, conn net.Conn, place endpoint) (*session, *event.Failure) {
	if r.dest.Mode != urlspec.ModeNone {
		defer r.loadRoots()()
	}
	var failure *event.Failure
	if r.libraryChooses() {
		s, failure, stopped := r.authenticate(ctx, conn, nil, event.SASL{})
		switch {
		case stopped == nil:
			return s, failure
		case stopped.found != nil:
			return r.logInAgain(ctx, place, stopped.found, stopped.sasl)
		}
		if conn, failure = r.dialAgain(ctx, place); failure != nil {
			return nil, failure
		}
	}
	found, failure := r.probe(ctx, r.metered(conn))
	if failure != nil {
		return nil, failure
	}
	if !r.logsIn() {
		return nil, r.closed("hung up before the login")
	}
	r.rec.start(event.StageSASL, "choosing a mechanism")
	sasl, failure := choose(found.features, r.channel(&found))
	if failure == nil {
		failure = r.unable()
	}
	if failure != nil {
		return nil, r.rec.fail(failure.Sentence(), sasl, failure)
	}
	return r.logInAgain(ctx, place, &found, sasl)
}

// logInAgain logs in over a second connection, with the mechanism that the first one
// has shown to be the right one.
func (r *run) logInAgain(ctx context.Context, place endpoint, found *probed,
	sasl event.SASL) (*session, *event.Failure) {
	conn, failure := r.dialAgain(ctx, place)
	if failure != nil {
		return nil, r.rec.fail(failure.Sentence(), sasl, failure)
	}
	s, failure, _ := r.authenticate(ctx, conn, found, sasl)
	return s, failure
}

// dialAgain opens another connection to the place of the first. It is part of the
// login, since tcp has been told.
func (r *run) dialAgain(ctx context.Context, place endpoint) (net.Conn, *event.Failure) {
	dialling, cancel := context.WithTimeout(ctx, r.connectLeft())
	defer cancel()
	conn, failure := place.dial(dialling)
	if failure == nil {
		return conn, nil
	}
	if ctx.Err() != nil {
		failure = &event.Failure{Cause: event.CauseCancelled}
	}
	failure.Stage = event.StageSASL
	if failure.Detail != "" {
		failure.Detail = "second connection: " + failure.Detail
	}
	return nil, failure
}

// logsIn reports whether the run gets as far as the login.
func (r *run) logsIn() bool {
	return !r.job.NoLogin && !r.isLast(event.StageFeatures)
}

// unable says why no login is possible whatever the server offers.
func (r *run) unable() *event.Failure {
	switch {
	case !r.job.Reading.PasswordSet:
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseNoPassword}
	case strings.Contains(r.dest.Domain, ":"):
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseInternal,
			Detail: "the XMPP library cannot log in at a domain that is an IPv6 address"}
	}
	return nil
}

// libraryChooses reports whether the library may choose the mechanism: channel
// binding is welcome, since it cannot be told to leave it, and no password can
// go out in clear. A user name that SCRAM must escape needs to know the
// mechanism first.
func (r *run) libraryChooses() bool {
	return r.logsIn() && r.job.Reading.ScramPlus && r.dest.Mode != urlspec.ModeNone &&
		r.unable() == nil && !strings.ContainsAny(r.dest.Login.Localpart(), ",=")
}

// login is one login through the library: the follower of its stream, with the
// listeners that tell the events, keep the deadlines and stand guard.
type login struct {
	run      *run
	relay    *relay
	watch    *watch
	tap      *wire.Tap
	check    *tlsCheck
	follow   *stream.Follower
	narrator narrator
	guard    guard
	computes computation
}

// authenticate runs the library's login over a connection, which it closes
// when there is no session in the end. found is nil when there was no probe;
// then stopped says that the library would choose otherwise than we, and no
// failure has been told.
func (r *run) authenticate(ctx context.Context, conn net.Conn, found *probed,
	sasl event.SASL) (s *session, failure *event.Failure, stopped *undecided) {
	relay, err := newRelay(r.metered(conn))
	if err != nil {
		failure := transportFailure(err)
		failure.Stage = event.StageSASL
		return nil, failure, nil
	}
	w, stop := newWatch(ctx, relay.hangUp)
	follow := stream.For(r.dest.Mode)
	follow.MaxStanza = maxStanza
	check := newTLSCheck(r.job, r.dest)
	l := &login{run: r, relay: relay, watch: w, check: check, follow: follow,
		computes: computation{begun: make(chan struct{})}}
	l.guard = guard{run: r, check: check, follow: follow, found: found, mechanism: sasl.Predicted, choice: sasl}
	l.narrator = narrator{run: r, check: check, follow: follow, login: l.guard.login}
	winds := &clock{run: r, watch: w, follow: follow, mechanism: func() string { return l.guard.mechanism }}
	l.tap = &wire.Tap{Feed: func(received bool, chunk []byte) error {
		return follow.Feed(stream.Chunk{Received: received, At: r.rec.now(), Bytes: chunk, Cut: true})
	}}
	s = newSession(r, relay, l.tap, w, stop, follow)
	follow.Listeners = []func(stream.Step) error{r.rec.step, l.narrator.step, l.guard.step, winds.step,
		l.computes.step, s.step}
	l.narrator.begin()
	winds.begin()
	client, err := l.newClient()
	state := follow.State()
	if err == nil && state.JID == "" { // SASL2 may end without a resource, and the library does not mind
		err = &event.Failure{Stage: event.StageBind, Cause: event.CauseBind,
			Detail: "the server logged us in without a resource"}
	}
	if err != nil {
		defer relay.close()
		defer stop()
		switch {
		case errors.As(l.tap.Err(), &stopped):
			return nil, nil, stopped
		case found == nil && l.unbound(err):
			return nil, nil, &undecided{}
		case state.Position >= stream.Proven && r.isLast(event.StageSASL) && ctx.Err() == nil:
			return nil, r.closed("hung up after the login"), nil // only the resource is missing, which was not asked for
		}
		return nil, l.refused(ctx, err), nil
	}
	w.rest()
	s.client, s.jid, s.maxBytes = client, state.JID, state.MaxBytes
	client.LimitMaxBytes = 0 // the limits that hold after the login are ours to keep
	go s.receive()
	if state.Session {
		if failure := s.begin(ctx); failure != nil {
			failure = r.rec.fail(failure.Sentence(), nil, failure)
			s.hangUp()
			return nil, failure, nil
		}
	}
	r.rec.ok(event.StageBind, "our address is "+wire.Safe(s.jid), event.Bind{JID: wire.Safe(s.jid), MaxBytes: s.maxBytes})
	return s, nil, nil
}

// unbound reports whether the library ended the login because it got no keying
// material to bind it to: nothing has been sent, and the stream is well.
func (l *login) unbound(err error) bool {
	return l.watch.given() == nil && l.tap.Err() == nil && l.relay.lost() == nil &&
		libraryFailure(err, l.follow.State()).Cause == event.CauseChannelBinding
}

// refused finds out why the library gave up, and tells it. Its own words come
// last: they leave out the condition, or are only the consequence of our
// hanging up.
func (l *login) refused(ctx context.Context, err error) *event.Failure {
	state := l.follow.State()
	stage := l.run.stage(state.Stage)
	failure := l.watch.given()
	_, wrongTLS := l.check.result(nil)
	stopped := l.tap.Err()
	switch {
	case failure != nil:
	case wrongTLS != nil:
		failure = wrongTLS
	case stopped != nil:
		failure = l.watch.ended(stage, stopped)
	case state.Securing:
		_, failure = l.check.result(err)
	default:
		failure = libraryFailure(err, state)
		lost := l.relay.lost()
		if lost != nil && (failure.Cause == event.CauseInternal || failure.Cause == event.CauseClosed) {
			if end := l.follow.End(); end != nil { // such as a greeting cut short
				lost = end
			}
			failure = l.watch.judge(stage, lost)
		}
	}
	f := *failure
	if f.Stage == "" || f.Stage == event.StageTLS {
		f.Stage = stage
	}
	if f.Cause == event.CauseClosed && l.computes.late() {
		f = event.Failure{Stage: f.Stage, Cause: event.CauseOwnSlow,
			Detail: fmt.Sprintf("the server hung up while this machine worked a key out of the password, in %d rounds",
				state.SASL.Iterations)}
	}
	told := l.run.lookCloser(ctx, l.run.interpret(&f, l.check))
	return l.run.rec.fail(told.Sentence(), l.narrator.data(told.Stage), told)
}
