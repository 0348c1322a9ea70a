package ui

import (
	"reflect"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"xmppscope/urlspec/urltest"
)

// TestCanary puts every text in which a person may have put a password into the
// screen: as its URL, pasted into the URL, the palette, the message, the title
// and the search, and looks at all that it then shows and copies.
func TestCanary(t *testing.T) {
	for _, text := range urltest.Kinds() {
		s := open(t, 120, 40, Options{URL: text})
		look := func(where string) {
			t.Helper()
			if screen := s.plain(); urltest.Leaks(screen) {
				t.Errorf("%s, %s:\n%s", text, where, screen)
			}
		}
		keys := func(where string, names ...string) {
			t.Helper()
			s.press(names...)
			look(where)
		}
		look("opened")
		keys("checked", "enter")
		s.finish()
		look("after the check")
		keys("diagnosis", "esc", "esc", "d")
		keys("closed", "esc", "f")
		keys("another fix", "down")
		keys("left as it is", "esc", "p")
		keys("all names shown", "p", "M")
		keys("panes", "esc", "2", "3", "4", "down", "down")
		keys("details", "enter", "esc")
		if cmd := s.copyURL(); urltest.Leaks(copied(cmd)) {
			t.Errorf("%s is copied with its password at once", text)
		}
		look("copied")
		s.copyReal = false
		for _, cmd := range []tea.Cmd{s.copyDiagnosis(), s.copyValue()} {
			if urltest.Leaks(copied(cmd)) {
				t.Errorf("%s: the password is copied", text)
			}
		}
		for _, where := range []struct {
			name string
			keys []string
		}{
			{"palette", []string{"esc", "esc", "ctrl+p"}}, {"URL", []string{"esc", "esc", "ctrl+l"}},
			{"message", []string{"esc", "esc", "7", "i"}}, {"title", []string{"esc", "7", "i", "shift+tab"}},
			{"search", []string{"esc", "esc", "5", "/"}}, {"filter", []string{"esc", "5", "&"}},
			{"parameter", []string{"esc", "esc", "4", "enter"}},
		} {
			if !strings.ContainsAny(text, "@＠") && !strings.Contains(text, "%40") && where.name != "URL" {
				continue // to people, it is a word and another one
			}
			s.press(where.keys...)
			s.paste(text)
			look("pasted into the " + where.name)
			keys("pasted into the "+where.name+", and enter", "enter")
		}
	}
}

// TestCanaryTyped types such texts key by key. What is typed of a password that
// is one by what comes later may show until then; the whole never does.
func TestCanaryTyped(t *testing.T) {
	for _, text := range urltest.Kinds() {
		for _, size := range [][2]int{{80, 24}, {60, 20}} {
			s := open(t, size[0], size[1], Options{})
			for _, r := range text {
				s.press(string(r))
				if strings.HasPrefix(text, "xmpps://alice:"+urltest.Canary) && urltest.Leaks(s.plain()) {
					t.Fatalf("%s, typed up to %q:\n%s", text, r, s.plain())
				}
			}
			if urltest.Leaks(s.plain()) {
				t.Errorf("%s typed:\n%s", text, s.plain())
			}
		}
	}
}

// copied is the text that a command puts into the clipboard.
func copied(cmd tea.Cmd) string {
	if cmd == nil {
		return ""
	}
	batch, ok := cmd().(tea.BatchMsg)
	if !ok || len(batch) == 0 {
		return ""
	}
	return reflect.ValueOf(batch[0]()).String()
}
