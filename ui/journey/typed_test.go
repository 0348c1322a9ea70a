//go:build servers

package journey

import (
	"strings"
	"testing"

	"xmppscope/urlspec/urltest"
)

// TestCanaryTyped types such texts into a terminal, key by key.
func TestCanaryTyped(t *testing.T) {
	t.Parallel()
	x := startTmux(t, cleanEnv(t))
	x.see("1 URL", "2 JIDs")
	for _, text := range urltest.Kinds() {
		if strings.ContainsAny(text, "\n;") { // tmux reads them as its own
			continue
		}
		x.press("C-l", "C-u")
		for _, r := range text {
			x.write(string(r))
		}
		x.press("Escape")
		if screen := x.see("keys are commands now"); urltest.Leaks(screen) {
			t.Errorf("%s:\n%s", text, screen)
		}
		x.press("C-l") // the next sentence of that kind is another's
		x.wait(func(screen string) bool { return !strings.Contains(screen, "keys are commands now") })
	}
	x.quit()
}
