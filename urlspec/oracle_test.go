package urlspec

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// oracleRow is one reading recorded from Apprise 2.1.0 itself.
type oracleRow struct {
	ID       string          `json:"id"`
	Category string          `json:"category"`
	URL      string          `json:"url"`
	Apprise  json.RawMessage `json:"apprise"`
}

func oracleRows(tb testing.TB) []oracleRow {
	tb.Helper()
	var rows []oracleRow
	for _, name := range []string{"urls.jsonl", "urls2.jsonl"} {
		data, err := os.ReadFile(filepath.Join("..", "testdata", "apprise", name))
		if err != nil {
			tb.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var row oracleRow
			if err := json.Unmarshal(line, &row); err != nil {
				tb.Fatal(err)
			}
			rows = append(rows, row)
		}
	}
	if len(rows) < 1200 {
		tb.Fatalf("only %d recorded readings", len(rows))
	}
	return rows
}

// decodeJSON keeps numbers as they are written, so that 4 and 4.0 differ.
func decodeJSON(tb testing.TB, text []byte) any {
	tb.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestReadingIsApprises(t *testing.T) {
	for _, row := range oracleRows(t) {
		got, err := json.Marshal(Parse(row.URL).Reading)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(decodeJSON(t, got), decodeJSON(t, row.Apprise)) {
			t.Errorf("%s %q\n got %s\nwant %s", row.ID, row.URL, got, row.Apprise)
		}
	}
}
