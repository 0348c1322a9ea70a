package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// openHelp shows every key of the keymap. What cannot be done now says why.
func (s *screen) openHelp() tea.Cmd {
	at := s.place()
	s.open(&textDialog{title: "Help", text: func(s *screen, w int) []string { return s.helpLines(at, w) }})
	return nil
}

// helpGroup is one part of the help: the keys of the same places.
type helpGroup struct {
	title string
	in    func(places) bool
}

func (m *keymap) helpGroups() []helpGroup {
	only := func(set places) func(places) bool {
		return func(at places) bool { return at&^set == 0 }
	}
	lists := commands &^ m.url
	return []helpGroup{
		{"Everywhere", func(at places) bool { return at == everywhere || at&typing != 0 && at&lists != 0 }},
		{"URL", only(m.url)},
		{"Message", only(m.send | m.url&commands)},
		{"While nothing is typed", func(at places) bool { return at == commands }},
		{"Lists", only(lists)},
		{"Fields", only(typing)},
	}
}

func (s *screen) helpLines(at places, w int) []string {
	const keyW = 11
	var lines []string
	for _, text := range wrap("A URL is read on every key, exactly as Apprise reads it. Enter connects and logs in, "+
		"but sends nothing; ^s sends. Single letters work while nothing is typed.", max(10, w-3)) {
		lines = append(lines, " "+s.st.muted.Render(text))
	}
	line := func(show, help, why string) {
		if why != "" {
			help += s.st.warn.Render("  not now: " + why)
		}
		for i, text := range wrap(help, max(10, w-keyW-4)) {
			lead := " " + strings.Repeat(" ", keyW)
			if i == 0 {
				lead = " " + s.st.key.Render(fit(s.shownKey(show), keyW))
			}
			lines = append(lines, lead+" "+text)
		}
	}
	seen := map[int]bool{}
	for _, group := range s.keymap.helpGroups() {
		first := true
		for i, b := range s.keymap.all {
			if seen[i] || b.help == "" || !group.in(b.at) {
				continue
			}
			if first {
				lines, first = append(lines, "", " "+s.st.titleFocus.Render(group.title)), false
			}
			seen[i] = true
			why := ""
			if b.why != nil && b.at&at != 0 {
				why = b.why(s)
			}
			line(b.show, b.help, why)
		}
	}
	lines = append(lines, "", " "+s.st.titleFocus.Render("Editing text"))
	for _, k := range s.keymap.editing {
		line(k.show, k.help, "")
	}
	lines = append(lines, "", " "+s.st.titleFocus.Render("Signs"))
	for _, text := range wrap(s.legend(), max(10, w-3)) {
		lines = append(lines, " "+text)
	}
	ladder := "written < taken by the server < reflected < received: nothing is called delivered without it."
	return append(lines, "", " "+s.st.muted.Render(ladder))
}

func (s *screen) legend() string {
	g := s.st.glyphs
	return strings.Join([]string{g.ok + " ok", g.warn + " warning", g.fail + " failed", g.running + " under way",
		g.skip + " skipped", g.waiting + " not reached", g.changed + " differs from the run before",
		g.bullet + " set in the URL; evidence"}, "   ")
}
