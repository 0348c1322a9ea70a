package model

import (
	"fmt"

	"xmppscope/xmppcore/wire"
)

// Report is a run as a person hands it on, in a mail or an issue: everything
// that is known of it, and no secret. All its texts are safe to show.
type Report struct {
	// Program names the program and its version, When the time of the run, both
	// as they are to be printed.
	Program, When string
	Kind          Kind
	URL           string // redacted
	// Outcome is the run in one sentence, without a full stop.
	Outcome  string
	Assembly []Row
	// Params are the parameters that differ from their defaults.
	Params   []ParameterFact
	Stages   []Stage
	Findings []Finding
	// Apprise is nil when nothing can be said.
	Apprise *Verdict
	// Connection is what was negotiated, Login why it was that mechanism.
	Connection, Login []Fact
	Rooms, Deliveries []Fact
	Events            []string
}

// NewReport gathers a report. program and when head it.
func NewReport(r *Run, program, when string) Report {
	rep := Report{Program: wire.Safe(program), When: wire.Safe(when), Kind: r.Kind, URL: wire.Safe(r.Spec.Redacted()),
		Outcome: r.Sentence(), Assembly: Assembly(r.Spec), Params: ParameterFacts(r.Spec), Stages: r.Stages, Findings: r.Findings(),
		Connection: r.ConnectionFacts(), Login: r.LoginFacts()}
	if v, known := r.Apprise(); known {
		rep.Apprise = &v
	}
	for _, room := range r.Rooms {
		rep.Rooms = append(rep.Rooms, r.RoomFacts(room)...)
	}
	for _, d := range r.Deliveries {
		rep.Deliveries = append(rep.Deliveries, r.DeliveryFacts(d)...)
	}
	for _, e := range r.Events {
		rep.Events = append(rep.Events, fmt.Sprintf("%8s %-8s %-5s %s", Clock(e.At), e.Stage, e.State, wire.Safe(e.Words())))
	}
	return rep
}
