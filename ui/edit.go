package ui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// editKey is a key that edits text, the same in every text field.
type editKey struct {
	keys []string
	show string
	help string
	do   func(*editor)
}

// editKeys are readline's, as far as nothing else needs the key.
func editKeys() []editKey {
	return []editKey{
		{[]string{"left", "ctrl+b"}, "← ^b", "character left", func(e *editor) { e.move(e.prev()) }},
		{[]string{"right", "ctrl+f"}, "→ ^f", "character right", func(e *editor) { e.move(e.next()) }},
		{[]string{"ctrl+left", "alt+b"}, "^← alt+b", "word left", func(e *editor) { e.move(e.wordLeft()) }},
		{[]string{"ctrl+right"}, "^→", "word right", func(e *editor) { e.move(e.wordRight()) }},
		{[]string{"home", "ctrl+a"}, "home ^a", "start of the line", func(e *editor) { e.move(e.lineStart()) }},
		{[]string{"end", "ctrl+e"}, "end ^e", "end of the line", func(e *editor) { e.move(e.lineEnd()) }},
		{[]string{"backspace", "ctrl+h"}, "⌫ ^h", "delete to the left", func(e *editor) { e.cut(e.prev(), e.cursor) }},
		{[]string{"delete", "ctrl+d"}, "del ^d", "delete to the right", func(e *editor) { e.cut(e.cursor, e.next()) }},
		{[]string{"ctrl+w"}, "^w", "cut the word to the left", func(e *editor) { e.kill(e.wordLeft(), e.cursor) }},
		{[]string{"ctrl+u"}, "^u", "cut to the start of the line", func(e *editor) { e.kill(e.lineStart(), e.cursor) }},
		{[]string{"ctrl+k"}, "^k", "cut to the end of the line", func(e *editor) { e.kill(e.cursor, e.lineEnd()) }},
		{[]string{"ctrl+y"}, "^y", "paste what was cut", func(e *editor) { e.insert(e.killed) }},
		{[]string{"ctrl+_", "ctrl+/", "ctrl+7", "alt+u"}, "alt+u ^_", "undo", func(e *editor) { e.back() }},
		{[]string{"alt+U", "alt+shift+u"}, "alt+U", "redo", func(e *editor) { e.forth() }},
	}
}

// edit gives a key to the text field of the pane that has the keys.
func (s *screen) edit(msg tea.KeyPressMsg) {
	field := s.focus.field()
	if field == nil {
		return
	}
	before := snapshot{field.text, field.cursor}
	if s.keymap.editing.edit(field, msg) {
		s.focus.typed(s, before)
	}
}

// editing are the keys of every text field, with the keys as Bubbles has them.
type editing []struct {
	editKey
	press key.Binding
}

func newEditing() editing {
	keys := editKeys()
	m := make(editing, len(keys))
	for i, k := range keys {
		m[i].editKey, m[i].press = k, key.NewBinding(key.WithKeys(k.keys...))
	}
	return m
}

// edit makes the edit a key stands for, and says whether it was one.
func (m editing) edit(e *editor, msg tea.KeyPressMsg) bool {
	name := keyName(msg.String())
	for _, k := range m {
		if key.Matches(name, k.press) {
			k.do(e)
			return true
		}
	}
	if msg.Text == "" || msg.Mod&^tea.ModShift != 0 {
		return false
	}
	e.insert(msg.Text)
	return true
}
