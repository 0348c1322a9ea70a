package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/xmppcore/event"
)

// details shows all findings of the run, or the problem of the URL, in full.
func (s *screen) details() tea.Cmd {
	s.open(&textDialog{
		title:   "Diagnosis",
		text:    (*screen).diagnosisLines,
		answers: (*screen).diagnosisAnswers,
		extra:   (*screen).answerDiagnosis,
	})
	return nil
}

// answerDiagnosis is what the keys below the details do.
func (s *screen) answerDiagnosis(name string) (tea.Cmd, bool) {
	switch name {
	case "f", "alt+f":
		why, d := whyNoFix(s), s.diagnose() // as shown here, and not as the cursor's place would have it
		s.closeDialog()
		if why != "" {
			s.notice = why
			return nil, true
		}
		return s.applyFix(d), true
	case "c":
		return s.copyDiagnosis(), true
	}
	return nil, false
}

func whyNoDetails(s *screen) string {
	d := s.diagnose()
	return unless(d.finding != nil || d.level != "" || d.good, "there is no diagnosis yet")
}

func (s *screen) diagnosisLines(w int) []string {
	p := newPage(s.st, w)
	r := s.run()
	d := s.diagnose()
	current := r != nil && (r.Spec.Text == s.url.text || d.past)
	if !current || len(s.findings()) == 0 {
		for _, q := range s.url.spec.Problems {
			sign, style := s.st.severity(q.Severity)
			p.gap()
			p.paragraph(style, sign, q.Code)
			p.fact("", q.Message)
			if q.Fix != nil {
				p.fact("fix", q.Fix.Label)
			}
		}
		if len(p.lines) == 0 {
			p.gap()
			p.paragraph(s.st.text, "", d.text)
		}
	} else {
		p.lines = slices.Clip(s.findingsLines(r, w)) // which are kept
	}
	if current && r.Done {
		p.gap()
		p.paint([]fact.Fact{finding.Apprise(r).Fact()})
	}
	return p.lines
}

// findingsLines are the findings of a run in full.
func (s *screen) findingsLines(r *model.Run, w int) []string {
	drawn := &s.diagnosed.page
	if drawn.at != placeOf(r) || drawn.st != s.st || drawn.w != w {
		p := newPage(s.st, w)
		for _, f := range s.findings() {
			p.finding(r, f)
		}
		*drawn = findingsPage{placeOf(r), s.st, w, p.lines}
	}
	return drawn.lines
}

// diagnosisAnswers are the keys that answer the details.
func (s *screen) diagnosisAnswers() []string {
	keys := []string{"c", "copy", "esc", "close"}
	if whyNoFix(s) == "" {
		does := "make the fix"
		if d := s.diagnose(); d.other {
			does = "fixes another: " + d.fix
		}
		keys = append([]string{"f", does}, keys...)
	}
	return keys
}

// finding is one finding in full.
func (p *page) finding(r *model.Run, f finding.Finding) {
	sign, style := p.st.severity(f.Severity)
	p.gap()
	p.paragraph(style, sign, f.Title)
	p.fact("code", f.Code)
	p.fact("why", f.Explain)
	if f.Fix != nil {
		p.fact("fix", f.Fix.Label)
		p.fact("", f.Fix.URL)
	}
	p.fact("operator", f.Admin)
	p.evidence(r, f.Events)
}

// evidenceShown is how many of the events that prove a finding are listed.
const evidenceShown = 6

// evidence lists the newest of the events that prove a finding.
func (p *page) evidence(r *model.Run, seqs []int) {
	label := "evidence"
	for _, seq := range seqs[max(0, len(seqs)-evidenceShown):] {
		if e, ok := eventOf(r, seq); ok {
			p.fact(label, "+"+model.Duration(e.At)+" "+string(e.Stage)+": "+eventText(e))
			label = ""
		}
	}
}

// eventOf finds an event by its number; they count from 1 without a gap.
func eventOf(r *model.Run, seq int) (event.Event, bool) {
	if seq < 1 || seq > len(r.Events) {
		return event.Event{}, false
	}
	return r.Events[seq-1], true
}
