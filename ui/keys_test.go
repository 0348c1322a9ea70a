package ui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// No key means two things in one place, text editing included.
func TestKeysDoNotCollide(t *testing.T) {
	s := open(t, 80, 24, Options{})
	if len(s.keymap.at) != 2*len(s.panes) {
		t.Fatalf("%d places of %d panes", len(s.keymap.at), len(s.panes))
	}
	for place, bindings := range s.keymap.at {
		owner := map[string]string{}
		claim := func(key, by string) {
			if other, taken := owner[key]; taken {
				t.Errorf("place %b: %q is both %q and %q", place, key, other, by)
			}
			owner[key] = by
		}
		for _, b := range bindings {
			for _, k := range b.keys {
				claim(k, b.show+" "+b.help)
			}
		}
		if place&typing == 0 {
			continue
		}
		for _, k := range s.keymap.editing {
			for _, name := range k.keys {
				claim(name, "edit: "+k.help)
			}
		}
	}
}

// Every action has a key that any terminal can send, and a place.
func TestEveryActionHasAPlainKey(t *testing.T) {
	s := open(t, 80, 24, Options{})
	for _, b := range s.keymap.all {
		if b.at == 0 || len(b.keys) == 0 || b.show == "" {
			t.Errorf("%+v has no place, no key or no name", b.help)
		}
		plain := false
		for _, k := range b.keys {
			plain = plain || !strings.Contains(k, "shift+") || k == "shift+tab"
		}
		if !plain {
			t.Errorf("%s: %v need more than a VT100", b.help, b.keys)
		}
	}
}

// While somebody types, letters are text and never commands.
func TestLettersAreTextWhileTyping(t *testing.T) {
	s := open(t, 80, 24, Options{})
	for _, b := range s.keymap.all {
		for _, k := range b.keys {
			if b.at&typing != 0 && len([]rune(k)) == 1 {
				t.Errorf("%q (%s) would be eaten while typing", k, b.help)
			}
		}
	}
	s.press("xmpp://fudq?:12/[]=")
	if s.url.text != "xmpp://fudq?:12/[]=" {
		t.Errorf("typed text became %q", s.url.text)
	}
}

// Help and the table for README.md name every action that has a sentence.
func TestHelpNamesEveryAction(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL})
	help := strings.Join(strings.Fields(ansi.Strip(strings.Join(s.helpLines(s.focus, 1000), " "))), " ")
	table := KeyTable()
	for _, b := range s.keymap.all {
		if b.help == "" {
			continue
		}
		words := strings.Join(strings.Fields(b.help), " ")
		if !strings.Contains(help, b.show+" "+words) {
			t.Errorf("the help lacks %s %q", b.show, words)
		}
		if !strings.Contains(table, b.help) {
			t.Errorf("the table lacks %q", b.help)
		}
	}
}

// A key that can do nothing now says why instead.
func TestDisabledKeysSayWhy(t *testing.T) {
	tests := []struct {
		url  string
		keys []string
		want string
	}{
		{"", []string{"enter"}, "there is no URL yet"},
		{"nonsense", []string{"enter"}, "Apprise rejects this URL"},
		{goodURL, []string{"esc", "["}, "there is no earlier run"},
		{goodURL, []string{"esc", "u"}, "nothing to undo"},
		{goodURL, []string{"esc", "e"}, "nothing has run yet"},
		{goodURL, []string{"esc", "f"}, "there is nothing that an edit of the URL would fix"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.keys), func(t *testing.T) {
			s := open(t, 80, 24, Options{URL: tt.url})
			s.press(tt.keys...)
			s.mustShow(tt.want)
		})
	}
}
