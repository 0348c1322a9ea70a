//go:build unix

package plain

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"xmppscope/model"
)

// A pipe with a name waits when it is opened, until somebody writes, and again
// when it is read. Either wait ends with the context, for every file that a
// command reads.
func TestNamedPipe(t *testing.T) {
	commands := []struct {
		name string
		run  func(s *Shell, ctx context.Context, file string) (model.ExitCode, error)
	}{
		{"lint FILE", func(s *Shell, ctx context.Context, file string) (model.ExitCode, error) {
			return s.Lint(ctx, Lint{Files: []string{file}})
		}},
		{"explain --url-file", func(s *Shell, _ context.Context, file string) (model.ExitCode, error) {
			return s.Explain(Explain{Source: Source{File: file}})
		}},
		{"check --password-file", func(s *Shell, ctx context.Context, file string) (model.ExitCode, error) {
			return s.Check(ctx, Connect{Source: Source{Args: []string{"xmpps://alice@localhost/bob"}}, PasswordFile: file})
		}},
	}
	for _, command := range commands {
		for _, written := range []bool{false, true} {
			state := map[bool]string{false: " while it is opened", true: " while it is read"}[written]
			whole := t
			t.Run(command.name+state, func(t *testing.T) {
				pipe := filepath.Join(t.TempDir(), "pipe")
				if err := syscall.Mkfifo(pipe, 0o600); err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				s, out, errs := testShell()
				s.Open = Opener(ctx)
				type end struct {
					code model.ExitCode
					err  error
				}
				ended := make(chan end)
				go func() {
					code, err := command.run(s, ctx, pipe)
					ended <- end{code, err}
				}()
				var writer *os.File
				if written { // opening it waits for the reader
					writer = openPipe(t, pipe)
				}
				cancel()
				got := <-ended
				if code := s.Complain(got.err); code != model.ExitInterrupted || !errors.Is(got.err, context.Canceled) {
					t.Errorf("got exit code %d, %v, want %d", code, got.err, model.ExitInterrupted)
				}
				if out.Len() > 0 || errs.String() != "xmppscope: interrupted\n" {
					t.Errorf("got %q, %q", out, errs)
				}
				if !written { // what was left to itself ends now, or as soon as it comes to open the pipe
					var err error
					if writer, err = os.OpenFile(pipe, os.O_RDWR, 0); err != nil {
						t.Fatal(err)
					}
					whole.Cleanup(func() { writer.Close() })
					return
				}
				writer.Close()
			})
		}
	}
}

func openPipe(t *testing.T, name string) *os.File {
	t.Helper()
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
