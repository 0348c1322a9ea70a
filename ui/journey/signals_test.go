//go:build unix

package journey

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"xmppscope/model"
)

// signalsVariable names the environment variable that says how often each
// command is signalled; `make signals` sets it.
const signalsVariable = "XMPPSCOPE_SIGNALS"

// signalTimes is how often each command is signalled.
func signalTimes(t *testing.T) int {
	t.Helper()
	text := os.Getenv(signalsVariable)
	if text == "" {
		return 4
	}
	times, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", signalsVariable, err)
	}
	return times
}

// endTime is how long the program may take to end after a signal: twenty times
// the 100 ms that it should.
const endTime = 2 * time.Second

// waiting are command lines that would not end by themselves for long, of every
// command that can wait or compute, and of the screen. keys are typed at once.
type waiting struct {
	args []string
	env  []string
	keys string
	code model.ExitCode
}

func allWaiting(t *testing.T) map[string]waiting {
	t.Helper()
	silent := silentURL(t)
	folder := t.TempDir()
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) string {
		name = filepath.Join(folder, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	const line = "xmpps://alice:alice-pw@localhost/bob?mode=sideways&to=x&nmae=y\n"
	large := write("large.txt", strings.Repeat(line, 9<<20/len(line)))
	long := write("long.txt", "xmpps://alice:alice-pw@localhost/"+strings.Repeat("bob@example.com,", 4<<20/16-8)+"\n")
	const noPassword = "xmpps://alice@localhost:1/bob"
	waits := map[string]waiting{
		"explain -":             {args: []string{"explain", "-"}},
		"explain --url-file":    {args: []string{"explain", "--url-file", pipe}},
		"explain a long URL":    {args: []string{"explain", "--url-file", long}},
		"check":                 {args: []string{"check", silent}},
		"check --json -v":       {args: []string{"check", "--json", "-v", silent}},
		"check --url-file":      {args: []string{"check", "--url-file", pipe}},
		"check --password-file": {args: []string{"check", "--password-file", pipe, noPassword}},
		"check asks":            {args: []string{"check", strings.Replace(silent, ":alice-pw", "", 1)}},
		"send":                  {args: []string{"send", "-b", "x", silent}},
		"send -b -":             {args: []string{"send", "-b", "-", silent}},
		"send --lines":          {args: []string{"send", "--lines", silent}, keys: "one\ntwo\n"},
		"matrix":                {args: []string{"matrix", silent}},
		"cert":                  {args: []string{"cert", silent}},
		"lint a pipe":           {args: []string{"lint", pipe}},
		"lint -":                {args: []string{"lint", "-"}},
		"lint much":             {args: []string{"lint", large}},
		"lint --fix much":       {args: []string{"lint", "--fix", large}},
		"demo --no-ui":          {args: []string{"demo", "--no-ui"}, code: model.ExitDone},
		"--plain":               {args: []string{"--plain", silent}},
		"the screen":            {args: []string{silent}},
		"the screen, busy":      {args: []string{silent}, keys: "\r"},
		"the screen, helping":   {args: []string{silent}, keys: "\x1b?"},
		"the screen's editor": {args: []string{silent}, keys: "\x1b7\x0f",
			env: []string{"EDITOR=" + os.Args[0], asEditor + "=1"}},
		"the screen of demo": {args: []string{"demo"}, keys: "\r"},
	}
	for name, w := range waits {
		if w.code == 0 && name != "demo --no-ui" {
			w.code = model.ExitInterrupted
			waits[name] = w
		}
	}
	return waits
}

// TestSignals sends signals to every command and to the screen, at random
// moments of its life: one, or several within two milliseconds as timeout(1)
// does. It ends with its code, in time, the terminal is as before, and nothing
// is left.
func TestSignals(t *testing.T) {
	t.Parallel()
	times := signalTimes(t)
	for name, w := range allWaiting(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := range times {
				// With few times, the moments are spread over what is begun at a start.
				moment := time.Duration(rand.Int64N(int64(80 * time.Millisecond)))
				signals := make([]syscall.Signal, 1+n%3*2)
				for i := range signals {
					signals[i] = []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[rand.IntN(3)]
				}
				if !w.survives(t, moment, signals) {
					t.Fatalf("signals %v after %v", signals, moment)
				}
			}
		})
	}
}

// survives reports whether a program that gets signals ends as it should.
func (w waiting) survives(t *testing.T, moment time.Duration, signals []syscall.Signal) bool {
	t.Helper()
	x, cmd := openTerminal(t), command(t, append(w.env, "TERM=xterm-256color"), w.args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	x.start(cmd)
	x.press(w.keys)
	sent := make(chan time.Time, 1)
	time.AfterFunc(moment, func() {
		sent <- time.Now()
		for _, s := range signals {
			_ = cmd.Process.Signal(s)
			time.Sleep(time.Millisecond / 2) // the distance is what is tested
		}
	})
	written, code := x.end(cmd)
	took := time.Since(<-sent)
	x.master.Close()
	t.Logf("ended %v after the signals", took)
	status := cmd.ProcessState.Sys().(syscall.WaitStatus)
	switch {
	case status.Signaled() && len(written) <= 3*len(w.keys): // before it listens for any; what was typed is echoed
	case code != w.code:
		t.Errorf("it ended with %v, want %d:\n%q", cmd.ProcessState, w.code, written)
	case took > endTime:
		t.Errorf("it ended %v after the signal", took)
	}
	for _, mode := range []string{"1049", "2004", "1002", "1006"} {
		on := bytes.LastIndex(written, []byte("\x1b[?"+mode+"h"))
		if off := bytes.LastIndex(written, []byte("\x1b[?"+mode+"l")); on > off {
			t.Errorf("mode %s is left on:\n%q", mode, written)
		}
	}
	if err := syscall.Kill(-cmd.Process.Pid, 0); err != syscall.ESRCH {
		t.Errorf("something of it runs on: %v", err)
	}
	return !t.Failed()
}
