//go:build servers

package journey

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestLargeTerminal: on a terminal that is larger than what is drawn, the screen
// stands in its upper left corner as it is, also after keys and runs, and it is gone
// at the end.
func TestLargeTerminal(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{540, 30}, {100, 230}, {540, 230}} {
		x := startTmuxAt(t, size[0], size[1], cleanEnv(t), "xmpps://alice:alice-pw@localhost:1/bob")
		x.see("Nothing has run yet.")
		x.press("Enter")
		x.see("refused the connection")
		x.press("M-5", "j", "j", "?")
		x.see("Help")
		x.press("Escape")
		screen, ok := x.wait(func(screen string) bool { return !strings.Contains(screen, "Help") })
		if !ok {
			t.Fatalf("%v: the help stays:\n%s", size, screen)
		}
		width, height := min(size[0], 500), min(size[1], 200)
		lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
		if len(lines) != height {
			t.Errorf("%v: %d rows are drawn, want %d", size, len(lines), height)
		}
		borders := 0
		for i, line := range lines {
			n := utf8.RuneCountInString(line)
			if n > width {
				t.Errorf("%v: row %d has %d cells, want %d at most", size, i, n, width)
			}
			if n == width {
				borders++
			}
		}
		if borders < height/2 {
			t.Errorf("%v: %d rows reach the right border:\n%s", size, borders, screen)
		}
		x.press("C-c")
		x.see("exit code 0")
		x.end()
	}
}
