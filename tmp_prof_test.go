package main

import (
	"bytes"
	"io"
	"os"
	"testing"

	"xmppscope/ui/plain"
)

func BenchmarkTmp(b *testing.B) {
	data, _ := os.ReadFile("/tmp/u20.txt")
	for b.Loop() {
		sh := &plain.Shell{In: bytes.NewReader(data), Out: io.Discard, Err: io.Discard}
		_, err := sh.Explain(plain.Explain{JSON: true, Source: plain.Source{Args: []string{"-"}}})
		if err != nil {
			b.Fatal(err)
		}
	}
}
