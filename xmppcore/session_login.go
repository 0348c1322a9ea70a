package xmppcore

import (
	"crypto/tls"
	"fmt"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Bounds on SCRAM's iteration count. More cannot be interrupted once the
// library computes them: 2,000,000 take about a second. Fewer than 4096 are
// less than RFC 5802 5.1 asks for.
const (
	maxIterations = 2_000_000
	fewIterations = 4096
)

// causeUnprobed ends a login without a probe whose mechanism the library would
// choose wrongly. It is never told: the run goes back and probes.
const causeUnprobed event.Cause = "unprobed"

// login follows the library through one login, element by element, as the tap
// sees them. It tells the events, keeps the deadlines, and is the guard: an
// element that the library would handle badly stops it before it reads it.
//
//	we                        server
//	<stream:stream>           <stream:stream> <stream:features>    as the probe
//	<auth>                    <challenge>     nonce, iterations within bounds
//	<response>                <success>       never before the challenge
//	<stream:stream>           <stream:stream> <stream:features>    limits
//	<iq><bind>                <iq><bind><jid>
//	<presence>
//
// With SASL2 the names differ, and the resource may come with the success.
type login struct {
	run      *run
	watch    *watch
	check    *tlsCheck
	received *wire.Decoder // for its offset and limits
	// mechanism is what the library was told to use, empty when it chooses.
	mechanism string
	// found is the probe's, nil when there was none.
	found     *probed
	step      step
	current   event.Stage
	encrypted bool
	header    event.Stream
	offered   event.Features // before TLS
	auth      wire.Auth
	sasl      event.SASL
	jid       string
	maxBytes  int
}

// step is how far a login has come.
type step uint8

const (
	greeting   step = iota // streams and TLS
	offering               // the mechanism is chosen, its first message goes out
	challenged             // the challenge was sound; the response goes out
	succeeded              // the server says so; the library checks its proof
	proved                 // the library was satisfied
	bound                  // there is a resource
)

// begin expects the server's first step.
func (l *login) begin() {
	if l.run.plan.Mode == urlspec.ModeTLS {
		l.handshake()
		return
	}
	l.enter(event.StageStream, "opening a stream to "+l.run.plan.Domain)
	l.watch.expect(l.now(), event.WaitHeader, l.run.plan.Answer)
}

// handshake expects TLS to come up.
func (l *login) handshake() {
	l.encrypted = true
	l.enter(event.StageTLS, "TLS handshake, expecting a certificate for "+l.run.plan.Reference)
	l.watch.expect(l.now(), event.WaitHandshake, l.run.connectLeft())
}

// enter notes the stage that the login is in, and opens it if the probe did
// not.
func (l *login) enter(stage event.Stage, text string) {
	l.current = stage
	l.run.rec.start(stage, text)
}

// sent is told what the library wrote.
func (l *login) sent(item wire.Item) {
	e := item.Element
	answer := l.run.plan.Answer
	switch {
	case item.Kind == wire.Open:
		l.opening()
		l.watch.expect(l.now(), event.WaitHeader, answer)
	case e.Is(wire.NSTLS, "starttls"):
		l.watch.expect(l.now(), event.WaitConsent, answer)
	case e.Is(wire.NSSASL, "response"), e.Is(wire.NSSASL2, "response"):
		l.watch.expect(event.StageSASL, event.WaitLogin, answer)
	case e.Is(wire.NSClient, "iq"):
		l.enter(event.StageBind, "asking for a resource")
		l.watch.expect(event.StageBind, event.WaitResource, answer)
	case e.Is(wire.NSClient, "presence"):
		l.prove()
		l.watch.rest()
	default:
		if auth, ok := wire.AsAuth(e); ok {
			l.auth = auth
			l.sasl.Used, l.sasl.ChannelBinding, l.sasl.SASL2 = auth.Mechanism, auth.Binding, auth.SASL2
			l.sasl.Flag = auth.Flag
			l.watch.expect(event.StageSASL, event.WaitChallenge, answer)
		}
	}
}

// opening is our stream header: the first one, the one under TLS, which shows
// that the handshake succeeded, or the one after the login.
func (l *login) opening() {
	switch {
	case l.step == succeeded:
		l.prove()
		l.enter(event.StageBind, "asking for a resource")
	case !l.encrypted:
	default:
		data, _ := l.check.result(nil)
		l.run.tellTLS(data)
		if l.run.plan.Mode == urlspec.ModeSTARTTLS {
			l.enter(event.StageFeatures, "asking for the features under TLS")
		} else {
			l.enter(event.StageStream, "opening a stream to "+l.run.plan.Domain)
		}
	}
}

// prove notes that the library went on after the success: it has checked the
// server's signature.
func (l *login) prove() {
	if l.step != succeeded {
		return
	}
	l.step = proved
	text := "logged in with " + l.sasl.Used
	if l.sasl.ChannelBinding != "" {
		text += ", bound to the TLS channel by " + l.sasl.ChannelBinding
	}
	if n := l.sasl.Iterations; n > 0 && n < fewIterations {
		l.run.rec.warn(event.StageSASL, fmt.Sprintf("%s; only %d iterations protect the password, %d are the least that RFC 5802 wants",
			text, n, fewIterations), l.sasl, nil)
		return
	}
	l.run.rec.ok(event.StageSASL, text, l.sasl)
}

// see is told what the server sent, before the library reads it. A failure
// ends the login there and then.
func (l *login) see(item wire.Item) *event.Failure {
	if item.Kind == wire.Close {
		return &event.Failure{Stage: l.now(), Cause: event.CauseClosed, Detail: "it ended the stream"}
	}
	if e, ok := wire.AsStreamError(item.Element); ok {
		return streamFailure(l.now(), e)
	}
	if item.Kind == wire.Open {
		return l.open(item.Element)
	}
	if f, ok := wire.AsFeatures(item.Element); ok {
		return l.features(f)
	}
	switch l.step {
	case greeting:
		return l.proceed(item)
	case offering:
		return l.challenge(item.Element)
	case challenged:
		return l.success(item.Element)
	case succeeded, proved:
		return l.bind(item.Element)
	}
	return nil
}

func (l *login) open(e *wire.Element) *event.Failure {
	data, failure := readHeader(e, l.encrypted)
	if failure != nil {
		failure.Stage = l.now()
		return failure
	}
	l.header = data
	l.watch.expect(l.now(), event.WaitFeatures, l.run.plan.Answer)
	return nil
}

// features are those before TLS, those that the login is chosen from, or those
// after it.
func (l *login) features(f wire.Features) *event.Failure {
	if l.step >= succeeded {
		l.maxBytes = f.MaxBytes
		return nil
	}
	data := featuresData(f, l.encrypted)
	l.run.rec.ok(event.StageStream, headerText(l.header, l.run.plan.Domain), l.header)
	if l.encrypted {
		return l.choose(data)
	}
	switch l.run.plan.Mode {
	case urlspec.ModeSTARTTLS:
		l.offered = data
		l.enter(event.StageSTARTTLS, "asking for TLS")
		if !f.STARTTLS {
			return &event.Failure{Stage: l.now(), Cause: event.CauseNoSTARTTLS, Detail: featuresText(data)}
		}
		return nil
	case urlspec.ModeNone:
		if f.STARTTLSRequired { // the library would upgrade all the same
			return &event.Failure{Stage: event.StageSASL, Cause: event.CauseTLSRequired, Detail: "before TLS it offers only STARTTLS"}
		}
	}
	return l.choose(data)
}

// choose compares what the library will do with what should be done. It does
// as it is told, but where there was no probe nobody could tell it.
func (l *login) choose(data event.Features) *event.Failure {
	l.run.rec.ok(event.StageFeatures, featuresText(data), data)
	l.enter(event.StageSASL, "choosing a mechanism")
	ch := l.run.channel(l.found)
	if l.found == nil {
		ch.tls = l.check.connection()
		if ch.tls == nil || ch.tls.Version < tls.VersionTLS13 {
			return &event.Failure{Stage: event.StageSASL, Cause: causeUnprobed} // not all is known of it before the handshake's end
		}
	}
	sasl, failure := choose(data, ch)
	l.sasl = sasl
	switch {
	case failure != nil:
		return failure
	case l.found == nil && automatic(sasl.Offered) != sasl.Predicted:
		return &event.Failure{Stage: event.StageSASL, Cause: causeUnprobed}
	case l.found == nil:
		l.mechanism = sasl.Predicted
	case sasl.Predicted != l.mechanism:
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseNoCommonMechanism,
			Detail: fmt.Sprintf("the server offered %s a moment ago, and now it leaves us %s", l.mechanism, sasl.Predicted)}
	}
	l.sasl.ChannelBinding = ""
	l.sasl.Used = l.mechanism
	l.step = offering
	if l.mechanism == "PLAIN" { // it has no challenge, and the tap does not see it
		l.step = challenged
	}
	l.watch.expect(event.StageSASL, event.WaitMechanism(l.mechanism), l.run.plan.Answer)
	return nil
}

// proceed is the answer to STARTTLS.
func (l *login) proceed(item wire.Item) *event.Failure {
	if l.encrypted || l.current != event.StageSTARTTLS {
		return unexpected(l.now(), item.Element, event.WaitFeatures)
	}
	if failure := consent(item, l.received.Offset()); failure != nil {
		failure.Stage = l.now()
		return failure
	}
	l.run.rec.ok(event.StageSTARTTLS, consentText(l.offered), l.offered)
	l.handshake()
	return nil
}

// challenge is SCRAM's. Anything else in its place is refused: the library
// would take a success for one and answer it with a proof over an empty salt.
func (l *login) challenge(e *wire.Element) *event.Failure {
	if f, ok := wire.AsFailure(e); ok {
		return l.refused(f)
	}
	c, ok := wire.AsChallenge(e)
	switch {
	case !ok:
		if _, success := wire.AsSuccess(e); success {
			return &event.Failure{Stage: event.StageSASL, Cause: event.CauseServerProof, Detail: "it accepted the login before it could know the password"}
		}
		return unexpected(event.StageSASL, e, "a challenge")
	case c.Problem != "":
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseServerProof, Detail: c.Problem}
	case !c.Answers(l.auth):
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseServerProof, Detail: "its nonce does not continue ours"}
	}
	l.sasl.Iterations, l.sasl.Salt = c.Iterations, c.Salt
	if c.Iterations < 1 || c.Iterations > maxIterations {
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseIterations,
			Detail: fmt.Sprintf("it wants %d; we do between 1 and %d", c.Iterations, maxIterations)}
	}
	l.step = challenged
	return nil
}

func (l *login) success(e *wire.Element) *event.Failure {
	if f, ok := wire.AsFailure(e); ok {
		return l.refused(f)
	}
	s, ok := wire.AsSuccess(e)
	if !ok {
		return unexpected(event.StageSASL, e, event.WaitLogin)
	}
	if l.mechanism != "PLAIN" && !s.Proof {
		return &event.Failure{Stage: event.StageSASL, Cause: event.CauseServerProof, Detail: "its success carries no signature"}
	}
	l.step = succeeded
	if s.Bound {
		l.jid = s.JID
	}
	l.watch.expect(event.StageSASL, event.WaitRestart, l.run.plan.Answer)
	return nil
}

// refused reads the server's <failure/>.
func (l *login) refused(f wire.Failure) *event.Failure {
	failure := &event.Failure{Stage: event.StageSASL, Cause: event.CauseAuth, Condition: f.Condition, Text: f.Text}
	switch {
	case event.BindsChannel(l.sasl.Used) && strings.Contains(strings.ToLower(f.Text), "channel binding"):
		failure.Cause = event.CauseChannelBinding
	case f.Condition == "encryption-required" && !l.encrypted:
		failure.Cause = event.CauseTLSRequired
	}
	l.sasl.Failure = failure
	return failure
}

func (l *login) bind(e *wire.Element) *event.Failure {
	if l.jid != "" { // bound with the login; this is a stanza already
		return nil
	}
	iq, ok := wire.AsIQ(e)
	switch {
	case !ok: // the library would go on without a resource
		return unexpected(event.StageBind, e, event.WaitResource)
	case iq.Error != nil:
		return stanzaFailure(event.StageBind, event.CauseBind, iq.Error)
	case iq.JID == "":
		return &event.Failure{Stage: event.StageBind, Cause: event.CauseBind, Detail: "the answer names no JID"}
	}
	l.jid = iq.JID
	return nil
}

// now is the stage that the login is in. What the probe has told already and
// the second connection repeats is part of the login.
func (l *login) now() event.Stage {
	if l.run.rec.ended(l.current) && l.current != event.StageBind {
		return event.StageSASL
	}
	return l.current
}
