package urlview

import (
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/urlspec/growthtest"
)

// TestTimeIsLinear lays out and draws texts of 4 kB and 128 kB. Time in
// proportion gives a ratio of 32; a loop in a loop would give 1024.
func TestTimeIsLinear(t *testing.T) {
	const small, factor = 4 << 10, 32
	for name, shape := range map[string]struct{ head, unit string }{
		"targets":             {"xmpps://a:b@h.example", "/bob%40x.example"},
		"rooms":               {"xmpps://a:b@h.example", "/%23r"},
		"dropped targets":     {"xmpps://a:b@h.example", "/@x"},
		"a list":              {"xmpps://a:b@h.example?to=", "joe@x.example,"},
		"parameters":          {"xmpps://a:b@h.example?mode=tls", "&x=y"},
		"repeated parameters": {"xmpps://a:b@h.example?mode=tls", "&roster=y"},
		"a password":          {"xmpps://a:", "secret"},
		"passwords":           {"xmpps://a:b@h.example?x=y", "&pass=x"},
		"URLs":                {"", "xmpp://a:b@h.example, "},
		"no URL":              {"", "word "},
		"wide characters":     {"xmpps://a:b@h.example/", "日本"},
		"marks":               {"xmpps://a:b@h.example/a", "\u0301"},
		"joiners":             {"xmpps://a:b@h.example/", "👩\u200d"},
		"hidden characters":   {"xmpps://a:b@h.example/", "\u200b"},
		"stray bytes":         {"xmpps://a:b@h.example/", "\xff"},
	} {
		t.Run(name, func(t *testing.T) {
			drawn := func(size int) func() time.Duration {
				spec := urlspec.Parse(shape.head + strings.Repeat(shape.unit, size/len(shape.unit)))
				return func() time.Duration { return growthtest.Time(func() { drawAll(spec) }) }
			}
			growthtest.Check(t, 8*factor, drawn(small), drawn(small*factor))
		})
	}
}

// drawAll does all that a View can do: every row, and an excerpt for each of the
// problems.
func drawAll(spec urlspec.Spec) {
	v := New(spec, Counted(len(spec.Text)))
	rows := v.Rows(78)
	v.Place(rows, len(spec.Text))
	for _, row := range rows {
		for range v.Runs(row) {
		}
		v.Labels(row, 78)
		v.LabelLine(row, 78, v.PartAt(len(spec.Text)-1))
		v.Offset(row, 77)
	}
	for _, p := range spec.Problems {
		v.Pointer(v.Around(p.Start, p.End, 78), p.Start, p.End, -1)
	}
}
