package secret_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec/growthtest"
	"xmppscope/xmppcore/secret"
)

// texts are what a filter meets most: short sentences, a text that the server
// wrote, one that is not ASCII, one full of escapes.
func texts(size int) map[string]string {
	repeat := func(s string) string { return strings.Repeat(s, 1+size/len(s))[:size] }
	return map[string]string{
		"ascii":   repeat("The server says that it does not know this account. "),
		"letters": strings.ToValidUTF8(repeat("Übermäßig größere Gemüsebrötchen für Äpfel "), ""),
		"escapes": repeat(`%41 \u0041 &#65; `),
		"almost":  repeat("Zq7xKv2mPw9"),
	}
}

func BenchmarkIn(b *testing.B) {
	f := secret.NewFinder([]string{"Zq7xKv2mPw9L"}, []string{"alice@example.test"})
	for _, size := range []int{50, 500, 64 << 10} {
		for name, text := range texts(size) {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					if f.In(text) {
						b.Fatal("found")
					}
				}
			})
		}
	}
}

func BenchmarkPartly(b *testing.B) {
	f := secret.NewFinder([]string{"Zq7xKv2mPw9L"}, []string{"alice@example.test"})
	text := texts(500)["ascii"]
	b.ReportAllocs()
	for b.Loop() {
		if f.Partly(text) {
			b.Fatal("found")
		}
	}
}

func BenchmarkNewFinder(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		secret.NewFinder([]string{"Zq7xKv2mPw9L"}, []string{"alice@example.test"})
	}
}

// TestAllocations: a text of ASCII without escapes costs no memory.
func TestAllocations(t *testing.T) {
	f := secret.NewFinder([]string{"Zq7xKv2mPw9L"}, []string{"alice@example.test"})
	for _, name := range []string{"ascii", "almost"} {
		text := texts(500)[name]
		if n := testing.AllocsPerRun(100, func() { f.In(text); f.Partly("no such account"); f.Strike(text, "…") }); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// TestLinear: a text sixteen times as long takes no more than a hundred times as
// long, whatever it is made of.
func TestLinear(t *testing.T) {
	f := secret.NewFinder([]string{"Zq7xKv2mPw9L", strings.Repeat("a", 200) + "b"},
		[]string{"example.test", "bZq7xKv2mPw9L"})
	lines := texts(8 << 10)
	lines["pattern"] = strings.Repeat("a", 8<<10)
	lines["percent"] = strings.Repeat("%25", 8<<10)
	lines["colons"] = strings.Repeat("a:", 8<<10)
	lines["ampersand"] = strings.Repeat("&amp;", 8<<10)
	lines["marks"] = "a" + strings.Repeat("\u0301", 8<<10)
	lines["tokens"] = strings.Repeat(base64.StdEncoding.EncodeToString([]byte("Zq7xKv2mPw9L")), 512)
	lines["secrets"] = strings.Repeat("Zq7xKv2mPw9L", 512)
	lines["shown"] = strings.Repeat("bZq7xKv2mPw9L ", 512)
	for name, text := range lines {
		t.Run(name, func(t *testing.T) {
			struck := func(text string) func() time.Duration {
				return func() time.Duration {
					return growthtest.Time(func() {
						f.Partly(text)
						f.Strike(text+"Zq7xKv2mPw9L", "…")
					})
				}
			}
			growthtest.Check(t, 100, struck(text), struck(strings.Repeat(text, 16)))
		})
	}
}
