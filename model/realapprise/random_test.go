//go:build apprise

package realapprise

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
	"unicode/utf8"
)

// chance makes texts by lot. What one seed makes is always the same.
type chance struct{ *rand.Rand }

// newChance takes the seed from the variable SEED, or a new one, and logs it.
func newChance(t testing.TB) chance {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("SEED=%s is no number", text)
		}
	}
	t.Logf("SEED=%d makes the same texts again", seed)
	return chance{rand.New(rand.NewPCG(seed, seed))}
}

func (c chance) one(of []string) string { return of[c.IntN(len(of))] }

// often is true in n of 100 cases.
func (c chance) often(n int) bool { return c.IntN(100) < n }

// spoil changes a text in one to three places: a character goes, comes, or is
// doubled, or a piece changes its place. What comes is one of the characters given.
func (c chance) spoil(text string, with []string) string {
	for range 1 + c.IntN(3) {
		runes := []rune(text)
		if len(runes) == 0 {
			return c.one(with)
		}
		at := c.IntN(len(runes))
		before, after := string(runes[:at]), string(runes[at:])
		switch c.IntN(5) {
		case 0:
			text = before + string(runes[at+1:])
		case 1, 2:
			text = before + c.one(with) + after
		case 3:
			text = before + string(runes[at]) + after
		case 4:
			text = after + before
			if c.often(80) {
				text = before + c.one(with) + string(runes[at+1:])
			}
		}
	}
	return text
}

// recorded gives a field of the rows of recorded answers.
func recorded(t testing.TB, field string, files ...string) []string {
	t.Helper()
	var texts []string
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join(root(t), "testdata", "apprise", name))
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			row := map[string]any{}
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatal(err)
			}
			if text, ok := row[field].(string); ok && utf8.ValidString(text) && len(text) < 4000 {
				texts = append(texts, text)
			}
		}
	}
	return texts
}
