package ui

import (
	"context"
	"strings"
	"testing"

	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// TestSeveralURLs: of a text with several URLs one is picked, however the text
// came, and the others can be brought back.
func TestSeveralURLs(t *testing.T) {
	const text = "xmpps://al:pw1@h.example/b, xmpps://c:pw2@i.example/d"
	t.Run("opened", func(t *testing.T) {
		s := open(t, 80, 24, Options{URL: text})
		s.mustShow("2 URLs in one text", "1 xmpps://al:••••••••@h.example/b",
			"2 xmpps://c:••••••••@i.example/d")
		s.press("2")
		s.mustShow("c@i.example", "d@i.example")
	})
	t.Run("pasted", func(t *testing.T) {
		s := open(t, 80, 24, Options{})
		s.paste(text)
		s.press("down", "enter")
		s.mustShow("c@i.example")
	})
	t.Run("typed, and checked", func(t *testing.T) {
		s := open(t, 80, 24, Options{})
		s.press(text, "enter")
		s.mustShow("2 URLs in one text")
		if s.runs.Len() > 0 {
			t.Fatal("it was connected before one was picked")
		}
		s.press("enter")
		s.finish()
		if s.runs.Len() != 1 || s.url.text != "xmpps://al:pw1@h.example/b" {
			t.Errorf("%d runs, and the URL is %s", s.runs.Len(), s.url.text)
		}
		s.press("alt+u")
		if s.url.text != text {
			t.Errorf("the others are lost: %s", s.url.text)
		}
	})
}

// TestOfferedFixes: a fix that is for the person to decide on is made after the
// answer, and each answer has its own.
func TestOfferedFixes(t *testing.T) {
	const url = "xmpps://alice:secret@h.example?optional=maybe"
	for keys, want := range map[string]string{
		"enter": "optional=yes", "2": "optional=no", "down enter": "optional=no", "esc": "optional=maybe",
	} {
		s := open(t, 80, 24, Options{URL: url})
		s.press("alt+f")
		s.mustShow("Which was meant?", "xmpps://alice:••••••••@h.example?optional=yes", "?optional=no")
		s.press(strings.Fields(keys)...)
		if !strings.HasSuffix(s.url.text, want) {
			t.Errorf("%s makes %s of it, want %s", keys, s.url.text, want)
		}
	}
}

// TestDoubtfulHost: while the host may be a part of the password nothing is
// connected, unless that is asked for; the network gets the host as Apprise
// reads it then, and the screen does not show it.
func TestDoubtfulHost(t *testing.T) {
	const url = "xmpps://alice:p@ssw0rd@example.test/bob"
	for _, asRead := range []bool{false, true} {
		host := ""
		s := open(t, 120, 40, Options{URL: url, AsRead: asRead,
			Run: func(_ context.Context, job xmppcore.Job, _ event.Trace) error {
				host = job.Reading.TCPHost
				return nil
			}})
		s.press("enter")
		s.finish()
		s.press("ctrl+s", "esc", "M")
		s.finish()
		if asRead != (host == "ssw0rd") || asRead != (s.runs.Len() > 0) {
			t.Errorf("as read %v: connected to %q in %d runs", asRead, host, s.runs.Len())
		}
		if !asRead {
			s.mustShow("not connected: host or user may hold a part of the password", "alt+f, write %40")
		}
		s.press("esc", "esc")
		if screen := s.plain(); strings.Contains(screen, "ssw0rd") || !strings.Contains(screen,
			"alice@••••••••") {
			t.Errorf("as read %v:\n%s", asRead, screen)
		}
	}
}
