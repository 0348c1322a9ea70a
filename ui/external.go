package ui

import (
	"os/exec"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// editedMsg is what came back from $EDITOR.
type editedMsg struct {
	text string
	err  error
}

// openEditor gives the message and the terminal to $VISUAL or $EDITOR.
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
	e := &externalEditor{text: s.send.body.text,
		command: func(file string) *exec.Cmd { return s.child(s.ctx, append(command, file)) }}
	return tea.Exec(e, func(err error) tea.Msg { return editedMsg{e.text, err} })
}

func (s *screen) editorDone(msg editedMsg) {
	if msg.err != nil {
		s.notice = "the editor: " + msg.err.Error()
		return
	}
	if len(msg.text) > textLimit {
		s.notice = tooLong("what the editor left")
		return
	}
	s.send.body.replace(msg.text, len(msg.text))
	s.notice = "message taken from the editor"
}
