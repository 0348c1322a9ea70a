package plain

import (
	"slices"
	"testing"

	"xmppscope/urlspec"
)

// TestFixedBy: what was done to a URL names the problem with each fix, since two of
// them may be "remove it".
func TestFixedBy(t *testing.T) {
	lines := fixedLines(urlspec.Parse("xmpps://alice:p@ss@example.com\u200b/bob"), Look{Labels: true})
	want := []string{"fixed url: xmpps://alice:••••••••@example.com/bob",
		"fixed by: control-character: remove it, password-at: write %40"}
	if !slices.Equal(lines, want) {
		t.Errorf("got %q, want %q", lines, want)
	}
	if lines := fixedLines(urlspec.Parse("xmpps://alice:pw@example.com/bob"), Look{}); lines != nil {
		t.Errorf("nothing was to be done, got %q", lines)
	}
}
