package model

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/model/fact"
	"xmppscope/xmppcore/event"
)

// Outcome is what became of a run, in words that every front uses.
type Outcome struct {
	// State is Start while the run is under way, OK when it did all that it was
	// asked to, with the evidence for it, Skip when it was cancelled, else Fail.
	State event.State
	// Word is how it ended: "ok", "failed at sasl", "cancelled", "under way".
	Word string
	// Took is the time up to the last event.
	Took time.Duration
	// Shown is what it showed: "logged in, 1 room joined", "2 of 2 with evidence:
	// 1 reflected, 1 received", "nothing was sent". It may be empty.
	Shown string
}

// Outcome says what became of the run so far.
func (r *Run) Outcome() Outcome {
	o := Outcome{State: event.Fail, Word: "failed", Took: r.Took, Shown: r.shown()}
	switch f := r.Failure; {
	case !r.Done:
		o.State, o.Word = event.Start, "under way"
	case r.OK():
		o.State, o.Word = event.OK, "ok"
	case f == nil: // a message without evidence
	case f.Cause == event.CauseCancelled:
		o.State, o.Word = event.Skip, "cancelled"
	case f.Stage != "":
		o.Word += " at " + string(f.Stage)
	}
	return o
}

// Brief is how the run ended, and after how long: "ok after 80 ms".
func (o Outcome) Brief() string {
	if o.State == event.Start {
		return o.Word + " for " + Duration(o.Took)
	}
	return o.Word + " after " + Duration(o.Took)
}

// Sentence is the run in one sentence, without a full stop: "ok after 160 ms, 2
// of 2 with evidence: 1 reflected, 1 received".
func (o Outcome) Sentence() string {
	if o.Shown == "" {
		return o.Brief()
	}
	return o.Brief() + ", " + o.Shown
}

// Fact is the outcome as a row.
func (o Outcome) Fact() fact.Fact {
	var f fact.Rows
	f.Sum(o.State, o.Sentence())
	return f[0]
}

// Sentence is what became of the run, in one sentence without a full stop.
func (r *Run) Sentence() string { return r.Outcome().Sentence() }

// shown says what the run has shown so far: of a send the evidence, of a check
// how far it came.
func (r *Run) shown() string {
	if r.Kind == Send {
		return r.evidence()
	}
	if !r.Passed(event.StageBind) {
		if last := r.furthest(); last != nil && r.OK() {
			return "up to " + string(last.Name)
		}
		return ""
	}
	parts := []string{"logged in"}
	if s := r.Stage(event.StageMUC); s != nil && s.State != "" && len(r.Rooms) > 0 {
		joined, mute := 0, 0
		for _, room := range r.Rooms {
			if room.Joined {
				joined++
				if room.Role == "visitor" {
					mute++
				}
			}
		}
		all := event.Count(len(r.Rooms), "room")
		if joined < len(r.Rooms) {
			all = fmt.Sprintf("%d of %s", joined, all)
		}
		parts = append(parts, all+" joined")
		if mute > 0 {
			parts = append(parts, fmt.Sprintf("%d as a visitor, who may not be allowed to speak", mute))
		}
	}
	return strings.Join(parts, ", ")
}

// furthest is the last stage that was passed before the connection was closed,
// nil without one.
func (r *Run) furthest() *Stage {
	var last *Stage
	for i := range r.Stages {
		if s := &r.Stages[i]; s.Name != event.StageClose && r.Passed(s.Name) {
			last = s
		}
	}
	return last
}

// Passed reports whether a stage ended, and without a failure.
func (r *Run) Passed(name event.Stage) bool {
	s := r.Stage(name)
	return s != nil && (s.State == event.OK || s.State == event.Warn)
}

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
		case event.CauseInternal, event.CauseOwnLimit:
			return ExitInternal
		case event.CauseClientCertificate: // TLS 1.3 says so only when the stream begins
			return ExitTLS
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
