package stream

import (
	"fmt"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// receive reads what the server sent.
func (f *Follower) receive(item wire.Item) (Kind, *event.Failure) {
	if item.Kind == wire.Close {
		return Ended, &event.Failure{Cause: event.CauseClosed, Detail: "it ended the stream"}
	}
	if e, ok := wire.AsStreamError(item.Element); ok {
		return Refused, streamFailure(f.state.Stage, e)
	}
	if f.state.Position == Ready {
		return Stanza, nil
	}
	kind, failure := f.step(item)
	if failure != nil {
		kind = Refused
	}
	return kind, failure
}

// step reads what a server sends up to the end of the login.
func (f *Follower) step(item wire.Item) (Kind, *event.Failure) {
	s, e := &f.state, item.Element
	if item.Kind == wire.Open {
		f.offered = false
		return Greeted, f.greet(e)
	}
	if features, ok := wire.AsFeatures(e); ok {
		if f.offered {
			return Refused, Unexpected(s.Stage, e, f.awaited())
		}
		f.offered = true
		f.offer(features)
		return Offered, nil
	}
	if e.Is(wire.NSTLS, "proceed") && s.Stage == event.StageSTARTTLS {
		return Consented, f.consent(item)
	}
	switch s.Position {
	case Choosing, InLogin:
		if kind, failure, ok := f.login(e); ok {
			return kind, failure
		}
	case LoggedIn, Proven:
		return f.bind(e)
	}
	if refusal, ok := wire.AsFailure(e); ok && refusal.TLS && s.Stage == event.StageSTARTTLS {
		return Refused, tlsRefused(refusal)
	}
	return Refused, Unexpected(s.Stage, e, f.awaited())
}

// login reads the steps of SASL (RFC 6120 6.4, XEP-0388 2). It is not ok for an
// element that is none of them.
func (f *Follower) login(e *wire.Element) (kind Kind, failure *event.Failure, ok bool) {
	s := &f.state
	if c, ok := wire.AsChallenge(e); ok {
		if s.Position == Choosing {
			s.Position, s.Challenge = InLogin, c
			s.SASL.Iterations, s.SASL.Salt = c.Iterations, c.Salt
		}
		return Challenged, nil, true
	}
	if success, ok := wire.AsSuccess(e); ok {
		s.Position, s.Success = LoggedIn, success
		f.offered = false // XEP-0388 gives further ones without a new stream
		if success.Bound {
			if len(success.JID) > wire.MaxJID {
				return Refused, tooLong(success.JID), true
			}
			s.JID = success.JID
		}
		return Succeeded, nil, true
	}
	if refusal, ok := wire.AsFailure(e); ok && !refusal.TLS {
		return Refused, f.refuse(refusal), true
	}
	return 0, nil, false
}

// awaited is what belongs where the stream stands.
func (f *Follower) awaited() event.Wait {
	s := &f.state
	switch {
	case s.Stage == event.StageSTARTTLS:
		return "<proceed/>"
	case s.Position == Choosing:
		return "a challenge"
	case s.Position == InLogin:
		return event.WaitLogin
	}
	return event.WaitFeatures
}

// greet reads the server's stream header (RFC 6120 4.7).
func (f *Follower) greet(e *wire.Element) *event.Failure {
	h, ok := wire.AsHeader(e)
	switch {
	case !ok:
		name := wire.Safe(e.Name.Local)
		return &event.Failure{Cause: event.CauseNotXMPP, Detail: fmt.Sprintf("it sent <%s> in place of a stream", name),
			Quoted: name}
	case h.Namespace == wire.NSServer:
		return &event.Failure{Cause: event.CauseServerPort, Detail: "the stream is in the namespace " + wire.NSServer}
	case h.Namespace == wire.NSComponent:
		return &event.Failure{Cause: event.CauseServerPort, Protocol: wire.NSComponent,
			Detail: "the stream is in the namespace " + wire.NSComponent}
	case h.Namespace != wire.NSClient:
		namespace := wire.Safe(h.Namespace)
		return &event.Failure{Cause: event.CauseNotXMPP, Quoted: namespace,
			Detail: fmt.Sprintf("the stream is in the namespace %q, ours in %q", namespace, wire.NSClient)}
	}
	f.state.Header = event.Stream{To: wire.Safe(h.To), From: wire.Safe(h.From), ID: wire.Safe(h.ID),
		Encrypted: f.state.Encrypted, Old: h.Version == ""}
	return nil
}

// offer reads features: those before TLS, those that a login is chosen from, or
// those after it.
func (f *Follower) offer(features wire.Features) {
	s := &f.state
	if s.Position >= LoggedIn {
		s.MaxBytes, s.Session = features.MaxBytes, features.Session
		return
	}
	data := event.Features{Encrypted: s.Encrypted, STARTTLS: features.STARTTLS,
		STARTTLSRequired: features.STARTTLSRequired, Legacy: features.Legacy,
		Mechanisms: features.Mechanisms, SASL2: features.SASL2, Bindings: features.Bindings, MaxBytes: features.MaxBytes}
	if !s.Encrypted && !f.Plain {
		s.Clear, s.Stage = data, event.StageSTARTTLS
		return
	}
	s.Features, s.Position, s.Stage = data, Choosing, event.StageSASL
}

// consent reads <proceed/>. Nothing may stand between it and the handshake (RFC
// 6120 5.4.2.3, 5.4.3.3); what was known before is forgotten.
func (f *Follower) consent(item wire.Item) *event.Failure {
	if item.End != f.received.Offset() {
		return &event.Failure{Cause: event.CauseBadXML, Injected: true,
			Detail: "bytes were put between the server's consent to TLS and the handshake; somebody may be tampering"}
	}
	f.sent.Reset()
	f.received.Reset()
	f.state.Encrypted, f.state.Securing, f.state.Stage = true, true, event.StageTLS
	return nil
}

// tlsRefused reads the refusal of STARTTLS (RFC 6120 5.4.2.2).
func tlsRefused(refusal wire.Failure) *event.Failure {
	failure := &event.Failure{Cause: event.CauseSTARTTLSRefused, Text: refusal.Text}
	if refusal.Condition != "undefined-condition" {
		failure.Condition = refusal.Condition
	}
	return failure
}

// refuse reads the refusal of the login (RFC 6120 6.5).
func (f *Follower) refuse(refusal wire.Failure) *event.Failure {
	s := &f.state
	failure := &event.Failure{Stage: event.StageSASL, Cause: event.CauseAuth, Condition: refusal.Condition,
		Text: refusal.Text}
	switch {
	case event.BindsChannel(s.SASL.Used) && namesBinding(refusal.Text):
		failure.Cause = event.CauseChannelBinding
	case refusal.Condition == "encryption-required" && !s.Encrypted:
		failure.Cause = event.CauseTLSRequired
	}
	s.SASL.Failure = failure
	return failure
}

// bind reads the answer to the request for a resource (RFC 6120 7.6).
func (f *Follower) bind(e *wire.Element) (Kind, *event.Failure) {
	s := &f.state
	if s.JID != "" { // bound with the login; this is a stanza already
		return Stanza, nil
	}
	iq, ok := wire.AsIQ(e)
	switch {
	case !ok: // go-xmpp would go on without a resource
		return Refused, Unexpected(event.StageBind, e, event.WaitResource)
	case iq.Error != nil:
		return Refused, StanzaFailure(event.StageBind, event.CauseBind, iq.Error)
	case iq.JID == "":
		return Refused, &event.Failure{Stage: event.StageBind, Cause: event.CauseBind, Detail: "the answer names no JID"}
	}
	if len(iq.JID) > wire.MaxJID {
		return Refused, tooLong(iq.JID)
	}
	s.JID = iq.JID
	return Bound, nil
}

// tooLong is the failure for an address that cannot be ours.
func tooLong(jid string) *event.Failure {
	return &event.Failure{Stage: event.StageBind, Cause: event.CauseBind,
		Detail: fmt.Sprintf("the address that it gave us has %d bytes; the longest has %d (RFC 7622)", len(jid), wire.MaxJID)}
}
