package ui

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/sahilm/fuzzy"
)

// paletteDialog finds any action by the letters of its help. What was done last,
// and what is likely to be wanted now, comes first; what cannot be done now comes
// behind the rest, and the way out last.
type paletteDialog struct {
	in   editor
	list window
	// all are the actions that can be found, in the order in which they are listed
	// while nothing is typed.
	all []binding
	// typing is restored before an action runs.
	typing bool
	found  []foundAction
}

// foundAction is an action and the bytes of its help that were typed.
type foundAction struct {
	binding
	typed []int
}

func (s *screen) openPalette() tea.Cmd {
	d := &paletteDialog{typing: s.typing}
	from := s.place()
	for _, b := range s.keymap.at[from] {
		d.all = append(d.all, b.binding)
	}
	for _, b := range s.keymap.all {
		if b.at&from == 0 && b.at&commands == commands {
			d.all = append(d.all, b)
		}
	}
	d.all = slices.DeleteFunc(d.all, func(b binding) bool { return b.help == "" || b.do == nil || b.show == "^p" })
	ranks := make(map[string]int, len(d.all))
	for _, b := range d.all {
		ranks[b.help] = s.rank(b)
	}
	slices.SortStableFunc(d.all, func(a, b binding) int { return cmp.Compare(ranks[a.help], ranks[b.help]) })
	d.search()
	s.open(d)
	return nil
}

// rank is how late an action is listed.
func (s *screen) rank(b binding) int {
	const likely, open, dead, out = 100, 200, 300, 400
	r := s.run()
	switch recent := slices.Index(s.used, b.help); {
	case b.short == "quit" || strings.HasPrefix(b.help, "quit"):
		return out
	case b.why != nil && b.why(s) != "":
		return dead
	case recent >= 0:
		return recent
	case b.short == "fix":
		return likely
	case b.short == "check" && (r == nil || r.Spec.Text != s.url.text):
		return likely + 1
	case b.short == "send":
		return likely + 2
	}
	return open
}

// usedActions is how many actions are remembered as recent.
const usedActions = 5

// remember notes an action as the one that was done last.
func (s *screen) remember(b binding) {
	s.used = slices.DeleteFunc(s.used, func(help string) bool { return help == b.help })
	s.used = append([]string{b.help}, s.used[:min(len(s.used), usedActions-1)]...)
}

// search gathers the actions that have all the letters, the best match first.
func (d *paletteDialog) search() {
	d.list, d.found = window{}, nil
	want := strings.Join(strings.Fields(d.in.text), "")
	if want == "" {
		for _, b := range d.all {
			d.found = append(d.found, foundAction{binding: b})
		}
		return
	}
	for _, m := range fuzzy.FindFrom(want, actions(d.all)) {
		d.found = append(d.found, foundAction{d.all[m.Index], m.MatchedIndexes})
	}
}

// actions are what package fuzzy looks through.
type actions []binding

func (a actions) Len() int            { return len(a) }
func (a actions) String(i int) string { return a[i].help + " " + a[i].short + " " + a[i].show }

func (d *paletteDialog) paste(text string) { d.in.insert(text); d.search() }

func (d *paletteDialog) key(s *screen, msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc", "ctrl+p":
		s.closeDialog()
	case "down", "ctrl+n":
		d.list.move(1, len(d.found))
	case "up":
		d.list.move(-1, len(d.found))
	case "enter":
		if d.list.selected >= len(d.found) {
			return nil
		}
		b := d.found[d.list.selected].binding
		s.closeDialog()
		s.typing = d.typing && b.at&typing != 0
		if b.why != nil {
			if why := b.why(s); why != "" {
				s.notice = why
				return nil
			}
		}
		s.remember(b)
		return b.do(s)
	default:
		if s.keymap.editing.edit(&d.in, msg) {
			d.search()
		}
	}
	return nil
}

func (d *paletteDialog) draw(s *screen, w, h int) (string, view) {
	const keyW = 11
	h = min(h, 16)
	body := d.list.drawRows(len(d.found), max(1, h-2), true, func(i int) string {
		b := d.found[i]
		text := ""
		if b.why != nil && b.why(s) != "" {
			text = s.st.muted.Render(shorten(b.help+"  not now: "+b.why(s), w-keyW-4))
		} else {
			text = shorten(lipgloss.StyleRunes(b.help, withinText(b.typed, b.help), s.st.match.style, s.st.text.style), w-keyW-4)
		}
		return " " + s.st.key.Render(fit(s.shownKey(b.show), keyW)) + " " + text
	})
	text, before := d.in.shown()
	v := show(append([]string{" > " + text, ""}, body.lines...)...)
	if body.selected >= 0 {
		v.selected = body.selected + 2
	}
	if len(d.found) == 0 {
		v.lines = append(v.lines, " "+s.st.muted.Render("no action has these letters"))
	}
	for i := range v.lines {
		v.lines[i] = fit(v.lines[i], max(0, min(w, 88)-2))
	}
	v.cursor = &point{3 + cells(before), 0}
	v.right = "enter does it · esc"
	return "Actions", v
}

// withinText keeps the offsets that lie within a text, which is ASCII.
func withinText(at []int, text string) []int {
	return slices.DeleteFunc(slices.Clone(at), func(i int) bool { return i >= len(text) })
}
