package ui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/urlspec"
)

// The actions of the screen that the keymap names. Each why… says in a sentence
// why its action is not possible now, and nothing when it is.

func (s *screen) quit() tea.Cmd {
	if s.live != nil {
		s.live.cancel()
		s.interrupted = true // its last batch may still come before the end
	}
	return tea.Quit
}

// cancelling is the notice that stands until the run has ended.
const cancelling = "cancelling"

// runGoing says why what needs a run that is over is not possible now.
const runGoing = "a run is under way; esc cancels it"

// escape goes one step back: it takes back what is typed, then cancels the run,
// then leaves the field, and last clears a filter.
func (s *screen) escape() tea.Cmd {
	switch {
	case s.typing && s.focus.escape(s):
		s.typing = false
	case s.live != nil:
		s.live.cancel()
		s.notice = cancelling
	case s.typing:
		s.typing = false
		s.notice = "keys are commands now: ? help, i types again, ^l edits the URL"
	case !s.focus.escape(s):
		s.unzoom()
	}
	s.url.shown = false
	return nil
}

// zoom gives the pane that has the keys the whole screen, or takes it back.
func (s *screen) zoom() tea.Cmd {
	if s.zoomed {
		s.unzoom()
		return nil
	}
	s.zoomed = true
	s.raise(s.focus)
	s.notice = "zoomed; z or esc shows all panes again"
	if s.typing {
		s.notice = "zoomed; alt+z shows all panes again"
	}
	return nil
}

func (s *screen) unzoom() { s.zoomed = false }

func (s *screen) toURL() tea.Cmd {
	s.leave()
	s.jump(&s.url)
	s.typing = true
	return nil
}

func (s *screen) startTyping() tea.Cmd { s.typing = true; return nil }

func (s *screen) fix() tea.Cmd { return s.applyFix(s.diagnose()) }

// applyFix makes the edit of a diagnosis.
func (s *screen) applyFix(d diagnosis) tea.Cmd {
	switch {
	case d.meant:
		s.accept()
	case d.problem != nil && d.problem.Fix.Kind == urlspec.FixSafe:
		s.makeFix(*d.problem.Fix)
	case d.problem != nil:
		s.offerFixes(*d.problem)
	case d.fix != "" && d.finding != nil && d.finding.Fix != nil:
		return s.tryFix(*d.finding.Fix)
	case d.password:
		s.open(&passwordDialog{jid: s.url.spec.Reading.LoginJID, req: request{kind: s.again()}, other: true})
	}
	return nil
}

// tryFix makes the fix of a finding, and runs again to see whether it helps.
func (s *screen) tryFix(f finding.Fix) tea.Cmd {
	r := s.run()
	s.url.replace(f.Edited, len(f.Edited))
	s.edited()
	s.notice = s.undoable(f)
	if f.Later {
		return nil
	}
	if !r.OK() {
		s.trial = &trial{from: r, label: f.Label, edited: f.Edited}
	}
	return s.ask(request{kind: s.again()})
}

// again is the kind of run that repeats the shown one: a send in which anything
// went out is not repeated without being asked for.
func (s *screen) again() model.Kind {
	r := s.run()
	if delivered, _ := r.Delivered(); r.Kind == model.Send && delivered == 0 && r.Bind == nil {
		return model.Send
	}
	return model.Check
}

// risk asks whether a fix that takes a protection away is really wanted.
func (s *screen) risk() tea.Cmd {
	f := *s.diagnose().risky
	lines := []string{clean(f.Label) + "."}
	if f.Cost != "" && !strings.Contains(f.Label, "anybody in between") {
		lines = append(lines, clean(f.Cost))
	}
	lines = append(lines, "Whoever answers in the server's place is believed then. Undo takes it back.")
	q := confirm("Unsafe", lines, "do it all the same, and retry", func(s *screen) tea.Cmd { return s.tryFix(f) })
	q.deliberate = true
	s.open(q)
	return nil
}

func whyNoRisk(s *screen) string {
	return unless(s.diagnose().risky != nil, "there is no unsafe step to take")
}

// accept makes the URL what it was meant to be.
func (s *screen) accept() {
	m := s.url.ghost.Meant
	cursor := len(m.Fixed)
	if s.url.cursor < len(s.url.text) {
		cursor = min(s.url.cursor, cursor)
	}
	s.url.replace(m.Fixed, cursor)
	s.edited()
	s.notice = clean(strings.Join(m.Labels, ", ")) + "; " + s.undoKey() + " undoes it"
}

// makeFix makes a fix of a problem of the URL.
func (s *screen) makeFix(f urlspec.Fix) {
	s.apply(f)
	s.notice = clean(f.Label) + "; " + s.undoKey() + " undoes it"
}

// undoable says which fix was made, and how it is taken back.
func (s *screen) undoable(f finding.Fix) string {
	name := clean(f.Label)
	if f.Risky {
		name = riskName(f)
	}
	return name + "; " + s.undoKey() + " undoes it"
}

func (s *screen) undoKey() string {
	if s.typing {
		return "alt+u"
	}
	return "u"
}

func whyNoFix(s *screen) string {
	d := s.diagnose()
	if d.busy {
		return runGoing
	}
	if d.fix != "" || d.password {
		return ""
	}
	if d.risky != nil {
		return "no safe edit of the URL helps; " + s.riskKey() + " asks about an unsafe one"
	}
	return "there is nothing that an edit of the URL would fix"
}

func (s *screen) undo() tea.Cmd { s.url.back(); s.edited(); return nil }
func (s *screen) redo() tea.Cmd { s.url.forth(); s.edited(); return nil }

// tooLong says that a text does not fit into any field.
func tooLong(what string) string {
	return fmt.Sprintf("%s is longer than %d bytes, and was left out", what, textLimit)
}

func whyNoUndo(s *screen) string { return unless(len(s.url.undo) > 0, "nothing to undo") }
func whyNoRedo(s *screen) string { return unless(len(s.url.redo) > 0, "nothing to redo") }

func whyNoRuns(s *screen) string {
	return unless(s.runs.Len() > 0, "nothing has run yet; enter in the URL checks it")
}

func whyNoEarlier(s *screen) string { return unless(s.shown > 0, "there is no earlier run") }
func whyNoLater(s *screen) string {
	return unless(s.shown >= 0 && s.shown < s.runs.Len()-1, "this is the newest run")
}

func unless(possible bool, why string) string {
	if possible {
		return ""
	}
	return why
}

// step shows the run before or after.
func (s *screen) step(by int) tea.Cmd {
	s.shown = clamp(s.shown+by, 0, s.runs.Len()-1)
	s.events.frozen = 0
	return nil
}

// reveal shows the password for a moment.
func (s *screen) reveal() tea.Cmd {
	s.typing = true
	s.url.shown = !s.url.shown
	s.url.revealed++
	reveal := s.url.revealed
	if !s.url.shown {
		return nil
	}
	for _, span := range s.url.spec.Spans { // into the password, if the cursor is not in one
		if span.Kind == urlspec.Password && span.Start < span.End {
			if s.url.cursor < span.Start || s.url.cursor > span.End {
				s.url.move(span.End)
			}
			break
		}
	}
	return tea.Tick(revealFor, func(time.Time) tea.Msg { return hideMsg{reveal} })
}

func (s *screen) togglePrivacy() tea.Cmd {
	s.privacy = !s.privacy
	s.url.private = s.privacy
	s.notice = "names and addresses are shown again"
	if s.privacy {
		s.notice = "names and addresses are covered; p shows them again"
	}
	return nil
}

func (s *screen) toggleMouse() tea.Cmd {
	s.mouse = !s.mouse
	s.notice = "mouse off: the terminal selects text again"
	if s.mouse {
		s.notice = "mouse on: click a pane, the wheel scrolls; shift+drag selects text"
	}
	return nil
}

func (s *screen) nextTheme() tea.Cmd {
	all := Themes()
	for i, t := range all {
		if t == s.opts.Theme {
			s.opts.Theme = all[(i+1)%len(all)]
			break
		}
	}
	s.restyle()
	s.notice = "theme: " + string(s.opts.Theme)
	return nil
}
