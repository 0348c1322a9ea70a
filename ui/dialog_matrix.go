package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/matrix"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/explore"
)

// matrixDialog shows every way to the server as it is found: first the URLs
// that would work, the best first, then what each place offers.
type matrixDialog struct {
	looking *exploration
	spec    urlspec.Spec
	trust   model.AppriseTrust
	cells   []event.Cell // with the logins of earlier runs
	matrix  matrix.Matrix
	over    bool
	err     error
	// chosen is the URL of the selected way; it stays chosen while better ones
	// come before it. Empty means the best.
	chosen string
	// top is the first line that is seen, moved says that it was scrolled by
	// hand, so that the selection does not pull it back.
	top, seen int
	moved     bool
}

// openMatrix looks for every way to the server. No password is sent.
func (s *screen) openMatrix() tea.Cmd {
	job := explore.Job{Job: s.job()}
	job.Reading.Password, job.Reading.PasswordSet = "", false // none is needed
	d := &matrixDialog{looking: startExploration(s.ctx, s.explorer, job), spec: s.url.spec, trust: s.opts.Trust}
	s.track(d.looking.ended)
	s.open(d)
	return d.looking.pull
}

// cellsFound takes what an exploration found. What belongs to one whose dialog
// is closed is dropped.
func (s *screen) cellsFound(m cellsMsg) tea.Cmd {
	for _, open := range s.dialogs {
		d, ok := open.(*matrixDialog)
		if !ok || d.looking != m.from {
			continue
		}
		m.cells = withLogins(m.cells, s.runs, d.spec.Reading)
		d.cells = append(d.cells, m.cells...)
		if d.over = m.over; d.over {
			d.err = m.err
			if len(m.cells) > 0 {
				d.cells = m.cells
			}
		}
		d.matrix = matrix.New(d.spec, d.cells, false, d.trust)
		if !m.over {
			return m.from.pull
		}
	}
	return nil
}

// withLogins adds to the cells what the runs of this session showed there with
// the same account: a login that was refused is not offered again.
func withLogins(cells []event.Cell, runs model.History, reading urlspec.Reading) []event.Cell {
	out := slices.Clone(cells)
	for i := range runs.Len() {
		r := runs.At(i)
		as := r.Spec.Reading
		refused := r.Failure != nil && r.Failure.Stage == event.StageSASL
		if r.SASL == nil || r.TCP == nil || r.Bind == nil && !refused ||
			as.LoginJID != reading.LoginJID || as.Password != reading.Password {
			continue
		}
		login := event.LoginTry{ScramPlus: as.ScramPlus, OK: r.Bind != nil, SASL: r.SASL}
		if r.TLS != nil {
			login.TLSVersion = r.TLS.Version
		}
		if refused {
			login.FailedStage, login.Failure = r.Failure.Stage, r.Failure
		}
		for at, c := range out {
			if c.Address == r.TCP.Address && c.Mode == as.Mode && c.TLSVersion == login.TLSVersion {
				out[at].Logins = append(slices.Clone(c.Logins), login)
			}
		}
	}
	return out
}

func (d *matrixDialog) paste(string) {}

func (d *matrixDialog) key(s *screen, msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc", "q":
		if !d.over {
			d.looking.cancel()
			return nil
		}
		s.closeDialog()
	case "enter":
		return d.take(s)
	case "y":
		if w, ok := d.way(); ok {
			return s.copyText("the URL without its password", w.Edit.URL)
		}
	case "down", "j":
		d.choose(1)
	case "up", "k":
		d.choose(-1)
	case "pgdown", "space", "ctrl+d":
		d.top, d.moved = d.top+max(1, d.seen-2), true
	case "pgup", "ctrl+u":
		d.top, d.moved = d.top-max(1, d.seen-2), true
	case "home", "g":
		d.chosen, d.top, d.moved = "", 0, true
	case "end", "G":
		d.top, d.moved = 1<<30, true
	}
	return nil
}

// take makes the edit that leads to the selected way.
func (d *matrixDialog) take(s *screen) tea.Cmd {
	w, ok := d.way()
	if !ok {
		return nil
	}
	d.looking.cancel()
	s.closeDialog()
	if w.Edit.Edited == s.url.text {
		s.notice = "the URL is that already; nothing was changed"
		return nil
	}
	s.url.replace(w.Edit.Edited, len(w.Edit.Edited))
	s.edited()
	check := "r"
	if s.typing {
		check = "enter"
	}
	s.notice = clean(w.Edit.Label) + "; " + s.undoKey() + " undoes it, " + check + " checks it"
	return nil
}

func (d *matrixDialog) selected() int {
	i := slices.IndexFunc(d.matrix.Ways, func(w matrix.Way) bool { return w.Edit.Edited == d.chosen })
	return max(0, i)
}

func (d *matrixDialog) way() (matrix.Way, bool) {
	if len(d.matrix.Ways) == 0 {
		return matrix.Way{}, false
	}
	return d.matrix.Ways[d.selected()], true
}

func (d *matrixDialog) choose(by int) {
	if n := len(d.matrix.Ways); n > 0 {
		d.chosen, d.moved = d.matrix.Ways[clamp(d.selected()+by, 0, n-1)].Edit.Edited, false
	}
}

func (d *matrixDialog) draw(s *screen, w, h int) (string, view) {
	p := newPage(s.st, w)
	d.state(p)
	row := d.ways(p)
	d.places(p)
	keys := " " + answer(s.st, "enter", "take this URL", "y", "copy", "esc", "close")
	if !d.over {
		keys = " " + answer(s.st, "enter", "take this URL", "esc", "stop looking")
	}
	d.seen = max(1, h-2)
	if !d.moved && row >= 0 { // the selected way and what belongs to it
		d.top = clamp(d.top, row+4-d.seen, max(0, row-1))
	}
	d.top = clamp(d.top, 0, max(0, len(p.lines)-d.seen))
	end := min(len(p.lines), d.top+d.seen)
	v := show(slices.Clone(p.lines[d.top:end])...)
	for len(v.lines) < d.seen && h > 12 { // the frame does not grow with every answer
		v.lines = append(v.lines, "")
	}
	v.lines = append(v.lines, "", keys)
	for i := range v.lines {
		v.lines[i] = fit(v.lines[i], max(0, w-2))
	}
	if row >= d.top && row < end {
		v.selected = row - d.top
	}
	if len(p.lines) > d.seen {
		v.right = fmt.Sprintf("%d–%d of %d · pgdn", d.top+1, end, len(p.lines))
	}
	return "Ways to the server", v
}

// state says in a sentence how far the exploration is.
func (d *matrixDialog) state(p *page) {
	g := p.st.glyphs
	var failure *event.Failure
	switch {
	case !d.over:
		p.paragraph(p.st.info, g.running,
			"Looking: "+event.Count(len(d.cells), "answer")+" so far. Nobody logs in and no password is sent.")
	case errors.As(d.err, &failure) && failure.Cause == event.CauseCancelled:
		p.paragraph(p.st.muted, g.skip, "Stopped after "+event.Count(len(d.cells), "answer")+".")
	case d.err != nil:
		p.paragraph(p.st.fail, g.fail, d.err.Error())
	default:
		p.paint([]fact.Fact{d.matrix.Sum()})
	}
}

// ways lists the URLs that would work, and says which line the selected one
// has, -1 without any.
func (d *matrixDialog) ways(p *page) int {
	if len(d.matrix.Ways) == 0 {
		return -1
	}
	p.head("URLs that would work, the best first")
	row := -1
	for i, w := range d.matrix.Ways {
		sign, style := p.st.state(w.State())
		label, grade := clean(w.Edit.Label), clean(w.Grade)
		room := p.w - 8
		if cells(label)+cells(grade)+2 > room {
			grade = ""
		}
		label = style.Render(shorten(label, room-cells(grade)-2))
		lead := fmt.Sprintf(" %2d ", i+1) + style.Render(sign) + " "
		p.lines = append(p.lines, lead+spread(label, p.st.muted.Render(grade), room))
		if i != d.selected() {
			continue
		}
		row = len(p.lines) - 1
		p.wayFacts(d.matrix.WayFacts(i), grade != "")
	}
	return row
}

// wayFacts are what there is to say of a way, and against it. The first of them
// is left out where the line above says it in full.
func (p *page) wayFacts(facts []fact.Fact, saidAbove bool) {
	if saidAbove {
		facts = facts[1:]
	}
	const indent = 4
	below := &page{st: p.st, w: p.w - indent, label: 7}
	below.paint(facts)
	for _, line := range below.lines {
		p.lines = append(p.lines, strings.Repeat(" ", indent)+line)
	}
}

// places lists what each place offers, those that have nothing last and
// together, then what several of them show about TLS.
func (d *matrixDialog) places(p *page) {
	if len(d.cells) == 0 {
		return
	}
	p.head("What each place offers")
	for _, f := range matrix.PlaceFacts(d.cells) {
		if f.Role == fact.RoleHeading {
			p.wrapped(" ", p.st.strong, f.Text)
			continue
		}
		sign, style := p.st.state(f.State)
		p.wrapped("   "+style.Render(sign)+" "+fit(clean(f.Label), 8)+" ", p.st.text, f.Text)
	}
	for _, f := range d.matrix.TLSFacts() {
		p.gap()
		p.paint([]fact.Fact{f})
	}
}
