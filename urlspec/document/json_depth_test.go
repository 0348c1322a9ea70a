package document

import (
	"strings"
	"testing"
)

// TestJSONDepth: JSON that nobody nests by hand is read as text, since each level
// takes memory; the URL in it is found all the same.
func TestJSONDepth(t *testing.T) {
	for depth, broken := range map[int]bool{jsonDepth: false, jsonDepth + 1: true} {
		for _, brackets := range []string{"[]", "{}"} {
			opening, closing := brackets[:1], brackets[1:]
			if opening == "{" {
				opening = `{"a":`
			}
			text := strings.Repeat(opening, depth) + `"xmpps://alice:pw@example.com/bob"` + strings.Repeat(closing, depth)
			d, err := Read("deep.json", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if d.broken != broken {
				t.Errorf("%d levels of %s are JSON: %v, want %v", depth, brackets, !d.broken, !broken)
			}
			if urls := d.URLs(false); urls != 1 {
				t.Errorf("%d URLs in %d levels of %s, want 1", urls, depth, brackets)
			}
		}
	}
}
