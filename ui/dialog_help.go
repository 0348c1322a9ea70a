package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// openHelp shows every key of the keymap, those of this pane first. What cannot be
// done now is dim; the key itself says why.
func (s *screen) openHelp() tea.Cmd {
	here := s.focus
	s.open(&textDialog{title: "Help", text: func(s *screen, w int) []string { return s.helpLines(here, w) }})
	return nil
}

// helpGroup is one part of the help: the keys of the same panes.
type helpGroup struct {
	title string
	keys  []binding
	rank  int // how late it is shown
}

// helpGroups gathers the keys by where they belong, this pane's first.
func (s *screen) helpGroups(here pane) []helpGroup {
	const own, all, other = 0, 10, 20
	var groups []helpGroup
	add := func(title string, rank int, b binding) {
		i := slices.IndexFunc(groups, func(g helpGroup) bool { return g.title == title })
		if i < 0 {
			i = len(groups)
			groups = append(groups, helpGroup{title: title, rank: rank})
		}
		groups[i].keys = append(groups[i].keys, b)
	}
	lists := commands &^ s.keymap.url
	for _, b := range s.keymap.all {
		if b.help == "" {
			continue
		}
		var names []string
		mine := false
		for i, p := range s.panes {
			if b.at&placesOf(i+1) != 0 {
				names = append(names, fmt.Sprint(i+1)+" "+p.name())
				mine = mine || p == here
			}
		}
		switch {
		case b.at == commands && len(names) == len(s.panes):
			add("While nothing is typed", all+1, b)
		case b.at&commands == lists:
			list, _ := here.rows(s)
			rank := other + 1
			if list != nil {
				rank = own + 2
			}
			add("In any list", rank, b)
		case len(names) == len(s.panes):
			add("Everywhere", all, b)
		case mine && len(names) == 1:
			add(names[0]+" (here)", own, b)
		case mine:
			add(strings.Join(names, ", ")+" (here too)", own+1, b)
		default:
			add(strings.Join(names, ", "), other, b)
		}
	}
	slices.SortStableFunc(groups, func(a, b helpGroup) int { return cmp.Compare(a.rank, b.rank) })
	return groups
}

func (s *screen) helpLines(here pane, w int) []string {
	const keyW = 11
	var lines []string
	para := func(text string) {
		for _, line := range wrap(text, max(10, w-3)) {
			lines = append(lines, " "+s.st.muted.Render(line))
		}
	}
	line := func(show, help string, dead bool) {
		key, text := s.st.key, s.st.text
		if dead {
			key, text = s.st.muted, s.st.muted
		}
		for i, part := range wrap(help, max(10, w-keyW-4)) {
			lead := " " + strings.Repeat(" ", keyW)
			if i == 0 {
				lead = " " + key.Render(fit(s.shownKey(show), keyW))
			}
			lines = append(lines, lead+" "+text.Render(part))
		}
	}
	head := func(title string) { lines = append(lines, "", " "+s.st.titleFocus.Render(title)) }
	for i, group := range s.helpGroups(here) {
		if head(group.title); i == 0 {
			lines = lines[1:]
		}
		for _, b := range group.keys {
			line(b.show, b.help, b.why != nil && b.why(s) != "")
		}
	}
	head("Editing text")
	for _, k := range s.keymap.editing {
		line(k.show, k.help, false)
	}
	head("Signs")
	for _, text := range wrap(s.legend(), max(10, w-3)) {
		lines = append(lines, " "+text)
	}
	lines = append(lines, "")
	para("What is dim cannot be done now; its key says why.")
	para("A URL is read on every key, exactly as Apprise reads it. In the URL, enter connects and logs in, but sends " +
		"nothing; ^s sends. Single letters work while nothing is typed.")
	para("written < taken by the server < reflected < received: nothing is called delivered without it.")
	return lines
}

func (s *screen) legend() string {
	g := s.st.glyphs
	return strings.Join([]string{g.ok + " ok", g.warn + " warning", g.fail + " failed", g.running + " under way",
		g.skip + " skipped", g.waiting + " not reached", g.changed + " differs from the run before",
		g.meant + " probably meant", cutSign + " goes on, or is yet to be typed",
		g.bullet + " set in the URL; evidence"}, "   ")
}
