package ui

import (
	tea "charm.land/bubbletea/v2"

	"xmppscope/xmppcore/event"
)

// The actions of the panes: what the keys of the key table do while a
// list has them.

// finishField takes what was typed into a parameter or a filter.
func (s *screen) finishField() tea.Cmd {
	if s.params.editing && s.params.selected < len(s.params.rows) {
		s.setParam(s.params.rows[s.params.selected].Name, s.params.input.text)
	}
	s.params.editing, s.events.typing, s.xml.typing = false, noField, noField
	s.typing = false
	return nil
}

// setParam changes the URL so that a parameter has a value; an empty value
// takes it out.
func (s *screen) setParam(name, value string) {
	if value == "" {
		s.apply(s.url.spec.RemoveParam(name))
		return
	}
	s.apply(s.url.spec.SetParam(name, value))
}

func (s *screen) editParam() tea.Cmd {
	s.typing = s.params.start()
	return nil
}

func (s *screen) turnParam() tea.Cmd {
	if row, next, ok := s.params.turn(); ok {
		s.setParam(row.Name, next)
	}
	return nil
}

func (s *screen) dropParam() tea.Cmd {
	s.setParam(s.params.rows[s.params.selected].Name, "")
	return nil
}

func whyUnknown(s *screen) string {
	row, ok := s.params.row()
	return unless(ok && row.Known, "Apprise does not know this parameter; x removes it, alt+f may rename it")
}

func whyNoTurn(s *screen) string {
	row, ok := s.params.row()
	return unless(ok && len(row.Values) > 0, "this parameter takes any value; enter edits it")
}

func whyNotSet(s *screen) string {
	row, ok := s.params.row()
	return unless(ok && row.Set, "this parameter is not in the URL")
}

// editPart puts the cursor into the part of the URL that decides a row.
func (s *screen) editPart() tea.Cmd {
	if s.assembly.selected >= len(s.assembly.rows) {
		return nil
	}
	row := s.assembly.rows[s.assembly.selected]
	if row.Start >= row.End {
		s.notice = "nothing in the URL decides this: " + clean(row.From)
		return nil
	}
	s.toURL()
	s.url.move(row.End)
	return nil
}

func (s *screen) stageEvents() tea.Cmd {
	r := s.run()
	if s.stages.selected >= len(r.Stages) {
		return nil
	}
	stage := r.Stages[s.stages.selected]
	if len(stage.Events) == 0 {
		s.notice = "the run did not get to " + string(stage.Name)
		return nil
	}
	s.jump(paneEvents)
	s.events.selectSeq(r, stage.Events[len(stage.Events)-1])
	return nil
}

func (s *screen) toggleXML() tea.Cmd { s.xml.toggle(); return nil }

func (s *screen) nextDirection() tea.Cmd {
	s.xml.only = (s.xml.only + 1) % directions
	return nil
}

// preview shows every message as it will go out.
func (s *screen) preview() tea.Cmd {
	s.open(&pages{title: "What will be sent", text: (*screen).previewLines})
	return nil
}

func (s *screen) toggleFollow() tea.Cmd {
	w := &s.events.window
	if s.focus == paneXML {
		w = &s.xml.window
	}
	w.follow = !w.follow
	return nil
}

func (s *screen) toggleFreeze() tea.Cmd {
	if s.events.frozen > 0 {
		s.events.frozen = 0
		return nil
	}
	s.events.frozen = len(s.run().Events)
	return nil
}

// nextTrouble goes to the next event that failed or warns, or the one before.
func (s *screen) nextTrouble(by int) tea.Cmd {
	p := &s.events
	e, ok := p.current()
	if !ok {
		return nil
	}
	at := 0
	for i := range p.shown {
		if p.shown[i].Seq == e.Seq {
			at = i
		}
	}
	for i := at + by; i >= 0 && i < len(p.shown); i += by {
		if state := p.shown[i].State; state == event.Fail || state == event.Warn {
			p.choose(i)
			return nil
		}
	}
	s.notice = "no more failures or warnings in this direction"
	return nil
}

func (s *screen) toggleWrap() tea.Cmd { s.events.wrap = !s.events.wrap; return nil }

// scroll moves in the list that has the keys.
func (s *screen) scroll(by int) {
	if w, n := s.list(s.focus); w != nil {
		w.move(by, n)
		s.stages.held = s.focus == paneStages
	}
}

// list is the list of a pane and how many lines it has; nil when it has none.
func (s *screen) list(p pane) (w *window, n int) {
	r := s.run()
	switch p {
	case paneJIDs:
		return &s.assembly.window, len(s.assembly.rows)
	case paneStages:
		if r != nil {
			return &s.stages.window, len(r.Stages)
		}
	case paneParams:
		return &s.params.window, len(s.params.rows)
	case paneEvents:
		if s.events.wrap {
			return &s.events.window, len(s.events.lines)
		}
		return &s.events.window, len(s.events.shown)
	case paneXML:
		return &s.xml.window, len(s.xml.lines)
	case paneSend:
		return &s.send.window, len(s.send.rows(s.url.spec, r))
	}
	return nil, 0
}
