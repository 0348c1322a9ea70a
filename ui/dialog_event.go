package ui

import (
	"encoding/json"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// eventDetails shows everything that is known of one event.
func (s *screen) eventDetails() tea.Cmd {
	e, ok := s.events.current()
	if !ok {
		s.notice = "no event is selected"
		return nil
	}
	s.open(&textDialog{title: "Event", text: func(s *screen, w int) []string { return eventFacts(s.st, e, w) }})
	return nil
}

// eventFacts is everything that is known of an event, one fact a line. The
// facts have the names they have in --json.
func eventFacts(st *styles, e event.Event, w int) []string {
	p := newPage(st, w)
	p.label = 16
	p.gap()
	sign, style := st.state(e.State)
	p.lines = append(p.lines, " "+style.Render(sign+" "+string(e.Stage)+" "+string(e.State))+
		st.muted.Render(fmt.Sprintf("   event %d, %s after the start", e.Seq, model.Duration(e.At))))
	p.gap()
	p.paragraph(st.text, "", e.Text)
	p.fact("about", e.Item)
	for _, part := range []any{e.Failure, e.Data} {
		p.fields(part)
	}
	p.gap()
	return p.lines
}

// fields turns the JSON form of facts into lines, in its own order.
func (p *page) fields(facts any) {
	raw, err := json.Marshal(facts)
	if err != nil || string(raw) == "null" {
		return
	}
	p.gap()
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	var walk func(name string)
	walk = func(name string) {
		token, err := dec.Token()
		if err != nil {
			return
		}
		switch token {
		case json.Delim('{'):
			for dec.More() {
				key, _ := dec.Token()
				walk(fmt.Sprint(key))
			}
			_, _ = dec.Token()
		case json.Delim('['):
			for dec.More() {
				walk(name)
			}
			_, _ = dec.Token()
		default:
			p.fact(name, fmt.Sprint(token))
		}
	}
	walk("")
}
