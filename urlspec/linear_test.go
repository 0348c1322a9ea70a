package urlspec

import (
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec/growthtest"
)

// longShapes are URLs that grow where Apprise's rules have loops.
var longShapes = []struct{ name, head, unit, tail string }{
	{"targets", "xmpps://a:b@example.com", "/joe%40x.example", ""},
	{"rooms", "xmpps://a:b@example.com", "/#r", ""},
	{"dropped targets", "xmpps://a:b@example.com", "/@x", ""},
	{"list", "xmpps://a:b@example.com?to=", "joe@x.example,", ""},
	{"parameters", "xmpps://a:b@example.com?mode=tls", "&x=y", ""},
	{"repeated parameters", "xmpps://a:b@example.com?mode=tls", "&roster=y", ""},
	{"password", "xmpps://a:", "pass", "@example.com"},
	{"ats", "xmpps://a:b", "@x", "@example.com"},
	{"run of ats", "xmpps://a", "@", "example.com"},
	{"colons", "xmpps://a:b", ":c", "@example.com"},
	{"escaped slashes", "xmpps://a:b@example.com/a", "%252F", "@b@c"},
	{"escaped user slashes", "xmpps://a", "%2F%25", ":b@example.com"},
	{"escapes", "xmpps://a:b@example.com/", "%E2%82", ""},
	{"host", "xmpps://a:b@", "a.", "example"},
	{"unicode host", "xmpps://a:b@", "ü", ".example"},
	{"unfinished", "xmpps://a:", "b/", ""},
	{"urls", "", "xmpp://a:b@c.example, ", ""},
	{"quoted urls", "\"", "xmpp://a:b@c.example ", ""},
	{"urls with commas", "", "xmpps://a:b@h/b,", ""},
	{"urls that are not cut", "", "a://b", "\nz"},
	{"closing brackets", "xmpp://a:b@h/", ")", ""},
	{"quoted words", "", "\"xmpp://a:b@h\"x ", ""},
	{"backslashes", "xmpps://a:b@example.com/a", `\\b`, ""},
	{"white space", "xmpps://a:b@example.com/", " \t", ""},
	{"no URL", "", "a:b@c ", ""},
	{"words", "", "word ", ""},
	{"assignments", "", "pass=x ", ""},
	{"words in quotes", "", `a:"b`, ""},
	{"quotes and an at", "", `a:"b`, "@c"},
	{"URLs without a user", "x ", "xmpps://a/b ", ""},
	{"targets with colons", "xmpps://a:b@example.com", "/c:d", ""},
	{"hidden characters in names", "xmpps://a:b@example.com", "/c\u200bd", ""},
	{"hidden characters", "xmpps://a:b@example.com/", "\u200b", ""},
}

func long(head, unit, tail string, size int) string {
	return head + strings.Repeat(unit, max(1, (size-len(head)-len(tail))/len(unit))) + tail
}

// TestTimeIsLinear compares texts of 4 kB and 256 kB. Time in proportion gives
// a ratio of 64; a loop in a loop would give 4096. The bound lies well between
// them.
func TestTimeIsLinear(t *testing.T) {
	const small, factor = 4 << 10, 64
	for _, shape := range longShapes {
		for name, f := range map[string]func(string){
			"Parse":       func(s string) { Parse(s) },
			"Find":        func(s string) { Find(s) },
			"Settings":    func(s string) { Spec{Text: s}.Settings() },
			"Split":       func(s string) { Split(s) },
			"Extract":     func(s string) { Extract(s) },
			"FixAll":      func(s string) { FixAll(s) },
			"Complete":    func(s string) { Complete(s, len(s)) },
			"RedactProse": func(s string) { RedactProse(s) },
			"Meant":       func(s string) { Parse(s).Meant() },
			"Veiled":      func(s string) { Parse(s).Veiled() },
			"RedactedAfter": func(s string) {
				spec := Parse(s)
				spec.RedactedAfter(spec.SetParam("mode", "tls"))
			},
		} {
			t.Run(name+" of "+shape.name, func(t *testing.T) {
				read := func(size int) func() time.Duration {
					text := long(shape.head, shape.unit, shape.tail, size)
					return func() time.Duration { return growthtest.Time(func() { f(text) }) }
				}
				growthtest.Check(t, 16*factor, read(small), read(small*factor))
			})
		}
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Parse(longestExample)
	}
}

func BenchmarkParseLong(b *testing.B) {
	for _, shape := range longShapes {
		for _, size := range []int{1 << 10, 1 << 20} {
			text := long(shape.head, shape.unit, shape.tail, size)
			name := shape.name + "/1kB"
			if size > 1<<10 {
				name = shape.name + "/1MB"
			}
			b.Run(name, func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					Parse(text)
				}
			})
		}
	}
}

// longestExample is the longest URL of the page that documents the scheme.
const longestExample = "xmpps://user:pass@example.ca/#room1@conference.ca/#room2@conference.ca" +
	"?xmpp=xmpp.example.ca&scramplus=no&roster=yes&subject=yes"

func TestParseAllocations(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { Parse(longestExample) }); n > 60 {
		t.Errorf("%v allocations for one reading, at most 60 are wanted", n)
	}
}
