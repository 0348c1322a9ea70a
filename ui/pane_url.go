package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/ui/urlview"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// revealFor is how long alt+r shows the password.
const revealFor = 5 * time.Second

// urlPane is the URL editor: the text, its reading, and what is drawn below it.
type urlPane struct {
	editor
	// spec is the URL as it may be shown, and reading what Apprise makes of it:
	// the network gets that.
	spec    urlspec.Spec
	reading urlspec.Reading
	// ghost is the assembly of it: as it is read, and as it was meant.
	ghost model.Ghost
	// revealed counts reveals, so that only the newest one's timer ends it;
	// shown says whether the password is readable now.
	revealed int
	shown    bool
	// private covers the parts that are names.
	private bool
	// past are the URLs of earlier runs, oldest first; at is where up and down
	// stand in it, len(past) for the text that is being edited.
	past    []string
	at      int
	current string
	// lines says which row of the URL each drawn line has, -1 for none.
	lines []int
	// choices are the completions at the cursor.
	choices choices
	// drawn is the URL in cells as it was drawn last, at rest and while it is typed:
	// a frame needs both several times.
	drawn [2]drawnURL
}

// drawnURL is a URL in cells, and what they were made of.
type drawnURL struct {
	view *urlview.View
	of   viewInput
}

func (p *urlPane) name() string { return "URL" }
func (p *urlPane) slot() slot   { return slotTop }

// rows are none: the URL is no list.
func (p *urlPane) rows(*screen) (*window, int) { return nil, 0 }

func (p *urlPane) bindings() []binding {
	part := func(by int) func(*screen) tea.Cmd {
		return func(*screen) tea.Cmd { p.part(by); return nil }
	}
	recall := func(by int) func(*screen) tea.Cmd {
		return func(s *screen) tea.Cmd { p.recall(by); s.edited(); return nil }
	}
	return []binding{
		typeBinding(),
		{typing, []string{"up", "ctrl+up"}, "↑", "", "URL of an earlier run", nil, recall(-1)},
		{typing, []string{"down", "ctrl+down"}, "↓", "", "URL of a later run", nil, recall(1)},
		{typing, []string{"alt+left"}, "alt+←", "part",
			"to the part before: scheme, user, host, port, targets, parameters", nil, part(-1)},
		{typing, []string{"alt+right"}, "alt+→", "", "to the next part", nil, part(1)},
		{typing, []string{"alt+backspace"}, "alt+⌫", "empty", "empty the part under the cursor, such as the password",
			p.whyNoPart, p.emptyPart},
	}
}

func (p *urlPane) copied(s *screen) (what, text string) {
	if r := s.past(); r != nil {
		return fmt.Sprintf("the URL of run %d without its password", r.ID), r.Spec.Redacted()
	}
	return "the URL without its password", p.spec.Redacted()
}

func (p *urlPane) field() *editor      { return &p.editor }
func (p *urlPane) writes() bool        { return true }
func (p *urlPane) finish(*screen)      {}
func (p *urlPane) escape(*screen) bool { return false }

func (p *urlPane) leave() {
	p.shown = false
	p.choices.close()
}

// answer takes a key that means something else here than in any text: one of the
// completions, or, in an empty field, the way to the right into the example.
func (p *urlPane) answer(s *screen, msg tea.KeyPressMsg) bool {
	if p.choices.key(s, msg.String()) {
		return true
	}
	if p.text != "" || msg.Code != tea.KeyRight || msg.Mod.Contains(tea.ModAlt) {
		return false
	}
	p.insert(example)
	s.edited()
	return true
}

func (p *urlPane) typed(s *screen, before snapshot) {
	s.edited()
	if p.text != before.text {
		p.at = len(p.past)
		p.choices.offer(p.text, p.cursor)
	}
}

func newURLPane(text string) urlPane {
	p := urlPane{editor: newEditor(text)}
	p.read()
	return p
}

// read parses the text after it changed.
func (p *urlPane) read() {
	if p.spec.Text != p.text || p.spec.Spans == nil {
		whole := urlspec.Parse(p.text)
		p.spec, p.reading, p.ghost = whole.Veiled(), whole.Reading, model.GhostOf(whole)
	}
}

// rowsWanted is how many rows the URL needs in a box of width w.
func (p *urlPane) rowsWanted(w int) int {
	if p.text == "" {
		return (len(example) + w) / max(1, w-4)
	}
	return len(p.viewFor(true).Rows(w - 4))
}

// viewFor gives the URL in cells. The password the cursor is in shows its length
// while it is typed, or itself for a moment.
func (p *urlPane) viewFor(typing bool) *urlview.View {
	as := viewInput{text: p.spec.Text, private: p.private}
	switch {
	case p.shown:
		as.secrecy = urlview.Revealed(p.cursor)
	case typing:
		as.secrecy = urlview.Counted(p.cursor)
	}
	kept := &p.drawn[0]
	if typing {
		kept = &p.drawn[1]
	}
	if kept.view == nil || kept.of != as {
		kept.view, kept.of = urlview.New(p.spec, as.secrecy), as
		if p.private {
			coverCells(kept.view.Cells)
		}
	}
	return kept.view
}

// viewInput is what the cells of a URL depend on.
type viewInput struct {
	text    string
	secrecy urlview.Secrecy
	private bool
}

func (p *urlPane) draw(s *screen, w, h int, _ bool) view {
	if r := s.past(); r != nil {
		q := &s.lookedAt
		if q.text != r.Spec.Text || q.spec.Spans == nil {
			*q = urlPane{editor: newEditor(r.Spec.Text), spec: r.Spec}
		}
		q.private = p.private
		v := q.paint(s.st, w, h, s.layout().urlRows, false, nil, "")
		v.right = s.withHidden(s.st.warn.Render(fmt.Sprintf("the URL of run %d; ^l edits yours", r.ID)), p, v.hidden, w)
		return v
	}
	v := p.paint(s.st, w, h, s.layout().urlRows, s.typingURL(), s.told(), s.fixKey())
	v.right = s.withHidden(p.summary(s.st, s.typingURL()), p, v.hidden, w)
	return v
}

// paint gives the URL and, below the row it belongs to, what there is to say of
// it: the problem at the cursor, else the first error, else the parts' names.
// With two pointer rows both are seen. told is a problem whose sentence stands
// elsewhere on the screen, nil for none: here it is only pointed to. fixKey is the
// key that makes the fix of a problem, empty where it makes another.
func (p *urlPane) paint(st *styles, w, h, urlRows int, typing bool, told *urlspec.Problem, fixKey string) view {
	w -= 2 // one blank at each side
	if w <= 0 || h <= 0 {
		return show()
	}
	if p.text == "" {
		return p.drawEmpty(st, w, h, urlRows, typing)
	}
	u := p.viewFor(typing)
	rows := u.Rows(w)
	curRow, curCol := u.Place(rows, p.cursor)
	problem, pointed := p.problem(typing)
	about := 0
	switch {
	case typing && (!pointed || p.cursor >= problem.Start && p.cursor <= problem.End):
		about = curRow
	case pointed:
		about, _ = u.Place(rows, problem.Start)
	}
	last := about // what has to be seen
	if typing {
		if max(about, curRow)-min(about, curRow) >= urlRows { // the cursor wins when both cannot be seen
			about = curRow
		}
		last = max(about, curRow)
	}
	first := clamp(last-urlRows+1, 0, max(0, len(rows)-urlRows))
	end := min(len(rows), first+urlRows)
	pointers := max(0, h-urlRows)
	everyName := len(rows)*2+1 <= h // there is room for the names below every row
	v := view{selected: -1}
	if hidden := len(rows) - (end - first); hidden > 0 {
		v.hidden = event.Count(hidden, "more row")
	}
	p.lines = p.lines[:0]
	for y := first; y < end; y++ {
		if typing && y == curRow {
			v.cursor = &point{curCol + 1, len(v.lines)}
		}
		line := " " + paintRow(st, u, rows[y])
		if y == first && first > 0 { // a sign in the margins where there is no room for more
			line = st.muted.Render(cutSign) + line[1:]
		}
		if y == end-1 && end < len(rows) {
			line += st.muted.Render(cutSign)
		}
		v.lines = append(v.lines, line)
		p.lines = append(p.lines, y)
		pointer := ""
		if pointed && y == about {
			if mark, here := u.Pointer(rows[y], problem.Start, problem.End, p.cursorIf(typing)); here {
				same := told != nil && told.Code == problem.Code && told.Start == problem.Start
				pointer = paintPointer(st, problem, mark, w, same, fixKey)
			}
		}
		if everyName || y == about && (pointers >= 2 || pointers == 1 && pointer == "") {
			v.lines = append(v.lines, " "+paintLabels(st, u, rows[y], p.partHere(u, typing), w))
		}
		if pointer != "" && pointers > 0 {
			v.lines = append(v.lines, " "+pointer)
		}
		for len(p.lines) < len(v.lines) {
			p.lines = append(p.lines, -1)
		}
	}
	return v
}

// partHere is the part that the cursor is in while somebody types, -1 for none.
func (p *urlPane) partHere(u *urlview.View, typing bool) int {
	if i, ok := partAt(p.spec, p.cursorIf(typing)); ok {
		return u.PartAt(p.spec.Spans[i].Start)
	}
	return -1
}

func (p *urlPane) cursorIf(typing bool) int {
	if typing {
		return p.cursor
	}
	return -1
}

// example is what an empty field shows: a URL with every part that most people
// need. It has no password of anybody's and names no real host.
const example = "xmpps://alice:password@example.org/bob/%23ops@muc.example.org?mode=tls"

// examplePassword is where it has its password, which need not be hidden.
var examplePassword = strings.Index(example, "password")

func (p *urlPane) drawEmpty(st *styles, w, h, urlRows int, typing bool) view {
	u := urlview.New(urlspec.Parse(example), urlview.Revealed(examplePassword))
	rows := u.Rows(w)
	v := show()
	for y := range min(urlRows, len(rows)) {
		v.lines = append(v.lines, " "+st.muted.Render(u.Text(rows[y])))
		if y == 0 && len(v.lines) < h {
			v.lines = append(v.lines, " "+paintLabels(st, u, rows[y], -1, w))
		}
	}
	if typing {
		v.cursor = &point{1, 0}
	}
	return v
}

// click moves the cursor to a cell inside the box.
func (p *urlPane) click(at point, w int) {
	if at.y < 0 || at.y >= len(p.lines) || p.lines[at.y] < 0 {
		return
	}
	u := p.viewFor(true)
	if rows := u.Rows(w - 2); p.lines[at.y] < len(rows) {
		p.move(u.Offset(rows[p.lines[at.y]], at.x-1))
	}
}

// unfinished says that the person is at the end of a URL that only lacks the rest:
// that is no fault yet.
func (p *urlPane) unfinished(typing bool) bool {
	return typing && p.cursor == len(p.text) && p.spec.Unfinished()
}

// faulty says that something is to be written yet, or otherwise.
func (p *urlPane) faulty() bool {
	return !p.spec.Reading.Accepted || slices.ContainsFunc(p.spec.Problems,
		func(q urlspec.Problem) bool { return q.Severity == urlspec.Error })
}

// growing says that a problem is about a word that is just being typed, and that
// can still become a good one.
func (p *urlPane) growing(q urlspec.Problem, typing bool) bool {
	return typing && q.Code == "param-unknown" && q.End == p.cursor && p.choices.active()
}

// problem is the one to point to: at the cursor while typing, else the first
// error, else, when nobody types, the first warning.
func (p *urlPane) problem(typing bool) (urlspec.Problem, bool) {
	if p.text == "" || p.unfinished(typing) {
		return urlspec.Problem{}, false // the example is shown, or the rest is yet to come
	}
	var best *urlspec.Problem
	score := func(q urlspec.Problem) int {
		s := 0
		switch q.Severity {
		case urlspec.Error:
			s = 10
		case urlspec.Warning:
			s = 3
		}
		if typing && p.cursor >= q.Start && p.cursor <= q.End && q.Start < q.End && s > 0 {
			s += 20
		}
		return s
	}
	for i, q := range p.spec.Problems {
		if p.growing(q, typing) {
			continue
		}
		if s := score(q); s >= 10 || s > 0 && !typing {
			if best == nil || s > score(*best) {
				best = &p.spec.Problems[i]
			}
		}
	}
	if best == nil {
		return urlspec.Problem{}, false
	}
	return *best, true
}

// fixable is the problem whose fix alt+f makes: the pointed one, else the
// worst that has a fix.
func (p *urlPane) fixable(typing bool) (urlspec.Problem, bool) {
	if q, ok := p.problem(typing); ok && q.Fix != nil {
		return q, true
	}
	for _, level := range []urlspec.Severity{urlspec.Error, urlspec.Warning} {
		for _, q := range p.spec.Problems {
			if q.Severity == level && q.Fix != nil && !p.growing(q, typing) {
				return q, true
			}
		}
	}
	return urlspec.Problem{}, false
}

// summary is the word in the upper border: what Apprise makes of the URL.
func (p *urlPane) summary(st *styles, typing bool) string {
	errors, warnings := 0, 0
	for _, q := range p.spec.Problems {
		switch q.Severity {
		case urlspec.Error:
			errors++
		case urlspec.Warning:
			warnings++
		}
	}
	switch {
	case p.text == "":
		return st.muted.Render("an example: type or paste yours, → takes it")
	case p.unfinished(typing):
		return st.muted.Render("unfinished")
	case !p.spec.Reading.Accepted:
		return st.fail.Render(st.glyphs.fail + " Apprise rejects it")
	case errors > 0:
		return st.fail.Render(st.glyphs.fail+" "+event.Count(errors, "error")) + more(st, warnings)
	case warnings > 0:
		return st.ok.Render(st.glyphs.ok+" valid") + more(st, warnings)
	}
	return st.ok.Render(st.glyphs.ok + " valid")
}

func more(st *styles, warnings int) string {
	if warnings == 0 {
		return ""
	}
	return st.muted.Render(" · ") + st.warn.Render(event.Count(warnings, "warning"))
}

// whyNoPart says that the cursor is in no part that has a name.
func (p *urlPane) whyNoPart(*screen) string {
	_, ok := partAt(p.spec, p.cursor)
	return unless(ok, "the cursor is in no part of the URL")
}

// emptyPart takes out what the part under the cursor holds: a password, a value, a
// target.
func (p *urlPane) emptyPart(s *screen) tea.Cmd {
	i, _ := partAt(p.spec, p.cursor)
	span := p.spec.Spans[i]
	end := span.End
	if span.Kind == urlspec.ParamName {
		end = max(end, p.spec.Params[span.Index].ValueEnd)
	}
	p.kill(span.Start, end)
	s.edited()
	return nil
}

// part moves to the start of the next part (by = 1) or the one before.
func (p *urlPane) part(by int) {
	var stops []int
	for _, span := range p.spec.Spans {
		if named(span) {
			stops = append(stops, span.Start)
		}
	}
	stops = append(stops, len(p.text))
	if by > 0 {
		for _, at := range stops {
			if at > p.cursor {
				p.move(at)
				return
			}
		}
		return
	}
	for i := len(stops) - 1; i >= 0; i-- {
		if stops[i] < p.cursor {
			p.move(stops[i])
			return
		}
	}
}

// keep remembers the URL of a run for up and down, of the newest runs.
func (p *urlPane) keep() {
	if n := len(p.past); n == 0 || p.past[n-1] != p.text {
		p.past = append(p.past, p.text)
		p.past = p.past[max(0, len(p.past)-model.HistoryLimit):]
	}
	p.at = len(p.past)
}

// recall steps through the URLs of earlier runs.
func (p *urlPane) recall(by int) {
	if p.at >= len(p.past) {
		p.at, p.current = len(p.past), p.text
	}
	to := clamp(p.at+by, 0, len(p.past))
	if to == p.at {
		return
	}
	p.at = to
	text := p.current
	if to < len(p.past) {
		text = p.past[to]
	}
	p.replace(text, len(text))
	p.read()
}
