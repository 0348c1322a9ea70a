//go:build unix

package journey

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"xmppscope/model"
)

// TestInterrupt: a signal ends a run that waits for a silent server, with exit
// code 130 and a result that says so.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	url := silentURL(t)
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
			t.Parallel()
			cmd := command(t, nil, test.args...)
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
			if code := exitCode(t, cmd.Wait()); code != model.ExitInterrupted {
				t.Errorf("got exit code %d, want %d", code, model.ExitInterrupted)
			}
			if !strings.Contains(out.String(), test.want) {
				t.Errorf("the output lacks %q:\n%s", test.want, out.String())
			}
		})
	}
}

// TestInterruptStandardInput: input that never comes is no reason to stay, and
// a URL is answered before the next one comes.
func TestInterruptStandardInput(t *testing.T) {
	t.Parallel()
	cmd := command(t, nil, "explain", "--json", "-")
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
	if _, err := io.WriteString(in, "xmpps://a:b@example.com\n"); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.Contains(line, `"accepted":true`) {
		t.Errorf("got %q, %v", line, err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd.Wait()); code != model.ExitInterrupted {
		t.Errorf("got exit code %d, want %d", code, model.ExitInterrupted)
	}
}

// TestInterruptWhileOpening: ctrl+c before the first frame, and in the middle
// of it.
func TestInterruptWhileOpening(t *testing.T) {
	t.Parallel()
	for name, sign := range map[string]string{
		"at once":             "",
		"at the first byte":   "\x1b",
		"on the other screen": "\x1b[?1049h",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := openTerminal(t)
			cmd := command(t, []string{"TERM=xterm-256color"}, "xmpps://alice:alice-pw@localhost:1/bob")
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} // ctrl+c is the terminal's signal
			x.start(cmd)
			written := x.until(sign)
			x.press("\x03")
			rest, code := x.end(cmd)
			written = append(written, rest...)
			// The signal may come before the program listens for any.
			if code != model.ExitDone && code != model.ExitInterrupted && code != killed {
				t.Errorf("ended with exit code %d:\n%q", code, written)
			}
			for _, mode := range []string{"1049", "2004", "1002", "1006"} {
				on := bytes.LastIndex(written, []byte("\x1b[?"+mode+"h"))
				if off := bytes.LastIndex(written, []byte("\x1b[?"+mode+"l")); on > off {
					t.Errorf("mode %s is left on:\n%q", mode, written)
				}
			}
		})
	}
}
