package model

import (
	"time"

	"xmppscope/model/fact"
	"xmppscope/model/inspect"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// notReached is said of a stage or a room that the run did not come to.
const notReached = "not reached"

// Words is what the stage says of itself in a sentence that is safe to show: its
// newest text, or that it was not reached.
func (s Stage) Words() string {
	if s.State == "" {
		return notReached
	}
	return wire.Safe(s.Text)
}

// StageFacts are the rows of a stage: how it went, and what it found out. now is
// the time by which the certificate is judged.
func (r *Run) StageFacts(name event.Stage, now time.Time) []fact.Fact {
	s := r.Stage(name)
	if s == nil {
		return nil
	}
	var f fact.Rows
	f.Sum(s.State, s.Words())
	if s.State != "" {
		f.Value("began", "+"+Duration(s.Start)+", took "+Duration(s.Took))
	}
	switch name {
	case event.StageTCP:
		r.tcpFacts(&f)
	case event.StageTLS:
		r.tlsFacts(&f)
		if r.TLS != nil && len(r.TLS.Chain) > 0 {
			f = append(f, inspect.Certificate(*r.TLS, r.Spec.Reading, now).Facts()...)
		}
	case event.StageFeatures, event.StageSASL:
		f = append(f, r.LoginFacts()...)
	case event.StageBind:
		r.bindFacts(&f)
	case event.StageMUC:
		for _, room := range r.Rooms {
			f = append(f, r.RoomFacts(room)...)
		}
	case event.StageSend, event.StageAck:
		for _, d := range r.Deliveries {
			f = append(f, r.DeliveryFacts(d)...)
		}
	}
	return f
}
