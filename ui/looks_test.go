package ui

import (
	"fmt"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/matrix"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// looks is how the frame is coloured on a dark and on a light background: a
// legend with a letter for every look, and every row as runs of letters with
// their lengths. The cells that a row does not name have no look at all.
func (st *stage) looks() string {
	st.Helper()
	dark, light := st.drawnIn(ThemeDark), st.drawnIn(ThemeLight)
	letters := map[string]byte{}
	var legend, rows strings.Builder
	for y := range st.h {
		var runs []string
		last, length := "", 0
		flush := func() {
			if length == 0 {
				return
			}
			letter := byte('.')
			if last != "" {
				known, ok := letters[last]
				if !ok {
					known = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[len(letters)]
					letters[last] = known
					fmt.Fprintf(&legend, "%c %s\n", known, last)
				}
				letter = known
			}
			runs = append(runs, fmt.Sprintf("%d%c", length, letter))
		}
		for x := range st.w {
			a, b := cellLook(dark, x, y), cellLook(light, x, y)
			look := ""
			if a+b != "" {
				look = a + " | " + b
			}
			if look != last {
				flush()
				last, length = look, 0
			}
			length++
		}
		if last != "" {
			flush()
		}
		rows.WriteString(strings.Join(runs, " ") + "\n")
	}
	return "--- looks: dark | light\n" + legend.String() + "---\n" + rows.String()
}

// drawnIn draws the screen in a theme. The text must be the same in all.
func (st *stage) drawnIn(theme Theme) *lipgloss.Canvas {
	st.Helper()
	before := st.opts.Theme
	want := st.plain()
	st.opts.Theme = theme
	st.restyle()
	defer func() { st.opts.Theme = before; st.restyle() }()
	if got := st.plain(); got != want {
		st.Errorf("the theme %s changes the text:\n%s\nit was:\n%s", theme, got, want)
	}
	content, _ := st.frame()
	canvas := lipgloss.NewCanvas(st.w, st.h)
	drawText(canvas, rect{0, 0, st.w, st.h}, content)
	return canvas
}

// cellLook is the look of a cell as the parameters of its escape code (SGR).
func cellLook(canvas *lipgloss.Canvas, x, y int) string {
	c := canvas.CellAt(x, y)
	if c == nil {
		return ""
	}
	return strings.TrimSuffix(strings.TrimPrefix(c.Style.String(), "\x1b["), "m")
}

// No state is told by colour alone: without any look the frames of different
// states are different, and each has its sign.
func TestNoStateByColourAlone(t *testing.T) {
	differ := func(t *testing.T, frames map[string]string) {
		t.Helper()
		for a, x := range frames {
			for b, y := range frames {
				if a < b && x == y {
					t.Errorf("%s and %s look the same without colour:\n%s", a, b, x)
				}
			}
		}
	}
	drawn := func(s *stage) string { return s.plain() }

	t.Run("stage", func(t *testing.T) {
		frames := map[string]string{}
		for _, state := range []event.State{event.Start, event.OK, event.Warn, event.Fail, event.Skip} {
			s := open(t, 80, 24, Options{URL: goodURL, Run: script{events: told("dns " + string(state) + " the same text")}.run})
			s.press("enter")
			s.finish()
			line := stageLine(s.st, s.run().Stages[0], 0, 80)
			frames[string(state)] = ansi.Strip(line)
			frames["lamp "+string(state)] = "lamp " + ansi.Strip(drawLamps(s.st, s.run(), 80))
			frames["event "+string(state)] = "event " + ansi.Strip(eventLead(s.st, s.run().Events[len(s.run().Events)-1], false))
		}
		differ(t, frames)
	})
	t.Run("severity", func(t *testing.T) {
		s := open(t, 80, 24, Options{})
		frames := map[string]string{}
		for _, level := range []urlspec.Severity{urlspec.Error, urlspec.Warning, urlspec.Info} {
			frames[string(level)], _ = s.st.severity(level)
		}
		differ(t, frames)
	})
	t.Run("evidence", func(t *testing.T) {
		line := func(s *stage, d event.Delivery) string {
			row := recipient{kind: "chat", jid: "bob@example.test", delivery: &d, evidence: (&model.Run{}).EvidenceFact(d)}
			return ansi.Strip(recipientLine(s.st, row, false, 78))
		}
		s := open(t, 80, 24, Options{})
		frames := map[string]string{}
		for _, e := range []event.Evidence{event.NotSent, event.Written, event.Accepted, event.Reflected, event.Received} {
			frames["evidence "+string(e)] = line(s, event.Delivery{Evidence: e})
		}
		frames["came back"] = line(s, event.Delivery{Evidence: event.Written, Error: &event.Failure{Condition: "gone"}})
		differ(t, frames)
	})
	t.Run("focus and selection", func(t *testing.T) {
		frames := map[string]string{}
		s := open(t, 120, 40, Options{URL: goodURL, Run: failing().run})
		s.press("enter")
		s.finish()
		s.press("esc")
		for _, p := range []string{"1", "2", "3", "4", "5", "6", "7"} {
			s.press(p, "esc")
			s.notice = ""
			frames["pane "+p] = drawn(s)
			if p != "1" && p != "6" && p != "5" {
				s.press("down")
				frames["pane "+p+", next row"] = drawn(s)
			}
		}
		differ(t, frames)
	})
	t.Run("parameter", func(t *testing.T) {
		frames := map[string]string{}
		for _, url := range []string{"xmpps://alice:pw@example.test/bob",
			"xmpps://alice:pw@example.test/bob?mode=starttls", "xmpps://alice:pw@example.test/bob?moed=tls"} {
			s := open(t, 120, 40, Options{URL: url})
			s.press("esc", "4")
			v := s.params.draw(s.screen, 60, 30, false)
			frames[url] = ansi.Strip(strings.Join(v.lines, "\n"))
		}
		differ(t, frames)
	})
	t.Run("way", func(t *testing.T) {
		s := open(t, 80, 24, Options{})
		frames := map[string]string{}
		for _, f := range matrix.PlaceFacts(someCells()) {
			if f.Role == fact.RoleValue {
				sign, _ := s.st.state(f.State)
				frames[sign] = sign
			}
		}
		if len(frames) != 3 {
			t.Errorf("%d signs for good, doubtful and bad cells", len(frames))
		}
	})
}
