package xmppcore

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/xmppo/go-xmpp"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// maxStanza is how large an element may be once we are logged in, 4 MiB; the
// decoder's own limit of 1 MiB holds before.
const maxStanza = 4 << 20

// login opens a second connection to the place of the first and lets the
// library log in over it, with the mechanism that the probe's findings allow.
func (r *run) login(ctx context.Context, place endpoint, found probed) (*session, *Failure) {
	r.rec.start(StageSASL, "choosing a mechanism")
	sasl, failure := choose(found.features, r.channel(found))
	switch {
	case failure != nil:
	case !r.job.Reading.PasswordSet:
		failure = &Failure{Stage: StageSASL, Cause: CauseNoPassword}
	case strings.Contains(r.plan.Domain, ":"):
		failure = &Failure{Stage: StageSASL, Cause: CauseInternal, Detail: "the XMPP library cannot log in at a domain that is an IPv6 address"}
	}
	if failure != nil {
		return nil, r.rec.fail(sentence(failure), sasl, failure)
	}
	dialling, cancel := context.WithTimeout(ctx, r.connectLeft())
	conn, failure := place.dial(dialling)
	cancel()
	if failure != nil {
		if ctx.Err() != nil {
			failure.Cause = CauseCancelled
		}
		failure.Stage = StageSASL
		return nil, r.rec.fail("second connection: "+sentence(failure), sasl, failure)
	}
	relay, err := newRelay(r.metered(conn))
	if err != nil {
		f := &Failure{Stage: StageSASL, Cause: CauseInternal, Detail: err.Error()}
		return nil, r.rec.fail(sentence(f), sasl, f)
	}
	return r.authenticate(ctx, relay, found, sasl)
}

// authenticate runs the library's login over the relay. When it returns a
// failure, nothing of it is left.
func (r *run) authenticate(ctx context.Context, relay *relay, found probed, sasl SASLData) (*session, *Failure) {
	w, stop := newWatch(ctx, relay.hangUp)
	l := &login{run: r, watch: w, mechanism: sasl.Predicted, channel: r.channel(found), sasl: sasl,
		encrypted: r.plan.Mode == urlspec.ModeTLS}
	s := &session{run: r, relay: relay, watch: w, stop: stop,
		news: make(chan struct{}, 1), ended: make(chan struct{}), answers: map[string]*wire.IQ{}}
	tap := &wire.Tap{}
	tap.Item = s.tapped(l, tap)
	l.received = &tap.Received
	check := newTLSCheck(r.job, r.plan)
	if l.encrypted {
		w.expect(StageSASL, "the TLS handshake", r.connectLeft())
	} else {
		w.expect(StageSASL, "the stream header", r.plan.Answer)
	}
	client, err := r.newClient(relay, check, tap, sasl.Predicted)
	if err != nil {
		failure := r.refusal(l, relay, check, err)
		stop()
		relay.close()
		return nil, failure
	}
	w.rest()
	s.client, s.jid, s.maxBytes = client, l.jid, l.maxBytes
	client.LimitMaxBytes = 0 // the limits that hold after the login are ours to keep
	text := "our address is " + wire.Safe(s.jid)
	r.rec.ok(StageBind, text, BindData{JID: wire.Safe(s.jid), MaxBytes: s.maxBytes})
	go s.receive()
	return s, nil
}

// tapped routes what the tap sees: to the login, and once that is over, to the
// session. The change comes with the first element that is sent after the
// resource is known, which is the library's presence.
func (s *session) tapped(l *login, tap *wire.Tap) func(bool, wire.Item) error {
	return func(received bool, item wire.Item) error {
		s.run.rec.xml(received, itemText(item))
		var failure *Failure
		switch {
		case !received && l.step < bound:
			l.sent(item)
			if l.step == proved && l.jid != "" && item.Element.Is(wire.NSClient, "presence") {
				l.step = bound
				tap.Received.Limits.MaxElement = maxStanza
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
func (r *run) newClient(relay *relay, check *tlsCheck, tap *wire.Tap, mechanism string) (client *xmpp.Client, err error) {
	keepLoopbackDirect()
	defer func() {
		if recovered := recover(); recovered != nil {
			client, err = nil, crash(recovered)
		}
	}()
	local := r.plan.Login.Localpart()
	if strings.HasPrefix(mechanism, "SCRAM-") {
		local = saslName.Replace(local)
	}
	mode := r.plan.Mode
	options := xmpp.Options{
		Host:        relay.address(),
		User:        local + "@" + r.plan.Domain,
		Password:    r.job.Reading.Password,
		Resource:    escape(r.plan.Login.Resourcepart()),
		DialTimeout: r.connectLeft(),
		TLSConfig:   check.config(mode == urlspec.ModeTLS),
		NoTLS:       mode != urlspec.ModeTLS,
		StartTLS:    mode == urlspec.ModeSTARTTLS,
		Mechanism:   mechanism,
		NoPLAIN:     mechanism != "PLAIN",
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

// refusal finds out why the library gave up. Its own words come last: they
// leave out the condition, or are only the consequence of our hanging up.
func (r *run) refusal(l *login, relay *relay, check *tlsCheck, err error) *Failure {
	stage := l.now()
	failure := l.watch.given()
	data, wrongTLS := check.result(nil)
	switch {
	case failure != nil:
	case wrongTLS != nil:
		failure = wrongTLS
	case isHandshake(l, err):
		data, failure = check.result(err)
	default:
		failure = libraryFailure(err)
		if lost := relay.lost(); lost != nil && failure.Cause == CauseInternal {
			failure = l.watch.judge(stage, lost)
		}
	}
	f := *failure
	if f.Stage == "" {
		f.Stage = stage
	}
	if f.Stage == StageTLS {
		if !r.rec.ended(StageTLS) {
			return r.rec.fail(sentence(&f), data, &f)
		}
		f.Stage = StageSASL
	}
	if f.Stage == StageSASL {
		return r.rec.fail(sentence(&f), l.sasl, &f)
	}
	return r.rec.fail(sentence(&f), nil, &f)
}

// isHandshake reports whether the library failed in the TLS handshake: it is
// the only thing that can fail between the consent and the next header.
func isHandshake(l *login, err error) bool {
	return strings.HasPrefix(err.Error(), "starttls handshake: ") || strings.HasPrefix(err.Error(), "tls: ") ||
		l.encrypted && l.step == greeting && strings.Contains(err.Error(), "tls: ")
}

// libraryFailure reads the errors that only the library can find.
func libraryFailure(err error) *Failure {
	text := err.Error()
	switch {
	case strings.Contains(text, "server signature mismatch"), strings.Contains(text, "unexpected content in SCRAM success"):
		return &Failure{Stage: StageSASL, Cause: CauseServerProof, Detail: "its signature is wrong"}
	case strings.Contains(text, "Extended Master Secret"), strings.HasSuffix(text, "no keying material"):
		return &Failure{Stage: StageSASL, Cause: CauseChannelBinding, Detail: wire.Safe(text)}
	}
	f := transportFailure(err)
	if f.Cause == CauseInternal && f.Detail == wire.Safe(text) {
		f.Detail = fmt.Sprintf("the XMPP library says: %s", f.Detail)
	}
	return f
}
