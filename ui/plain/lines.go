package plain

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// labelWidth is the width of the first column, as wide as "starttls".
const labelWidth = 9

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

// stageLine tells how a stage ended.
func stageLine(stage model.Stage, look Look) string {
	text := wire.Safe(stage.Text)
	if look.Labels {
		return fmt.Sprintf("stage %s: %s after %s: %s", stage.Name, stage.State, duration(stage.Took), text)
	}
	return fmt.Sprintf("%s %s %9s  %s", pad(string(stage.Name), labelWidth), look.paint(stateRole(stage.State), pad(string(stage.State), 4)),
		duration(stage.Took), text)
}

// eventLine tells one event, for --verbose.
func eventLine(e event.Event, look Look) string {
	item := ""
	if e.Item != "" {
		item = wire.Safe(e.Item) + ": "
	}
	return fmt.Sprintf("%s %s %s %s%s", look.paint(muted, "+"+duration(e.At)), e.Stage,
		look.paint(stateRole(e.State), string(e.State)), item, wire.Safe(e.Text))
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
func endLines(run *model.Run, look Look) []string {
	var lines []string
	for _, room := range run.Rooms {
		lines = append(lines, look.label("room")+roomText(room, look))
	}
	for _, d := range run.Deliveries {
		lines = append(lines, look.label("message")+deliveryText(d, len(run.Messages), look))
	}
	for _, f := range run.Findings() {
		lines = append(lines, findingLines(f, look)...)
	}
	if verdict, known := run.Apprise(); known {
		lines = append(lines, look.wrapped(verdictText(verdict), look.label("apprise"), strings.Repeat(" ", labelWidth+1))...)
	}
	return append(lines, look.label("result")+resultText(run, look))
}

func roomText(room event.Room, look Look) string {
	text := wire.Safe(room.JID) + " as " + wire.Safe(room.Nick) + ": "
	switch {
	case room.Joined:
		text += look.paint(good, "joined")
	case room.Error != nil:
		text += look.paint(bad, "not joined") + ", " + stanzaError(*room.Error)
	default:
		text += look.paint(muted, "not reached")
	}
	for _, code := range room.Codes {
		switch code {
		case 201:
			text += ", and created it just now (201)"
		case 210:
			text += ", under a nick that the service changed (210)"
		}
	}
	return text
}

func deliveryText(d event.Delivery, messages int, look Look) string {
	text := wire.Safe(d.To)
	if messages > 1 {
		text += " (" + strconv.Itoa(d.Message) + " of " + strconv.Itoa(messages) + ")"
	}
	if d.Error != nil {
		return text + ": " + look.paint(bad, "bounced") + ", " + stanzaError(*d.Error)
	}
	rungs := map[event.Evidence]string{
		event.NotSent:   "not sent",
		event.Written:   "written to the connection, but nothing shows that it arrived",
		event.Accepted:  "accepted by the server",
		event.Reflected: "reflected by the room",
		event.Received:  "received, the other client says so",
	}
	color := bad
	if d.Good() {
		color = good
	}
	return text + ": " + look.paint(color, rungs[d.Evidence])
}

func stanzaError(e event.Failure) string {
	text := wire.Safe(e.Condition)
	if e.Text != "" {
		text += `: "` + wire.Safe(e.Text) + `"`
	}
	return text
}

// findingLines tell a finding: what, why, whose turn it is, and the edit that
// mends it. Only the first line has a label, except for a screen reader.
func findingLines(f model.Finding, look Look) []string {
	below := func(label string) string {
		if look.Labels {
			return label + ": "
		}
		return strings.Repeat(" ", labelWidth+1)
	}
	head := look.paint(severityRole(f.Severity), string(f.Severity)) + ": " + wire.Safe(f.Code) + ": " + wire.Safe(f.Title)
	lines := look.wrapped(head, look.label("finding"), below("finding"))
	if f.Explain != "" {
		lines = append(lines, look.wrapped(wire.Safe(f.Explain), below("explanation"), below("explanation"))...)
	}
	if f.Admin != "" {
		lines = append(lines, look.wrapped("for the server's operator: "+wire.Safe(f.Admin), below("advice"), below("advice"))...)
	}
	if f.Fix != nil {
		lines = append(lines, look.label("fix")+look.paint(good, wire.Safe(f.Fix.Label)), below("fixed url")+wire.Safe(f.Fix.URL))
	}
	return lines
}

func verdictText(v model.Verdict) string {
	delivers := "would deliver"
	if !v.WouldDeliver {
		delivers = "would not deliver"
	}
	return fmt.Sprintf("would report %s, and %s: %s", v.WouldReport, delivers, wire.Safe(v.Because))
}

// resultText is the last line: what became of it, in one sentence.
func resultText(run *model.Run, look Look) string {
	took := " after " + duration(run.Took)
	delivered, total := run.Delivered()
	switch failure := run.Failure; {
	case failure != nil && failure.Cause == event.CauseCancelled:
		return look.paint(bad, "interrupted") + took
	case run.OK() && run.Kind == model.Send:
		return look.paint(good, "ok") + fmt.Sprintf(", %d of %d delivered", delivered, total) + took
	case run.OK():
		return look.paint(good, "ok") + took
	case run.Kind == model.Send && delivered > 0:
		return look.paint(bad, "failed") + fmt.Sprintf(", %d of %d delivered", delivered, total) + took
	case failure != nil:
		text := look.paint(bad, "failed") + " at " + string(failure.Stage) + took
		if run.Kind == model.Send {
			text += ", nothing was delivered"
		}
		return text
	}
	return look.paint(bad, "failed") + took + ", nothing was delivered"
}

// duration shows a time as a person reads it: 0.3 ms, 47 ms, 2.50 s.
func duration(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}
