package journey

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// printing are command lines of all commands, each of which prints something.
func printing(t *testing.T) map[string][]string {
	t.Helper()
	const url = "xmpps://alice:alice-pw@localhost:1/bob?mode=sideways"
	file := filepath.Join(t.TempDir(), "apprise.txt")
	if err := os.WriteFile(file, []byte(url+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const good = "xmpps://alice:alice-pw@localhost:1/bob"
	return map[string][]string{
		"explain":           {"explain", good},
		"explain, rejected": {"explain", url},
		"explain --json":    {"explain", "--json", good},
		"explain --fix":     {"explain", "--fix", good},
		"explain CODE":      {"explain", "room-banned"},
		"check":             {"check", good},
		"check --json":      {"check", "--json", good},
		"send":              {"send", "-b", "x", good},
		"send --dry-run":    {"send", "--dry-run", "-b", "x", good},
		"matrix":            {"matrix", good},
		"matrix --json":     {"matrix", "--json", good},
		"cert":              {"cert", good},
		"cert --json":       {"cert", "--json", good},
		"lint":              {"lint", file},
		"lint --json":       {"lint", "--json", file},
		"demo":              {"demo"},
		"demo --list":       {"demo", "--list"},
		"demo --no-ui":      {"demo", "--no-ui"},
		"version":           {"version"},
		"help":              {"help"},
		"--help":            {"check", "--help"},
		"completion":        {"completion", "bash"},
		"--plain":           {"--plain", good},
	}
}

// TestOutputFails: what cannot be written is told in one sentence, and a pipe
// that nobody reads ends the program as it ends others. Nothing is left behind,
// although demo has a file to remove.
func TestOutputFails(t *testing.T) {
	t.Parallel()
	for name, args := range printing(t) {
		t.Run(name+" to a full disk", func(t *testing.T) {
			t.Parallel()
			full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer full.Close()
			var errs strings.Builder
			cmd := command(t, nil, args...)
			cmd.Stdout, cmd.Stderr = full, &errs
			const want = "xmppscope: standard output cannot be written: no space left on device\n"
			if code := exitCode(t, cmd.Run()); code != 1 || !strings.HasSuffix(errs.String(), want) {
				t.Errorf("got exit code %d, want 1\n%s", code, errs.String())
			}
		})
		for _, stream := range []string{"output", "output and errors"} {
			t.Run(name+", closed "+stream, func(t *testing.T) {
				t.Parallel()
				cmd := command(t, nil, args...)
				if state := intoClosedPipe(t, cmd, stream == "output and errors"); state.Signal() != syscall.SIGPIPE {
					t.Errorf("it ended with %v", cmd.ProcessState)
				}
			})
		}
	}
}

// intoClosedPipe runs a program whose output nobody reads.
func intoClosedPipe(t *testing.T, cmd *exec.Cmd, errors bool) syscall.WaitStatus {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	defer writer.Close()
	cmd.Stdout = writer
	if errors {
		cmd.Stderr = writer
	}
	exitCode(t, cmd.Run())
	return cmd.ProcessState.Sys().(syscall.WaitStatus)
}
