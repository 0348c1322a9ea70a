package ui

import (
	"os"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// editedMsg is what came back from $EDITOR.
type editedMsg struct {
	text string
	err  error
}

// openEditor writes the message into a file that only its owner can read, and
// gives the terminal to $VISUAL or $EDITOR.
func (s *screen) openEditor() tea.Cmd {
	command := strings.Fields(s.opts.Env("VISUAL"))
	if len(command) == 0 {
		command = strings.Fields(s.opts.Env("EDITOR"))
	}
	if len(command) == 0 {
		s.notice = "set EDITOR to write the message in an editor"
		return nil
	}
	s.jump(&s.send)
	f, err := os.CreateTemp("", "xmppscope-*.txt")
	if err != nil {
		s.notice = "no file for the editor: " + err.Error()
		return nil
	}
	name := f.Name()
	_, err = f.WriteString(s.send.body.text)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		s.notice = "no file for the editor: " + err.Error()
		return nil
	}
	return tea.ExecProcess(s.child(s.ctx, append(command, name)), func(err error) tea.Msg {
		defer func() { _ = os.Remove(name) }()
		if err != nil {
			return editedMsg{err: err}
		}
		text, err := os.ReadFile(name)
		return editedMsg{strings.TrimSuffix(string(text), "\n"), err}
	})
}

func (s *screen) editorDone(msg editedMsg) {
	if msg.err != nil {
		s.notice = "the editor: " + msg.err.Error()
		return
	}
	s.send.body.replace(msg.text, len(msg.text))
	s.notice = "message taken from the editor"
}
