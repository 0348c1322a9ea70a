package ui

import (
	"testing"
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
