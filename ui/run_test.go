package ui

import (
	"bytes"
	"context"
	"os"
	"testing"

	"go.uber.org/goleak"

	"xmppscope/model"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// terminal is a pipe in the place of a terminal's input. When the test ends its
// writing end is closed first, and nothing may be left of the program before
// the other one goes: a reader that waits for a closed file waits for ever.
func terminal(t *testing.T) (in, keys *os.File) {
	t.Helper()
	in, keys, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = keys.Close()
		if err := goleak.Find(readerLeft); err != nil {
			t.Error(err)
		}
		_ = in.Close()
	})
	return in, keys
}

// The program itself, on a pipe in the place of a terminal: ctrl+c ends it
// from anywhere, cancels the run that is going, and says so by its exit code.
func TestRunEndsOnCtrlC(t *testing.T) {
	for _, tt := range []struct {
		name  string
		going bool
		want  model.ExitCode
	}{{"idle", false, model.ExitDone}, {"while a run is going", true, model.ExitInterrupted}} {
		t.Run(tt.name, func(t *testing.T) {
			in, keys := terminal(t)
			began, ended := make(chan struct{}), make(chan struct{})
			opts := Options{URL: goodURL, Input: in, Output: &bytes.Buffer{}, Theme: ThemeANSI,
				Run: func(ctx context.Context, _ xmppcore.Job, _ event.Trace) error {
					close(began)
					<-ctx.Done()
					close(ended)
					return &event.Failure{Cause: event.CauseCancelled}
				}}
			type result struct {
				code model.ExitCode
				err  error
			}
			done := make(chan result)
			go func() {
				code, err := Run(t.Context(), opts)
				done <- result{code, err}
			}()
			if tt.going {
				if _, err := keys.WriteString("\r"); err != nil {
					t.Fatal(err)
				}
				<-began
			}
			if _, err := keys.WriteString("\x03"); err != nil {
				t.Fatal(err)
			}
			got := <-done
			if got.err != nil || got.code != tt.want {
				t.Errorf("got %d, %v, want %d", got.code, got.err, tt.want)
			}
			if tt.going {
				<-ended
			}
		})
	}
}

// The caller's context ends the program too.
func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, _ := terminal(t)
	cancel()
	code, err := Run(ctx, Options{Input: in, Output: &bytes.Buffer{}, Theme: ThemeANSI})
	if err != nil || code != model.ExitInterrupted {
		t.Errorf("got %d, %v", code, err)
	}
}
