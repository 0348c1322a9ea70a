package model

import (
	"xmppscope/xmppcore/event"
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

// Delivered counts the deliveries that have their evidence, and all of them.
func (r *Run) Delivered() (delivered, total int) {
	for _, d := range r.Deliveries {
		if d.Good() {
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
		case event.CauseCancelled:
			return ExitInterrupted
		case event.CauseInternal:
			return ExitInternal
		}
		if delivered, _ := r.Delivered(); r.Kind == Send && delivered > 0 {
			return r.exitOfDeliveries() // by an earlier attempt, whatever ended the last one
		}
		phase := f.Stage.Phase()
		if code, ended := exitByPhase[phase]; ended {
			return code
		}
		if phase == event.PhaseFeatures {
			if f.Cause == event.CauseTimeout || f.Cause == event.CauseClosed || f.Cause == event.CauseBadXML ||
				f.Cause == event.CauseStreamError || f.Cause == event.CauseTooBig {
				return ExitConnect
			}
			return ExitLogin // the server offers no login that we may use
		}
		if r.Kind == Check && (f.Stage == event.StageRoster || f.Stage == event.StageClose) {
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

// exitByPhase is the exit code of a run that broke off in a phase.
var exitByPhase = map[event.Phase]ExitCode{
	event.PhaseConnect: ExitConnect,
	event.PhaseTLS:     ExitTLS,
	event.PhaseLogin:   ExitLogin,
}
