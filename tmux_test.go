//go:build servers

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

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

// startTmux runs the program in a terminal of its own, of 80x24 cells. When it
// ends, the terminal shows "exit code N" and stays.
func startTmux(t *testing.T, env []string, args ...string) *tmux {
	t.Helper()
	return startTmuxAt(t, 80, 24, env, args...)
}

// startTmuxAt is startTmux with a size.
func startTmuxAt(t *testing.T, w, h int, env []string, args ...string) *tmux {
	t.Helper()
	program := theProgram(t)
	term := &tmux{t: t, socket: filepath.Join(t.TempDir(), "tmux")}
	line := []string{"-f", "/dev/null", "new-session", "-d", "-x", strconv.Itoa(w), "-y", strconv.Itoa(h)}
	for _, variable := range env {
		line = append(line, "-e", variable)
	}
	quoted := make([]string, 0, len(args)+1)
	for _, arg := range append([]string{program}, args...) {
		quoted = append(quoted, "'"+strings.ReplaceAll(arg, "'", `'\''`)+"'")
	}
	term.run(append(line, "sh", "-c", strings.Join(quoted, " ")+`; echo "exit code $?"; exec cat`)...)
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
	missing := ""
	screen, ok := x.wait(func(screen string) bool {
		missing = ""
		for _, want := range wants {
			if !strings.Contains(screen, want) {
				missing = want
			}
		}
		return missing == ""
	})
	if !ok {
		x.t.Fatalf("the screen does not show %q:\n%s", missing, screen)
	}
	return screen
}

// wait looks at the screen until it is as wanted, or for too long.
func (x *tmux) wait(wanted func(screen string) bool) (screen string, ok bool) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(x.t.Context(), screenWait)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		if screen = x.screen(); wanted(screen) {
			return screen, true
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return screen, false
		}
	}
}

// startServer starts the in-process server with a room, and gives the
// environment in which a program trusts it.
func startServer(t *testing.T) (*loopback.Server, []string) {
	t.Helper()
	return startServerWith(t, loopback.Config{Rooms: []loopback.Room{{Name: "ops", Subject: "on call"}}})
}

// startServerWith is startServer with a world.
func startServerWith(t *testing.T, cfg loopback.Config) (*loopback.Server, []string) {
	t.Helper()
	server, err := loopback.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server, trusting(t, server)
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

// TestTerminalUI goes the whole way as a person would: type a URL and see it
// put together, check it, write a message, send it to a user and a room, and
// read what happened.
func TestTerminalUI(t *testing.T) {
	server, env := startServer(t)
	x := startTmux(t, env)
	x.see("1 URL", "2 JIDs")

	// The table follows every key.
	x.press("C-u")
	x.write(fmt.Sprintf("xmpps://alice:alice-pw@localhost:%d/bo", server.STARTTLSPort()))
	x.see("xmpps://alice:••••••••@localhost", "login JID", "alice@localhost", "bo@localhost")
	x.write("b/%23ops@conference.localhost")
	x.see("bob@localhost", "ops@conference.localhost", "room as alice")
	x.write("?name=pager")
	x.see("room as pager")

	// Enter checks, and sends nothing.
	x.press("Enter")
	x.see("✓dns", "✓tcp", "✓tls", "✓sasl", "✓bind", "✓muc", "It works")
	for _, jid := range []string{"bob@localhost", "ops@conference.localhost"} {
		if n := len(server.Received(jid)); n != 0 {
			t.Errorf("a check sent %d messages to %s", n, jid)
		}
	}

	// The message, and the recipients by name before it goes out.
	x.press("M-7")
	x.see("▸7 Send")
	x.write("Disk 91% full")
	x.see("Disk 91% full")
	x.press("C-s")
	x.see("ops@conference.localhost", "bob@localhost", "enter send")
	x.press("Enter")
	x.see("✓send", "✓ack", "reflected", "accepted")
	ctx, cancel := context.WithTimeout(t.Context(), screenWait)
	defer cancel()
	for _, jid := range []string{"bob@localhost", "ops@conference.localhost"} {
		m, err := server.WaitMessage(ctx, jid)
		if err != nil {
			t.Fatalf("no message for %s: %v", jid, err)
		}
		if m.Body != "Disk 91% full" {
			t.Errorf("%s got %q", jid, m.Body)
		}
	}

	// The events and the stream, without secrets.
	x.press("Escape")
	x.see("keys are commands now")
	x.press("5")
	x.see("▸5 Events", "2 of 2 ")
	x.press("6")
	screen := x.see("▸6 XML", "</stream:stream>")
	if strings.Contains(screen, "alice-pw") {
		t.Errorf("the password is on the screen:\n%s", screen)
	}

	// Ctrl-C ends it at once and gives the terminal back.
	x.press("C-c")
	screen = x.see("exit code 0")
	if strings.Contains(screen, "╭") {
		t.Errorf("the screen was not given back:\n%s", screen)
	}
}

// TestTerminalUIFix makes a mistake, and mends it as the screen says.
func TestTerminalUIFix(t *testing.T) {
	server, env := startServer(t)
	x := startTmux(t, env, fmt.Sprintf("xmpps://alice:alice-pw@localhost:%d/bob?mode=tls", server.STARTTLSPort()))
	x.see("direct TLS")
	x.press("Enter")
	x.see("✗tls", "alt+f")
	x.press("M-f")
	x.see("STARTTLS", "✓tls", "✓sasl", "✓bind", "It works")
	x.press("C-c")
	x.see("exit code 0")
}

// TestTerminalDemo opens the demo as the README says, and interrupts it.
func TestTerminalDemo(t *testing.T) {
	x := startTmux(t, cleanEnv(t), "demo")
	x.see("1 URL", "alice@")
	x.press("Enter")
	x.see("✓sasl", "It works")
	x.press("C-c")
	x.see("exit code 0")
}
