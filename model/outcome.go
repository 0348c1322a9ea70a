package model

import (
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// ExitCode is what a command ends with.
type ExitCode int

// The exit codes, documented in README.md.
const (
	ExitDone        ExitCode = 0
	ExitInternal    ExitCode = 1
	ExitUsage       ExitCode = 2 // bad usage or URL
	ExitConnect     ExitCode = 3 // DNS, TCP or stream
	ExitTLS         ExitCode = 4
	ExitLogin       ExitCode = 5 // SASL, bind
	ExitSome        ExitCode = 6 // some rooms or targets failed
	ExitNothing     ExitCode = 7 // nothing was delivered
	ExitInterrupted ExitCode = 130
)

// ExitMeaning is one exit code and what it means, for help and README.
type ExitMeaning struct {
	Code    ExitCode
	Meaning string
}

// ExitMeanings returns every exit code in order.
func ExitMeanings() []ExitMeaning {
	return []ExitMeaning{
		{ExitDone, "done"},
		{ExitInternal, "internal error"},
		{ExitUsage, "bad usage or URL"},
		{ExitConnect, "DNS, TCP or stream failed"},
		{ExitTLS, "TLS failed"},
		{ExitLogin, "login failed (SASL, bind)"},
		{ExitSome, "some rooms or targets failed"},
		{ExitNothing, "nothing was delivered"},
		{ExitInterrupted, "interrupted"},
	}
}

// rung orders the evidence ladder.
func rung(e xmppcore.Evidence) int {
	switch e {
	case xmppcore.Written:
		return 1
	case xmppcore.Accepted:
		return 2
	case xmppcore.Reflected:
		return 3
	case xmppcore.Received:
		return 4
	}
	return 0
}

// Delivered says whether a delivery has the evidence that counts as success:
// accepted for a user, reflected for a room, and no bounce.
func Delivered(d xmppcore.DeliveryData) bool {
	if d.Error != nil {
		return false
	}
	if d.Kind == string(urlspec.Groupchat) {
		return d.Evidence == xmppcore.Reflected
	}
	return rung(d.Evidence) >= rung(xmppcore.Accepted)
}

// Delivered counts the deliveries that have their evidence, and all of them.
func (r *Run) Delivered() (delivered, total int) {
	for _, d := range r.Deliveries {
		if Delivered(d) {
			delivered++
		}
	}
	return delivered, len(r.Deliveries)
}

// OK says whether the run did all it was asked to, with the evidence for it.
func (r *Run) OK() bool { return r.Done && r.ExitCode() == ExitDone }

// ExitCode is the exit code of the run. It is only meaningful once Done.
func (r *Run) ExitCode() ExitCode {
	if f := r.Failure; f != nil {
		switch f.Cause {
		case xmppcore.CauseCancelled:
			return ExitInterrupted
		case xmppcore.CauseInternal:
			return ExitInternal
		}
		if delivered, _ := r.Delivered(); r.Kind == Send && delivered > 0 {
			return r.exitOfDeliveries() // by an earlier attempt, whatever ended the last one
		}
		if code, ended := exitByStage[f.Stage]; ended {
			return code
		}
		if f.Stage == xmppcore.StageFeatures {
			if f.Cause == xmppcore.CauseTimeout || f.Cause == xmppcore.CauseClosed || f.Cause == xmppcore.CauseBadXML ||
				f.Cause == xmppcore.CauseStreamError || f.Cause == xmppcore.CauseTooBig {
				return ExitConnect
			}
			return ExitLogin // the server offers no login that we may use
		}
		if r.Kind == Check && (f.Stage == xmppcore.StageRoster || f.Stage == xmppcore.StageClose) {
			return ExitConnect // nothing but the stream is left to fail there
		}
	}
	if r.Kind == Send {
		return r.exitOfDeliveries()
	}
	if r.Failure != nil {
		return ExitSome
	}
	return ExitDone
}

func (r *Run) exitOfDeliveries() ExitCode {
	switch delivered, total := r.Delivered(); {
	case delivered == 0:
		return ExitNothing
	case delivered < total:
		return ExitSome
	}
	return ExitDone
}

var exitByStage = map[xmppcore.Stage]ExitCode{
	xmppcore.StageDNS:      ExitConnect,
	xmppcore.StageTCP:      ExitConnect,
	xmppcore.StageStream:   ExitConnect,
	xmppcore.StageSTARTTLS: ExitTLS,
	xmppcore.StageTLS:      ExitTLS,
	xmppcore.StageSASL:     ExitLogin,
	xmppcore.StageBind:     ExitLogin,
}
