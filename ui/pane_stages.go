package ui

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// stagesPane shows the stages of a run with their times on one scale.
// Until one is selected by hand it shows where things happen.
type stagesPane struct {
	noField
	window
}

func (p *stagesPane) name() string { return "Stages" }
func (p *stagesPane) slot() slot   { return slotUpperRight }

func (p *stagesPane) rows(s *screen) (*window, int) {
	if r := s.run(); r != nil {
		return &p.window, len(r.Stages)
	}
	return nil, 0
}

func (p *stagesPane) bindings() []binding {
	return []binding{
		{commands, []string{"enter"}, "enter", "details",
			"this stage explained, with its events: certificate, login, rooms, evidence", whyNoRuns, (*screen).stageDetails},
	}
}

// current is the selected stage.
func (p *stagesPane) current(r *model.Run) (model.Stage, bool) {
	if r == nil || p.selected >= len(r.Stages) {
		return model.Stage{}, false
	}
	return r.Stages[p.selected], true
}

func (p *stagesPane) copied(s *screen) (what, text string) {
	stage, ok := p.current(s.run())
	if !ok {
		return "", ""
	}
	return "stage", string(stage.Name) + ": " + stage.Text
}

func (p *stagesPane) draw(s *screen, w, h int, focused bool) view {
	st, r := s.st, s.run()
	if r == nil {
		p.window = window{}
		hint := newPage(st, w)
		hint.paragraph(st.strong, "", "Nothing has run yet.")
		hint.gap()
		ways := "M"
		if s.typing {
			ways = "alt+m"
		}
		for _, k := range [][2]string{
			{"enter", "in the URL connects, logs in and joins the rooms. It sends nothing."},
			{"^s", "sends the message to every target, after it has named them to you."},
			{ways, "finds every way to the server, and the URLs that would work."},
		} {
			hint.wrapped(" "+st.key.Render(fit(k[0], 5))+" ", st.text, k[1])
		}
		return show(hint.lines...)
	}
	v := p.drawRun(st, r, s.age(r), w, h, focused)
	if r.Spec.Text != s.url.text {
		v.right = st.warn.Render("URL edited since")
	}
	return v
}

// drawRun draws the stages of a run that takes, or took, so long.
func (p *stagesPane) drawRun(st *styles, r *model.Run, age time.Duration, w, h int, focused bool) view {
	total := age
	for _, s := range r.Stages {
		total = max(total, s.Start+s.Took)
	}
	parts := func(i int) (lead string, style look, text string) {
		s := r.Stages[i]
		if s.State == event.Start {
			s.Took = max(s.Took, age-s.Start)
		}
		return stageParts(st, s, total, w)
	}
	whole := func(i int) []string {
		lead, style, text := parts(i)
		return hanging(lead, style, text, w-1)
	}
	group := func(i int) []string {
		if r.Stages[i].State == event.Fail || focused && i == p.selected {
			return whole(i)
		}
		lead, style, text := parts(i)
		return []string{lead + style.Render(text)}
	}
	if p.held = p.held && focused; !p.held {
		p.selected = whereItHappens(r)
	}
	header := w >= 56 && h > len(r.Stages)+1
	room := h
	if header {
		room--
	}
	v := p.drawWhole(len(r.Stages), room, focused, group, whole)
	if header {
		v.lines = append([]string{stageHeader(st, total, w)}, v.lines...)
		p.at.y = 1
		if v.selected >= 0 {
			v.selected++
		}
	}
	if len(v.lines) < h {
		v.lines = append(v.lines, "")
	}
	if len(v.lines) < h {
		v.lines = append(v.lines, " "+runLine(st, r, age))
	}
	return v
}

// whereItHappens is the stage that failed, else the last one that was reached.
func whereItHappens(r *model.Run) int {
	at := 0
	for i, s := range r.Stages {
		if s.State != "" {
			at = i
		}
		if s.State == event.Fail {
			break
		}
	}
	return at
}

// The columns of a stage line: sign, name, start, took, bar, text.
const (
	stageNameW = 9
	stageTimeW = 8
)

func barWidth(w int) int {
	if w < 50 {
		return 0
	}
	return clamp(w/6, 11, 30)
}

func stageHeader(st *styles, total time.Duration, w int) string {
	bar := barWidth(w)
	scale := spread("0", model.Duration(total), bar)
	return st.muted.Render(fit("   "+fit("stage", stageNameW)+fit("   took", stageTimeW)+"  "+scale, w))
}

func stageLine(st *styles, s model.Stage, total time.Duration, w int) string {
	lead, style, text := stageParts(st, s, total, w)
	return lead + style.Render(text)
}

// stageParts are the columns of a stage, and what there is to say of it.
func stageParts(st *styles, s model.Stage, total time.Duration, w int) (lead string, said look, text string) {
	sign, style := st.state(s.State)
	name := fit(string(s.Name), stageNameW)
	if s.State == "" {
		return " " + style.Render(sign+" "+name) + fit("", stageTimeW) + waterfall(st, s, total, barWidth(w)),
			st.muted, s.Words()
	}
	took := fmt.Sprintf("%*s", stageTimeW-1, model.Duration(s.Took)) + " "
	if said = st.text; s.State == event.Fail {
		said = style
	}
	return " " + style.Render(sign+" "+name) + took + waterfall(st, s, total, barWidth(w)), said, clean(s.Text)
}

// waterfall draws a stage's time as a bar on the scale of the whole run.
func waterfall(st *styles, s model.Stage, total time.Duration, w int) string {
	if w < 4 {
		return ""
	}
	room := w - 2
	bar := strings.Repeat(" ", room)
	if s.State != "" && total > 0 {
		from := clamp(int(int64(room)*int64(s.Start)/int64(total)), 0, room-1)
		long := clamp(int(int64(room)*int64(s.Took)/int64(total)), 1, room-from)
		_, style := st.state(s.State)
		bar = strings.Repeat(" ", from) + style.Render(strings.Repeat(st.glyphs.bar, long)) +
			strings.Repeat(" ", room-from-long)
	}
	return st.border.Render(st.glyphs.rule) + bar + " "
}

// runLine sums a run up in a few words. age is how long it has been going, or
// took.
func runLine(st *styles, r *model.Run, age time.Duration) string {
	outcome := r.Outcome()
	outcome.Took = age
	_, style := st.state(outcome.State)
	return st.muted.Render(fmt.Sprintf("run %d, %s: ", r.ID, r.Kind)) + style.Render(outcome.Word) +
		st.muted.Render(strings.TrimPrefix(outcome.Brief(), outcome.Word))
}

// clock is a time since the start of a run in a column.
func clock(d time.Duration) string { return fmt.Sprintf("%7s", model.Clock(d)) }
