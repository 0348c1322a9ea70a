//go:build servers

package journey

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// TestServerGoesAway pulls the server away while a message waits for its
// answer and the next one is being typed. The screen says so at once, and what
// was typed stays.
func TestServerGoesAway(t *testing.T) {
	t.Parallel()
	server := loopbacktest.Start(t, loopback.Config{Faults: loopback.Faults{Silent: loopback.StepMessage}})
	env := trusting(t, server)
	n := newcomer{startTmux(t, env, login(server.STARTTLSPort(), "bob?cto=600&rto=600"))}
	n.see("login JID")
	n.choose("send")
	n.message("first")
	n.choose("send")
	n.see("╭ Send ", "enter send")
	n.press("Enter") // this run does not end by itself
	n.see("✓send", "esc cancels")
	n.write(" and second")
	n.see("message  first and second", "esc cancels")

	if err := server.Close(); err != nil {
		t.Error(err)
	}
	n.shows(func(screen string) bool { return !underWay(screen) && failed(screen) && !sent(screen) },
		"the screen does not say that the server is gone")
	n.write(", typed on")
	n.see("message  first and second, typed on")

	// A second look finds nobody there.
	n.choose("URL")
	n.choose("check")
	n.shows(func(screen string) bool { return strings.Contains(screen, "✗tcp") && failed(screen) },
		"the check does not say that nobody is there")
	n.quit()
	n.restored()
}

// TestInterruptAnywhere: ctrl+c ends the program wherever it is, gives the
// terminal back as it was, and says by its exit code whether a run was cut off.
func TestInterruptAnywhere(t *testing.T) {
	t.Parallel()
	url := silentURL(t)
	noPassword := strings.Replace(url, ":alice-pw", "", 1)
	for _, moment := range []struct {
		name, url string
		keys      []string
		sign      string
		code      model.ExitCode
	}{
		{"at the start", url, nil, "login JID", model.ExitDone},
		{"in a half-typed URL", "xmpps://alice:al", nil, "╭ ▸alt+1 URL", model.ExitDone},
		{"with the password shown", url, []string{"M-r"}, "alice-pw", model.ExitDone},
		{"at the names of parameters", url, []string{"i", "&", "s"}, "scramplus", model.ExitDone},
		{"in the message", url, []string{"M-7", "x", "Enter", "y"}, "▸7 Send", model.ExitDone},
		{"in a parameter", url, []string{"M-4", "Enter", "z"}, "▸4 Params", model.ExitDone},
		{"in the help", url, []string{"F1"}, "╭ Help", model.ExitDone},
		{"in the list of actions", url, []string{"C-p", "c", "o"}, "> co", model.ExitDone},
		{"at the question for the password", noPassword, []string{"Enter", "s"}, "╭ Password", model.ExitDone},
		{"at the question for the recipients", url, []string{"M-7", "x", "C-s"}, "╭ Send", model.ExitDone},
		{"with the mouse on", url, []string{"m"}, "mouse on", model.ExitDone},
		{"in a run", url, []string{"Enter"}, "esc cancels", model.ExitInterrupted},
		{"in a run, in its events", url, []string{"Enter", "M-5"}, "▸5 Events", model.ExitInterrupted},
		{"in a run, at the question for another", url, []string{"Enter", "Enter"}, "A run is going", model.ExitInterrupted},
		{"after a cancelled run", url, []string{"Enter", "Escape"}, "Cancelled", model.ExitDone},
	} {
		t.Run(moment.name, func(t *testing.T) {
			t.Parallel()
			x := startTmux(t, cleanEnv(t), moment.url)
			x.see("1 URL")
			for _, key := range moment.keys {
				x.press(key)
			}
			x.see(moment.sign)
			x.interrupt(moment.code)
			x.restored()
		})
	}
}

// modes are the settings of a terminal, as stty tells them.
func modes(t *testing.T, terminal string) string {
	t.Helper()
	out, err := exec.Command("stty", "-a", "-F", terminal).CombinedOutput()
	if err != nil {
		t.Fatalf("stty: %v\n%s", err, out)
	}
	return string(out)
}

// restored says what of the terminal was not given back as it was: the main
// screen, the cursor, the mouse, and the echo of a line that is typed.
func (x *tmux) restored() {
	x.t.Helper()
	if screen := x.screen(); strings.ContainsAny(screen, "╭╰│") {
		x.t.Errorf("the screen was not given back:\n%s", screen)
	}
	state := strings.TrimSpace(x.run("display-message", "-p", "alternate #{alternate_on}, cursor #{cursor_flag}, "+
		"mouse #{mouse_any_flag}, keypad #{keypad_flag}#{keypad_cursor_flag}"))
	if want := "alternate 0, cursor 1, mouse 0, keypad 00"; state != want {
		x.t.Errorf("the terminal is left as %s, want %s", state, want)
	}
	settings := modes(x.t, strings.TrimSpace(x.run("display-message", "-p", "#{pane_tty}")))
	settings = strings.NewReplacer(";", " ", "\n", " ").Replace(" " + settings)
	for _, mode := range []string{"echo", "icanon", "isig", "opost", "icrnl"} {
		if !strings.Contains(settings, " "+mode+" ") {
			x.t.Errorf("the terminal lost %s:%s", mode, settings)
		}
	}
}

// TestTerminalIsClosed: closing the terminal ends the demo in an orderly way,
// file and all.
func TestTerminalIsClosed(t *testing.T) {
	t.Parallel()
	tmp := t.TempDir()
	x := startTmux(t, append(cleanEnv(t), "TMPDIR="+tmp), "demo")
	x.see("1 URL")
	if left, err := os.ReadDir(tmp); err != nil || len(left) != 1 {
		t.Fatalf("the demo keeps %v here, %v; want the authority alone", left, err)
	}
	x.end()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	late := time.After(screenWait)
	for {
		left, err := os.ReadDir(tmp)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			return
		}
		select {
		case <-look.C:
		case <-late:
			t.Fatalf("the demo left %s behind", left[0].Name())
		}
	}
}
