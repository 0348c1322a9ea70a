package plain

import (
	"context"
	"fmt"
	"strings"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// The widths of the first columns: as wide as "starttls", and as "fail".
const (
	labelWidth = 9
	stateWidth = 4
)

// label begins a line: a column for the eye, "label: " for a screen reader.
func (l Look) label(label string) string {
	if l.Labels {
		return label + ": "
	}
	return l.paint(muted, pad(label, labelWidth)) + " "
}

// beginLines say what is about to be done.
func beginLines(run *model.Run, look Look) []string {
	reading := run.Spec.Reading
	what := "check"
	if run.Kind == model.Send {
		what = "send"
	}
	security := map[urlspec.Mode]string{urlspec.ModeNone: "without TLS", urlspec.ModeSTARTTLS: "with STARTTLS",
		urlspec.ModeTLS: "with direct TLS"}[reading.Mode]
	lines := []string{look.label(what) + wire.Safe(fmt.Sprintf("as %s, at %s:%d, %s", reading.LoginJID, reading.TCPHost,
		reading.Port, security))}
	if run.Kind == model.Send {
		targets := make([]string, 0, len(reading.Targets))
		for _, t := range reading.Targets {
			name := wire.Safe(t.JID)
			if t.Kind == urlspec.Groupchat {
				name += " (room)"
			}
			targets = append(targets, name)
		}
		lines = append(lines, look.label("to")+strings.Join(targets, ", "))
	}
	return lines
}

// stageLine says how a stage ended.
func stageLine(stage model.Stage, look Look) string {
	if look.Labels {
		return fmt.Sprintf("stage %s: %s after %s: %s", stage.Name, stage.State, model.Duration(stage.Took),
			stage.Words())
	}
	state := look.paint(stateRole(stage.State), pad(string(stage.State), stateWidth))
	return fmt.Sprintf("%s %s %9s  %s", pad(string(stage.Name), labelWidth), state, model.Duration(stage.Took),
		stage.Words())
}

// eventLine is one event, for --verbose.
func eventLine(e event.Event, look Look) string {
	return fmt.Sprintf("%s %s %s %s", look.paint(muted, "+"+model.Duration(e.At)), e.Stage,
		look.paint(stateRole(e.State), string(e.State)), wire.Safe(e.Words()))
}

func waitingLine(stage model.Stage, look Look) string {
	text := ""
	if stage.Text != "" {
		text = ": " + wire.Safe(stage.Text)
	}
	return look.paint(muted, "still at "+string(stage.Name)+text)
}

// endLines sum the run up: rooms, deliveries, findings, Apprise's verdict and
// the outcome.
func endLines(ctx context.Context, run *model.Run, look Look) []string {
	var things []fact.Fact
	for _, room := range run.Rooms {
		things = append(things, inBrief(run.RoomFacts(room))...)
	}
	for _, d := range run.Deliveries {
		things = append(things, inBrief(run.DeliveryFacts(d))...)
	}
	lines := look.unwrapped().facts(things) // one line a thing, as for stages
	for _, f := range finding.Of(ctx, run) {
		lines = append(lines, findingLines(f, look)...)
	}
	lines = append(lines, look.facts([]fact.Fact{finding.Apprise(run).Fact()})...)
	return append(lines, look.unwrapped().facts([]fact.Fact{run.Outcome().Fact()})...)
}

// findingLines show a finding: what, why, who has to act, and the edit that fixes
// it. Only the first line has a label, except for a screen reader.
func findingLines(f finding.Finding, look Look) []string {
	head := look.paint(severityRole(f.Severity), string(f.Severity)) + ": " + wire.Safe(f.Code) + ": " +
		wire.Safe(f.Title)
	lines := look.wrapped(head, look.label("finding"), look.below("finding"))
	if f.Explain != "" {
		lead := look.below("explanation")
		lines = append(lines, look.wrapped(wire.Safe(f.Explain), lead, lead)...)
	}
	if f.Admin != "" {
		lead := look.below("advice")
		lines = append(lines, look.wrapped("for the server's operator: "+wire.Safe(f.Admin), lead, lead)...)
	}
	if f.Fix != nil {
		lines = append(lines, look.label("fix")+look.paint(good, wire.Safe(f.Fix.Label)),
			look.below("fixed url")+wire.Safe(f.Fix.URL))
	}
	return lines
}
