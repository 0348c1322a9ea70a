package ui

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// header is the title and the lamps.
func (s *screen) header(l layout) string {
	r := s.run()
	title := " " + s.st.strong.Render("xmppscope")
	if l.class == tiny {
		title = ""
	}
	if r != nil && l.class >= normal {
		title += s.st.muted.Render(fmt.Sprintf("  run %d of %d", r.ID, s.lastRunID()))
	}
	right := ""
	if r != nil {
		right = "  " + s.st.muted.Render(model.Duration(s.age(r))) + " "
	}
	room := s.w - cells(title) - cells(right) - 2
	return spread(title, drawLamps(s.st, r, room)+right, s.w)
}

// age is how long a run took, or takes so far.
func (s *screen) age(r *model.Run) time.Duration {
	switch {
	case r == nil:
		return 0
	case !r.Done && s.live != nil && s.live.id == r.ID:
		return max(r.Took, s.elapsed)
	}
	return r.Took
}

func (s *screen) lastRunID() int {
	if last := s.runs.Last(); last != nil {
		return last.ID
	}
	return 0
}

// lampState gives a lamp of the header: the state of a step, and the stage that
// failed or is under way where there is one. The lamp itself keeps its name, so that
// the others stay where they are.
func lampState(l event.Step, r *model.Run) (now string, state event.State) {
	if r == nil {
		return "", ""
	}
	rank := map[event.State]int{"": 0, event.Skip: 1, event.OK: 2, event.Warn: 3, event.Start: 4, event.Fail: 5}
	for _, stage := range l.Stages {
		s := r.Stage(stage)
		switch {
		case s == nil,
			stage == event.StageClose && s.State != event.Fail,
			stage == event.StageWait && s.State == event.OK:
			continue
		}
		if rank[s.State] > rank[state] {
			state = s.State
			if state == event.Fail || state == event.Start {
				now = string(stage)
			}
		}
	}
	return now, state
}

// drawLamps gives the lamps in at most w cells, without names where they do
// not fit.
func drawLamps(st *styles, r *model.Run, w int) string {
	for _, form := range []struct{ gap, join string }{{" ", "  "}, {"", " "}} {
		var parts []string
		for _, l := range event.Steps() {
			_, state := lampState(l, r)
			sign, style := st.state(state)
			parts = append(parts, style.Render(sign+form.gap+l.Name))
		}
		if line := strings.Join(parts, form.join); cells(line) <= w {
			return line
		}
	}
	var b strings.Builder
	now := ""
	for _, l := range event.Steps() {
		stage, state := lampState(l, r)
		sign, style := st.state(state)
		b.WriteString(style.Render(sign))
		if state == event.Fail || state == event.Start {
			now = " " + style.Render(stage)
		}
	}
	return shorten(b.String()+now, w)
}
