package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// sieve is how a log is looked through: a filter hides every line without its
// words, a search goes from match to match and hides nothing.
type sieve struct {
	filter, search editor
	typing         sieveField
	// from is the line that was selected before the search began, missed says
	// that nothing has what is searched.
	from   int
	missed bool
}

// sieveField is the field of a sieve that takes the keys.
type sieveField uint8

const (
	noField sieveField = iota
	filterField
	searchField
)

// words are what the filter wants, in lower case.
func (v *sieve) words() []string { return strings.Fields(strings.ToLower(v.filter.text)) }

// field is the editor that takes the keys.
func (v *sieve) field() *editor {
	if v.typing == searchField {
		return &v.search
	}
	return &v.filter
}

// height is how many rows of a pane the sieve needs.
func (v *sieve) height() int {
	if v.typing != noField || v.filter.text != "" || v.search.text != "" {
		return 1
	}
	return 0
}

// lay puts the sieve's own row below the lines of a view, at row at.
func (v *sieve) lay(st *styles, into *view, at int) {
	if v.height() == 0 {
		return
	}
	for len(into.lines) < at {
		into.lines = append(into.lines, "")
	}
	line := ""
	for _, f := range []struct {
		sign string
		is   sieveField
		in   *editor
		note string
	}{{"&", filterField, &v.filter, ""}, {"/", searchField, &v.search, "not found"}} {
		if f.in.text == "" && v.typing != f.is {
			continue
		}
		line += " " + st.key.Render(f.sign) + " "
		if v.typing == f.is {
			into.cursor = &point{cells(line) + cells(clean(f.in.text[:f.in.cursor])), at}
		}
		line += clean(f.in.text) + "  "
		if f.note != "" && v.missed {
			line += st.warn.Render(f.note)
		}
	}
	into.lines = append(into.lines, line)
}

// mark underlines what is searched in a drawn line.
func (v *sieve) mark(st *styles, line string) string {
	want := v.search.text
	if want == "" {
		return line
	}
	plain := ansi.Strip(line)
	var found []lipgloss.Range
	for i := 0; i+len(want) <= len(plain); i++ {
		if strings.EqualFold(plain[i:i+len(want)], want) {
			start := cells(plain[:i])
			found = append(found, lipgloss.NewRange(start, start+cells(plain[i:i+len(want)]), st.match))
			i += len(want) - 1
		}
	}
	if len(found) == 0 {
		return line
	}
	return lipgloss.StyleRanges(line, found...)
}

// finds says whether a text has what is searched, whatever the case.
func (v *sieve) finds(text string) bool {
	return v.search.text != "" && strings.Contains(strings.ToLower(text), strings.ToLower(v.search.text))
}

// seek gives the first of n lines with a match, going from a line in steps of
// by; -1 when there is none.
func (v *sieve) seek(n, from, by int, text func(int) string) int {
	for i := from; i >= 0 && i < n; i += by {
		if v.finds(text(i)) {
			return i
		}
	}
	return -1
}

// logPane is a pane that can be looked through.
type logPane interface {
	sieved() *sieve
	// line is the selected entry of the log, entries how many there are, text
	// what is searched in one of them, and pick selects one.
	line() int
	entries() int
	text(i int) string
	pick(i int)
}

// log is the log that has the keys.
func (s *screen) log() logPane {
	if s.focus == paneXML {
		return &xmlLog{&s.xml, s.run()}
	}
	return &s.events
}

func (s *screen) startFilter() tea.Cmd { return s.startSieve(filterField) }
func (s *screen) startSearch() tea.Cmd { return s.startSieve(searchField) }

func (s *screen) startSieve(field sieveField) tea.Cmd {
	v := s.log().sieved()
	s.typing, v.typing = true, field
	if field == searchField {
		v.from, v.missed = s.log().line(), false
		v.search.replace("", 0)
	}
	return nil
}

// searched follows what is typed: the first match from where the search began.
func (s *screen) searched() {
	l := s.log()
	v := l.sieved()
	if v.typing != searchField {
		return
	}
	at := v.seek(l.entries(), v.from, 1, l.text)
	if at < 0 {
		at = v.seek(l.entries(), v.from, -1, l.text)
	}
	v.missed = at < 0 && v.search.text != ""
	if at < 0 {
		at = v.from
	}
	l.pick(at)
}

// nextMatch goes to the next match, or the one before; without a search, to the
// next failure or warning.
func (s *screen) nextMatch(by int) tea.Cmd {
	l := s.log()
	v := l.sieved()
	switch {
	case v.search.text != "":
		if at := v.seek(l.entries(), l.line()+by, by, l.text); at >= 0 {
			l.pick(at)
		} else {
			s.notice = "no more matches in this direction"
		}
	case s.focus == paneEvents:
		return s.nextTrouble(by)
	default:
		s.notice = "/ searches first"
	}
	return nil
}

// clearSieve takes back the search, else the filter, and says whether there was
// one.
func (s *screen) clearSieve() bool {
	if s.focus != paneEvents && s.focus != paneXML {
		return false
	}
	v := s.log().sieved()
	switch {
	case v.search.text != "":
		v.search, v.missed = editor{}, false
	case v.filter.text != "":
		v.filter = editor{}
	default:
		return false
	}
	return true
}

// leaveSieve ends typing in it by esc: what was typed is gone, and a search goes
// back to where it began.
func (s *screen) leaveSieve() {
	l := s.log()
	v := l.sieved()
	if v.typing == searchField {
		l.pick(v.from)
	}
	*v.field() = editor{}
	v.typing, v.missed = noField, false
	s.typing = false
}
