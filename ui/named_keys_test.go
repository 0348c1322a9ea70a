package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// TestKeysNamedWhileTyping: what the screen says names the keys as they are while
// somebody types, and as they are while nobody does.
func TestKeysNamedWhileTyping(t *testing.T) {
	for name, test := range map[string]struct {
		keys  []string // after a run
		shows string
	}{
		"the edit, at rest":        {[]string{"ctrl+l", "x", "esc"}, "enter or r checks the URL as it is now"},
		"the edit, another pane":   {[]string{"ctrl+l", "x", "esc", "3"}, "r checks the URL as it is now"},
		"the edit, in the message": {[]string{"ctrl+l", "x", "esc", "7"}, "^l, then enter, checks the URL as it is now"},
		"no safe step":             {[]string{"f"}, "helps; ! asks about an unsafe one"},
		"no safe step, typing":     {[]string{"i", "alt+f"}, "helps; alt+! asks about an unsafe one"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, 120, 40, Options{URL: goodURL, Run: expired})
			s.press("enter")
			s.finish()
			s.press(test.keys...)
			s.mustShow(test.shows)
		})
	}
	s := open(t, 80, 24, Options{URL: goodURL, World: "A world."})
	s.mustShow("M     finds every way", "A world.", "  enter checks the URL and sends nothing")
	s.press("3")
	s.mustShow("A world.", "^l goes to the URL, where enter checks it")
	s.press("1")
	s.mustShow("alt+m finds every way")
	s.press("alt+7")
	s.mustShow("title ↑  none", "message  type the message here")
	s.press("up")
	s.mustShow("title    none")
}

// TestTwoEscapes: two of them that a slow line brings at once close a dialog as one does.
func TestTwoEscapes(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL})
	s.press("?")
	s.Update(tea.KeyPressMsg{Code: tea.KeyEscape, Mod: tea.ModAlt})
	if len(s.dialogs) != 0 {
		t.Error("the help is still there")
	}
}

// TestRecipientsInFull: a JID that is longer than the dialog is seen in full when it is
// selected, and what it is at any time; and with nobody left, enter is no key.
func TestRecipientsInFull(t *testing.T) {
	for _, d := range [][2]int{{40, 10}, {60, 20}, {80, 24}} {
		s := open(t, d[0], d[1], Options{URL: longURL[:strings.Index(longURL, "?")] + "/zoe", Body: "hi"})
		s.press("ctrl+s")
		s.mustShow("to 8 of 8 recipients")
		text := ""
		for _, line := range strings.Split(s.plain(), "\n") {
			if part := strings.Split(line, "│"); len(part) >= 3 {
				text += strings.TrimSpace(part[len(part)/2])
			}
		}
		if want := "a-room-with-a-name-that-goes-on-and-on@conference.a.b.c.corp.example"; !strings.Contains(text, want) {
			t.Errorf("%v: the screen does not show %s:\n%s", d, want, s.plain())
		}
		s.press("down")
		s.mustShow("  room")
		s.press("a")
		s.mustShow("Nobody is left to send to.", "enter send")
		if s.View(); strings.Contains(s.View().Content, s.st.key.Render("enter")) {
			t.Errorf("%v: enter sends to nobody", d)
		}
	}
}

// TestComparedURLs: two runs with the same table say in what their URLs differ.
func TestComparedURLs(t *testing.T) {
	for edit, want := range map[string]string{
		"xmpps://alice:another@example.test/bob": "the same but for the password",
		"xmpps://alice:pw@example.test/bob":      "the same URL",
		"xmpps://alice:pw@example.test/bob/":     "ΔURL",
	} {
		s := open(t, 80, 24, Options{URL: "xmpps://alice:pw@example.test/bob"})
		s.press("enter")
		s.finish()
		s.url.replace(edit, len(edit))
		s.edited()
		s.press("r")
		s.finish()
		s.press("=")
		s.mustShow("How the URL was read", want)
	}
}

// TestCopiesWhatIsSeen: of an older run, y copies the URL that stands there.
func TestCopiesWhatIsSeen(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL})
	s.press("enter")
	s.finish()
	s.press("ctrl+l", "&roster=yes", "esc", "enter")
	s.finish()
	s.press("[", "y")
	if _, text := s.url.copied(s.screen); strings.Contains(text, "roster") {
		t.Errorf("it copies %s, which is not what stands there", text)
	}
	s.mustShow("copied the URL of run 1 without its password")
}

// TestWhatAnEndLeaves: what is said of a run that is going is gone when it is over, its
// last second is no nought, and nobody is sent to again before.
func TestWhatAnEndLeaves(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL, Body: "hi", Run: running().run})
	s.press("ctrl+s", "enter")
	s.hear(len(running().events))
	for _, left := range []time.Duration{10 * time.Millisecond, 1900 * time.Millisecond} {
		last := s.run().Stages[6]
		s.elapsed = last.Start + time.Duration(float64(s.run().Spec.Reading.RTO)*float64(time.Second)) - left
		s.mustShow(fmt.Sprintf("gives up in %d s; esc cancels", 1+left/time.Second))
	}
	s.press("S")
	s.mustShow(runGoing)
	s.press("esc")
	s.mustShow(cancelling)
	s.finish()
	if strings.Contains(s.plain(), cancelling) {
		t.Errorf("it is over, and being cancelled:\n%s", s.plain())
	}
}
