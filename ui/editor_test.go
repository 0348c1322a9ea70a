package ui

import (
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"xmppscope/ui/urlview"
)

// typeKeys gives keys to an editor by their names, as the screen would.
func typeKeys(e *editor, names ...string) {
	editing := newEditing()
	for _, name := range names {
		for _, k := range keysOf(name) {
			editing.edit(e, k)
		}
	}
}

// marked is the text with the cursor as a bar.
func marked(e editor) string { return e.text[:e.cursor] + "|" + e.text[e.cursor:] }

func TestEditor(t *testing.T) {
	tests := []struct {
		name, text string
		keys       []string
		want       string
	}{
		{"typing", "", []string{"bob"}, "bob|"},
		{"insert in the middle", "bb", []string{"left", "o"}, "bo|b"},
		{"home and end", "abc", []string{"ctrl+a", "x", "ctrl+e", "y"}, "xabcy|"},
		{"a letter with a mark is one character", "ae\u0301b", []string{"left", "backspace"}, "a|b"},
		{"an emoji of several code points is one character", "a👩‍🚀b", []string{"left", "left", "x"},
			"ax|👩‍🚀b"},
		{"delete to the right", "a日b", []string{"ctrl+a", "right", "ctrl+d"}, "a|b"},
		{"word left over punctuation", "xmpps://alice:pw@host", []string{"alt+b", "alt+b", "x"}, "xmpps://alice:x|pw@host"},
		{"cut a word and paste it", "one two", []string{"ctrl+w", "ctrl+y", "ctrl+y"}, "one twotwo|"},
		{"cut to the start", "one two", []string{"ctrl+u"}, "|"},
		{"cut to the end", "one two", []string{"ctrl+a", "ctrl+k"}, "|"},
		{"undo takes a whole word", "", []string{"one", "space", "two", "alt+u"}, "one |"},
		{"undo to the start", "", []string{"one", "space", "alt+u", "alt+u", "alt+u", "alt+u"}, "|"},
		{"redo", "", []string{"one", "alt+u", "alt+U"}, "one|"},
		{"an edit after undo ends redo", "", []string{"one", "alt+u", "x", "alt+U"}, "x|"},
		{"nothing to the left", "", []string{"left", "backspace", "ctrl+w", "alt+b"}, "|"},
		{"a control key is no text", "a", []string{"ctrl+g"}, "a|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := newEditor(tt.text)
			typeKeys(&e, tt.keys...)
			if got := marked(e); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEditorKeepsLinesOnlyWhereWanted(t *testing.T) {
	for _, tt := range []struct {
		lines bool
		want  string
	}{{false, "ab|"}, {true, "a\nb|"}} {
		e := editor{lines: tt.lines}
		e.insert("a\nb")
		if got := marked(e); got != tt.want {
			t.Errorf("lines %v: got %q, want %q", tt.lines, got, tt.want)
		}
	}
}

// The cursor stays between characters, and undo leads back to the start,
// whatever is typed.
func FuzzEditor(f *testing.F) {
	f.Add("xmpps://a:b@c", []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14})
	f.Add("日本👩‍🚀e\u0301", []byte{1, 1, 8, 20, 0, 14})
	f.Add("\xff\xfe\u202e", []byte{1, 8, 0, 8})
	editing := newEditing()
	f.Fuzz(func(t *testing.T, text string, moves []byte) {
		e := newEditor(text)
		e.settle()
		for _, m := range moves {
			if int(m) < len(editing) {
				editing[m].do(&e)
			} else {
				editing.edit(&e, tea.KeyPressMsg{Code: rune(m), Text: string(rune(m))})
			}
			if e.cursor < 0 || e.cursor > len(e.text) {
				t.Fatalf("cursor %d of %d", e.cursor, len(e.text))
			}
			at := e.cursor
			e.settle()
			if e.cursor != at {
				t.Fatalf("cursor %d is inside a character of %q", at, e.text)
			}
		}
		shown := clean(e.text)
		if !utf8.ValidString(shown) {
			t.Fatalf("clean(%q) is not UTF-8: %q", e.text, shown)
		}
		for _, r := range shown {
			if urlview.Hidden(r) {
				t.Fatalf("clean(%q) holds %U", e.text, r)
			}
		}
	})
}

// What is typed or pasted has a bound, and so has what can be undone.
func TestEditorBounds(t *testing.T) {
	e := newEditor("")
	e.lines = true
	e.insert(strings.Repeat("x", textLimit))
	e.insert("y")
	if len(e.text) != textLimit {
		t.Errorf("it holds %d bytes", len(e.text))
	}
	for range 100 {
		e.cut(0, 10)
	}
	size := 0
	for _, s := range e.undo {
		size += len(s.text)
	}
	if size > undoBytes || len(e.undo) < 10 {
		t.Errorf("%d steps of %d bytes can be undone", len(e.undo), size)
	}
	st := open(t, 80, 24, Options{URL: goodURL})
	st.Update(tea.PasteMsg{Content: strings.Repeat("z", textLimit+1)})
	if st.url.text != goodURL {
		t.Error("a paste that is too long changes the URL")
	}
	st.mustShow("is longer than 262144 bytes")
}
