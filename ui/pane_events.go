package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// eventsPane is the log of a run: every fact as it came, with a filter.
type eventsPane struct {
	window
	logFilter
	// frozen is how many events were there when space froze the list, 0 when
	// it runs.
	frozen int
	wrap   bool
	// shown are the events that pass the filter, made is what they were taken
	// from; lines maps drawn lines to them when they are wrapped.
	shown []event.Event
	made  filteredFrom
	lines []int
}

func (p *eventsPane) name() string { return "Events" }
func (p *eventsPane) slot() slot   { return slotLowerRight }

func (p *eventsPane) rows(*screen) (*window, int) {
	if p.wrap {
		return &p.window, len(p.lines)
	}
	return &p.window, len(p.shown)
}

func (p *eventsPane) bindings() []binding {
	return slices.Concat([]binding{
		{commands, []string{"enter"}, "enter", "details", "everything that is known of this event", whyNoRuns,
			(*screen).eventDetails},
	}, logBindings(), []binding{
		{commands, []string{"space"}, "space", "freeze", "freeze the list; what comes is counted", whyNoRuns, p.toggleFreeze},
		{commands, []string{"w"}, "w", "wrap", "wrap long lines", nil, p.toggleWrap},
	})
}

func (p *eventsPane) toggleFreeze(s *screen) tea.Cmd {
	if p.frozen > 0 {
		p.frozen = 0
	} else {
		p.frozen = len(s.run().Events)
	}
	return nil
}

func (p *eventsPane) toggleWrap(*screen) tea.Cmd { p.wrap = !p.wrap; return nil }

func (p *eventsPane) copied(*screen) (what, text string) {
	e, ok := p.current()
	if !ok {
		return "", ""
	}
	return "event", fmt.Sprintf("+%s %s %s: %s", model.Duration(e.At), e.Stage, e.State, eventText(e))
}

func (p *eventsPane) typed(s *screen, _ snapshot) { followSearch(p, s.run()) }
func (p *eventsPane) escape(*screen) bool         { return escapeLog(p) }

func (p *eventsPane) draw(s *screen, w, h int, focused bool) view {
	st, r := s.st, s.run()
	if r == nil {
		p.shown = nil
		hint := newPage(st, w)
		hint.paragraph(st.muted, "", "Everything that happens on the wire is told here, as it happens.")
		hint.keys(s, p.bindings())
		return show(hint.lines...)
	}
	p.filterEvents(r)
	proof := s.evidence()
	room := max(0, h-p.height())
	var v view
	if p.wrap {
		lines := p.wrapped(st, proof, w)
		v = p.drawRows(len(lines), room, focused, func(i int) string { return p.mark(st, lines[i]) })
	} else {
		whole := func(i int) []string {
			e := p.shown[i]
			lines := hanging(eventLead(st, e, proof[e.Seq]), eventLook(st, e), eventText(e), w-1)
			for j := range lines {
				lines[j] = p.mark(st, lines[j])
			}
			return lines
		}
		v = p.drawWhole(len(p.shown), room, focused, func(i int) []string {
			if e := p.shown[i]; !focused || i != p.selected {
				return []string{p.mark(st, eventLine(st, e, proof[e.Seq], w))}
			}
			return whole(i)
		}, whole)
	}
	v.right = p.status(st, len(r.Events))
	p.logFilter.draw(st, &v, room)
	return v
}

// wrapped draws every event in full, over as many lines as it needs.
func (p *eventsPane) wrapped(st *styles, proof map[int]bool, w int) []string {
	var lines []string
	p.lines = p.lines[:0]
	for i, e := range p.shown {
		lead := eventLead(st, e, proof[e.Seq])
		for j, text := range wrap(eventText(e), max(10, w-cells(lead))) {
			if j > 0 {
				lead = strings.Repeat(" ", cells(lead))
			}
			lines = append(lines, lead+text)
			p.lines = append(p.lines, i)
		}
	}
	return lines
}

// filteredFrom is what the shown events were taken from.
type filteredFrom struct {
	run    int
	filter string
	events int
}

// filterEvents brings shown up to date. New events of the same run are only
// added, so that a burst of thousands does not cost more with every frame.
func (p *eventsPane) filterEvents(r *model.Run) {
	all := r.Events
	if p.frozen > 0 && p.frozen < len(all) {
		all = all[:p.frozen]
	}
	now := filteredFrom{r.ID, strings.ToLower(p.filter.text), len(all)}
	if now.filter == "" {
		p.shown, p.made = all, filteredFrom{}
		return
	}
	from := p.made.events
	if p.made.run != now.run || p.made.filter != now.filter || from > now.events {
		p.shown, from = nil, 0
	}
	words := p.words()
	for _, e := range all[from:] {
		if contains(filterText(e), words) {
			p.shown = append(p.shown, e)
		}
	}
	p.made = now
}

// filterText is what the filter sees of an event: its state by name, too.
func filterText(e event.Event) string {
	return string(e.Stage) + " " + string(e.State) + " " + eventText(e)
}

func eventLine(st *styles, e event.Event, proof bool, w int) string {
	return shorten(eventLead(st, e, proof)+eventLook(st, e).Render(eventText(e)), w)
}

func eventLook(st *styles, e event.Event) look {
	if e.State == event.Fail {
		return st.fail
	}
	return st.text
}

func eventLead(st *styles, e event.Event, proof bool) string {
	sign, style := st.state(e.State)
	mark := " "
	if proof {
		mark = st.fail.Render(st.glyphs.bullet)
	}
	at := clock(e.At)
	return mark + st.muted.Render(at) + " " + style.Render(sign+" "+fit(string(e.Stage), 9))
}

// eventText is what an event says; one that says nothing has begun, or ended.
func eventText(e event.Event) string {
	if text := clean(e.Words()); text != "" {
		return text
	}
	if e.State == event.Start {
		return "begins"
	}
	return "ends"
}

func (p *eventsPane) status(st *styles, all int) string {
	var parts []string
	switch {
	case p.frozen > 0:
		parts = append(parts, st.warn.Render(fmt.Sprintf("frozen, %d newer", max(0, all-p.frozen))))
	case p.follow:
		parts = append(parts, "follow")
	}
	if p.filter.text != "" {
		parts = append(parts, fmt.Sprintf("%d of %d", len(p.shown), all))
	} else {
		parts = append(parts, event.Count(all, "event"))
	}
	return strings.Join(parts, " · ")
}

// current is the selected event.
func (p *eventsPane) current() (event.Event, bool) {
	i := p.line()
	if i < 0 || i >= len(p.shown) {
		return event.Event{}, false
	}
	return p.shown[i], true
}

// nextTrouble goes to the next event that failed or warns, or the one before.
func (p *eventsPane) nextTrouble(by int) (why string) {
	if _, ok := p.current(); !ok {
		return ""
	}
	for i := p.line() + by; i >= 0 && i < len(p.shown); i += by {
		if state := p.shown[i].State; state == event.Fail || state == event.Warn {
			p.choose(i)
			return ""
		}
	}
	return "no more failures or warnings in this direction"
}

func (p *eventsPane) filtered() *logFilter { return &p.logFilter }
func (p *eventsPane) entries() int         { return len(p.shown) }

// entry is what is searched in an event: what can be seen of it.
func (p *eventsPane) entry(_ *model.Run, i int) string {
	return string(p.shown[i].Stage) + " " + eventText(p.shown[i])
}

func (p *eventsPane) line() int {
	if p.wrap && p.selected < len(p.lines) {
		return p.lines[p.selected]
	}
	return p.selected
}

// choose puts the selection on the shown event i.
func (p *eventsPane) choose(i int) {
	p.follow = false
	p.selected = i
	for line, at := range p.lines {
		if p.wrap && at == i {
			p.selected = line
			break
		}
	}
}

// selectSeq puts the selection on an event.
func (p *eventsPane) selectSeq(r *model.Run, seq int) {
	if r == nil {
		return
	}
	p.logFilter, p.frozen, p.follow = logFilter{}, 0, false
	p.wrap = false
	for i, e := range r.Events {
		if e.Seq == seq {
			p.choose(i)
		}
	}
}
