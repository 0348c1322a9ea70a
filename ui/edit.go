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
		{[]string{"ctrl+w", "alt+backspace"}, "^w", "cut the word to the left", func(e *editor) { e.kill(e.wordLeft(), e.cursor) }},
		{[]string{"ctrl+u"}, "^u", "cut to the start of the line", func(e *editor) { e.kill(e.lineStart(), e.cursor) }},
		{[]string{"ctrl+k"}, "^k", "cut to the end of the line", func(e *editor) { e.kill(e.cursor, e.lineEnd()) }},
		{[]string{"ctrl+y"}, "^y", "paste what was cut", func(e *editor) { e.insert(e.killed) }},
		{[]string{"ctrl+_", "ctrl+/", "ctrl+7", "alt+u"}, "alt+u ^_", "undo", func(e *editor) { e.back() }},
		{[]string{"alt+U", "alt+shift+u"}, "alt+U", "redo", func(e *editor) { e.forth() }},
	}
}

// input is the editor that gets the text, nil when nobody types.
func (s *screen) input() *editor {
	switch s.where() {
	case typingURL:
		return &s.url.editor
	case typingMessage:
		return s.send.field()
	case typingParam:
		return &s.params.input
	case typingFilter:
		return s.log().sieved().field()
	}
	return nil
}

// edit gives a key to the text field.
func (s *screen) edit(msg tea.KeyPressMsg) {
	e := s.input()
	if e == nil {
		return
	}
	if s.typingURL() && e.text == "" && msg.Code == tea.KeyRight {
		e.insert(example) // to the right of an empty field is its example
		s.edited()
		return
	}
	before, cursor := e.text, e.cursor
	if !editText(e, msg) {
		return
	}
	if at := s.where(); at == typingFilter {
		s.searched()
	}
	if s.typingURL() {
		s.edited()
		if e.text != before {
			s.url.at = len(s.url.past)
			s.url.choices.offer(s.url.text, s.url.cursor)
		} else if e.cursor != cursor {
			s.url.choices.close()
		}
	}
}

// editText makes the edit a key stands for, and says whether it was one.
func editText(e *editor, msg tea.KeyPressMsg) bool {
	for _, k := range editKeys() {
		if key.Matches(msg, key.NewBinding(key.WithKeys(k.keys...))) {
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
