package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"xmppscope/xmppcore/event"
)

// TestPaste: a carriage return is a line break; what is pasted goes to the pane that
// has the keys, or into the URL if it holds one; much asks first.
func TestPaste(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL})
	s.press("7")
	s.paste("first line\rsecond\r\nthird")
	if s.send.body.text != "first line\nsecond\nthird" {
		t.Errorf("the message is %q", s.send.body.text)
	}
	s.press("esc", "3")
	s.paste("no URL at all")
	s.mustShow("this pane takes no text")
	s.paste("curl xmpps://bob:pw@example.test/carol now")
	if s.url.text != "xmpps://bob:pw@example.test/carol" || s.focus != &s.url {
		t.Errorf("the URL is %s", s.url.spec.Redacted())
	}
	s.press("alt+7")
	before := s.send.body.text
	s.paste(strings.Repeat("long ", 1000))
	s.mustShow("Paste", "5.0 kB of text", "paste it")
	if s.send.body.text != before {
		t.Error("it was pasted before the answer")
	}
	s.press("enter")
	if len(s.send.body.text) != len(before)+5000 {
		t.Error("it was not pasted after the answer")
	}
}

// TestKeysAreCommandsAtFirst: with a URL in which nothing is wrong, a letter is a
// command; while somebody types, the frames show the keys that jump then.
func TestKeysAreCommandsAtFirst(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL})
	s.press("5")
	if s.focus != &s.events || s.url.text != goodURL {
		t.Error("5 was typed into the URL")
	}
	s = open(t, 80, 24, Options{})
	s.mustShow("alt+1 URL", "alt+3 Stages", "alt+7 Send", "esc keys are commands")
	s.press("esc")
	if strings.Contains(s.plain(), "alt+3") {
		t.Errorf("keys are commands, and the frames still say otherwise:\n%s", s.plain())
	}
}

// TestZoom: any pane has the whole screen to itself, and gives it back.
func TestZoom(t *testing.T) {
	for _, d := range [][2]int{{40, 10}, {60, 20}, {80, 24}, {120, 40}, {200, 60}} {
		s := open(t, d[0], d[1], Options{URL: goodURL, Run: failing().run, Body: "hi"})
		s.press("enter")
		s.finish()
		for n, p := range s.panes {
			s.press(string(rune('1'+n)), "esc", "z")
			if l := s.layout(); len(l.boxes) != 1 || s.shownIn(l.boxes[0]) != p {
				t.Errorf("%v: pane %d is not the only one", d, n+1)
			}
			s.press("z")
		}
		s.press("4", "z", "esc")
		if s.zoomed {
			t.Errorf("%v: esc does not end the zoom", d)
		}
	}
}

// TestLowScreen: what is typed, and to whom, is seen on the smallest screen.
func TestLowScreen(t *testing.T) {
	s := open(t, 40, 10, Options{URL: goodURL})
	s.press("7", "the disk is full")
	s.mustShow("the disk is full", "bob@example.test")
	s.press("ctrl+s")
	s.mustShow("[x] ops@conference", "enter send")
}

// TestPaletteBegins: what it offers first is never the way out.
func TestPaletteBegins(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL})
	s.press("ctrl+p", "enter")
	s.finish()
	if s.runs.Len() != 1 {
		t.Errorf("the first action of a URL that was not checked is another one:\n%s", s.plain())
	}
	s.press("ctrl+p")
	d := s.dialogs[0].(*paletteDialog)
	if last := d.found[len(d.found)-1]; !strings.HasPrefix(last.help, "quit") {
		t.Errorf("the last action is %q", last.help)
	}
	s.press("esc", "ctrl+p", "nxttheme", "enter") // not in one piece
	s.mustShow("theme: auto")
	s.press("ctrl+p")
	if first := s.dialogs[0].(*paletteDialog).found[0]; !strings.HasPrefix(first.help, "next theme") {
		t.Errorf("what was done last is not first: %q", first.help)
	}
}

// TestHelpBeginsHere: the help of a pane begins with its own keys, and every row
// says to which pane it belongs.
func TestHelpBeginsHere(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL})
	for n, first := range map[string]string{"4": "4 Params (here)", "7": "7 Send (here)", "2": "2 JIDs (here)"} {
		s.press("esc", n, "esc", "?")
		lines := strings.Split(s.plain(), "\n")
		found := false
		for _, line := range lines[:8] {
			found = found || strings.Contains(line, first)
		}
		if !found {
			t.Errorf("the help of pane %s does not begin with %q:\n%s", n, first, s.plain())
		}
		s.press("esc")
	}
}

// TestPastVerdict: an older run keeps its verdict, and its URL and JIDs are shown
// with it; the newest one keeps it after an edit.
func TestPastVerdict(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL, Run: failing().run})
	s.press("enter")
	s.finish()
	s.press("ctrl+l", "&subject=yes", "esc")
	s.mustShow("For the URL before your edit:", "rejected the channel binding")
	s.press("r")
	s.finish()
	s.press("[")
	s.mustShow("Run 1, for another URL:", "the URL of run 1")
	if strings.Contains(s.plain(), "subject=yes") {
		t.Errorf("the URL of the older run is not shown:\n%s", s.plain())
	}
	s.press("]")
	s.mustShow("subject=yes")
}

// TestMootQuestion: a question about a run that is going goes with it.
func TestMootQuestion(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL, Run: delivered().run})
	s.press("enter", "r")
	s.mustShow("A run is going")
	s.finish()
	if len(s.dialogs) > 0 {
		t.Errorf("the question is still there:\n%s", s.plain())
	}
}

// TestClicks: with the mouse on, tabs and hints do what they say.
func TestClicks(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL, Run: failing().run})
	s.press("enter")
	s.finish()
	s.press("m")
	s.notice = ""
	click := func(text string) {
		t.Helper()
		for y, line := range strings.Split(s.plain(), "\n") {
			if i := strings.Index(line, text); i >= 0 {
				s.Update(tea.MouseClickMsg{X: cells(line[:i]), Y: y, Button: tea.MouseLeft})
				return
			}
		}
		t.Fatalf("there is no %q:\n%s", text, s.plain())
	}
	click("5 Events")
	if s.focus != &s.events {
		t.Error("the tab takes no click")
	}
	click("? help")
	s.mustShow("Help")
	s.press("esc")
	click("d details")
	s.mustShow("Diagnosis")
	s.press("esc")
	click("f add scramplus=no")
	s.finish()
	if s.runs.Len() != 2 {
		t.Error("the fix takes no click")
	}
}

// TestWholeWhereItMatters: neither the reason of a failure nor the JID that is
// selected is cut.
func TestWholeWhereItMatters(t *testing.T) {
	reason := "the server refused the login with a long reason that does not fit into what is left of the line here"
	events := told(append(upTo(event.StageSASL), "sasl fail "+reason)...)
	failure := &event.Failure{Stage: event.StageSASL, Cause: event.CauseAuth, Condition: "not-authorized"}
	events[len(events)-1].Failure = failure
	url := "xmpps://alice:pw@example.test/" + strings.Repeat("long", 20) + "@conference.example.test"
	for _, d := range [][2]int{{60, 20}, {80, 24}, {120, 40}, {200, 60}} {
		s := open(t, d[0], d[1], Options{URL: url, Run: script{events: events, err: failure}.run})
		s.press("enter")
		s.finish()
		s.press("3", "z")
		flat := func() string {
			return strings.Join(strings.FieldsFunc(s.plain(), func(r rune) bool {
				return strings.ContainsRune(" \n│",
					r)
			}), "")
		}
		if !strings.Contains(flat(), strings.ReplaceAll(reason[:40], " ", "")) {
			t.Errorf("%v: the reason is cut:\n%s", d, s.plain())
		}
		s.press("2", "G")
		if !strings.Contains(flat(), strings.Repeat("long", 20)) {
			t.Errorf("%v: the JID is cut:\n%s", d, s.plain())
		}
	}
	for _, line := range wrap("offered: SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS", 22) {
		if strings.HasSuffix(line, "-") {
			t.Errorf("a mechanism is broken: %q", line)
		}
	}
}

// TestPrivacyCoversWords: a name is covered where it is a word by itself, and what is
// left of it where it was cut; the report is covered too.
func TestPrivacyCoversWords(t *testing.T) {
	names := []string{"alice", "al"}
	for text, want := range map[string]string{
		"alice also writes (RFC 6120)": "xxxxx also writes (RFC 6120)",
		"log in as alice, al":          "log in as xxxxx, xx",
		"malice aliced":                "malice aliced",
		"from ali… a…":                 "from xxx… a…",
		"192.0.2.7:5222 and ::1":       "xxxxxxxxx:5222 and xxx",
	} {
		if got := coverText(text, names); got != want {
			t.Errorf("%q is covered as %q, want %q", text, got, want)
		}
	}
}

// TestTurnBringsNoWarning: space on a parameter goes by what would only warn.
func TestTurnBringsNoWarning(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL})
	before := len(s.url.spec.Problems)
	s.press("4", "g")
	for range 3 {
		s.press("space")
		if strings.Contains(s.url.text, "mode=none") || len(s.url.spec.Problems) > before+1 {
			t.Errorf("space makes it %s", s.url.spec.Redacted())
		}
	}
}
