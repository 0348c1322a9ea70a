package ui

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"xmppscope/ui/urlview"
	"xmppscope/xmppcore/event"
)

// situations are the states that the sweeps go through: every scene, and every
// pane and dialog over a run.
func situations() map[string][]string {
	return map[string][]string{
		"url": nil, "command": {"esc"}, "jids": {"esc", "2"}, "stages": {"esc", "3"}, "params": {"esc",
			"4"}, "param edited": {"esc", "4", "enter", "x"},
		"events": {"esc", "5"}, "wrapped": {"esc", "5", "w", "F"}, "filter": {"esc", "5", "&", "tls"}, "search": {"esc", "5",
			"/", "server", "enter", "n"}, "xml search": {"esc", "6", "/", "a", "enter", "N"},
		"certificate": {"esc", "C"}, "stage": {"esc", "3", "g", "down", "down", "down", "down", "enter"}, "login": {"esc",
			"3", "g", "down", "down", "down", "down", "down", "down", "enter"},
		"recipient": {"esc", "7", "esc", "enter"}, "matrix": {"esc", "M"}, "matrix way": {"alt+m",
			"down"}, "matrix end": {"alt+m", "G"}, "xml": {"esc", "6"}, "xml open": {"esc", "6", "g", "down", "enter"},
		"send": {"esc", "7"}, "send command": {"esc", "7", "esc"}, "help": {"esc", "?"}, "help end": {"esc", "?",
			"G"}, "palette": {"ctrl+p", "send"},
		"details": {"esc", "d"}, "event": {"esc", "5", "enter"}, "runs": {"esc",
			"H"}, "confirm": {"ctrl+s"}, "privacy": {"esc", "p"},
		"compare": {"r", "="},
	}
}

// sweepSizes are the sizes around which the arrangement changes, from nothing to
// 200x60. TestArrangeCoversTheScreen goes through all of them.
func sweepSizes() [][2]int {
	sizes := [][2]int{{0, 0}, {1, 1}, {2, 2}, {3, 3}, {5, 4}, {7, 60}, {200, 2}, {200, 60}, {55, 17}, {90, 27}, {150, 45}}
	for _, w := range []int{narrowWidth, normalWidth, wideWidth} {
		for _, h := range []int{narrowHeight, normalHeight, wideHeight} {
			sizes = append(sizes, [2]int{w, h}, [2]int{w - 1, h - 1}, [2]int{w, h - 1}, [2]int{w - 1, h})
		}
	}
	return sizes
}

func TestEverySizeDraws(t *testing.T) {
	for name, keys := range situations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, 100, 30, Options{URL: goodURL, Title: "Grüße", Body: "日本 👩‍🚀\nzwei",
				Run: explained(t).run})
			s.press("enter")
			s.finish()
			if name == "compare" {
				s.press("esc")
			}
			s.press(keys...)
			s.finish()
			for _, d := range sweepSizes() {
				w, h := d[0], d[1]
				s.Update(tea.WindowSizeMsg{Width: w, Height: h})
				v := s.View()
				if w == 0 || h == 0 {
					continue
				}
				lines := strings.Split(v.Content, "\n")
				if len(lines) > h {
					t.Fatalf("%s: %d lines", size(w, h), len(lines))
				}
				for _, line := range lines {
					if n := ansi.StringWidth(line); n > w {
						t.Fatalf("%s: a line of %d cells: %q", size(w, h), n, ansi.Strip(line))
					}
				}
				if v.Cursor != nil && (v.Cursor.X < 0 || v.Cursor.X >= w || v.Cursor.Y < 0 || v.Cursor.Y >= h) {
					t.Fatalf("%s: the cursor is at %d, %d", size(w, h), v.Cursor.X, v.Cursor.Y)
				}
			}
		})
	}
}

// A password is in no frame: not as typed, not decoded, not in base64, and not
// while the URL is only half there.
func TestPasswordIsNeverDrawn(t *testing.T) {
	const secret = "k4n4r1en/v0g3l"
	encoded := url.PathEscape(secret)
	raw := "xmpps://alice:" + encoded + "@example.test/bob"
	forms := []string{secret, encoded, "k4n4r1en", "v0g3l",
		base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + secret))}
	check := func(t *testing.T, s *stage) {
		t.Helper()
		content := s.plain()
		for _, form := range forms {
			if strings.Contains(content, form) {
				t.Fatalf("the screen shows %q:\n%s", form, content)
			}
		}
	}
	for name, keys := range situations() {
		t.Run(name, func(t *testing.T) {
			for _, text := range []string{raw, "xmpps://alice@example.test/bob?pass=" + encoded} {
				s := open(t, 120, 40, Options{URL: text, Body: "hi", Run: explained(t).run})
				s.press("enter")
				s.finish()
				if name == "compare" {
					s.press("esc")
				}
				s.press(keys...)
				s.finish()
				check(t, s)
			}
		})
	}
	t.Run("typed", func(t *testing.T) {
		s := open(t, 120, 40, Options{})
		for i, r := range raw {
			s.press(string(r))
			if i > len("xmpps://alice:k4n4r1en") {
				check(t, s)
			}
		}
	})
	t.Run("asked for", func(t *testing.T) {
		s := open(t, 120, 40, Options{URL: "xmpps://alice@example.test/bob", Run: explained(t).run})
		s.press("enter", secret)
		check(t, s)
		s.mustShow("Password", strings.Repeat("•", len(secret)))
		s.press("enter")
		s.finish()
		check(t, s)
	})
}

// Text from the network cannot move the cursor or paint beyond its place.
func TestHostileTextLeavesTheScreenIntact(t *testing.T) {
	nasty := "\x1b[2J\x1b]0;owned\x07\u009b31m\u202egnp.exe\u2028\r\n\t" + strings.Repeat("\u0301", 100_000) + "日本\xff"
	sc := explained(t)
	for i := range sc.events {
		sc.events[i].Text = nasty
		sc.events[i].Item = nasty
	}
	sc.events[3].Data = event.Room{JID: nasty, Nick: nasty, Error: &event.Failure{Condition: nasty, Text: nasty}}
	sc.xml = append(sc.xml, event.XML{Text: "<message><body>" + nasty + "</body></message>"})
	cells := someCells()
	for i := range cells {
		cells[i].Hosts, cells[i].From = []string{nasty}, []event.Source{event.Source(nasty)}
		if cells[i].Failure != nil {
			cells[i].Failure.Text, cells[i].Failure.Detail = nasty, nasty
		}
		if cells[i].Certificate != nil {
			cells[i].Certificate.Detail = nasty
		}
	}
	for name, keys := range situations() {
		t.Run(name, func(t *testing.T) {
			s := open(t, 100, 30, Options{URL: goodURL, Run: sc.run, Explore: looks{cells: cells}.explore})
			s.press("enter")
			s.finish()
			s.press("esc")
			s.press(keys...)
			s.finish()
			content := s.View().Content
			for _, line := range strings.Split(content, "\n") {
				if n := ansi.StringWidth(line); n > 100 {
					t.Fatalf("a line of %d cells", n)
				}
			}
			for _, r := range ansi.Strip(content) {
				if r != '\n' && urlview.Hidden(r) {
					t.Fatalf("%U reaches the terminal", r)
				}
			}
			if strings.Contains(content, "\x1b]") || strings.Contains(content, "\x1b[2J") {
				t.Fatal("an escape sequence reaches the terminal")
			}
		})
	}
}
