package urlspec

import (
	"bufio"
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
	f, err := os.Open(filepath.Join("..", "testdata", "apprise", "urls.jsonl"))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var rows []oracleRow
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row oracleRow
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			tb.Fatal(err)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	if len(rows) < 800 {
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
