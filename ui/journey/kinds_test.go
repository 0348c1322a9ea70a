package journey

import (
	"strings"
	"testing"

	"xmppscope/urlspec/urltest"
)

// TestCanaryKinds gives one text of each kind in which a person may have put a
// password to the program as it is built.
func TestCanaryKinds(t *testing.T) {
	t.Parallel()
	for _, text := range urltest.Kinds() {
		for _, command := range []string{"explain", "explain --json", "check --json", "lint", "send -b x", ""} {
			stdout, stderr, code := invoke(t, "", nil, append(strings.Fields(command), text)...)
			if urltest.Leaks(stdout + stderr) {
				t.Errorf("%q with %q, exit code %d:\n%s%s", command, text, code, stdout, stderr)
			}
		}
	}
}
