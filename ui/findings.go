package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/model/finding"
)

// diagnosed are the findings of the shown run. Those of a short run are worked out
// when they are asked for, once per batch of events and not once per frame. With
// thousands of rooms that would hold up the keys: then it happens in the background,
// once the run is over and does not change any more.
type diagnosed struct {
	at    diagnosedAt
	found []finding.Finding
	// page is how the details draw them.
	page findingsPage
	// working is what is worked out in the background, and cancel ends that.
	working diagnosedAt
	cancel  context.CancelFunc
}

// findingsPage are the lines that tell findings in full. Thousands take longer to draw
// than a frame, so they are drawn when that has changed on which they depend.
type findingsPage struct {
	at    diagnosedAt
	st    *styles
	w     int
	lines []string
}

// diagnosedAt is a run as it was when it had so many events; -1 when it was over.
type diagnosedAt struct{ run, events int }

// findingsMsg is what was worked out in the background.
type findingsMsg struct {
	at    diagnosedAt
	found []finding.Finding
}

// shortRun is how many events a run has at most whose findings are worked out
// between a key and the frame that shows it: about 10 ms.
const shortRun = 1000

func placeOf(r *model.Run) diagnosedAt {
	if r.Done {
		return diagnosedAt{r.ID, -1}
	}
	return diagnosedAt{r.ID, len(r.Events)}
}

// findings are those of the shown run; none while they are worked out.
func (s *screen) findings() []finding.Finding {
	r := s.run()
	if r == nil {
		return nil
	}
	at := placeOf(r)
	switch {
	case s.diagnosed.at == at:
	case len(r.Events) > shortRun:
		return nil
	default:
		s.diagnosed.at, s.diagnosed.found = at, finding.Of(s.ctx, r)
	}
	return s.diagnosed.found
}

// diagnoseBeside begins to work the findings of a long run out, where they are
// missing. It is asked after every message.
func (s *screen) diagnoseBeside() tea.Cmd {
	r := s.run()
	if r == nil || !r.Done || len(r.Events) <= shortRun {
		return nil
	}
	at := placeOf(r)
	if at == s.diagnosed.at || at == s.diagnosed.working {
		return nil
	}
	if s.diagnosed.cancel != nil {
		s.diagnosed.cancel()
	}
	ctx, cancel := context.WithCancel(s.ctx)
	s.diagnosed.working, s.diagnosed.cancel = at, cancel
	return func() tea.Msg { return findingsMsg{at, finding.Of(ctx, r)} }
}

// diagnosedBeside takes what was worked out, if it is still wanted.
func (s *screen) diagnosedBeside(msg findingsMsg) {
	if msg.at != s.diagnosed.working {
		return
	}
	s.diagnosed.cancel()
	s.diagnosed = diagnosed{at: msg.at, found: msg.found}
}

// evidence are the events that prove the findings of the shown run.
func (s *screen) evidence() map[int]bool {
	r := s.run()
	if r == nil || !r.Done {
		return nil
	}
	proof := map[int]bool{}
	for _, f := range s.findings() {
		for _, seq := range f.Events {
			proof[seq] = true
		}
	}
	return proof
}
