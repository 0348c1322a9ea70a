package ui

import (
	"fmt"
	"runtime"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// guard stands between Bubble Tea and the screen, and turns a panic into an
// orderly end. Bubble Tea's own handler would print the value of the panic,
// which may hold a password, before the screen is given back.
type guard struct {
	*screen
	// quit ends the program from within View, which has no command to give.
	quit func()
	// broken is the first panic, without what may be a secret.
	broken error
}

func (g *guard) Init() (cmd tea.Cmd) {
	defer g.recover(&cmd)
	return guarded(g.screen.Init())
}

func (g *guard) Update(msg tea.Msg) (tea.Model, tea.Cmd) { return g, g.update(msg) }

func (g *guard) update(msg tea.Msg) (cmd tea.Cmd) {
	if err, ok := msg.(panicMsg); ok {
		g.broken = err
	}
	if g.broken != nil {
		return tea.Quit
	}
	defer g.recover(&cmd)
	_, cmd = g.screen.Update(msg)
	return guarded(cmd)
}

func (g *guard) View() (v tea.View) {
	defer func() {
		if p := recover(); p != nil && g.broken == nil {
			g.broken = panicked(p)
			go g.quit() // the program reads its messages only after this
		}
	}()
	if g.broken != nil {
		return tea.View{}
	}
	return g.screen.View()
}

func (g *guard) recover(cmd *tea.Cmd) {
	if p := recover(); p != nil {
		g.broken = panicked(p)
		*cmd = tea.Quit
	}
}

// panicMsg is the panic of a command.
type panicMsg struct{ error }

// guarded keeps a panic in a command from ending the program at once. The
// commands inside a batch come back here through Update.
func guarded(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if p := recover(); p != nil {
				msg = panicMsg{panicked(p)}
			}
		}()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = guarded(batch[i])
			}
		}
		return msg
	}
}

// panicked is a panic as an error that says where it happened: functions and
// lines, which hold no values.
func panicked(p any) error {
	frames := make([]uintptr, 32)
	frames = frames[:runtime.Callers(2, frames)]
	var where []string
	iterator := runtime.CallersFrames(frames)
	for {
		frame, more := iterator.Next()
		if name, ours := strings.CutPrefix(frame.Function, "xmppscope/"); ours && !strings.Contains(name, "guard") {
			where = append(where, fmt.Sprintf("\n  %s:%d", name, frame.Line))
		}
		if !more {
			break
		}
	}
	return fmt.Errorf("a bug in xmppscope: %s%s", panicText(p), strings.Join(where, ""))
}

// panicText describes a panic without what may be a secret: the runtime's own
// words name no values, of anything else only the type is given.
func panicText(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return "panic: " + err.Error()
	}
	return fmt.Sprintf("panic: a %T", p)
}
