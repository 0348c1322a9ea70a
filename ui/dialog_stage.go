package ui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// stageDetails shows everything that is known of the selected stage: what it
// found out, explained, and its events.
func (s *screen) stageDetails() tea.Cmd {
	r := s.run()
	selected, ok := s.stages.current(r)
	if !ok {
		return nil
	}
	name, events := selected.Name, fmt.Sprint(s.number(&s.events))
	s.open(&textDialog{
		title: "Stage " + string(name),
		text: func(s *screen, w int) []string {
			p := newFactPage(s.st, w)
			if stage := r.Stage(name); stage != nil {
				p.stageFacts(r, *stage, s.opts.Clock())
			}
			return p.lines
		},
		answers: func(*screen) []string {
			return []string{events, "its events in their pane", "y", "copy", "esc", "close"}
		},
		extra: func(s *screen, key string) (tea.Cmd, bool) {
			switch key {
			case events:
				s.closeDialog()
				return s.stageEvents(), true
			case "y":
				return s.copyValue(), true
			}
			return nil, false
		},
	})
	return nil
}

// stageEvents goes to the last event of the selected stage.
func (s *screen) stageEvents() tea.Cmd {
	r := s.run()
	stage, ok := s.stages.current(r)
	if !ok {
		return nil
	}
	if len(stage.Events) == 0 {
		s.notice = "the run did not get to " + string(stage.Name)
		return nil
	}
	s.jump(&s.events)
	s.events.selectSeq(r, stage.Events[len(stage.Events)-1])
	return nil
}

// stageFacts are the rows of a stage, and its events.
func (p *page) stageFacts(r *model.Run, stage model.Stage, now time.Time) {
	p.paint(r.StageFacts(stage.Name, now))
	if len(stage.Events) > 0 {
		p.head("Events")
		p.eventList(r, stage.Events)
	}
}

// eventsListed is how many events a dialog lists; their pane has all.
const eventsListed = 100

// eventList shows the newest of some events, by their numbers, in full.
func (p *page) eventList(r *model.Run, seqs []int) {
	if hidden := len(seqs) - eventsListed; hidden > 0 {
		p.paragraph(p.st.muted, "", event.Count(hidden, "earlier event")+" in pane 5")
		seqs = seqs[hidden:]
	}
	for _, seq := range seqs {
		if e, ok := eventOf(r, seq); ok {
			sign, style := p.st.state(e.State)
			p.wrapped(" "+p.st.muted.Render(clock(e.At))+" "+style.Render(sign)+" ", p.st.text, eventText(e))
		}
	}
}
