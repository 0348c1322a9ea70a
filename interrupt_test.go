package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"xmppscope/model"
	"xmppscope/xmppcore/loopback"
)

// TestInterrupt: a signal ends a run that waits for a silent server, with exit
// code 130 and a result that says so; standard input that never comes is no
// reason to stay either.
func TestInterrupt(t *testing.T) {
	server, err := loopback.Start(loopback.Config{Faults: loopback.Faults{Silent: loopback.StepHeader}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	// Long deadlines: only the signal can end the run.
	url := fmt.Sprintf("xmpps://alice:alice-pw@127.0.0.1:%d/bob?cto=600&rto=600", server.STARTTLSPort())

	for _, test := range []struct {
		name   string
		args   []string
		signal os.Signal
		sign   string // on standard error, that the wait has begun
		want   string // on standard output
	}{
		{"check", []string{"check", "-v", url}, os.Interrupt, "stream start", "cancelled after"},
		{"check, terminated", []string{"check", "-v", url}, syscall.SIGTERM, "stream start", "cancelled after"},
		{"send", []string{"send", "-v", "-b", "x", url}, os.Interrupt, "stream start", "cancelled after"},
		{"check as JSON", []string{"check", "--json", "-v", url}, os.Interrupt, "stream start", `"cause":"cancelled"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			cmd := exec.Command("xmppscope", test.args...)
			var out strings.Builder
			cmd.Stdout = &out
			errs, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			seen := bufio.NewScanner(errs)
			for seen.Scan() && !strings.Contains(seen.Text(), test.sign) {
				continue
			}
			if err := cmd.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, errs); err != nil {
				t.Error(err)
			}
			if code := exitCode(t, cmd.Wait()); code != int(model.ExitInterrupted) {
				t.Errorf("got exit code %d, want %d", code, model.ExitInterrupted)
			}
			if !strings.Contains(out.String(), test.want) {
				t.Errorf("the output lacks %q:\n%s", test.want, out.String())
			}
		})
	}
	t.Run("standard input", func(t *testing.T) {
		cmd := exec.Command("xmppscope", "explain", "--json", "-")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// A URL is answered before the next one comes.
		if _, err := io.WriteString(in, "xmpps://a:b@example.com\n"); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.Contains(line, `"accepted":true`) {
			t.Errorf("got %q, %v", line, err)
		}
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		if code := exitCode(t, cmd.Wait()); code != int(model.ExitInterrupted) {
			t.Errorf("got exit code %d, want %d", code, model.ExitInterrupted)
		}
	})
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var failed *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &failed):
		return failed.ExitCode()
	}
	t.Fatal(err)
	return -1
}
