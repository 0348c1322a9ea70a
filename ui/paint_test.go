package ui

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/model/inspect"
	"xmppscope/model/matrix"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// openStory opens the screen after a story has been played.
func openStory(t *testing.T, s modeltest.Story) (*stage, *model.Run) {
	t.Helper()
	r := s.Run()
	st := open(t, 80, 24, Options{URL: s.Text()})
	st.runs.Add(r)
	st.shown = 0
	st.press("esc")
	return st, r
}

// text is all of the topmost dialog in w cells, with the rows that are scrolled
// away.
func (st *stage) text(w int) string {
	d := st.dialogs[len(st.dialogs)-1].(*textDialog)
	return ansi.Strip(strings.Join(d.text(st.screen, w), "\n"))
}

// packed is a text without blanks, which wrapping puts anywhere, and without the
// colons between bytes, which it takes away.
func packed(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == ':' {
			return -1
		}
		return r
	}, text)
}

// mustPaint fails where a row is not shown with its label, or in another order.
func mustPaint(t *testing.T, where, shown string, facts []fact.Fact) {
	t.Helper()
	if len(facts) == 0 {
		t.Errorf("%s: there are no rows", where)
	}
	rest := packed(shown)
	for _, f := range facts {
		want := packed(f.Label + f.Text)
		if f.Role == fact.RoleHeading || f.Role == fact.RoleSum {
			want = packed(f.Text)
		}
		i := strings.Index(rest, want)
		if i < 0 {
			t.Fatalf("%s does not show %q: %q, or not in its place:\n%s", where, f.Label, f.Text, shown)
		}
		rest = rest[i+len(want):]
	}
}

// TestDetailsPaintTheRows plays every story and opens all that explains it: each
// row that the model gives is there, at every width.
func TestDetailsPaintTheRows(t *testing.T) {
	for _, s := range modeltest.All(t) {
		st, r := openStory(t, s)
		for _, w := range []int{56, 76, 116} {
			for i, step := range r.Stages {
				if step.State == "" {
					continue
				}
				st.stages.selected = i
				st.stageDetails()
				mustPaint(t, s.Name+": stage "+string(step.Name), st.text(w), r.StageFacts(step.Name, st.opts.Clock()))
				st.closeDialog()
			}
			rows := st.send.recipients(st.screen)
			for i := range rows.len() {
				row := rows.at(i)
				var facts []fact.Fact
				if row.room != nil {
					facts = r.RoomFacts(*row.room)[1:]
				}
				if row.delivery != nil {
					facts = append(facts, r.DeliveryFacts(*row.delivery)[1:]...)
				}
				if facts == nil { // a user, of whom a check knows nothing
					continue
				}
				st.send.selected = i
				st.recipientDetails()
				mustPaint(t, s.Name+": recipient "+row.jid, st.text(w), append([]fact.Fact{{Role: fact.RoleSum, Text: row.jid}},
					facts...))
				st.closeDialog()
			}
			if whyNoCertificate(st.screen) == "" {
				st.openCertificate()
				mustPaint(t, s.Name+": certificate", st.text(w), inspect.Certificate(*r.TLS, r.Spec.Reading,
					st.opts.Clock()).Facts())
				st.closeDialog()
			}
			st.details()
			mustPaint(t, s.Name+": details", st.text(w), []fact.Fact{finding.Apprise(r).Fact()})
			st.closeDialog()
		}
	}
}

// TestPanesPaintTheRows: what the panes have no room to say in full they take
// from the same rows.
func TestPanesPaintTheRows(t *testing.T) {
	for _, s := range modeltest.All(t) {
		st, r := openStory(t, s)
		outcome := r.Outcome()
		if got := ansi.Strip(runLine(st.st, r, r.Took)); !strings.HasSuffix(got, ": "+outcome.Brief()) {
			t.Errorf("%s: the line of the run is %q, want %q", s.Name, got, outcome.Brief())
		}
		d := st.diagnose()
		if r.OK() && !strings.Contains(d.text, outcome.Shown) {
			t.Errorf("%s: the diagnosis %q does not say %q", s.Name, d.text, outcome.Shown)
		}
		if v := finding.Apprise(r); r.OK() && v.Known() && !v.WouldDeliver && d.second != clean(v.Fact().Text) {
			t.Errorf("%s: behind the diagnosis stands %q, want the verdict %q", s.Name, d.second, v.Fact().Text)
		}
		for _, step := range r.Stages {
			if got := ansi.Strip(stageLine(st.st, step, r.Took, 80)); !strings.Contains(got, clean(step.Words())) {
				t.Errorf("%s: the line of the stage is %q, want %q", s.Name, got, step.Words())
			}
		}
		rows := st.send.recipients(st.screen)
		for i := range rows.len() {
			row := rows.at(i)
			line := ansi.Strip(recipientLine(st.st, row, false, 300))
			var want fact.Fact
			for _, room := range r.Rooms {
				if room.JID == row.jid {
					want = r.JoinFact(room)
				}
			}
			if d := row.delivery; d != nil && (d.Evidence != event.NotSent || d.Error != nil || want.State != event.Fail) {
				want = r.EvidenceFact(*d)
			}
			sign, _ := st.st.state(want.State)
			text := want.Text
			if d := row.delivery; d != nil && d.Error == nil && d.Evidence != event.NotSent {
				text = string(d.Evidence) // beside its bar
			}
			if want.State != "" && (!strings.HasPrefix(line, " "+sign+" ") || !strings.Contains(line, text)) {
				t.Errorf("%s: the line of %s is %q, want %s and %q", s.Name, row.jid, line, want.State, text)
			}
		}
	}
}

// TestMatrixPaintsTheRows, with each of the ways selected.
func TestMatrixPaintsTheRows(t *testing.T) {
	for _, x := range modeltest.Explorations() {
		spec := urlspec.Parse(modeltest.WithPassword(x.URL))
		m := matrix.New(spec, x.Cells, x.Login, model.TrustMozilla)
		st := open(t, 120, 40, Options{URL: spec.Text})
		d := &matrixDialog{spec: spec, cells: x.Cells, matrix: m, over: true}
		for selected := range max(1, len(m.Ways)) {
			if len(m.Ways) > 0 {
				d.chosen = m.Ways[selected].Edit.Edited
			}
			p := newPage(st.st, 92)
			d.state(p)
			d.ways(p)
			d.places(p)
			shown := ansi.Strip(strings.Join(p.lines, "\n"))
			facts := []fact.Fact{m.Sum()}
			if len(m.Ways) > 0 {
				facts = append(facts, m.WayFacts(selected)[1:]...)
			}
			mustPaint(t, x.Name, shown, slices.Concat(facts, matrix.PlaceFacts(x.Cells), m.TLSFacts()))
			if way, ok := d.way(); ok && (!strings.Contains(packed(shown), packed(way.Edit.Label)) ||
				!strings.Contains(shown, way.Grade)) {
				t.Errorf("%s: %q or %q is not shown:\n%s", x.Name, way.Edit.Label, way.Grade, shown)
			}
		}
	}
}
