package stream

import (
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// send reads what the client sent.
func (f *Follower) send(item wire.Item) Kind {
	s := &f.state
	e := item.Element
	switch {
	case item.Kind == wire.Close:
		return Ended
	case s.Position == Ready:
		return Stanza
	case item.Kind == wire.Open:
		f.opening()
		return Opening
	case e.Is(wire.NSTLS, "starttls"):
		s.Stage = event.StageSTARTTLS
		return AskedTLS
	case e.Is(wire.NSSASL, "response"), e.Is(wire.NSSASL2, "response"):
		s.Responded = true
		return Responded
	case e.Is(wire.NSClient, "iq"):
		s.Stage = event.StageBind
		return Asked
	case e.Is(wire.NSClient, "presence"):
		if s.JID != "" {
			s.Position, s.Stage = Ready, event.StageClose
			if f.MaxStanza > 0 {
				f.received.Limits.MaxElement, f.sent.Limits.MaxElement = f.MaxStanza, f.MaxStanza
			}
		}
		return Present
	}
	if auth, ok := wire.AsAuth(e); ok {
		s.Auth, s.Stage = auth, event.StageSASL
		s.SASL.Used, s.SASL.ChannelBinding, s.SASL.Flag, s.SASL.SASL2 = auth.Mechanism, auth.Binding, auth.Flag, auth.SASL2
		return Chose
	}
	return Stanza
}

// opening is the client's stream header: the first one, the one under TLS,
// which shows that TLS stands, or the one after the login.
func (f *Follower) opening() {
	s := &f.state
	switch {
	case s.Position == Proven:
		s.Stage = event.StageBind
	case s.Securing && f.DirectTLS:
		s.Securing, s.Stage = false, event.StageStream
	case s.Securing:
		s.Securing, s.Stage = false, event.StageFeatures
	}
}
