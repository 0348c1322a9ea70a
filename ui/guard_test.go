package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// A panic anywhere in the program's own code ends it by the ordinary way.
func TestGuard(t *testing.T) {
	quits := func(cmd tea.Cmd) bool {
		if cmd == nil {
			return false
		}
		_, quit := cmd().(tea.QuitMsg)
		return quit
	}
	t.Run("view", func(t *testing.T) {
		quit := make(chan struct{})
		g := &guard{screen: open(t, 80, 24, Options{}).screen, quit: func() { close(quit) }}
		g.st = nil
		g.View()
		<-quit
		if g.broken == nil || !strings.Contains(g.broken.Error(), "nil pointer") || !strings.Contains(g.broken.Error(),
			"ui.(*screen).View:") {
			t.Errorf("got %v", g.broken)
		}
		if g.View().Content != "" {
			t.Error("it goes on drawing")
		}
	})
	t.Run("command", func(t *testing.T) {
		g := &guard{screen: open(t, 80, 24, Options{}).screen}
		msg := guarded(tea.Batch(func() tea.Msg { return nil }, func() tea.Msg { panic("secret") }))()
		for _, cmd := range msg.(tea.BatchMsg) {
			if m := cmd(); m != nil {
				_, next := g.Update(m)
				if !quits(next) {
					t.Error("the program goes on")
				}
			}
		}
		if g.broken == nil || strings.Contains(g.broken.Error(), "secret") {
			t.Errorf("got %v", g.broken)
		}
	})
	t.Run("update", func(t *testing.T) {
		g := &guard{screen: open(t, 80, 24, Options{}).screen}
		g.dialogs = []dialog{nil}
		_, cmd := g.Update(tea.KeyPressMsg{Code: 'x', Text: "x"})
		if !quits(cmd) || g.broken == nil {
			t.Errorf("got %v", g.broken)
		}
		if _, cmd = g.Update(tea.WindowSizeMsg{}); !quits(cmd) {
			t.Error("it goes on after the panic")
		}
	})
}
