package ui

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// externalEditor is a text in an editor. It has the terminal while it runs, and its
// file, which only its owner can read, exists no longer than that: a program
// that ends before leaves none behind. It is a tea.ExecCommand.
type externalEditor struct {
	command func(file string) *exec.Cmd
	text    string // before Run the old one, after it the new one
	in      io.Reader
	out     io.Writer
	errs    io.Writer
}

// editorWait is how long an editor may take to end when the screen is told to.
const editorWait = 500 * time.Millisecond

func (e *externalEditor) SetStdin(in io.Reader)    { e.in = in }
func (e *externalEditor) SetStdout(out io.Writer)  { e.out = out }
func (e *externalEditor) SetStderr(errs io.Writer) { e.errs = errs }

// Run writes the text into a file, runs the editor and reads the file.
func (e *externalEditor) Run() (err error) {
	f, err := os.CreateTemp("", "xmppscope-*.txt")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.WriteString(e.text)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	cmd := e.command(f.Name())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = e.in, e.out, e.errs
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // it may have something to put in order
	cmd.WaitDelay = editorWait
	if err := cmd.Run(); err != nil {
		return err
	}
	written, err := os.Open(f.Name())
	if err != nil {
		return err
	}
	defer written.Close()
	text, err := io.ReadAll(io.LimitReader(written, textLimit+2)) // more is too long
	e.text = strings.TrimSuffix(string(text), "\n")
	return err
}
