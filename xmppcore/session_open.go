package xmppcore

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/xmppo/go-xmpp"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// maxStanza is how large an element may be once we are logged in, 4 MiB; the
// decoder's own limit of 1 MiB holds before.
const maxStanza = 4 << 20

// login lets the library log in over a second connection to the place of the
// first, with the mechanism that the probe's findings allow.
func (r *run) login(ctx context.Context, place endpoint, found probed) (*session, *event.Failure) {
	r.rec.start(event.StageSASL, "choosing a mechanism")
	sasl, failure := choose(found.features, r.channel(&found))
	if failure == nil {
		failure = r.unable()
	}
	if failure != nil {
		return nil, r.rec.fail(failure.Sentence(), sasl, failure)
	}
	conn, failure := r.redial(ctx, place)
	if failure != nil {
		return nil, r.rec.fail(failure.Sentence(), sasl, failure)
	}
	return r.authenticate(ctx, conn, &found, sasl)
}

// redial opens another connection to the place of the first. It is part of the
// login, since tcp has been told.
func (r *run) redial(ctx context.Context, place endpoint) (net.Conn, *event.Failure) {
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

// unable says why no login is possible whatever the server offers.
func (r *run) unable() *event.Failure {
	switch {
	case !r.job.Reading.PasswordSet:
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseNoPassword}
	case strings.Contains(r.plan.Domain, ":"):
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseInternal, Detail: "the XMPP library cannot log in at a domain that is an IPv6 address"}
	}
	return nil
}

// canSkipProbe reports whether the library may choose the mechanism, which
// saves a connection: a message is to be sent, channel binding is welcome, and
// no password can go out in clear. A user name that SCRAM must escape needs to
// know the mechanism first.
func (r *run) canSkipProbe() bool {
	return (len(r.job.Messages) > 0 || r.kept) && r.job.Until == "" && !r.job.NoLogin &&
		r.job.Reading.ScramPlus && r.plan.Mode != urlspec.ModeNone &&
		r.unable() == nil && !strings.ContainsAny(r.plan.Login.Localpart(), ",=")
}

// authenticate runs the library's login over a connection, which it closes
// when it returns a failure. found is nil when there was no probe.
func (r *run) authenticate(ctx context.Context, conn net.Conn, found *probed, sasl event.SASL) (*session, *event.Failure) {
	relay, err := newRelay(r.metered(conn))
	if err != nil {
		return nil, &event.Failure{Stage: event.StageSASL, Cause: event.CauseInternal, Detail: err.Error()}
	}
	w, stop := newWatch(ctx, relay.hangUp)
	l := &login{run: r, watch: w, check: newTLSCheck(r.job, r.plan), found: found, mechanism: sasl.Predicted, sasl: sasl}
	tap := &wire.Tap{}
	s := &session{run: r, relay: relay, tap: tap, watch: w, stop: stop,
		news: make(chan struct{}, 1), ended: make(chan struct{}), answers: map[string]*wire.IQ{}}
	tap.Item = s.tapped(l)
	l.received = &tap.Received
	l.begin()
	client, err := r.newClient(relay, l, tap)
	if err != nil {
		enough := l.step >= proved && r.isLast(event.StageSASL) && ctx.Err() == nil
		var failure *event.Failure
		if !enough { // else only the resource is missing, which was not asked for
			failure = r.refusal(l, relay, err)
		}
		stop()
		relay.close()
		if enough {
			return nil, r.closed("hung up after the login")
		}
		return nil, failure
	}
	w.rest()
	if l.jid == "" { // SASL2 may end without a resource, and the library does not mind
		stop()
		relay.close()
		f := &event.Failure{Stage: event.StageBind, Cause: event.CauseBind, Detail: "the server logged us in without a resource"}
		return nil, r.rec.fail(f.Sentence(), nil, f)
	}
	s.client, s.jid, s.maxBytes = client, l.jid, l.maxBytes
	client.LimitMaxBytes = 0 // the limits that hold after the login are ours to keep
	r.rec.ok(event.StageBind, "our address is "+wire.Safe(s.jid), event.Bind{JID: wire.Safe(s.jid), MaxBytes: s.maxBytes})
	go s.receive()
	return s, nil
}

// tapped routes what the tap sees: to the login, and once that is over, to the
// session. The change comes with the first element that is sent after the
// resource is known, which is the library's presence.
func (s *session) tapped(l *login) func(bool, wire.Item) error {
	return func(received bool, item wire.Item) error {
		s.run.rec.element(received, item)
		var failure *event.Failure
		switch {
		case !received && l.step < bound:
			l.sent(item)
			if l.step == proved && l.jid != "" && item.Element.Is(wire.NSClient, "presence") {
				l.step = bound
				s.tap.Received.Limits.MaxElement = maxStanza
			}
		case received && l.step < bound:
			failure = l.see(item)
		case received:
			failure = s.take(item)
		}
		if failure != nil { // not returned as it is: a nil *Failure is no nil error
			return failure
		}
		return nil
	}
}

// newClient calls the library, which returns when it is logged in or cannot.
func (r *run) newClient(relay *relay, l *login, tap *wire.Tap) (client *xmpp.Client, err error) {
	keepLoopbackDirect()
	defer func() {
		if recovered := recover(); recovered != nil {
			client, err = nil, crash(recovered)
		}
	}()
	local := r.plan.Login.Localpart()
	if strings.HasPrefix(l.mechanism, "SCRAM-") {
		local = saslName.Replace(local)
	}
	mode := r.plan.Mode
	options := xmpp.Options{
		Host:        relay.address(),
		User:        local + "@" + r.plan.Domain,
		Password:    r.job.Reading.Password,
		Resource:    escape(r.plan.Login.Resourcepart()),
		DialTimeout: r.connectLeft(),
		TLSConfig:   l.check.config(mode == urlspec.ModeTLS),
		NoTLS:       mode != urlspec.ModeTLS,
		StartTLS:    mode == urlspec.ModeSTARTTLS,
		Mechanism:   l.mechanism,
		NoPLAIN:     l.mechanism != "PLAIN" && l.mechanism != "",
		// In mode none, choose has seen to it that no password goes out in clear.
		InsecureAllowUnencryptedAuth: mode == urlspec.ModeNone,
		NoSASLUpgrade:                true, // it would send a salted password
		UserAgentSW:                  "xmppscope",
		Status:                       presenceShow,
		StatusMessage:                presencePriority,
		Debug:                        true,
		DebugWriter:                  tap,
	}
	return options.NewClient()
}

// The library sends an initial presence that cannot be turned off, but writes
// these two fields into it as they are. With a negative priority the server
// keeps messages to our bare JID for other clients (RFC 6121 8.5.2.1.1):
// otherwise it would give us what waits offline, and a notification that
// somebody sends to himself would come to this session and be lost with it.
// The second status has a language of its own, as 4.7.2.2 demands.
const (
	presenceShow     = "xa"
	presencePriority = "</status><priority>-1</priority><status xml:lang='zxx'>"
)

// saslName escapes a user name for SCRAM (RFC 5802 5.1), which the library
// does not.
var saslName = strings.NewReplacer("=", "=3D", ",", "=2C")

// keepLoopbackDirect makes the library dial the relay itself. It sends every
// connection through HTTP_PROXY unless NO_PROXY names the address, and reads
// both from the environment at each dial. So the environment it is; the entry
// is right for the whole process, and adding it again changes nothing.
func keepLoopbackDirect() {
	if os.Getenv("HTTP_PROXY") == "" && os.Getenv("http_proxy") == "" {
		return
	}
	const loopback = "127.0.0.1"
	except := os.Getenv("NO_PROXY")
	if except == "" {
		except = os.Getenv("no_proxy")
	}
	for entry := range strings.SplitSeq(except, ",") {
		if entry != "" && strings.Contains(loopback, entry) {
			return
		}
	}
	os.Setenv("NO_PROXY", strings.TrimPrefix(except+","+loopback, ","))
}

// refusal finds out why the library gave up, and tells it. Its own words come
// last: they leave out the condition, or are only the consequence of our
// hanging up.
func (r *run) refusal(l *login, relay *relay, err error) *event.Failure {
	failure := l.watch.given()
	data, wrongTLS := l.check.result(nil)
	switch {
	case failure != nil:
	case wrongTLS != nil:
		failure = wrongTLS
	case isHandshake(l, err):
		data, failure = l.check.result(err)
	default:
		failure = libraryFailure(err)
		if lost := relay.lost(); lost != nil && (failure.Cause == event.CauseInternal || failure.Cause == event.CauseClosed) {
			if end := l.received.End(); end != nil { // such as a greeting cut short
				lost = end
			}
			failure = l.watch.judge(l.now(), lost)
		}
	}
	f := *failure
	if f.Stage == "" || f.Stage == event.StageTLS {
		f.Stage = l.now()
	}
	if f.Cause == causeUnprobed {
		return &f
	}
	switch f.Stage {
	case event.StageTLS:
		return r.rec.fail(f.Sentence(), data, &f)
	case event.StageSTARTTLS:
		return r.rec.fail(f.Sentence(), l.offered, &f)
	case event.StageSASL:
		return r.rec.fail(f.Sentence(), l.sasl, &f)
	}
	return r.rec.fail(f.Sentence(), nil, &f)
}

// isHandshake reports whether the library failed in the TLS handshake: it is
// the only thing that can fail between the consent and the next header.
func isHandshake(l *login, err error) bool {
	return strings.HasPrefix(err.Error(), "starttls handshake: ") || strings.HasPrefix(err.Error(), "tls: ") ||
		l.encrypted && l.step == greeting && strings.Contains(err.Error(), "tls: ")
}

// libraryFailure reads the errors that only the library can find.
func libraryFailure(err error) *event.Failure {
	text := err.Error()
	switch {
	case strings.Contains(text, "server signature mismatch"), strings.Contains(text, "unexpected content in SCRAM success"):
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseServerProof, Detail: "its signature is wrong"}
	case strings.Contains(text, "downgrade protection"):
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseMechanismList, Detail: "it signed another list of mechanisms than the one that reached us"}
	case strings.Contains(text, "Extended Master Secret"), strings.HasSuffix(text, "no keying material"):
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseChannelBinding, Detail: wire.Safe(text)}
	}
	f := transportFailure(err)
	if f.Cause == event.CauseInternal && f.Detail == wire.Safe(text) {
		f.Detail = fmt.Sprintf("the XMPP library says: %s", f.Detail)
	}
	return f
}
