package ui

import (
	"fmt"
	"testing"
)

// Every pane answers what it is asked, with a run and without one, and its
// number leads to it.
func TestPanes(t *testing.T) {
	tests := []struct {
		name   string
		lists  [2]bool   // without a run, and with one
		copied [2]string // what is called so
		writes bool
	}{
		{"URL", [2]bool{false, false}, [2]string{"the URL without its password", "the URL without its password"}, true},
		{"JIDs", [2]bool{true, true}, [2]string{"login JID", "login JID"}, false},
		{"Stages", [2]bool{false, true}, [2]string{"", "stage"}, false},
		{"Params", [2]bool{true, true}, [2]string{"mode", "mode"}, false},
		{"Events", [2]bool{true, true}, [2]string{"", "event"}, false},
		{"XML", [2]bool{true, true}, [2]string{"", "element"}, false},
		{"Send", [2]bool{true, true}, [2]string{"recipient", "recipient"}, true},
	}
	for run, when := range []string{"before", "after"} {
		s := open(t, 80, 24, Options{URL: goodURL, Run: failing().run})
		if run == 1 {
			s.press("enter")
			s.finish()
		}
		for i, tt := range tests {
			t.Run(tt.name+" "+when+" a run", func(t *testing.T) {
				s.press(fmt.Sprint("alt+", i+1))
				p := s.focus
				if p.name() != tt.name || s.number(p) != i+1 {
					t.Fatalf("alt+%d goes to %s, number %d", i+1, p.name(), s.number(p))
				}
				if list, n := p.rows(s.screen); (list != nil) != tt.lists[run] || list == nil && n != 0 {
					t.Errorf("list %v with %d rows", list != nil, n)
				}
				what, text := p.copied(s.screen)
				if what != tt.copied[run] || (text == "") != (what == "") {
					t.Errorf("copies %q: %q", what, text)
				}
				if p.writes() != tt.writes || s.typing != tt.writes {
					t.Errorf("takes text: %v, typing %v", p.writes(), s.typing)
				}
			})
		}
	}
}

// The selected row shows the same text as it does unselected, also where a
// character is two cells wide.
func TestSelectedRowKeepsWideCharacters(t *testing.T) {
	s := open(t, 120, 40, Options{URL: "xmpps://alice:pw@example.org/日本語/bob"})
	s.press("alt+2", "g")
	_, rows := s.jids.rows(s.screen)
	for range rows {
		s.mustShow("target 2     日本語@example.org")
		s.press("j")
	}
}

// tab goes through all panes, through the fields of one that has several, and
// shift+tab goes back the same way.
func TestTabGoesThroughPanesAndFields(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL, Title: "t", Body: "b"})
	at := func() string {
		if s.focus == &s.send && s.send.inTitle {
			return "Send: title"
		}
		return s.focus.name()
	}
	way := []string{"URL", "JIDs", "Stages", "Params", "Events", "XML", "Send: title", "Send"}
	for i := 1; i <= len(way); i++ {
		s.press("tab")
		if want := way[i%len(way)]; at() != want {
			t.Fatalf("tab %d goes to %s, want %s", i, at(), want)
		}
	}
	for i := len(way) - 1; i >= 0; i-- {
		s.press("shift+tab")
		if at() != way[i] {
			t.Fatalf("shift+tab goes to %s, want %s", at(), way[i])
		}
	}
}
