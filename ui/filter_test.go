package ui

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

// A search goes where it is typed to, n and N go on from there, and esc takes
// it back together with the place it began at.
func TestSearchEvents(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL, Run: failing().run})
	s.press("enter")
	s.finish()
	s.press("esc", "5", "g")
	at := func() string {
		e, _ := s.events.current()
		return string(e.Stage) + " " + string(e.State)
	}
	steps := []struct {
		key, want string
	}{
		{"/", "dns start"}, {"t", "dns ok"}, {"l", "starttls start"}, {"s", "starttls start"}, {"enter", "starttls start"},
		{"n", "starttls ok"}, {"n", "tls start"}, {"n", "tls ok"}, {"N", "tls start"}, {"G", "sasl fail"}, {"n", "sasl fail"},
		{"esc", "sasl fail"}, {"g", "dns start"}, {"n", "sasl fail"}, // without a search, to what failed
	}
	for i, step := range steps {
		s.press(step.key)
		if got := at(); got != step.want {
			t.Fatalf("step %d, %q: at %q, want %q", i, step.key, got, step.want)
		}
	}
	s.press("g", "/", "zebra")
	s.mustShow("/ zebra  not found")
	s.press("esc")
	if s.typing || s.events.search.text != "" || at() != "dns start" {
		t.Errorf("esc leaves %q at %q, typing %v", s.events.search.text, at(), s.typing)
	}
	if len(s.events.shown) != len(s.run().Events) {
		t.Error("a search hides lines")
	}
}

// The XML is searched as it is drawn, also inside an element that is unfolded.
func TestSearchXML(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL, Run: failing().run})
	s.press("enter")
	s.finish()
	s.press("esc", "6", "g", "n")
	s.mustShow("/ searches first")
	s.press("/", "STARTTLS", "enter")
	if s.xml.selected != 1 {
		t.Fatalf("found line %d", s.xml.selected)
	}
	s.press("enter", "/", "required", "enter")
	if found := s.xml.entry(s.run(), s.xml.line()); found != "    <required/>" {
		t.Errorf("found %q", found)
	}
}

// A search and a filter work together, and esc takes one after the other back.
func TestSearchInsideAFilter(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL, Run: failing().run})
	s.press("enter")
	s.finish()
	s.press("esc", "5", "g", "&", "tls", "enter", "/", "valid", "enter")
	s.mustShow("& tls", "/ valid")
	if e, _ := s.events.current(); e.Stage != "tls" || e.State != "ok" {
		t.Errorf("at %s %s", e.Stage, e.State)
	}
	s.press("esc")
	if s.events.search.text != "" || s.events.filter.text != "tls" {
		t.Errorf("the first esc leaves / %q and & %q", s.events.search.text, s.events.filter.text)
	}
	s.press("esc")
	if s.events.filter.text != "" {
		t.Error("the second esc leaves the filter")
	}
}

// A click selects the row that it hits, whatever stands above it.
func TestClickSelectsARow(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL, Body: "hi", Run: joined().run})
	s.press("ctrl+s", "enter")
	s.finish()
	s.press("esc", "m")
	s.View()
	for _, tt := range []struct {
		pane pane
		row  int
	}{{&s.jids, 2}, {&s.stages, 4}, {&s.params, 3}, {&s.events, 1}, {&s.send, 1}} {
		b, _ := s.layout().boxOf(tt.pane.slot())
		w, _ := tt.pane.rows(s.screen)
		x := b.x + 1 + w.at.x + 2
		s.Update(tea.MouseClickMsg{X: x, Y: b.y + 1 + w.at.y + tt.row, Button: tea.MouseLeft})
		s.View()
		if w, _ = tt.pane.rows(s.screen); s.focus != tt.pane || s.typing || w.selected != w.top+tt.row {
			t.Errorf("%s: focus %s, typing %v, line %d, want %d", tt.pane.name(), s.focus.name(), s.typing, w.selected, w.top+tt.row)
		}
	}
	b, _ := s.layout().boxOf(s.send.slot())
	s.Update(tea.MouseClickMsg{X: b.x + 3, Y: b.y + 2, Button: tea.MouseLeft})
	if !s.typing {
		t.Error("a click into the message does not let type")
	}
	s.press("esc", "?")
	top := s.dialogs[0].(*textDialog).top
	s.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	s.View()
	if got := s.dialogs[0].(*textDialog).top; got <= top {
		t.Errorf("the wheel leaves the help at line %d", got)
	}
}
