package report

import (
	"context"
	"fmt"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/xmppcore/wire"
)

// Report is a run as a person hands it on, in a mail or an issue: everything
// that is known of it, and no secret. All its texts are safe to show.
type Report struct {
	// Program names the program and its version, When the time of the run, both
	// as they are to be printed.
	Program, When string
	Kind          model.Kind
	URL           string // redacted
	// Outcome is the run in one sentence, without a full stop.
	Outcome  string
	Assembly []model.Row
	// Params are the parameters that differ from their defaults.
	Params   []model.ParameterFact
	Stages   []model.Stage
	Findings []finding.Finding
	// Apprise is nil while the run goes on.
	Apprise *finding.Verdict
	// Connection is what was negotiated, Login why it was that mechanism.
	Connection, Login []fact.Fact
	Rooms, Deliveries []fact.Fact
	Events            []string
}

// New gathers a report. program and when head it.
func New(ctx context.Context, r *model.Run, program, when string) Report {
	rep := Report{Program: wire.Safe(program), When: wire.Safe(when), Kind: r.Kind, URL: wire.Safe(r.Spec.Redacted()),
		Outcome: r.Sentence(), Assembly: model.Assembly(r.Spec), Params: model.ParameterFacts(r.Spec),
		Stages: r.Stages, Findings: finding.Of(ctx, r), Connection: r.ConnectionFacts(), Login: r.LoginFacts()}
	if r.Done {
		v := finding.Apprise(r)
		rep.Apprise = &v
	}
	for _, room := range r.Rooms {
		rep.Rooms = append(rep.Rooms, r.RoomFacts(room)...)
	}
	for _, d := range r.Deliveries {
		rep.Deliveries = append(rep.Deliveries, r.DeliveryFacts(d)...)
	}
	for _, e := range r.Events {
		rep.Events = append(rep.Events, fmt.Sprintf("%8s %-8s %-5s %s", model.Clock(e.At), e.Stage, e.State,
			wire.Safe(e.Words())))
	}
	return rep
}
