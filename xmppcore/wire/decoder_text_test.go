package wire_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"xmppscope/xmppcore/wire"
)

// TestDecoderLongText: a text costs memory in proportion to its size, in all
// that is allocated for it and not only in what is kept.
func TestDecoderLongText(t *testing.T) {
	const size = 4 << 20
	var d wire.Decoder
	d.Limits.MaxElement = size + 100
	if _, err := d.Feed([]byte(header)); err != nil {
		t.Fatal(err)
	}
	stanza := []byte("<message><body>" + strings.Repeat("x", size) + "</body></message>")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var items []wire.Item
	for chunk := range slices.Chunk(stanza, 4096) {
		got, err := d.Feed(chunk)
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, got...)
	}
	runtime.ReadMemStats(&after)
	if len(items) != 1 || len(items[0].Element.Children[0].Text) != size {
		t.Fatalf("%d items", len(items))
	}
	if cost := after.TotalAlloc - before.TotalAlloc; cost > 4*size {
		t.Errorf("%d bytes were allocated for a text of %d", cost, size)
	}
}
