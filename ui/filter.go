package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"xmppscope/model"
)

// logFilter is how a log is looked through: a filter hides every line without its
// words, a search goes from match to match and hides nothing.
type logFilter struct {
	filter, search editor
	typing         filterField
	// from is the line that was selected before the search began, missed says
	// that nothing has what is searched.
	from   int
	missed bool
}

// filterField is the field that takes the keys.
type filterField uint8

const (
	inNoField filterField = iota
	inFilter
	inSearch
)

// words are what the filter wants, in lower case.
func (f *logFilter) words() []string { return strings.Fields(strings.ToLower(f.filter.text)) }

// field is the editor that takes the keys, nil when nobody types.
func (f *logFilter) field() *editor {
	switch f.typing {
	case inFilter:
		return &f.filter
	case inSearch:
		return &f.search
	}
	return nil
}

func (f *logFilter) writes() bool   { return false }
func (f *logFilter) finish(*screen) {}
func (f *logFilter) leave()         { f.typing = inNoField }

// height is how many rows of a pane the fields need.
func (f *logFilter) height() int {
	if f.typing != inNoField || f.filter.text != "" || f.search.text != "" {
		return 1
	}
	return 0
}

// draw puts the fields below the lines of a view, into the row at.
func (f *logFilter) draw(st *styles, into *view, at int) {
	if f.height() == 0 {
		return
	}
	for len(into.lines) < at {
		into.lines = append(into.lines, "")
	}
	line := ""
	for _, field := range []struct {
		sign string
		is   filterField
		in   *editor
		note string
	}{{"&", inFilter, &f.filter, ""}, {"/", inSearch, &f.search, "not found"}} {
		if field.in.text == "" && f.typing != field.is {
			continue
		}
		line += " " + st.key.Render(field.sign) + " "
		text, before := field.in.shown()
		if f.typing == field.is {
			into.cursor = &point{cells(line) + cells(before), at}
		}
		line += text + "  "
		if field.note != "" && f.missed {
			line += st.warn.Render(field.note)
		}
	}
	into.lines = append(into.lines, line)
}

// mark underlines what is searched in a drawn line.
func (f *logFilter) mark(st *styles, line string) string {
	want := f.search.text
	if want == "" {
		return line
	}
	plain := ansi.Strip(line)
	var found []lipgloss.Range
	for i := 0; i+len(want) <= len(plain); i++ {
		if strings.EqualFold(plain[i:i+len(want)], want) {
			start := cells(plain[:i])
			found = append(found, lipgloss.NewRange(start, start+cells(plain[i:i+len(want)]), st.match.style))
			i += len(want) - 1
		}
	}
	if len(found) == 0 {
		return line
	}
	return lipgloss.StyleRanges(line, found...)
}

// finds says whether a text has what is searched, whatever the case.
func (f *logFilter) finds(text string) bool {
	return f.search.text != "" && strings.Contains(strings.ToLower(text), strings.ToLower(f.search.text))
}

// seek gives the first of n lines with a match, going from a line in steps of
// by; -1 when there is none.
func (f *logFilter) seek(n, from, by int, text func(int) string) int {
	for i := from; i >= 0 && i < n; i += by {
		if f.finds(text(i)) {
			return i
		}
	}
	return -1
}

// log is a pane that can be looked through.
type log interface {
	pane
	filtered() *logFilter
	// line is the selected entry, entries how many there are, entry what is
	// searched in one of them, and choose selects one.
	line() int
	entries() int
	entry(r *model.Run, i int) string
	choose(i int)
	// nextTrouble is where n and N go without a search; it says why when they
	// go nowhere.
	nextTrouble(by int) (why string)
}

// logBindings are the keys of a log.
func logBindings() []binding {
	next := func(by int) func(*screen) tea.Cmd {
		return func(s *screen) tea.Cmd { s.nextMatch(by); return nil }
	}
	startTyping := func(field filterField) func(*screen) tea.Cmd {
		return func(s *screen) tea.Cmd { s.startFilter(field); return nil }
	}
	return []binding{
		doneBinding(),
		{commands, []string{"/"}, "/", "search", "search as you type; esc clears", whyNoRuns, startTyping(inSearch)},
		{commands, []string{"&"}, "&", "filter", "show only lines with these words; esc clears", whyNoRuns,
			startTyping(inFilter)},
		{commands, []string{"n"}, "n", "", "next match; without a search, next failure or warning", whyNoRuns, next(1)},
		{commands, []string{"N"}, "N", "", "the match, failure or warning before", whyNoRuns, next(-1)},
		{commands, []string{"F"}, "F", "follow", "follow the newest line", nil, (*screen).toggleFollow},
	}
}

func (s *screen) startFilter(field filterField) {
	l, ok := s.focus.(log)
	if !ok {
		return
	}
	f := l.filtered()
	s.typing, f.typing = true, field
	if field == inSearch {
		f.from, f.missed = l.line(), false
		f.search.replace("", 0)
	}
}

// followSearch follows what is typed: it goes to the first match from where the
// search began.
func followSearch(l log, r *model.Run) {
	f := l.filtered()
	if f.typing != inSearch {
		return
	}
	entry := func(i int) string { return l.entry(r, i) }
	at := f.seek(l.entries(), f.from, 1, entry)
	if at < 0 {
		at = f.seek(l.entries(), f.from, -1, entry)
	}
	f.missed = at < 0 && f.search.text != ""
	if at < 0 {
		at = f.from
	}
	l.choose(at)
}

// nextMatch goes to the next match, or the one before; without a search, to the
// next failure or warning.
func (s *screen) nextMatch(by int) {
	l, ok := s.focus.(log)
	if !ok {
		return
	}
	f := l.filtered()
	if f.search.text == "" {
		s.notice = l.nextTrouble(by)
		return
	}
	at := f.seek(l.entries(), l.line()+by, by, func(i int) string { return l.entry(s.run(), i) })
	if at < 0 {
		s.notice = "no more matches in this direction"
		return
	}
	l.choose(at)
}

func (s *screen) toggleFollow() tea.Cmd {
	if list, _ := s.focus.rows(s); list != nil {
		list.follow = !list.follow
	}
	return nil
}

// escapeLog takes back what was typed, and a search goes back to where it began;
// while nobody types, it takes back the search, else the filter. It says whether
// there was one.
func escapeLog(l log) bool {
	f := l.filtered()
	switch {
	case f.typing != inNoField:
		if f.typing == inSearch {
			l.choose(f.from)
		}
		*f.field() = editor{}
		f.typing, f.missed = inNoField, false
	case f.search.text != "":
		f.search, f.missed = editor{}, false
	case f.filter.text != "":
		f.filter = editor{}
	default:
		return false
	}
	return true
}
