package ui

import (
	"fmt"
	"strings"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// eventsPane is the log of a run: every fact as it came, with a filter.
type eventsPane struct {
	window
	sieve
	// frozen is how many events were there when space froze the list, 0 when
	// it runs.
	frozen int
	wrap   bool
	// shown are the events that pass the filter, made says of what; lines maps
	// drawn lines to them when they are wrapped.
	shown []event.Event
	made  sifted
	lines []int
}

// filtered is what the filter sees of an event: its state by name, too.
func filtered(e event.Event) string {
	return string(e.Stage) + " " + string(e.State) + " " + eventText(e)
}

func (p *eventsPane) draw(st *styles, r *model.Run, evidence []int, w, h int, focused bool) view {
	if r == nil {
		p.shown = nil
		hint := newSheet(st, w)
		hint.say(st.muted, "", "Everything that happens on the wire is told here, as it happens.")
		return show(hint.lines...)
	}
	p.sift(r)
	proof := map[int]bool{}
	for _, seq := range evidence {
		proof[seq] = true
	}
	room := max(0, h-p.height())
	var v view
	if p.wrap {
		lines := p.wrapped(st, proof, w)
		v = p.rows(len(lines), room, focused, func(i int) string { return p.mark(st, lines[i]) })
	} else {
		v = p.rows(len(p.shown), room, focused, func(i int) string {
			return p.mark(st, eventLine(st, p.shown[i], proof[p.shown[i].Seq], w))
		})
	}
	v.right = p.status(st, len(r.Events))
	p.lay(st, &v, room)
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

// sifted is what shown was made of.
type sifted struct {
	run    int
	filter string
	events int
}

// sift brings shown up to date. New events of the same run are only added, so
// that a burst of thousands does not cost more with every frame.
func (p *eventsPane) sift(r *model.Run) {
	all := r.Events
	if p.frozen > 0 && p.frozen < len(all) {
		all = all[:p.frozen]
	}
	now := sifted{r.ID, strings.ToLower(p.filter.text), len(all)}
	if now.filter == "" {
		p.shown, p.made = all, sifted{}
		return
	}
	from := p.made.events
	if p.made.run != now.run || p.made.filter != now.filter || from > now.events {
		p.shown, from = nil, 0
	}
	words := p.words()
	for _, e := range all[from:] {
		if contains(filtered(e), words) {
			p.shown = append(p.shown, e)
		}
	}
	p.made = now
}

func eventLine(st *styles, e event.Event, proof bool, w int) string {
	text := eventText(e)
	if e.State == event.Fail {
		text = st.fail.Render(text)
	}
	return shorten(eventLead(st, e, proof)+text, w)
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

func eventText(e event.Event) string { return clean(e.Words()) }

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

func (p *eventsPane) sieved() *sieve { return &p.sieve }
func (p *eventsPane) entries() int   { return len(p.shown) }
func (p *eventsPane) pick(i int)     { p.choose(i) }

// text is what is searched in an event: what can be seen of it.
func (p *eventsPane) text(i int) string {
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
	p.sieve, p.frozen, p.follow = sieve{}, 0, false
	p.wrap = false
	for i, e := range r.Events {
		if e.Seq == seq {
			p.choose(i)
		}
	}
}
