package xmppcore

import (
	"time"

	"mellium.im/xmpp/jid"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/certificate"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// destination is where a run connects, as whom, and how long it waits: a reading
// checked against what XMPP allows (RFC 7622), which Apprise does not do.
type destination struct {
	// Host and Port are where TCP goes: Apprise's, which never asks SRV. Host
	// has no brackets.
	Host string
	Port int
	// Domain is the JID domain, as it stands in the stream's to=.
	Domain string
	// Reference is Domain as certificates and SNI spell it: A-labels, or an IP
	// address without brackets. It is never the TCP host (RFC 6120 13.7.2.1).
	Reference string
	// Login is the account, in the canonical form of RFC 7622.
	Login jid.JID
	// Nick is what we are called in rooms.
	Nick string
	// Targets are those of the reading, in order.
	Targets []target
	Mode    urlspec.Mode
	// Verify is false only when the URL turns checks off explicitly: a value
	// that Apprise merely does not recognise keeps them on here.
	Verify bool
	// TLS is the only version that a handshake offers, as in crypto/tls; 0
	// means 1.2 and 1.3.
	TLS uint16
	// NoALPN leaves the name of the protocol out of a handshake, as Apprise does.
	NoALPN bool
	// Connect bounds dns, tcp and tls together, Answer each later answer.
	Connect, Answer time.Duration
}

// target is one address to write to.
type target struct {
	Kind urlspec.TargetKind
	// Written is the JID as Apprise would send it.
	Written string
	// JID is its canonical form (RFC 7622), as servers send it back; zero when
	// Failure is set.
	JID jid.JID
	// Failure says why nothing can be sent there.
	Failure *event.Failure
}

// newDestination checks an accepted reading. The failure is about the login alone:
// an illegal target carries its own and does not stop the others.
func newDestination(r urlspec.Reading) (destination, *event.Failure) {
	p := destination{
		Host:    urlspec.Unbracket(r.TCPHost),
		Port:    r.Port,
		Domain:  r.StreamTo,
		Mode:    r.Mode,
		Nick:    nickOf(r),
		Verify:  r.Verify || r.VerifyUnrecognised,
		Connect: timeoutOf(r.CTO),
		Answer:  timeoutOf(r.RTO),
	}
	login, err := jid.Parse(r.LoginJID)
	if err != nil {
		return p, &event.Failure{Stage: event.StageSASL, Cause: event.CauseIllegalStanza,
			Detail: wire.Safe("the login JID " + r.LoginJID + " breaks RFC 7622: " + err.Error())}
	}
	p.Login = login
	p.Reference = certificate.Reference(p.Domain)
	for _, a := range r.Targets {
		t := target{Kind: a.Kind, Written: a.JID}
		if t.JID, err = jid.Parse(a.JID); err != nil {
			t.Failure = &event.Failure{Stage: event.StageSend, Cause: event.CauseIllegalStanza,
				Detail: wire.Safe("the JID " + a.JID + " breaks RFC 7622: " + err.Error())}
		}
		p.Targets = append(p.Targets, t)
	}
	return p, nil
}

// nickOf is the nick that Apprise would take: with keepalive=yes it does not
// look at name=.
func nickOf(r urlspec.Reading) string {
	if r.Keepalive && r.User != "" {
		return r.User
	}
	return r.Nick
}

// timeoutOf makes a deadline of cto= or rto=. Zero, negative and NaN, with which
// no connection could succeed, are Apprise's default.
func timeoutOf(s urlspec.Seconds) time.Duration {
	if !(s > 0) { // NaN too
		s = urlspec.DefaultTimeout
	}
	return min(max(s, urlspec.MinTimeout), urlspec.MaxTimeout).Duration()
}
