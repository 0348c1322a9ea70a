package ui

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// lit is a lamp of the header: a step of the run as it stands, with the state of
// its group, named after the stage
// that failed or is under way where that is not the group's own.
func lit(l event.Step, r *model.Run) (name string, state event.State) {
	name = l.Name
	if r == nil {
		return name, ""
	}
	rank := map[event.State]int{"": 0, event.Skip: 1, event.OK: 2, event.Warn: 3, event.Start: 4, event.Fail: 5}
	for _, stage := range l.Stages {
		s := r.Stage(stage)
		if s == nil || stage == event.StageClose && s.State != event.Fail || stage == event.StageWait && s.State == event.OK {
			continue
		}
		if rank[s.State] > rank[state] {
			state = s.State
			if state == event.Fail || state == event.Start {
				name = string(stage)
			}
		}
	}
	return name, state
}

// drawLamps gives the lamps in at most w cells, without names where they do
// not fit.
func drawLamps(st *styles, r *model.Run, w int) string {
	for _, form := range []struct{ gap, join string }{{" ", "  "}, {"", " "}} {
		var parts []string
		for _, l := range event.Steps() {
			name, state := lit(l, r)
			sign, style := st.state(state)
			parts = append(parts, style.Render(sign+form.gap+name))
		}
		if line := strings.Join(parts, form.join); cells(line) <= w {
			return line
		}
	}
	var b strings.Builder
	now := ""
	for _, l := range event.Steps() {
		name, state := lit(l, r)
		sign, style := st.state(state)
		b.WriteString(style.Render(sign))
		if state == event.Fail || state == event.Start {
			now = " " + style.Render(name)
		}
	}
	return shorten(b.String()+now, w)
}

// stagesPane shows the stages of a run with their times on one scale.
type stagesPane struct {
	window
	// held says that a stage was selected by hand; until then the pane shows
	// where things happen.
	held bool
}

func (p *stagesPane) draw(st *styles, r *model.Run, age time.Duration, w, h int, focused bool) view {
	if r == nil {
		p.window = window{}
		hint := newSheet(st, w)
		hint.say(st.strong, "", "Nothing has run yet.")
		hint.gap()
		for _, k := range [][2]string{
			{"enter", "in the URL connects, logs in and joins the rooms. It sends nothing."},
			{"^s", "sends the message to every target, after it has named them to you."},
			{"M", "finds every way to the server, and the URLs that would work."},
		} {
			hint.hang(" "+st.key.Render(fit(k[0], 5))+" ", st.text, k[1])
		}
		return show(hint.lines...)
	}
	total := age
	for _, s := range r.Stages {
		total = max(total, s.Start+s.Took)
	}
	lines := make([]string, 0, len(r.Stages)+1)
	for _, s := range r.Stages {
		if s.State == event.Start {
			s.Took = max(s.Took, age-s.Start)
		}
		lines = append(lines, stageLine(st, s, total, w))
	}
	if p.held = p.held && focused; !p.held {
		p.selected = 0
		for i, s := range r.Stages {
			if s.State != "" {
				p.selected = i
			}
			if s.State == event.Fail {
				break
			}
		}
	}
	header := w >= 56 && h > len(lines)+1
	room := h
	if header {
		room--
	}
	v := p.list(lines, room, focused)
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
	sign, style := st.state(s.State)
	name := fit(string(s.Name), stageNameW)
	if s.State == "" {
		return " " + style.Render(sign+" "+name) + st.muted.Render(fit("", stageTimeW)+waterfall(st, s, total, barWidth(w))+s.Words())
	}
	took := fmt.Sprintf("%*s", stageTimeW-1, model.Duration(s.Took)) + " "
	text := clean(s.Text)
	if s.State == event.Fail {
		text = style.Render(text)
	}
	return " " + style.Render(sign+" "+name) + took + waterfall(st, s, total, barWidth(w)) + text
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
		bar = strings.Repeat(" ", from) + style.Render(strings.Repeat(st.glyphs.bar, long)) + strings.Repeat(" ", room-from-long)
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
