package ui

import tea "charm.land/bubbletea/v2"

// pane is one part of the screen: it draws itself into its box, has a list or a
// text field of its own, and keys for what can be done there. A new pane is a
// file with its type, and a line in newPanes.
//
// A pane is asked; it does not ask others. What it needs to know beside its own
// state it gets from the screen: the URL, the run, the styles.
type pane interface {
	// name is its title in the border.
	name() string
	// slot is where the layout puts it.
	slot() slot
	// draw gives the inside of its box, w by h cells.
	draw(s *screen, w, h int, focused bool) view
	// rows is its list, and how many lines that has; nil when there is none.
	rows(s *screen) (list *window, n int)
	// copied is what y copies, and what to call it; an empty text is nothing.
	copied(s *screen) (what, text string)
	// bindings are its own keys, in the order of the help. Those at commands
	// work in the pane while nobody types, those at typing in its text field.
	bindings() []binding

	textField
}

// textField is where a pane takes text. A pane without one embeds noField.
type textField interface {
	// field is the editor that gets the text, nil when there is none now.
	field() *editor
	// writes says that the pane takes text as soon as it has the keys.
	writes() bool
	// typed is called when a key has changed the field, or moved its cursor.
	typed(s *screen, before snapshot)
	// finish takes what was typed, and leave forgets that something was.
	finish(s *screen)
	leave()
	// escape takes back what was typed, or else what is filtered, and says
	// whether there was anything.
	escape(s *screen) bool
}

// noField is the text field of a pane that has none.
type noField struct{}

func (noField) field() *editor          { return nil }
func (noField) writes() bool            { return false }
func (noField) typed(*screen, snapshot) {}
func (noField) finish(*screen)          {}
func (noField) leave()                  {}
func (noField) escape(*screen) bool     { return false }

// A clicker is a pane that puts its cursor where the mouse clicked.
type clicker interface {
	click(at point, w int)
}

// A tabber is a pane with several fields, which tab goes through before it
// leaves the pane.
type tabber interface {
	// tab goes to the next field, or the one before, and says whether there was
	// one.
	tab(by int) bool
	// enter is called when tab came from another pane.
	enter(by int)
}

// newPanes gives all panes, in the order of their numbers.
func (s *screen) newPanes() []pane {
	return []pane{
		&s.url,
		&s.jids,
		&s.stages,
		&s.params,
		&s.events,
		&s.xml,
		&s.send,
	}
}

// number is the key that jumps to a pane, the same at every size.
func (s *screen) number(p pane) int {
	for i, have := range s.panes {
		if have == p {
			return i + 1
		}
	}
	return 0
}

// jump gives a pane the keys. One that takes text takes it at once.
func (s *screen) jump(p pane) tea.Cmd {
	s.leave()
	s.focus = p
	s.raise(p)
	s.typing = p.writes()
	return nil
}

// leave ends what is being typed in the pane that loses the keys.
func (s *screen) leave() {
	s.typing = false
	s.focus.leave()
}

// raise brings a pane to the front of its box without giving it the keys.
func (s *screen) raise(p pane) {
	order := []pane{p}
	for _, q := range s.recent {
		if q != p {
			order = append(order, q)
		}
	}
	s.recent = order
}

// cycle moves through the panes, and through the fields of one that has
// several.
func (s *screen) cycle(by int) tea.Cmd {
	if p, ok := s.focus.(tabber); ok && s.typing && p.tab(by) {
		return nil
	}
	if s.typing {
		s.finishField()
	}
	n := len(s.panes)
	s.jump(s.panes[(s.number(s.focus)-1+by+n)%n])
	if p, ok := s.focus.(tabber); ok {
		p.enter(by)
	}
	return nil
}

// finishField takes what was typed into the field of a pane.
func (s *screen) finishField() tea.Cmd {
	s.focus.finish(s)
	s.leave()
	return nil
}

// scroll moves in the list that has the keys.
func (s *screen) scroll(by int) {
	if list, n := s.focus.rows(s); list != nil {
		list.move(by, n)
	}
}

// shownIn is the pane that a box shows: the one looked at last.
func (s *screen) shownIn(b box) pane {
	for _, p := range s.recent {
		if b.has(p.slot()) {
			return p
		}
	}
	return s.panes[0]
}

// tabs are the titles of a box, in the order of the panes' numbers.
func (s *screen) tabs(b box) []tab {
	var tabs []tab
	shown := s.shownIn(b)
	for i, p := range s.panes {
		if b.has(p.slot()) {
			tabs = append(tabs, tab{i + 1, p.name(), p == shown})
		}
	}
	return tabs
}
