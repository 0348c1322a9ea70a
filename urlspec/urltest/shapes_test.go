package urltest

import "testing"

// TestShapes: there are many, each has the canary, and none twice.
func TestShapes(t *testing.T) {
	seen := map[string]bool{}
	for _, text := range append(Shapes(), Kinds()...) {
		if !Leaks(text) {
			t.Errorf("%q has no canary", text)
		}
		seen[text] = true
	}
	if len(seen) < 2500 {
		t.Errorf("only %d texts", len(seen))
	}
	for _, text := range []string{"", "Zq7", "alice", "7xkv"} {
		if Leaks(text) != (text == "7xkv") {
			t.Errorf("Leaks(%q)", text)
		}
	}
}
