package ui

import (
	"fmt"
	"image/color"
	"math"
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

// TestThemesAreLegible: on the backgrounds that people have, every colour of a text has
// the contrast that WCAG 2.2 asks of text (1.4.3), but for the lines around the panes.
func TestThemesAreLegible(t *testing.T) {
	for theme, backgrounds := range map[Theme][]string{
		ThemeDark:  {"#000000", "#002b36", "#1e1e2e", "#282828"}, // Solarized Dark, Catppuccin, Gruvbox
		ThemeLight: {"#ffffff", "#fdf6e3"},                       // Solarized Light
	} {
		p := paletteOf(theme)
		for name, c := range map[string]color.Color{"muted": p.muted, "focus": p.focus, "accent": p.accent,
			"second": p.second, "ok": p.ok, "warn": p.warn, "fail": p.fail, "info": p.info} {
			for _, background := range backgrounds {
				if got := contrast(c, lipgloss.Color(background)); got < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.1f", theme, name, background, got)
				}
			}
		}
	}
}

// contrast is the contrast ratio of two colours (WCAG 2.2).
func contrast(a, b color.Color) float64 {
	light := func(c color.Color) float64 {
		sum, weights := 0.0, [3]float64{0.2126, 0.7152, 0.0722}
		red, green, blue, _ := c.RGBA()
		for i, v := range [3]uint32{red, green, blue} {
			part := float64(v) / 0xffff
			if part <= 0.04045 {
				part /= 12.92
			} else {
				part = math.Pow((part+0.055)/1.055, 2.4)
			}
			sum += weights[i] * part
		}
		return sum
	}
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestNothingOfWeightIsFaint: with the terminal's own colours, what was meant and what
// helps are not faint, which some terminals draw so that it can hardly be read; and no
// theme uses bright black, which is Solarized Dark's background.
func TestNothingOfWeightIsFaint(t *testing.T) {
	st := newStyles(ThemeANSI)
	for name, l := range map[string]look{"text": st.text, "meant": st.tentative, "key": st.key, "fail": st.fail} {
		if l.style.GetFaint() {
			t.Errorf("%s is faint", name)
		}
	}
	for name, scene := range scenes() {
		s := scene(t, 80, 24)
		s.opts.Theme = ThemeANSI
		s.restyle()
		if content := s.View().Content; strings.Contains(content, "[90m") || strings.Contains(content, ";90m") {
			t.Errorf("%s is drawn in bright black", name)
		}
	}
}
