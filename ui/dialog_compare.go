package ui

import (
	"cmp"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/urlspec"
)

// compare shows how the run on the screen differs from the one before it.
func (s *screen) compare() tea.Cmd {
	a, b := s.before(), s.run()
	s.open(&textDialog{title: fmt.Sprintf("Run %d and run %d", a.ID, b.ID), text: func(s *screen, w int) []string {
		return compareLines(s.st, a, b, w)
	}})
	return nil
}

func compareLines(st *styles, a, b *model.Run, w int) []string {
	c := &comparison{st: st, w: max(8, (w-18)/2)}
	c.lines = []string{"", " " + runLine(st, a, a.Took), " " + runLine(st, b, b.Took)}
	c.head("How the URL was read")
	c.readings(a.Spec, b.Spec)
	c.head("Stages")
	c.stages(a, b)
	return append(c.lines, "")
}

// comparison gathers the lines of two runs side by side.
type comparison struct {
	st    *styles
	w     int // of each of the two columns
	lines []string
}

func (c *comparison) head(text string) {
	c.lines = append(c.lines, "", " "+c.st.titleFocus.Render(text))
}

// pair puts two texts side by side: in full where they differ, for the
// difference may be at the end.
func (c *comparison) pair(label, x, y string, same bool) {
	mark := " "
	left, right := []string{shorten(clean(x), c.w)}, []string{shorten(clean(y), c.w)}
	if !same {
		mark = c.st.info.Render(c.st.glyphs.changed)
		left, right = wrap(clean(x), c.w), wrap(clean(y), c.w)
	}
	for i := range max(len(left), len(right)) {
		a, b := "", ""
		if i < len(left) {
			a = left[i]
		}
		if i < len(right) {
			b = right[i]
		}
		const labelW = 12
		c.lines = append(c.lines, mark+c.st.muted.Render(fit(label, labelW))+" "+fit(a, c.w)+"  "+b)
		mark, label = " ", ""
	}
}

// readings shows where two URLs are read differently, or what else is different.
func (c *comparison) readings(a, b urlspec.Spec) {
	if a.Text == b.Text {
		c.lines = append(c.lines, " the same URL")
		return
	}
	start := len(c.lines)
	before, after := model.Assembly(a), model.Assembly(b)
	byKey := func(rows []model.Row) map[string]model.Row {
		m := map[string]model.Row{}
		for _, r := range rows {
			m[r.Key] = r
		}
		return m
	}
	old, now := byKey(before), byKey(after)
	text := func(r model.Row) string { return strings.TrimSpace(r.Value + "  " + r.Note) }
	for _, r := range after {
		if text(old[r.Key]) != text(r) {
			c.pair(r.Label, text(old[r.Key]), text(r), false)
		}
	}
	for _, r := range before {
		if _, still := now[r.Key]; !still {
			c.pair(r.Label, text(r), "–", false)
		}
	}
	for _, d := range settingsChanged(a, b) {
		c.pair(d.name+"=", cmp.Or(d.before, "–"), cmp.Or(d.after, "–"), false)
	}
	switch {
	case len(c.lines) > start:
	case a.Redacted() == b.Redacted():
		c.lines = append(c.lines, " the same but for the password")
	default: // written otherwise
		c.pair("URL", a.Redacted(), b.Redacted(), false)
	}
}

// stages shows the stages of the second run, and beside them those of the first.
func (c *comparison) stages(a, b *model.Run) {
	text := func(s *model.Stage) string {
		if s == nil {
			s = &model.Stage{} // the other run did not take it
		}
		if s.State == "" {
			return s.Words()
		}
		sign, _ := c.st.state(s.State)
		return sign + " " + model.Duration(s.Took) + "  " + s.Words()
	}
	for _, now := range b.Stages {
		before := a.Stage(now.Name)
		same := before != nil && before.State == now.State && before.Text == now.Text // times differ always
		c.pair(string(now.Name), text(before), text(&now), same)
	}
}

// settingChange is a parameter with another value in another URL.
type settingChange struct{ name, before, after string }

// settingsChanged are the parameters that two URLs do not have alike, secrets
// left out.
func settingsChanged(a, b urlspec.Spec) []settingChange {
	before := map[string]urlspec.Setting{}
	for _, s := range a.Settings() {
		before[s.Name] = s
	}
	var changes []settingChange
	add := func(x, y urlspec.Setting, name string) {
		if x.Value != y.Value && (x.Set || y.Set) && !x.Secret && !y.Secret {
			changes = append(changes, settingChange{name, x.Value, y.Value})
		}
	}
	for _, s := range b.Settings() {
		add(before[s.Name], s, s.Name)
		delete(before, s.Name)
	}
	for _, s := range a.Settings() { // those that Apprise does not know
		if _, gone := before[s.Name]; gone {
			add(s, urlspec.Setting{}, s.Name)
		}
	}
	return changes
}
