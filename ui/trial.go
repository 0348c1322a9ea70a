package ui

import (
	"slices"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// trial is the fix of a finding that has been made, and whose run is to show whether
// it helps.
type trial struct {
	from          *model.Run // the run that it is to mend
	label, edited string
}

// judgeTrial takes a fix back that did not help, when its run has ended. The run that
// it was to mend is on the screen again then, so that another fix can be offered.
func (s *screen) judgeTrial(r *model.Run) {
	t := s.trial
	if t == nil || r.Spec.Text != t.edited {
		return
	}
	s.trial = nil
	switch {
	case r.Failure != nil && r.Failure.Cause == event.CauseCancelled, s.url.text != t.edited:
		return // the person took over
	case finding.Helped(t.from, r):
		s.helped = append(s.helped, [2]urlspec.Reading{t.from.Spec.Reading, r.Spec.Reading})
		s.helped = s.helped[max(0, len(s.helped)-model.HistoryLimit):]
		return
	}
	t.from.Tried = append(t.from.Tried, r.Spec.Reading)
	s.url.replace(t.from.Spec.Text, len(t.from.Spec.Text))
	s.edited()
	for i := range s.runs.Len() {
		if s.runs.At(i) == t.from {
			s.shown = i
		}
	}
	s.notice = clean(t.label) + ": did not help and is taken back; ] shows that run"
}

// untried makes a diagnosis offer a fix that has not been tried in vain, and that
// takes back none that helped: that of its finding, or of the next one that has one.
func (s *screen) untried(d diagnosis, found []finding.Finding) diagnosis {
	if d.fix == "" || d.finding == nil {
		return d
	}
	d.fix = ""
	for i := range found {
		f := &found[i]
		switch {
		case f.Fix == nil || f.Fix.Risky && d.risky != nil || !f.Fix.Risky && d.fix != "":
		case s.failedWith(f.Fix.Edited) || s.undoes(f.Fix.Edited):
		case f.Fix.Risky:
			d.risky = f.Fix
		default:
			d.finding, d.fix = f, clean(f.Fix.Label)
		}
	}
	if d.fix == "" && len(found) > 0 { // what there was did not help
		d.second = onlyOperator(found[0], d.second)
	}
	return d
}

// undoes reports whether an edited URL takes back a fix that helped.
func (s *screen) undoes(text string) bool {
	if len(s.helped) == 0 {
		return false
	}
	after := urlspec.Parse(text).Reading
	return slices.ContainsFunc(s.helped, func(k [2]urlspec.Reading) bool { return finding.Undoes(k[0], k[1], after) })
}
