//go:build servers

package journey

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/xmppcore/loopback"
)

// screenWait is how long a screen may take to show what a test expects. The
// machine may be busy; a working program needs a few milliseconds.
const screenWait = 20 * time.Second

// tmux is a terminal with the program in it. Only what a person
// would see and press goes in and out.
type tmux struct {
	t      *testing.T
	socket string
	ended  bool
}

// endMark is how the line begins that the terminal shows when the program has
// ended, before the exit code. The program itself never writes it.
const endMark = "tmux: ended with "

// startTmux runs the program in a terminal of its own, of 80x24 cells, which stays
// when it ends.
func startTmux(t *testing.T, env []string, args ...string) *tmux {
	t.Helper()
	return startTmuxAt(t, 80, 24, env, args...)
}

// startTmuxAt is startTmux with a size.
func startTmuxAt(t *testing.T, w, h int, env []string, args ...string) *tmux {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Fatal("this test needs tmux: install it with apt-get install tmux")
	}
	term := &tmux{t: t, socket: filepath.Join(t.TempDir(), "tmux")}
	line := []string{"-f", "/dev/null", "new-session", "-d", "-x", strconv.Itoa(w), "-y", strconv.Itoa(h)}
	for _, variable := range env {
		line = append(line, "-e", variable)
	}
	quoted := make([]string, 0, len(args)+1)
	for _, arg := range append([]string{program(t)}, args...) {
		quoted = append(quoted, "'"+strings.ReplaceAll(arg, "'", `'\''`)+"'")
	}
	term.run(append(line, "sh", "-c", strings.Join(quoted, " ")+`; echo "`+endMark+`$?."; exec cat`)...)
	t.Cleanup(func() { term.end() })
	return term
}

// end takes the terminal away, program and all.
func (x *tmux) end() {
	x.t.Helper()
	if !x.ended {
		x.ended = true
		x.run("kill-server")
	}
}

// run gives tmux a command.
func (x *tmux) run(args ...string) string {
	x.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", x.socket}, args...)...).CombinedOutput()
	if err != nil {
		x.t.Fatalf("tmux %s: %v\n%s", args[0], err, out)
	}
	return string(out)
}

// screen is what the terminal shows.
func (x *tmux) screen() string {
	x.t.Helper()
	return x.run("capture-pane", "-p")
}

// press sends keys by tmux's names for them.
func (x *tmux) press(keys ...string) {
	x.t.Helper()
	x.run(append([]string{"send-keys"}, keys...)...)
}

// write types text as it is.
func (x *tmux) write(text string) {
	x.t.Helper()
	x.run("send-keys", "-l", text)
}

// see waits until the screen shows all of the texts.
func (x *tmux) see(wants ...string) string {
	x.t.Helper()
	return x.shows(all(wants...), fmt.Sprintf("the screen does not show all of %q", wants))
}

// all says whether a screen has all of the texts.
func all(wants ...string) func(screen string) bool {
	return func(screen string) bool {
		return !slices.ContainsFunc(wants, func(want string) bool { return !strings.Contains(screen, want) })
	}
}

// shows waits until the screen is as wanted. What is asked of a screen is waited for,
// even where a key has just brought it about.
func (x *tmux) shows(wanted func(screen string) bool, wrong string) string {
	x.t.Helper()
	screen, ok := x.wait(wanted)
	if !ok {
		x.t.Fatalf("%s:\n%s", wrong, screen)
	}
	return screen
}

// quit ends the program as a person does, with nothing under way, and gives what
// the terminal shows then.
func (x *tmux) quit() string {
	x.t.Helper()
	return x.interrupt(model.ExitDone)
}

// interrupt ends the program with Ctrl-C, and waits until it has ended with that
// exit code.
func (x *tmux) interrupt(code model.ExitCode) string {
	x.t.Helper()
	x.press("C-c")
	return x.see(fmt.Sprintf("%s%d.", endMark, code))
}

// wait looks at the screen until it is as wanted, or for too long. It looks twice:
// tmux also shows what is half drawn.
func (x *tmux) wait(wanted func(screen string) bool) (screen string, ok bool) {
	x.t.Helper()
	before := ""
	return x.await(x.screen, func(screen string) bool {
		same := screen == before
		before = screen
		return same && wanted(screen)
	})
}

// await reads something until it is as wanted, or for too long.
func (x *tmux) await(read func() string, wanted func(text string) bool) (text string, ok bool) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.t.Context(), screenWait)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		if text = read(); wanted(text) {
			return text, true
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return text, false
		}
	}
}

// trusting is the environment of a program that trusts a server.
func trusting(t *testing.T, server *loopback.Server) []string {
	t.Helper()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, server.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return append(cleanEnv(t), "SSL_CERT_FILE="+ca)
}

// cleanEnv is the environment without whatever the one who runs the tests has
// set.
func cleanEnv(t *testing.T) []string {
	t.Helper()
	return []string{"TMPDIR=" + emptyFolder(t), "XMPPSCOPE_URL=", "XMPPSCOPE_PASSWORD=", "ALL_PROXY=", "all_proxy=",
		"NO_COLOR=", "ACCESSIBLE=", "WAYLAND_DISPLAY=", "DISPLAY=", "EDITOR=", "VISUAL="}
}
