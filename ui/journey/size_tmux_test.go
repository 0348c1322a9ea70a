//go:build servers

package journey

import (
	"fmt"
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
		x.shows(func(screen string) bool {
			return !strings.Contains(screen, "Help") && standsInCorner(screen, min(size[0], 500), min(size[1], 200))
		}, fmt.Sprintf("at %v, the screen does not stand whole in the corner, without the help", size))
		x.quit()
		x.end()
	}
}

// standsInCorner says whether a screen has that many rows, none of them wider, most
// of them with the right border of a pane at their end.
func standsInCorner(screen string, width, height int) bool {
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	borders := 0
	for _, line := range lines {
		switch n := utf8.RuneCountInString(line); {
		case n > width:
			return false
		case n == width:
			borders++
		}
	}
	return len(lines) == height && borders >= height/2
}
