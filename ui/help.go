package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// openHelp shows every key, drawn from the key table. What cannot be done now
// says why.
func (s *screen) openHelp() tea.Cmd {
	at := s.where()
	s.open(&pages{title: "Help", text: func(s *screen, w int) []string { return s.helpLines(at, w) }})
	return nil
}

// helpGroup is one part of the help: the keys of the same places.
type helpGroup struct {
	title string
	in    func(where) bool
}

func helpGroups() []helpGroup {
	within := func(set where) func(where) bool {
		return func(at where) bool { return at&^set == 0 }
	}
	return []helpGroup{
		{"Everywhere", func(at where) bool {
			return at == everywhere || at&typing != 0 && at&onLists != 0 && at&^everywhere == 0
		}},
		{"URL", within(typingURL | onURL)},
		{"Message", within(typingMessage | onSend | onURL)},
		{"While nothing is typed", func(at where) bool { return at == onPanes }},
		{"Lists", within(onLists)},
		{"Fields", within(typing)},
	}
}

func (s *screen) helpLines(at where, w int) []string {
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
				lead = " " + s.st.key.Render(fit(s.keyName(show), keyW))
			}
			lines = append(lines, lead+" "+text)
		}
	}
	seen := map[int]bool{}
	all := bindings()
	for _, group := range helpGroups() {
		first := true
		for i, b := range all {
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
	for _, k := range editKeys() {
		line(k.show, k.help, "")
	}
	lines = append(lines, "", " "+s.st.titleFocus.Render("Signs"))
	for _, text := range wrap(s.legend(), max(10, w-3)) {
		lines = append(lines, " "+text)
	}
	return append(lines, "", " "+s.st.muted.Render("written < accepted < reflected < received: nothing is called delivered without it."))
}

func (s *screen) legend() string {
	g := s.st.glyphs
	return strings.Join([]string{g.ok + " ok", g.warn + " warning", g.fail + " failed", g.running + " under way",
		g.skip + " skipped", g.waiting + " not reached", g.changed + " differs from the run before", g.bullet + " set in the URL; evidence"}, "   ")
}

// KeyTable is the table of keys as Markdown, for README.md.
func KeyTable() string {
	var b strings.Builder
	b.WriteString("| key | what it does |\n|---|---|\n")
	row := func(show, help string) {
		b.WriteString("| `" + strings.ReplaceAll(show, " ", "` `") + "` | " + help + " |\n")
	}
	for _, k := range bindings() {
		if k.help != "" {
			row(k.show, k.help)
		}
	}
	for _, k := range editKeys() {
		row(k.show, "in a text field: "+k.help)
	}
	return b.String()
}
