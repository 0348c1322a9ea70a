package ui

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// diagnosis is the answer to "what now?": one sentence, the fix that goes with
// it, and where it comes from.
type diagnosis struct {
	level urlspec.Severity // empty for good news and hints
	good  bool
	busy  bool
	code  string
	text  string
	// second is more of it, for screens with two rows.
	second string
	// caution says that second is a warning.
	caution bool
	// fix is the label of the edit that f (or alt+f) makes: that of problem when
	// there is one, else that of finding. other says that it fixes something else
	// than what text says.
	fix     string
	problem *urlspec.Problem
	other   bool
	// about is the problem that text is the message of, nil when it is of none.
	about *urlspec.Problem
	// meant says that fix makes the URL what it was meant to be, with every fix that
	// this takes.
	meant bool
	// finding is set when the diagnosis comes from a run.
	finding *finding.Finding
	// password says that f asks for another password.
	password bool
	// past says that it is of a run for another URL than the one that is there now.
	past bool
	// risky is a fix that takes a protection away: it has a key of its own, which
	// asks first. Nil when there is none.
	risky *finding.Fix
}

// diagnose gives the diagnosis as it is now, with the one edit that f makes: its
// own, or else that of the worst problem that has one.
func (s *screen) diagnose() diagnosis {
	d := s.mattersMost()
	if d.busy || d.past {
		return d
	}
	if m := s.url.ghost.Meant; s.url.ghost.Split && m.Safe && len(m.Labels) > 0 && d.finding == nil {
		d.fix, d.meant, d.problem = clean(strings.Join(m.Labels, ", ")), true, nil
		return d
	}
	if d.fix != "" || d.password {
		return d
	}
	if p, ok := s.url.fixable(s.typingURL()); ok && !s.undoes(p.Fix.Apply(s.url.text)) {
		d.fix, d.problem, d.other = clean(p.Fix.Label), &p, d.finding != nil || d.level != ""
	}
	return d
}

// fixKey is the key that makes the fix of the URL's problem, where it makes that.
func (s *screen) fixKey() string {
	switch d := s.diagnose(); {
	case d.problem == nil && !d.meant:
		return ""
	case s.typing:
		return "alt+f"
	}
	return "f"
}

// told is the problem whose sentence the diagnosis shows in full.
func (s *screen) told() *urlspec.Problem {
	if l := s.layout(); l.class == tiny || l.diag.h < 2 {
		return nil
	}
	return s.diagnose().about
}

// mattersMost picks what to say: a run under way, the failure of a run with this
// URL, the success of one, a problem of the text, a hint.
func (s *screen) mattersMost() diagnosis {
	r := s.run()
	current := r != nil && r.Spec.Text == s.url.text
	if s.live != nil && r != nil && !r.Done {
		return s.underWay(r)
	}
	if r != nil && !current && r.Done && !s.typingURL() {
		return s.pastVerdict(r)
	}
	if current && r.Done && !r.OK() {
		return s.untried(failed(r, s.findings()), s.findings())
	}
	// What the run showed of this text comes before what may be wrong with it,
	// which the URL's pointer row still says.
	if current && r.Done {
		d := succeeded(r, s.findings())
		if d.fix != "" && s.failedWith(d.finding.Fix.Edited) {
			d.fix = "" // it would lead back to what did not work
		}
		return d
	}
	if p, ok := s.url.problem(s.typingURL()); ok && (p.Severity == urlspec.Error || s.typingURL()) {
		return ofProblem(p)
	}
	if s.url.unfinished(s.typingURL()) && s.url.text != "" {
		if meaning := partMeaning(s.url.spec, s.url.cursor); meaning != "" {
			return diagnosis{text: meaning}
		}
		return diagnosis{text: clean(s.url.spec.Problems[0].Message)}
	}
	if s.opts.World != "" && s.runs.Len() == 0 && s.url.text == s.opts.URL {
		return diagnosis{
			text:   clean(s.opts.World),
			second: "Enter checks the URL and sends nothing; ^s sends the message.",
		}
	}
	if s.typingURL() {
		if c := &s.url.choices; c.active() {
			item := c.items[c.selected]
			return diagnosis{text: clean(item.Label + ": " + item.Help), second: "tab takes it"}
		}
		if meaning := partMeaning(s.url.spec, s.url.cursor); meaning != "" {
			return diagnosis{text: meaning}
		}
	}
	if p, ok := s.url.problem(s.typingURL()); ok {
		return ofProblem(p)
	}
	if s.url.spec.Reading.Accepted && s.url.text != "" && s.focus != &s.url { // enter is something else here
		return diagnosis{
			text:   "^s sends the message, after it has named the recipients.",
			second: "^l goes to the URL, where enter checks it and sends nothing",
		}
	}
	if s.url.spec.Reading.Accepted && s.url.text != "" {
		return diagnosis{
			text:   "Enter checks this URL: it connects, logs in, joins the rooms, and sends nothing.",
			second: "^s sends the message",
		}
	}
	return diagnosis{
		text:   "Type or paste your URL. Above is how Apprise would read the example.",
		second: "→ takes the example",
	}
}

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
		finding: d.finding, second: "enter or r checks the URL as it is now"}
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
		d.second = "gives up in " + model.Duration(left.Round(time.Second)) + "; esc cancels"
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
		d.second = fmt.Sprintf("and %s; d lists them. ", event.Count(len(findings)-1, "more finding")) + d.second
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
		return "No safe edit of the URL helps; the server's operator can: " + clean(f.Admin)
	}
	return "No edit of the URL helps; the server's operator can: " + clean(f.Admin)
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

func ofProblem(p urlspec.Problem) diagnosis {
	d := diagnosis{level: p.Severity, code: p.Code, text: clean(p.Message), about: &p}
	if p.Fix != nil {
		d.fix, d.problem = clean(p.Fix.Label), &p
	}
	return d
}

// succeeded is the diagnosis of a run that went well, with what is still worth
// knowing: that Apprise would not deliver, or a piece of advice.
func succeeded(r *model.Run, findings []finding.Finding) diagnosis {
	shown := clean(r.Outcome().Shown)
	d := diagnosis{good: true, text: "It works: " + shown + ". ^s sends the message."}
	if r.Kind == model.Send {
		d.text = "Sent, " + shown + "."
		var legend []string
		for _, rung := range event.Rungs()[1:] {
			legend = append(legend, rung.Words())
		}
		d.second = strings.Join(legend, " · ")
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

// drawDiagnosis fills the rows of the diagnosis: the sentence, then the keys
// that go with it, then whatever else there is room for.
func (s *screen) drawDiagnosis(d diagnosis, w, h int) []string {
	if h <= 0 || w <= 4 {
		return nil
	}
	st := s.st
	sign, style := st.glyphs.waiting, st.muted
	switch {
	case d.busy:
		sign, style = st.glyphs.running, st.info
	case d.good:
		sign, style = st.glyphs.ok, st.ok
	case d.level != "":
		sign, style = st.severity(d.level)
	}
	lead, said := style.Render(sign)+" ", st.text
	if d.level == urlspec.Error || d.good {
		said = style
	}
	if d.past {
		said = st.muted
	}
	if h == 1 {
		return []string{joinHint(lead+said.Render(d.text), s.hint(d, w-leastText-3), w)}
	}
	room := w - 3
	lines := wrap(d.text, room)
	first, rest := lead+said.Render(lines[0]), strings.Join(lines[1:], " ")
	// The end of the sentence may take up to half of the row from the keys.
	hint := s.hint(d, max(room/2, room-cells(rest)-3))
	second := hint
	if rest != "" {
		if hint != "" {
			rest = shorten(rest, max(0, room-cells(hint)-3))
		}
		second = said.Render(shorten(rest, room))
		if hint != "" {
			second += "   " + hint
		}
	} else if left := room - cells(hint) - 3; d.second != "" && left > leastText {
		if hint != "" {
			second += "   "
		}
		more := st.muted
		if d.caution {
			more = st.warn
		}
		second += more.Render(shorten(d.second, left))
	}
	return []string{first, "  " + second}
}

// How many cells a text, and the name of a fix, need at least when they are cut
// short.
const (
	leastText  = 20
	leastLabel = 12
)

// hint is the keys that answer a diagnosis, in w cells: the name of a fix is
// cut short before a key is lost.
func (s *screen) hint(d diagnosis, w int) string {
	fix, details := "f", "d"
	if s.typing {
		fix, details = "alt+f", "alt+d"
	}
	more := ""
	if d.finding != nil || d.caution {
		more = s.st.key.Render(details) + " details"
	}
	if d.risky != nil {
		more = strings.TrimPrefix(more+"   ", "   ") + s.st.warn.Render(s.riskKey()) + " unsafe: " + riskName(d)
	}
	if d.fix == "" && d.password {
		d.fix = "type another password"
		if s.url.spec.Reading.PasswordSet {
			d.fix = "type another password and retry"
		}
	}
	if d.fix == "" {
		return shorten(more, w)
	}
	key := s.st.key.Render(fix) + " "
	if d.other {
		key += "fixes another: "
	}
	tail, room := "", w-cells(key)
	if d.problem == nil && !d.meant && !d.password && !d.finding.Fix.Later {
		tail = " and retry"
	}
	if more != "" && room-cells(more)-3 >= leastLabel {
		room -= cells(more) + 3
	} else {
		more = ""
	}
	if cells(d.fix+tail) > room && room-cells(tail) < leastText {
		tail = ""
	}
	text := key + shorten(d.fix, room-cells(tail)) + tail
	if more != "" {
		text += "   " + more
	}
	return text
}

// riskName is what an unsafe fix does, in a word or two.
func riskName(d diagnosis) string {
	name := clean(d.risky.Label)
	if _, after, found := strings.Cut(name, ": "); found {
		name = after
	}
	name, _, _ = strings.Cut(name, " (")
	return name
}

func (s *screen) riskKey() string {
	if s.typing {
		return "alt+!"
	}
	return "!"
}

// joinHint puts the hint right behind the text, and shortens the text for it.
func joinHint(text, hint string, w int) string {
	if hint == "" {
		return shorten(text, w)
	}
	return shorten(text, w-cells(hint)-3) + "   " + hint
}
