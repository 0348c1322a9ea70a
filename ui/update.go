package ui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
)

// hideMsg ends the reveal it belongs to.
type hideMsg struct{ reveal int }

// tickMsg redraws the running times of a run.
type tickMsg struct{ run int }

// tickEvery is how often running times move. There is no tick without a run.
const tickEvery = 200 * time.Millisecond

// Update handles a message, and sees to what it leaves to be worked out.
func (s *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := s.handle(msg)
	if beside := s.diagnoseBeside(); beside != nil {
		cmd = tea.Batch(cmd, beside)
	}
	return s, cmd
}

// handle routes a message to where it is handled.
func (s *screen) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.w, s.h = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		dark := msg.IsDark()
		s.dark = &dark
		s.restyle()
	case tea.KeyPressMsg:
		s.notice = ""
		if msg.String() != "Y" {
			s.copyReal = false
		}
		return s.key(msg)
	case tea.PasteMsg:
		s.notice = ""
		return s.paste(msg.Content)
	case tea.MouseMsg:
		return s.mouseEvent(msg)
	case batchMsg:
		return s.batch(msg)
	case cellsMsg:
		return s.cellsFound(msg)
	case hideMsg:
		if msg.reveal == s.url.revealed {
			s.url.shown = false
		}
	case tickMsg:
		return s.tick(msg)
	case findingsMsg:
		s.diagnosedBeside(msg)
	case editedMsg:
		s.editorDone(msg)
	case noticeMsg:
		s.notice = string(msg)
	}
	return nil
}

// noticeMsg is the answer of a command that ran in the background.
type noticeMsg string

// batch takes what happened in a run. What belongs to a run that is no longer
// the live one is dropped.
func (s *screen) batch(b batchMsg) tea.Cmd {
	if s.live == nil || s.live.id != b.run {
		return nil
	}
	live := s.live
	r := s.runs.Last()
	for _, n := range b.Values {
		if n.event != nil {
			r.Apply(*n.event)
		} else {
			r.ApplyXML(*n.xml)
		}
	}
	r.XMLDropped += b.Dropped
	if !b.Last {
		return live.pull
	}
	r.Finish(b.err)
	s.live = nil
	if s.notice == cancelling {
		s.notice = ""
	}
	s.dropMoot()
	s.judgeTrial(r)
	return nil
}

// dropMoot closes the question about a run that has ended meanwhile.
func (s *screen) dropMoot() {
	if n := len(s.dialogs); n > 0 {
		if q, ok := s.dialogs[n-1].(*question); ok && q.live {
			s.closeDialog()
			s.notice = "the run has ended by itself; the key again starts the new one"
		}
	}
}

func (s *screen) tick(t tickMsg) tea.Cmd {
	if s.live == nil || s.live.id != t.run {
		return nil
	}
	s.elapsed = s.opts.Clock().Sub(s.started)
	return tickFor(t.run)
}

func tickFor(run int) tea.Cmd {
	return tea.Tick(tickEvery, func(time.Time) tea.Msg { return tickMsg{run} })
}

// track remembers what goes on in the background until it has ended.
func (s *screen) track(ended <-chan struct{}) {
	s.background = slices.DeleteFunc(s.background, func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	})
	s.background = append(s.background, ended)
}

// stopRun ends whatever is going and waits for it, at most for patience.
func (s *screen) stopRun(patience time.Duration) {
	s.cancel()
	s.closeKept()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for _, ended := range s.background {
		select {
		case <-ended:
		case <-timer.C:
			return
		}
	}
}
