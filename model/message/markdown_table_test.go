package message

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestTables: texts that are tables for Python-Markdown 3.10.3, set up as Apprise sets
// it up, or nearly are, become what it makes of them.
func TestTables(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "testdata", "apprise", "tables.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	count := 0
	for lines := bufio.NewScanner(file); lines.Scan(); count++ {
		var recorded struct{ Markdown, HTML string }
		if err := json.Unmarshal(lines.Bytes(), &recorded); err != nil {
			t.Fatal(err)
		}
		if got := convertFormat(t.Context(), "markdown", "html", recorded.Markdown); got != recorded.HTML {
			t.Errorf("%q\n got %q\nwant %q", recorded.Markdown, got, recorded.HTML)
		}
	}
	if count < 200 {
		t.Errorf("%d tables were read", count)
	}
}
