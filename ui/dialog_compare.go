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
	s.open(&pages{title: fmt.Sprintf("Run %d and run %d", a.ID, b.ID), text: func(s *screen, w int) []string {
		return compareLines(s.st, a, b, w)
	}})
	return nil
}

func compareLines(st *styles, a, b *model.Run, w int) []string {
	lines := []string{"", " " + runLine(st, a, a.Took), " " + runLine(st, b, b.Took)}
	head := func(text string) { lines = append(lines, "", " "+st.titleFocus.Render(text)) }
	labelW, colW := 12, max(8, (w-18)/2)
	pair := func(label, x, y string, same bool) {
		mark := " "
		if !same {
			mark = st.info.Render(st.glyphs.changed)
		}
		left, right := []string{shorten(clean(x), colW)}, []string{shorten(clean(y), colW)}
		if !same { // in full: the difference may be at the end
			left, right = wrap(clean(x), colW), wrap(clean(y), colW)
		}
		for i := range max(len(left), len(right)) {
			a, b := "", ""
			if i < len(left) {
				a = left[i]
			}
			if i < len(right) {
				b = right[i]
			}
			lines = append(lines, mark+st.muted.Render(fit(label, labelW))+" "+fit(a, colW)+"  "+b)
			mark, label = " ", ""
		}
	}
	head("How the URL was read")
	if a.Spec.Text == b.Spec.Text {
		lines = append(lines, " the same URL")
	}
	before, after := model.Assembly(a.Spec), model.Assembly(b.Spec)
	rowsOf := func(rows []model.Row) map[string]model.Row {
		m := map[string]model.Row{}
		for _, r := range rows {
			m[r.Key] = r
		}
		return m
	}
	old, now := rowsOf(before), rowsOf(after)
	text := func(r model.Row) string { return strings.TrimSpace(r.Value + "  " + r.Note) }
	for _, r := range after {
		if text(old[r.Key]) != text(r) {
			pair(r.Label, text(old[r.Key]), text(r), false)
		}
	}
	for _, r := range before {
		if _, still := now[r.Key]; !still {
			pair(r.Label, text(r), "–", false)
		}
	}
	for _, d := range settingsChanged(a.Spec, b.Spec) {
		pair(d.name+"=", cmp.Or(d.before, "–"), cmp.Or(d.after, "–"), false)
	}
	head("Stages")
	for _, stage := range b.Stages {
		x, y := a.Stage(stage.Name), stage
		told := func(x *model.Stage) string {
			if x == nil {
				x = &model.Stage{} // the other run did not take it
			}
			if x.State == "" {
				return x.Words()
			}
			sign, _ := st.state(x.State)
			return sign + " " + model.Duration(x.Took) + "  " + x.Words()
		}
		same := x != nil && x.State == y.State && x.Text == y.Text // times differ always
		pair(string(stage.Name), told(x), told(&y), same)
	}
	return append(lines, "")
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
