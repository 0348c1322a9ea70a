package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// pastVerdict is what a run showed of another URL than the one that is there now:
// an older one, or the one before the last edit. Nothing of it can be mended here.
func (s *screen) pastVerdict(r *model.Run) diagnosis {
	var d diagnosis
	if r.OK() {
		d = succeeded(r, s.findings())
		d.text = strings.TrimSuffix(d.text, " ^s sends the message.")
	} else {
		d = failed(r, s.findings())
	}
	where := fmt.Sprintf("Run %d, for another URL: ", r.ID)
	if r == s.runs.Last() {
		where = "For the URL before your edit: "
	}
	return diagnosis{level: d.level, good: d.good, code: d.code, text: where + d.text, past: true,
		finding: d.finding, second: s.checkKeys() + " checks the URL as it is now"}
}

// checkKeys are the keys that check the URL in this place.
func (s *screen) checkKeys() string {
	switch {
	case s.typing:
		return "^l, then enter,"
	case s.focus == &s.url:
		return "enter or r"
	}
	return "r"
}

func (s *screen) underWay(r *model.Run) diagnosis {
	d := diagnosis{busy: true, text: "connecting"}
	for _, stage := range r.Stages {
		if stage.State == event.Start {
			d.text = string(stage.Name) + ": " + clean(stage.Text)
		}
	}
	what := "Checking"
	if r.Kind == model.Send {
		what = "Sending"
	}
	d.text = what + ": " + d.text
	d.second = "esc cancels"
	if left := s.leftOf(r); left > 0 {
		d.second = fmt.Sprintf("gives up in %d s; esc cancels", (left+time.Second-1)/time.Second)
	}
	return d
}

// longWait is how long a stage goes on before the time that is left to it is shown.
const longWait = time.Second

// leftOf is how long the stage that is under way may still take, 0 where that is not
// worth saying: cto= bounds each step of connecting, rto= each answer after it.
func (s *screen) leftOf(r *model.Run) time.Duration {
	for _, stage := range r.Stages {
		gone := s.age(r) - stage.Start
		if stage.State != event.Start || gone < longWait {
			continue
		}
		limit := r.Spec.Reading.RTO
		switch stage.Name.Phase() {
		case event.PhaseConnect, event.PhaseTLS:
			limit = r.Spec.Reading.CTO
		}
		if sec := float64(limit); sec > 0 && sec < 3600 {
			return time.Duration(sec*float64(time.Second)) - gone
		}
	}
	return 0
}

func failed(r *model.Run, findings []finding.Finding) diagnosis {
	if r.Failure != nil && r.Failure.Cause == event.CauseCancelled {
		return diagnosis{level: urlspec.Info, text: asSentence(r.Sentence()) + " Nothing is left running."}
	}
	head := partly(r)
	switch {
	case len(findings) == 0 && head != "":
		return diagnosis{level: urlspec.Warning, text: head, second: asSentence(r.Sentence())}
	case len(findings) == 0:
		return diagnosis{level: urlspec.Error, text: asSentence(r.Sentence())}
	}
	f := findings[0]
	d := diagnosis{level: f.Severity, code: f.Code, text: clean(f.Title), second: clean(f.Explain), finding: &f}
	if f.Fix == nil && !f.OtherPassword || f.Fix != nil && f.Fix.Risky {
		d.second = onlyOperator(f, d.second)
	}
	if head != "" {
		d.level, d.text = urlspec.Warning, head+" "+d.text
	}
	if f.Fix != nil {
		d.fix = clean(f.Fix.Label)
	}
	d.password = f.OtherPassword
	if len(findings) > 1 {
		d.second = fmt.Sprintf("and %s. ", event.Count(len(findings)-1, "more finding")) + d.second
	}
	return d
}

// onlyOperator says that no edit of the URL helps but the server's operator, where
// it is known how; else what there is to say otherwise.
func onlyOperator(f finding.Finding, otherwise string) string {
	switch {
	case f.Admin == "":
		return otherwise
	case f.Fix != nil:
		return "No safe edit helps; the operator can: " + clean(f.Admin)
	}
	return "Only the operator can help: " + clean(f.Admin)
}

// partly is the headline of a run in which some of the rooms or targets failed:
// "2 of 7 arrived: 4 rooms, 1 user failed." It is empty for any other run.
func partly(r *model.Run) string {
	rooms, users, good := 0, 0, 0
	word := "arrived"
	switch r.Kind {
	case model.Send:
		for _, d := range r.Deliveries {
			switch {
			case d.Good():
				good++
			case d.Kind == string(urlspec.Groupchat):
				rooms++
			default:
				users++
			}
		}
	default:
		word = "rooms joined"
		for _, room := range r.Rooms {
			if room.Joined {
				good++
			} else {
				rooms++
			}
		}
	}
	if good == 0 || rooms+users == 0 {
		return ""
	}
	var parts []string
	if rooms > 0 {
		parts = append(parts, event.Count(rooms, "room"))
	}
	if users > 0 {
		parts = append(parts, event.Count(users, "user"))
	}
	return fmt.Sprintf("%d of %d %s: %s failed.", good, good+rooms+users, word, strings.Join(parts, ", "))
}

// asSentence gives a sentence of the model a capital and a full stop.
func asSentence(text string) string {
	text = clean(text)
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// succeeded is the diagnosis of a run that went well, with what is still worth
// knowing: that Apprise would not deliver, or a piece of advice.
func succeeded(r *model.Run, findings []finding.Finding) diagnosis {
	shown := clean(r.Outcome().Shown)
	d := diagnosis{good: true, text: "It works: " + shown + ". ^s sends the message."}
	if r.Kind == model.Send {
		d.text = "Sent, " + shown + "."
		d.second = legendOf(r, shown)
	}
	if len(findings) > 0 {
		f := findings[0]
		d.finding, d.code, d.second = &f, f.Code, clean(f.Title)
		if f.Code == "room-visitor" { // a message may well come back
			d.good, d.level, d.text = false, f.Severity, "It may not work: "+shown+". ^s tries it."
		}
		if f.Fix != nil {
			d.fix = clean(f.Fix.Label)
		}
	}
	if !d.good || r.Spec.Reading.Verify || r.TLS == nil || r.TLS.Problem == "" {
	} else if f := findingOf(findings, "certificate-unchecked"); f != nil {
		d.good, d.level, d.finding, d.code = false, f.Severity, f, f.Code
		d.text = "It works with certificate checks off: " + shown + ". ^s sends the message."
		if r.Kind == model.Send {
			d.text = "Sent with certificate checks off, " + shown + "."
		}
		d.second = clean(f.Title)
	}
	if v := finding.Apprise(r); v.Known() && !v.WouldDeliver {
		d.caution = true
		d.second = clean(v.Sentence())
	}
	return d
}

// legendOf says in full what the evidence means that a send brought, where shown, which
// stands above it, does not say it already.
func legendOf(r *model.Run, shown string) string {
	var legend []string
	for _, rung := range event.Rungs()[1:] {
		told := func(d event.Delivery) bool { return d.Evidence == rung }
		if !strings.Contains(shown, rung.Words()) && slices.ContainsFunc(r.Deliveries, told) {
			legend = append(legend, rung.Words())
		}
	}
	return strings.Join(legend, " · ")
}

// findingOf is the finding of a code, nil when there is none.
func findingOf(findings []finding.Finding, code string) *finding.Finding {
	for i := range findings {
		if findings[i].Code == code {
			return &findings[i]
		}
	}
	return nil
}

// failedWith says whether a run of this session failed with a URL.
func (s *screen) failedWith(url string) bool {
	for i := range s.runs.Len() {
		if r := s.runs.At(i); r.Done && !r.OK() && r.Spec.Text == url {
			return true
		}
	}
	return false
}
