package model

import (
	"fmt"
	"strings"
	"time"

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
	// Outcome is the run in one sentence.
	Outcome  string
	Assembly []Row
	// Params are the parameters that differ from their defaults.
	Params   []ParameterFact
	Stages   []Stage
	Findings []Finding
	// Apprise is nil when nothing can be said.
	Apprise *Verdict
	// Connection is what was negotiated, as names and values.
	Connection [][2]string
	Login      []SASLLine
	Rooms      []string
	Deliveries []string
	Events     []string
}

// NewReport gathers a report. program and when head it.
func NewReport(r *Run, program, when string) Report {
	rep := Report{Program: wire.Safe(program), When: wire.Safe(when), Kind: r.Kind, URL: wire.Safe(r.Spec.Redacted()), Outcome: outcome(r),
		Assembly: Assembly(r.Spec), Params: ParameterFacts(r.Spec), Stages: r.Stages, Findings: r.Findings(),
		Connection: connection(r), Login: ExplainSASL(r)}
	if v, known := r.Apprise(); known {
		v.Because = wire.Safe(v.Because)
		rep.Apprise = &v
	}
	for _, room := range r.Rooms {
		text := "not joined"
		switch {
		case room.Joined:
			text = "joined"
		case room.Error != nil:
			text += ": " + room.Error.Condition
		}
		rep.Rooms = append(rep.Rooms, wire.Safe(room.JID+" as "+room.Nick+": "+text))
	}
	for _, d := range r.Deliveries {
		text := orElse(string(d.Evidence), "not sent")
		if d.Error != nil {
			text = "bounced: " + d.Error.Condition
		}
		rep.Deliveries = append(rep.Deliveries, wire.Safe(fmt.Sprintf("%s (%s), message %d: %s", d.To, d.Kind, d.Message, text)))
	}
	for _, e := range r.Events {
		item := ""
		if e.Item != "" {
			item = e.Item + ": "
		}
		rep.Events = append(rep.Events, fmt.Sprintf("+%07.1f %-8s %-5s %s", milliseconds(e.At), e.Stage, e.State, wire.Safe(item+e.Text)))
	}
	return rep
}

// outcome is a run in one sentence.
func outcome(r *Run) string {
	took := fmt.Sprintf(" after %s", r.Took.Round(time.Millisecond))
	delivered, total := r.Delivered()
	switch {
	case !r.Done:
		return "Still under way" + took + "."
	case r.OK() && r.Kind == Check:
		return "The check passed" + took + "."
	case r.OK():
		return fmt.Sprintf("%d of %s delivered, with evidence for each%s.", delivered, count(total, "message"), took)
	case r.Failure == nil || r.Kind == Send && r.breakage() == nil:
		return fmt.Sprintf("%d of %s delivered%s.", delivered, count(total, "message"), took)
	}
	return fmt.Sprintf("It failed at the stage %s%s.", r.Failure.Stage, took)
}

// connection lists what was negotiated.
func connection(r *Run) [][2]string {
	var facts [][2]string
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, [2]string{name, wire.Safe(value)})
		}
	}
	if r.TCP != nil {
		add("TCP", r.TCP.Address)
		add("proxy", r.TCP.Proxy)
	}
	if t := r.TLS; t != nil {
		add("TLS", strings.TrimSpace(t.Version+" "+t.Cipher))
		verified := "valid for " + t.Reference
		if !t.Verified {
			verified = "not verified: " + orElse(t.Problem, "no reason known")
		}
		add("certificate", verified)
		add("names", strings.Join(t.Names, ", "))
		add("issuer", t.Issuer)
		add("valid until", t.NotAfter)
		add("SHA-256", t.SHA256)
	}
	if r.SASL != nil {
		add("mechanism", r.SASL.Used)
		add("channel binding", r.SASL.ChannelBinding)
	}
	if r.Bind != nil {
		add("bound JID", r.Bind.JID)
	}
	return facts
}
