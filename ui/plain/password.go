package plain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// AskPassword writes a prompt on out and reads a line from the terminal in,
// without echo. When ctx ends first, the terminal is put back as it was and
// the read is left to itself: the program ends.
func AskPassword(ctx context.Context, prompt string, in, out *os.File) (string, error) {
	fd := int(in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	// Echo is off before the prompt is seen: nothing typed at once is shown.
	if err := silence(fd); err != nil {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	fmt.Fprint(out, prompt)
	defer fmt.Fprintln(out)
	type answer struct {
		line []byte
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		line, err := readSilently(in)
		answers <- answer{line, err}
	}()
	select {
	case a := <-answers:
		a.err = errors.Join(a.err, term.Restore(fd, before))
		switch {
		case errors.Is(a.err, io.EOF):
			return "", Misuse("", "no password was typed")
		case a.err != nil:
			return "", fmt.Errorf("reading the password: %w", a.err)
		}
		return string(a.line), nil
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(fd, before))
	}
}
