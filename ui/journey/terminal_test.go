package journey

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/term"

	"xmppscope/model"
)

// terminal is a terminal of 80x24 cells that never answers a question.
type terminal struct {
	t             *testing.T
	master, slave *os.File
	before        *term.State
}

func openTerminal(t *testing.T) *terminal {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close(); slave.Close() })
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	before, err := term.GetState(int(slave.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return &terminal{t, master, slave, before}
}

// start starts a command on the terminal.
func (x *terminal) start(cmd *exec.Cmd) {
	x.t.Helper()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = x.slave, x.slave, x.slave
	if err := cmd.Start(); err != nil {
		x.t.Fatal(err)
	}
}

// press types on the terminal's keyboard.
func (x *terminal) press(keys string) {
	x.t.Helper()
	if _, err := x.master.WriteString(keys); err != nil {
		x.t.Fatal(err)
	}
}

// until reads what is written there up to a text.
func (x *terminal) until(want string) []byte {
	x.t.Helper()
	var seen []byte
	buffer := make([]byte, 256)
	for !bytes.Contains(seen, []byte(want)) {
		n, err := x.master.Read(buffer)
		if seen = append(seen, buffer[:n]...); err != nil {
			x.t.Fatalf("the terminal ended after %q: %v", seen, err)
		}
	}
	return seen
}

// end reads the rest and waits for the command, which must leave the terminal's
// settings as they were.
func (x *terminal) end(cmd *exec.Cmd) ([]byte, model.ExitCode) {
	x.t.Helper()
	rest := make(chan []byte, 1)
	go func() {
		data, _ := io.ReadAll(x.master) // ends with an error once the last slave is closed
		rest <- data
	}()
	code := exitCode(x.t, cmd.Wait())
	after, err := term.GetState(int(x.slave.Fd()))
	if err != nil {
		x.t.Fatal(err)
	}
	if !reflect.DeepEqual(after, x.before) {
		x.t.Errorf("the terminal was not given back: it had %+v and has %+v", x.before, after)
	}
	if err := x.slave.Close(); err != nil {
		x.t.Fatal(err)
	}
	return <-rest, code
}

// onTerminal runs the program to its end on a terminal, and gives what it wrote
// there.
func onTerminal(t *testing.T, env []string, args ...string) (string, model.ExitCode) {
	t.Helper()
	x, cmd := openTerminal(t), command(t, env, args...)
	x.start(cmd)
	written, code := x.end(cmd)
	return string(written), code
}

// TestTerminalIsLeftAlone: version, JSON and errors write no escape code and
// ask the terminal nothing, also where colour would be allowed.
func TestTerminalIsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args string
		code model.ExitCode
		want string
	}{
		{"--version", model.ExitDone, "xmppscope "},
		{"version", model.ExitDone, "xmppscope "},
		{"--help", model.ExitDone, "Usage:"},
		{"completion bash", model.ExitDone, "xmppscope"},
		{"explain --json xmpps://a:b@c.example", model.ExitDone, `"type":"explain"`},
		{"explain --json hello", model.ExitUsage, `"accepted":false`},
		{"send --dry-run --json -b x xmpps://a:b@c.example", model.ExitDone, `"type":"plan"`},
		{"cert --json xmpps://a:b@127.0.0.1:1", model.ExitConnect, `"type":"certificate"`},
		{"matrix --json xmpps://a:b@127.0.0.1:1", model.ExitConnect, `"type":"matrix"`},
		{"lint --json no-such-file", model.ExitUsage, "cannot be opened"},
		{"demo --list", model.ExitDone, "default"},
		{"demo no-such-world", model.ExitUsage, "no demo world"},
		{"--nonsense", model.ExitUsage, "unknown flag"},
		{"chekc", model.ExitUsage, "did you mean"},
		{"a b c", model.ExitUsage, "one URL is expected"},
		{"check", model.ExitUsage, "no URL"},
		{"send xmpps://a:b@c.example", model.ExitUsage, "no body"},
		{"check --password-file /does/not/exist xmpps://a@c.example", model.ExitUsage, "cannot be opened"},
		{"check --url-file /does/not/exist", model.ExitUsage, "cannot be opened"},
		{"--color never explain xmpps://a:b@c.example", model.ExitDone, "login JID"},
		{"--plain explain xmpps://a:b@c.example", model.ExitDone, "login JID"},
		{"check --json xmpp://a:b@127.0.0.1:1", model.ExitConnect, `"type":"result"`},
		{"--color never check xmpp://a:b@127.0.0.1:1", model.ExitConnect, "connection-refused"},
	} {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			out, code := onTerminal(t, []string{"TERM=xterm-256color"}, strings.Fields(test.args)...)
			if code != test.code {
				t.Errorf("got exit code %d, want %d", code, test.code)
			}
			if !strings.Contains(out, test.want) {
				t.Errorf("the output lacks %q:\n%s", test.want, out)
			}
			if i := strings.IndexByte(out, 0x1b); i >= 0 {
				t.Errorf("an escape code at byte %d: %q", i, out[i:min(i+20, len(out))])
			}
		})
	}
}

// TestColour: on a terminal, text has colours and no other escape code, and
// every way to turn them off does.
func TestColour(t *testing.T) {
	t.Parallel()
	colour := regexp.MustCompile("\x1b\\[[0-9;]*m")
	const url = "xmpps://a:b@c.example/bob"
	out, _ := onTerminal(t, []string{"TERM=xterm-256color"}, "explain", url)
	if !colour.MatchString(out) {
		t.Error("there is no colour on a terminal")
	}
	if rest := colour.ReplaceAllString(out, ""); strings.Contains(rest, "\x1b") {
		t.Errorf("there is an escape code that is no colour: %q", rest)
	}
	for _, env := range [][]string{
		{"TERM=xterm-256color", "NO_COLOR=1"},
		{"TERM=dumb"},
		{"TERM=xterm-256color", "ACCESSIBLE=1"},
	} {
		if out, _ := onTerminal(t, env, "explain", url); strings.Contains(out, "\x1b") {
			t.Errorf("with %s, escape codes remain: %q", env, out)
		}
	}
}

// TestUnsafeText: what could move a terminal's cursor or turn its text around
// comes out as visible escapes, in text and in JSON.
func TestUnsafeText(t *testing.T) {
	t.Parallel()
	const evil = "xmpps://ali\x1b[31mce:pw@ex\u009bample.com/\u202ebob\u2028\x7f\xff?na\x00me=\U000e0041"
	for _, args := range []string{
		"explain -", "explain --json -", "--plain explain -", "explain --fix -", "explain --json --fix -",
		"check -", "check --json -", "send --dry-run -b x -", "send --dry-run --json -b x -",
	} {
		stdout, stderr, _ := invoke(t, evil, nil, strings.Fields(args)...)
		if !strings.Contains(stdout+stderr, "u2028") { // the override is fixed away, the separator is not
			t.Errorf("%s does not show the line separator:\n%s%s", args, stdout, stderr)
		}
		for _, r := range stdout + stderr {
			switch {
			case r == '\n':
			case r < 0x20, r >= 0x7f && r < 0xa0, r == 0x202e, r == 0x2028, r == 0xe0041:
				t.Errorf("%s prints %U as it is", args, r)
			}
		}
	}
}

// TestAskPassword: check asks for a password where there is none, without
// echo, and an interrupt at the prompt ends the program.
func TestAskPassword(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		answer func(*terminal, *exec.Cmd)
		code   model.ExitCode
	}{
		{"typed", func(x *terminal, _ *exec.Cmd) { x.press("canary\n") }, model.ExitConnect},
		{"interrupted", func(_ *terminal, cmd *exec.Cmd) { cmd.Process.Signal(os.Interrupt) }, model.ExitInterrupted},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			x, cmd := openTerminal(t), command(t, nil, "check", "xmpps://alice@127.0.0.1:1")
			x.start(cmd)
			written := x.until("password of alice@127.0.0.1: ")
			test.answer(x, cmd)
			rest, code := x.end(cmd)
			if code != test.code {
				t.Errorf("got exit code %d, want %d", code, test.code)
			}
			if written = append(written, rest...); bytes.Contains(written, []byte("canary")) {
				t.Errorf("the password was echoed:\n%s", written)
			}
		})
	}
}
