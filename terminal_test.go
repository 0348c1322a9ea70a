package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/creack/pty"

	"xmppscope/model"
)

// onTerminal runs the program in this process on a terminal that never answers
// a question, and gives what it wrote there.
func onTerminal(t *testing.T, env map[string]string, args ...string) (string, model.ExitCode) {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	written := make(chan []byte, 1)
	go func() {
		// The read ends with an error once the last slave is closed.
		data, _ := io.ReadAll(master)
		written <- data
	}()
	code := run(t.Context(), args, slave, slave, slave, func(name string) string { return env[name] }, nil)
	if err := slave.Close(); err != nil {
		t.Fatal(err)
	}
	return string(<-written), code
}

// TestTerminalIsLeftAlone: version, JSON and errors write no escape code and
// ask the terminal nothing, also where colour would be allowed.
func TestTerminalIsLeftAlone(t *testing.T) {
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
			out, code := onTerminal(t, map[string]string{"TERM": "xterm-256color"}, strings.Fields(test.args)...)
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
	colour := regexp.MustCompile("\x1b\\[[0-9;]*m")
	const url = "xmpps://a:b@c.example/bob"
	out, _ := onTerminal(t, map[string]string{"TERM": "xterm-256color"}, "explain", url)
	if !colour.MatchString(out) {
		t.Error("there is no colour on a terminal")
	}
	if rest := colour.ReplaceAllString(out, ""); strings.Contains(rest, "\x1b") {
		t.Errorf("there is an escape code that is no colour: %q", rest)
	}
	for name, env := range map[string]map[string]string{
		"NO_COLOR":   {"TERM": "xterm-256color", "NO_COLOR": "1"},
		"TERM=dumb":  {"TERM": "dumb"},
		"ACCESSIBLE": {"TERM": "xterm-256color", "ACCESSIBLE": "1"},
	} {
		if out, _ := onTerminal(t, env, "explain", url); strings.Contains(out, "\x1b") {
			t.Errorf("%s leaves escape codes: %q", name, out)
		}
	}
}

// TestUnsafeText: what could move a terminal's cursor or turn its text around
// comes out as visible escapes, in text and in JSON.
func TestUnsafeText(t *testing.T) {
	const evil = "xmpps://ali\x1b[31mce:pw@ex\u009bample.com/\u202ebob\u2028\x7f\xff?na\x00me=\U000e0041"
	for _, args := range []string{"explain -", "explain --json -", "--plain explain -", "explain --fix -", "check -", "check --json -",
		"send --dry-run -b x -", "send --dry-run --json -b x -", "explain --json --fix -"} {
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
// echo, and an interrupt at the prompt ends the program and gives the terminal
// back.
func TestAskPassword(t *testing.T) {
	const url = "xmpps://alice@127.0.0.1:1"
	prompt := []byte("password of alice@127.0.0.1: ")
	env := func(string) string { return "" }

	t.Run("typed", func(t *testing.T) {
		master, slave := openTerminal(t)
		code := make(chan model.ExitCode, 1)
		go func() {
			code <- run(t.Context(), []string{"check", url}, slave, slave, slave, env, nil)
			slave.Close()
		}()
		before := readUntil(t, master, prompt)
		if _, err := master.Write([]byte("canary\n")); err != nil {
			t.Fatal(err)
		}
		rest, _ := io.ReadAll(master)
		if got := <-code; got != model.ExitConnect {
			t.Errorf("got exit code %d, want %d", got, model.ExitConnect)
		}
		if out := string(before) + string(rest); strings.Contains(out, "canary") {
			t.Errorf("the password was echoed:\n%s", out)
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		master, slave := openTerminal(t)
		ctx, cancel := context.WithCancel(t.Context())
		code := make(chan model.ExitCode, 1)
		go func() { code <- run(ctx, []string{"check", url}, slave, slave, slave, env, nil) }()
		readUntil(t, master, prompt)
		cancel()
		if got := <-code; got != model.ExitInterrupted {
			t.Errorf("got exit code %d, want %d", got, model.ExitInterrupted)
		}
		// The abandoned read wakes up and ends.
		if _, err := master.Write([]byte("\n")); err != nil {
			t.Fatal(err)
		}
	})
}

func openTerminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close(); slave.Close() })
	return master, slave
}

func readUntil(t *testing.T, r io.Reader, want []byte) []byte {
	t.Helper()
	var seen []byte
	buffer := make([]byte, 256)
	for !bytes.Contains(seen, want) {
		n, err := r.Read(buffer)
		if seen = append(seen, buffer[:n]...); err != nil {
			t.Fatalf("the terminal ended after %q: %v", seen, err)
		}
	}
	return seen
}
