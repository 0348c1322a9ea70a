package ui

import (
	"strings"

	"xmppscope/model/finding"
	"xmppscope/urlspec"
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
	if s.url.unfinished(s.typingURL()) && d.finding == nil {
		return d // nothing is wrong yet, and what was meant is seen when more is there
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
		d := diagnosis{text: clean(s.opts.World), second: "enter checks the URL and sends nothing; ^s sends the message"}
		if s.focus != &s.url {
			d.second = toCheck
		}
		return d
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
			second: toCheck,
		}
	}
	if s.url.spec.Reading.Accepted && s.url.text != "" {
		return diagnosis{
			text:   "Ready: enter connects, logs in, joins the rooms, and sends nothing.",
			second: "^s sends the message",
		}
	}
	return diagnosis{
		text:   "Type or paste your URL. Above is how Apprise would read the example.",
		second: "→ takes the example",
	}
}

// toCheck is how a check is begun in any pane but the URL, where enter is something else.
const toCheck = "^l goes to the URL, where enter checks it and sends nothing"

func ofProblem(p urlspec.Problem) diagnosis {
	d := diagnosis{level: p.Severity, code: p.Code, text: clean(p.Message), about: &p}
	if p.Fix != nil {
		d.fix, d.problem = clean(p.Fix.Label), &p
	}
	return d
}
