package ui

import (
	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// stageLabel is the width of the labels in the facts of a stage.
const stageLabel = 14

// stageDetails shows everything that is known of the selected stage: what it
// found out, explained, and its events.
func (s *screen) stageDetails() tea.Cmd {
	r := s.run()
	if s.stages.selected >= len(r.Stages) {
		return nil
	}
	name := r.Stages[s.stages.selected].Name
	s.open(&pages{title: "Stage " + string(name), text: func(s *screen, w int) []string {
		p := newSheet(s.st, w)
		p.label = stageLabel
		if stage := r.Stage(name); stage != nil {
			p.stageFacts(s, r, *stage)
		}
		return p.lines
	}, answers: func(*screen) []string { return []string{"5", "its events in their pane", "y", "copy", "esc", "close"} }, extra: func(s *screen, key string) (tea.Cmd, bool) {
		switch key {
		case "5":
			s.shut()
			return s.stageEvents(), true
		case "y":
			return s.copyValue(), true
		}
		return nil, false
	}})
	return nil
}

func (p *sheet) stageFacts(s *screen, r *model.Run, stage model.Stage) {
	sign, style := p.st.state(stage.State)
	if stage.State == "" {
		p.say(style, sign, "the run has not got here")
	} else {
		p.say(style, sign, stage.Text)
		p.fact("began", "+"+short(stage.Start)+", took "+short(stage.Took))
	}
	switch stage.Name {
	case event.StageTLS:
		if whyNoCertificate(s) == "" && r.TLS != nil {
			p.fact("cipher", r.TLS.Cipher)
			p.gap()
			p.certificateFacts(model.Inspect(*r.TLS, r.Spec.Reading, s.opts.Clock()))
		}
	case event.StageFeatures, event.StageSASL:
		p.loginFacts(r)
	case event.StageMUC:
		for i := range r.Rooms {
			p.head(r.Rooms[i].JID)
			p.roomFacts(r, &r.Rooms[i])
		}
	case event.StageSend, event.StageAck:
		for i := range r.Deliveries {
			p.head(r.Deliveries[i].To)
			p.deliveryFacts(&r.Deliveries[i])
		}
	}
	if len(stage.Events) > 0 {
		p.head("Events")
		p.eventList(r, stage.Events)
	}
}

// eventsListed is how many events a dialog lists; their pane has all.
const eventsListed = 100

// eventList shows the newest of some events, by their numbers, in full.
func (p *sheet) eventList(r *model.Run, seqs []int) {
	if hidden := len(seqs) - eventsListed; hidden > 0 {
		p.say(p.st.muted, "", count(hidden, "earlier event")+" in pane 5")
		seqs = seqs[hidden:]
	}
	for _, seq := range seqs {
		if e, ok := eventOf(r, seq); ok {
			sign, style := p.st.state(e.State)
			p.hang(" "+p.st.muted.Render(clock(e.At))+" "+style.Render(sign)+" ", p.st.text, eventText(e))
		}
	}
}
