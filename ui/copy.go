package ui

import (
	"context"
	"runtime"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// copyText puts text on the clipboard by OSC 52, which also works over SSH,
// and says what it was.
func (s *screen) copyText(what, text string) tea.Cmd {
	if text == "" {
		s.notice = "there is nothing to copy here"
		return nil
	}
	line := clean(strings.ReplaceAll(text, "\n", " "))
	s.notice = "copied " + what + ": " + shorten(line, max(10, s.w-12-cells(what)))
	return s.clipboard(text)
}

// clipboard copies by OSC 52, which the terminal may refuse without a word, and
// by the desktop's own program where there is one.
func (s *screen) clipboard(text string) tea.Cmd {
	return tea.Batch(tea.SetClipboard(text), func() tea.Msg {
		command := clipboardProgram(s.opts.Env)
		if command == nil {
			return nil
		}
		ctx, cancel := context.WithTimeout(s.ctx, clipboardWait)
		defer cancel()
		cmd := s.child(ctx, command)
		cmd.Stdin = strings.NewReader(text)
		_ = cmd.Run() // OSC 52 was sent in any case
		return nil
	})
}

// clipboardWait is how long the desktop's program may take.
const clipboardWait = 2 * time.Second

// clipboardProgram is the program that fills the desktop's clipboard, nil
// without a desktop.
func clipboardProgram(env func(string) string) []string {
	switch {
	case runtime.GOOS == "darwin":
		return []string{"pbcopy"}
	case env("WAYLAND_DISPLAY") != "":
		return []string{"wl-copy"}
	case env("DISPLAY") != "":
		return []string{"xclip", "-selection", "clipboard"}
	}
	return nil
}

// copyValue copies what is selected in the pane that has the keys.
func (s *screen) copyValue() tea.Cmd {
	return s.copyText(s.focus.copied(s))
}

// copyURL copies the URL: first without its password, and, when asked again at
// once, as it is.
func (s *screen) copyURL() tea.Cmd {
	if s.copyReal {
		s.copyReal = false
		s.notice = "copied the URL with its password"
		return s.clipboard(s.url.text)
	}
	cmd := s.copyText("the URL without its password", s.url.spec.Redacted())
	if s.url.spec.Reading.PasswordSet {
		s.copyReal = true
		s.notice = "copied the URL without its password; Y again copies it with it"
	}
	return cmd
}

func (s *screen) copyDiagnosis() tea.Cmd {
	d := s.diagnose()
	text := d.text
	if d.finding != nil {
		text = d.finding.Title + "\n" + d.finding.Explain
		if d.finding.Fix != nil {
			text += "\nFix: " + d.finding.Fix.Label + "\n" + d.finding.Fix.URL
		}
	}
	return s.copyText("the diagnosis", text)
}
