package plain

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

// BenchmarkLintFolder is lint of 10,000 files of 10 kB, one in a hundred with a
// URL, and how many times as long it takes as `grep -r` over them.
func BenchmarkLintFolder(b *testing.B) {
	dir := b.TempDir()
	text := strings.Repeat("some text of an example, with server and proxy in it\n", 190)
	for i := range 10_000 {
		folder := filepath.Join(dir, fmt.Sprint(i/100))
		if err := os.MkdirAll(folder, 0o700); err != nil {
			b.Fatal(err)
		}
		content := text
		if i%100 == 0 {
			content += "url: xmpps://alice:secret@example.com/bob\n"
		}
		ending := []string{"txt", "yml", "py", "md", "sh"}[i/100%5]
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprint(i, ".", ending)), []byte(content), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	grep := time.Duration(0)
	for range 3 { // the first one reads from the disk
		start := time.Now()
		if err := exec.Command("grep", "-r", "xmpp", dir).Run(); err != nil {
			b.Fatal(err)
		}
		grep = time.Since(start)
	}
	b.ReportAllocs()
	for b.Loop() {
		s, _, _ := testShell()
		if _, err := s.Lint(b.Context(), Lint{Files: []string{dir}}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(grep), "grep")
}
