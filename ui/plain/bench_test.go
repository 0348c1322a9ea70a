package plain

import (
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// BenchmarkDrawing is what explain draws of a URL: its parts with their labels,
// and a pointer at each of its problems.
func BenchmarkDrawing(b *testing.B) {
	for _, bench := range []struct{ name, text string }{
		{"parts", "xmpps://alice:secret@corp.example:5223/%23ops/bob?mode=tls&name=pager"},
		{"problems", "xmpps://alice:p@ss@corp.example:52x2/#ops?scram=no"},
		{"1000 parameters", "xmpps://alice:pw@example.test/bob?mode=tls" + strings.Repeat("&x=y", 1000)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			spec := urlspec.Parse(bench.text)
			b.ReportAllocs()
			for b.Loop() {
				d := newDrawing(spec, Look{})
				d.rows()
				problemLines(spec, d)
			}
		})
	}
}
