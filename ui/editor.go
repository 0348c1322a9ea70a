package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// What an editor holds at most: textLimit bytes that were typed or pasted, and
// undoLimit steps back, of undoBytes together. Each key costs time with the length of
// the text.
const (
	textLimit = 256 << 10
	undoLimit = 200
	undoBytes = 4 << 20
)

// editor is a text with a cursor: the editing of the URL, the message, a
// parameter's value and a filter. It knows nothing of drawing. The cursor is a
// byte offset that always lies between two characters as a person sees them
// (grapheme clusters).
type editor struct {
	text   string
	cursor int
	// lines permits line feeds.
	lines bool
	// killed is what ctrl+k, ctrl+u and ctrl+w cut last.
	killed     string
	undo, redo []snapshot
	// joining is true while typed characters belong to the last undo step.
	joining bool
}

type snapshot struct {
	text   string
	cursor int
}

// newEditor gives an editor with the cursor at the end.
func newEditor(text string) editor { return editor{text: text, cursor: len(text)} }

// replace makes the text another one as one undoable step.
func (e *editor) replace(text string, cursor int) {
	if text == e.text {
		e.cursor = clamp(cursor, 0, len(text))
		return
	}
	e.remember()
	e.text, e.cursor = text, clamp(cursor, 0, len(text))
	e.settle()
}

// insert puts text at the cursor. Runs of typed characters become one undo
// step that ends at each blank or punctuation mark.
func (e *editor) insert(text string) {
	if !e.lines {
		text = strings.Map(func(r rune) rune {
			if r == '\n' || r == '\r' {
				return -1
			}
			return r
		}, text)
	}
	if text == "" || len(e.text)+len(text) > textLimit {
		return
	}
	r, size := utf8.DecodeRuneInString(text)
	word := size == len(text) && (unicode.IsLetter(r) || unicode.IsDigit(r))
	if !word || !e.joining {
		e.remember()
	}
	e.joining = word
	e.text = e.text[:e.cursor] + text + e.text[e.cursor:]
	e.cursor += len(text)
	e.settle()
}

// cut removes the bytes from start to end.
func (e *editor) cut(start, end int) string {
	start, end = clamp(start, 0, len(e.text)), clamp(end, 0, len(e.text))
	if start >= end {
		return ""
	}
	e.remember()
	gone := e.text[start:end]
	e.text = e.text[:start] + e.text[end:]
	e.cursor = start
	e.settle()
	return gone
}

func (e *editor) kill(start, end int) {
	if gone := e.cut(start, end); gone != "" {
		e.killed = gone
	}
}

func (e *editor) remember() {
	e.joining = false
	e.undo = append(e.undo, snapshot{e.text, e.cursor})
	if len(e.undo) > undoLimit {
		e.undo = e.undo[len(e.undo)-undoLimit:]
	}
	size := 0
	for _, s := range e.undo {
		size += len(s.text)
	}
	for size > undoBytes && len(e.undo) > 1 {
		size -= len(e.undo[0].text)
		e.undo = e.undo[1:]
	}
	e.redo = nil
}

// back undoes one step and says whether there was one.
func (e *editor) back() bool { return e.swap(&e.undo, &e.redo) }

// forth takes one undone step again.
func (e *editor) forth() bool { return e.swap(&e.redo, &e.undo) }

func (e *editor) swap(from, to *[]snapshot) bool {
	n := len(*from)
	if n == 0 {
		return false
	}
	*to = append(*to, snapshot{e.text, e.cursor})
	last := (*from)[n-1]
	*from = (*from)[:n-1]
	e.text, e.cursor, e.joining = last.text, last.cursor, false
	return true
}

// move sets the cursor and ends the current undo step.
func (e *editor) move(to int) {
	e.cursor, e.joining = clamp(to, 0, len(e.text)), false
	e.settle()
}

// settle moves the cursor back to the start of the character it is in.
func (e *editor) settle() {
	at := 0
	for at < e.cursor {
		n := clusterLen(e.text[at:])
		if at+n > e.cursor {
			break
		}
		at += n
	}
	e.cursor = at
}

// next and prev are the ends of the characters beside the cursor.
func (e *editor) next() int {
	if e.cursor >= len(e.text) {
		return len(e.text)
	}
	return e.cursor + clusterLen(e.text[e.cursor:])
}

func (e *editor) prev() int {
	at, last := 0, 0
	for at < e.cursor {
		last = at
		at += clusterLen(e.text[at:])
	}
	return last
}

// wordLeft and wordRight are the ends of the words beside the cursor, as
// readline has them: letters and digits make a word.
func (e *editor) wordLeft() int {
	at := e.cursor
	step := func(want bool) {
		for at > 0 {
			r, n := utf8.DecodeLastRuneInString(e.text[:at])
			if wordRune(r) != want {
				return
			}
			at -= n
		}
	}
	step(false)
	step(true)
	return at
}

func (e *editor) wordRight() int {
	at := e.cursor
	step := func(want bool) {
		for at < len(e.text) {
			r, n := utf8.DecodeRuneInString(e.text[at:])
			if wordRune(r) != want {
				return
			}
			at += n
		}
	}
	step(false)
	step(true)
	return at
}

// lineStart and lineEnd are the ends of the cursor's line.
func (e *editor) lineStart() int { return strings.LastIndexByte(e.text[:e.cursor], '\n') + 1 }

func (e *editor) lineEnd() int {
	if i := strings.IndexByte(e.text[e.cursor:], '\n'); i >= 0 {
		return e.cursor + i
	}
	return len(e.text)
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

// clusterLen is the length of the first character of s in bytes.
func clusterLen(s string) int {
	if s == "" {
		return 0
	}
	if s[0] < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		return 1
	}
	cluster, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	return max(1, len(cluster))
}
