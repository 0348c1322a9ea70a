package journey

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// mostSwitches is how often a second an idle screen may give the processor away. It is
// what 30 looks at nothing cost, with room: Bubble Tea cannot be told not to look.
const mostSwitches = 240

// TestIdle: a screen on which nothing happens wakes up for nothing but the looks of
// its renderer.
func TestIdle(t *testing.T) {
	x, cmd := openTerminal(t), command(t, []string{"TERM=xterm-256color"}, "xmpps://alice:alice-pw@localhost:1/bob")
	x.start(cmd)
	x.until("Nothing has run yet.")
	before, began := switches(t, cmd.Process.Pid), time.Now()
	timer := time.NewTimer(2 * time.Second) // the time is what is measured
	<-timer.C
	made := switches(t, cmd.Process.Pid) - before
	rate := float64(made) / time.Since(began).Seconds() // a busy machine looks later
	t.Logf("%.0f switches a second", rate)
	if rate > mostSwitches {
		t.Errorf("an idle screen makes %.0f switches a second, want %d at most", rate, mostSwitches)
	}
	x.press("\x03")
	x.end(cmd)
}

// switches counts how often the threads of a process gave the processor away.
func switches(t *testing.T, pid int) int {
	t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(threads) == 0 {
		t.Fatalf("the process has %d threads: %v", len(threads), err)
	}
	sum := 0
	for _, name := range threads {
		status, err := os.ReadFile(name)
		if err != nil { // the thread has ended
			continue
		}
		for line := range strings.Lines(string(status)) {
			if value, ok := strings.CutPrefix(line, "voluntary_ctxt_switches:"); ok {
				n, err := strconv.Atoi(strings.TrimSpace(value))
				if err != nil {
					t.Fatal(err)
				}
				sum += n
			}
		}
	}
	return sum
}
