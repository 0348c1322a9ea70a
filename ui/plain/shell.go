package plain

import (
	"context"
	"errors"
	"fmt"
	"io"

	"xmppscope/model"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// Shell is what a command may touch of the world. Its zero value reads
// nothing and prints nothing.
type Shell struct {
	// In is standard input. A read from it must end when the command's
	// context ends; see [Interruptible].
	In io.Reader
	// Open opens a file for reading. It must end when the command's context ends,
	// and so must the reads; see [Opener]. Nil means os.Open.
	Open func(name string) (io.ReadCloser, error)
	// Out takes results, Err progress and errors.
	Out, Err io.Writer
	// Hold says that something must be put in order before the program may end, such
	// as a session or a file that is half written, until release is called. All
	// else it leaves alone when it is interrupted. Nil means that nobody asks.
	Hold func() (release func())
	// InTerminal, OutTerminal and ErrTerminal say which streams belong to a person.
	InTerminal, OutTerminal, ErrTerminal bool
	// InSize is how many bytes standard input holds, 0 where that is not known.
	InSize int64
	// Env gives a variable of the environment; nil means that none is set.
	Env func(name string) string
	// AskPassword reads a line without echo from the person at the terminal.
	// Nil means that nobody can be asked.
	AskPassword func(ctx context.Context, prompt string) (string, error)
	// Run does a job; nil means [xmppcore.Notify].
	Run func(ctx context.Context, job xmppcore.Job, trace event.Trace) error
	// Look is how text is drawn.
	Look Look
}

// Fault is an error with the exit code that it ends the program with. Its
// text is one sentence without a capital or a full stop.
type Fault struct {
	Code model.ExitCode
	Text string
	// Hint says what to do instead; it may be empty.
	Hint string
}

// Error gives the sentence, without the hint.
func (f *Fault) Error() string { return f.Text }

// Misuse is the fault of a command line or a URL that cannot be used. Where one
// of the values says that the command was interrupted, that is the error.
func Misuse(hint, format string, values ...any) error {
	for _, value := range values {
		if err, ok := value.(error); ok && errors.Is(err, context.Canceled) {
			return err
		}
	}
	return &Fault{Code: model.ExitUsage, Text: fmt.Sprintf(format, values...), Hint: hint}
}

// Complain says on Err why a command ended, and gives the exit code for it.
// An error that is no [Fault] is an internal one.
func (s *Shell) Complain(err error) model.ExitCode {
	if err == nil {
		return model.ExitDone
	}
	var fault *Fault
	switch {
	case errors.Is(err, context.Canceled):
		fault = &Fault{Code: model.ExitInterrupted, Text: "interrupted"}
	case !errors.As(err, &fault):
		fault = &Fault{Code: model.ExitInternal, Text: err.Error()}
	}
	s.note("xmppscope: " + fault.Text)
	if fault.Hint != "" {
		s.note("xmppscope: hint: " + fault.Hint)
	}
	return fault.Code
}

// outputPiece is how much is written in one piece while there is more to come.
const outputPiece = 32 << 10

// print writes one line of the result, note one line of progress. A stream
// that is gone is no reason to stop: the exit code still says how it went.
func (s *Shell) print(line string) { writeLine(s.Out, line) }
func (s *Shell) note(line string)  { writeLine(s.Err, line) }

// printAll writes lines of the result, many at once.
func (s *Shell) printAll(lines []string) {
	var out []byte
	for _, line := range lines {
		if out = append(append(out, line...), '\n'); len(out) >= outputPiece {
			s.write(out)
			out = out[:0]
		}
	}
	if len(out) > 0 {
		s.write(out)
	}
}

// write writes lines of the result, each with its end.
func (s *Shell) write(lines []byte) {
	if s.Out != nil {
		_, _ = s.Out.Write(lines)
	}
}

func writeLine(w io.Writer, line string) {
	if w != nil {
		_, _ = io.WriteString(w, line+"\n")
	}
}

// hold is Hold, as "defer s.hold()()".
func (s *Shell) hold() (release func()) {
	if s.Hold == nil {
		return func() {}
	}
	return s.Hold()
}

func (s *Shell) env(name string) string {
	if s.Env == nil {
		return ""
	}
	return s.Env(name)
}
