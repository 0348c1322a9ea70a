package ui

import (
	"fmt"
	"slices"
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

// lamp is a step of a run in the header, which is named after it. Its name stays, so
// that the others stay where they are.
type lamp struct {
	name  string
	state event.State
	// now is the stage that failed or is under way, empty when none is.
	now string
}

// lampsOf are the lamps of a run, nil for none. A step that the run went past without
// any of its stages, such as the look-up of an address or the rooms of a URL without
// any, was skipped.
func lampsOf(r *model.Run) []lamp {
	var lamps []lamp
	for _, step := range event.Steps() {
		l := lamp{name: step.Name}
		if r != nil {
			l.state, l.now = stateOf(step, r)
		}
		lamps = append(lamps, l)
	}
	gone := false
	for i := len(lamps) - 1; i >= 0; i-- {
		if l := &lamps[i]; l.state != "" {
			gone = true
		} else if gone {
			l.state = event.Skip
		}
	}
	return lamps
}

// stateOf is the state of a step: that of its stage that matters most.
func stateOf(step event.Step, r *model.Run) (state event.State, now string) {
	order := []event.State{"", event.Skip, event.OK, event.Warn, event.Start, event.Fail}
	for _, stage := range step.Stages {
		s := r.Stage(stage)
		switch {
		case s == nil,
			stage == event.StageClose && s.State != event.Fail,
			stage == event.StageWait && s.State == event.OK:
			continue
		}
		if slices.Index(order, s.State) > slices.Index(order, state) {
			state = s.State
			if state == event.Fail || state == event.Start {
				now = string(stage)
			}
		}
	}
	return state, now
}

// drawLamps gives the lamps in at most w cells, without names where they do
// not fit.
func drawLamps(st *styles, r *model.Run, w int) string {
	lamps := lampsOf(r)
	for _, form := range []struct{ gap, join string }{{" ", "  "}, {"", " "}} {
		var parts []string
		for _, l := range lamps {
			sign, style := st.state(l.state)
			parts = append(parts, style.Render(sign+form.gap+l.name))
		}
		if line := strings.Join(parts, form.join); cells(line) <= w {
			return line
		}
	}
	var b strings.Builder
	now := ""
	for _, l := range lamps {
		sign, style := st.state(l.state)
		b.WriteString(style.Render(sign))
		if l.now != "" {
			now = " " + style.Render(l.now)
		}
	}
	return shorten(b.String()+now, w)
}
