package event

import (
	"slices"

	"xmppscope/urlspec"
)

// Stage is a step of a run.
type Stage string

// The stages, in the order in which a run takes them with STARTTLS. A stage
// that does not apply to a run is absent from it. StageWait is the time between
// two attempts: the first stage of every attempt but the first, and in no other
// place.
const (
	StageWait     Stage = "wait"
	StageDNS      Stage = "dns"
	StageTCP      Stage = "tcp"
	StageStream   Stage = "stream"
	StageSTARTTLS Stage = "starttls"
	StageTLS      Stage = "tls"
	StageFeatures Stage = "features"
	StageSASL     Stage = "sasl"
	StageBind     Stage = "bind"
	StageRoster   Stage = "roster"
	StageMUC      Stage = "muc"
	StageSend     Stage = "send"
	StageAck      Stage = "ack"
	StageClose    Stage = "close"
)

// Phase is what a failure in a stage means for the run as a whole: commands end
// with one exit code a phase.
type Phase uint8

// The phases.
const (
	// PhaseSession is what comes after the login, where each room and each
	// target is judged for itself.
	PhaseSession Phase = iota
	PhaseConnect
	PhaseTLS
	// PhaseFeatures is between connecting and the login: the failure's cause
	// says on which side it falls.
	PhaseFeatures
	PhaseLogin
)

// Scope is what a run is to do, as far as its stages depend on it.
type Scope struct {
	Mode urlspec.Mode
	// Roster is true when the roster is fetched, Rooms when rooms are entered,
	// Sends when messages are sent.
	Roster, Rooms, Sends bool
}

// declared is the one table of stages: its name, the step that a person takes
// it for, its phase, and whether a run takes it; nil means always.
var declared = [...]struct {
	stage   Stage
	step    string
	phase   Phase
	applies func(Scope) bool
}{
	{StageDNS, "dns", PhaseConnect, nil},
	{StageTCP, "tcp", PhaseConnect, nil},
	{StageStream, "tcp", PhaseConnect, nil},
	{StageSTARTTLS, "tls", PhaseTLS, func(s Scope) bool { return s.Mode == urlspec.ModeSTARTTLS }},
	{StageTLS, "tls", PhaseTLS, func(s Scope) bool { return s.Mode != urlspec.ModeNone }},
	{StageFeatures, "sasl", PhaseFeatures, nil},
	{StageSASL, "sasl", PhaseLogin, nil},
	{StageBind, "bind", PhaseLogin, nil},
	{StageRoster, "bind", PhaseSession, func(s Scope) bool { return s.Roster }},
	{StageMUC, "muc", PhaseSession, func(s Scope) bool { return s.Rooms }},
	{StageSend, "send", PhaseSession, func(s Scope) bool { return s.Sends }},
	{StageAck, "ack", PhaseSession, func(s Scope) bool { return s.Sends }},
	{StageClose, "ack", PhaseSession, nil},
}

// Stages returns the stages of an attempt in the order of a mode, from the
// connection on: with direct TLS the handshake comes before the stream.
func Stages(mode urlspec.Mode) []Stage {
	order := make([]Stage, 0, len(declared))
	for _, d := range declared {
		order = append(order, d.stage)
	}
	if mode == urlspec.ModeTLS {
		order = slices.DeleteFunc(order, func(s Stage) bool { return s == StageTLS })
		order = slices.Insert(order, slices.Index(order, StageStream), StageTLS)
	}
	return order
}

// Planned returns the stages that an attempt goes through when nothing fails.
func Planned(scope Scope) []Stage {
	return slices.DeleteFunc(Stages(scope.Mode), func(s Stage) bool { return !s.in(scope) })
}

// in reports whether a run takes the stage.
func (s Stage) in(scope Scope) bool {
	for _, d := range declared {
		if d.stage == s {
			return d.applies == nil || d.applies(scope)
		}
	}
	return true
}

// Phase is the part of the run that the stage belongs to. A wait belongs to
// none, and cannot fail but by being interrupted.
func (s Stage) Phase() Phase {
	for _, d := range declared {
		if d.stage == s {
			return d.phase
		}
	}
	return PhaseSession
}

// Before reports whether an attempt takes s before other, in the order of a
// mode. StageWait comes before all.
func (s Stage) Before(other Stage, mode urlspec.Mode) bool {
	order := Stages(mode)
	return slices.Index(order, s) < slices.Index(order, other)
}

// Step is a group of stages that a person thinks of as one.
type Step struct {
	Name   string
	Stages []Stage
}

// Steps returns all stages in their steps, in order. The wait for a further
// attempt is part of its first step.
func Steps() []Step {
	steps := []Step{{Name: declared[0].step, Stages: []Stage{StageWait}}}
	for _, d := range declared {
		last := &steps[len(steps)-1]
		if d.step != last.Name {
			steps = append(steps, Step{Name: d.step})
			last = &steps[len(steps)-1]
		}
		last.Stages = append(last.Stages, d.stage)
	}
	return steps
}
