//go:build !race

package message

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/urlspec/growthtest"
)

// units are what a hostile or careless text repeats without end.
var units = []string{
	">", "> ", ">\n", "- ", "-\n", "1. ", "1)\n", "* + - ", "> - ", "#", "# ", "\t", " ", "    x\n", "\n",
	"\r\n", "x\n",
	"[", "]", "[a](b", "[a](<b", "[a](b)", "![", "![a](b", "[a][", "[a]: b\n", "[a]\n", "[[a]", "](", "]()",
	"[a](\"", "[x]:",
	"*", "**", "_", "*a ", "**a", "*a _a ", "a*_", "***a b", "_a*", "~", "~~a", "`", "`a``b", "``` ", "```\n",
	"~~~\na\n", "$",
	"<", "<a", "<a ", "<a b='", "<a b=\"c", "<!--", "<!-->", "<!--->", "<!-- a ", "-->", "--", "<?", "<!",
	"<![CDATA[", "]]>", "</", "</a>",
	"<a>", "<b><i>", "<script>", "<textarea>", "</script", "<pre>", "<ul><li>", "<blockquote>", "<a href='b'>",
	"<br>", "<p>", "<table><td>",
	"<http:", "<a@b", "<a:b>", "http://a", "&", "&amp", "&#", "&#x41;", "&lt;", "&notit;", "\\", "\\*",
	"\\u263a", "\\n", "\\x4", ":", ":a", ":smile:", "::",
	"|", "|a", "|-", "|-|\n", "a|b\n-|-\n", "|a|b|\n", "=\n", "a\n=\n", "---\n", "***\n", "\u200b", "é", "😀",
	"\x00", "\xff", "'", "\"", "(", ")",
}

// wholes are texts that are hostile as a whole: %s is what is repeated.
var wholes = []struct {
	name  string
	shape func(size int) string
}{
	{"a long reference used often", func(size int) string {
		return "[a]: /" + strings.Repeat("x", size/2) + "\n\n" + strings.Repeat("[a]\n", size/8)
	}},
	{"many references used once", func(size int) string {
		return numberedLines("[%d]: /x\n", size/2) + "\n" + numberedLines("[%d] ", size/2)
	}},
	{"a wide table of short rows", func(size int) string {
		return strings.Repeat("|a", size/8) + "\n" + strings.Repeat("|-", size/8) + "\n" + strings.Repeat("|\n", size/4)
	}},
	{"pipes in code in a table", func(size int) string {
		return "|a|\n|-|\n" + strings.Repeat("|`\\|`|\n", size/7)
	}},
	{"backticks of all widths in a table", func(size int) string {
		var b strings.Builder
		b.WriteString("|a|\n|-|\n|")
		for n := 1; b.Len() < size; n++ {
			b.WriteString(strings.Repeat("`", n%1000+1) + "|")
		}
		return b.String()
	}},
	{"a table of escaped backticks", func(size int) string {
		return "|a|\n|-|\n|" + strings.Repeat("\\`|", size/3)
	}},
	{"nested brackets", func(size int) string { return strings.Repeat("[", size/2) + strings.Repeat("]", size/2) }},
	{"nested emphasis", func(size int) string { return strings.Repeat("*a ", size/6) + strings.Repeat("a* ", size/6) }},
	{"backticks of all widths", func(size int) string {
		var b strings.Builder
		for n := 1; b.Len() < size; n++ {
			b.WriteString(strings.Repeat("`", n%1000+1) + " ")
		}
		return b.String()
	}},
	{"a list that goes deeper", func(size int) string {
		var b strings.Builder
		for n := 0; b.Len() < size; n++ {
			b.WriteString(strings.Repeat("  ", n) + "- a\n")
		}
		return b.String()
	}},
	{"a quotation that goes deeper", func(size int) string {
		var b strings.Builder
		for n := 0; b.Len() < size; n++ {
			b.WriteString(strings.Repeat(">", n) + " a\n")
		}
		return b.String()
	}},
}

func numberedLines(format string, size int) string {
	var b strings.Builder
	for n := 0; b.Len() < size; n++ {
		fmt.Fprintf(&b, format, n)
	}
	return b.String()
}

// TestGrowth: four times the text takes four times as long, less than eight, whatever
// the text is and from which format to which it goes; a loop in a loop would be
// sixteen. And it does not become much longer than it is. What takes less time than an ordinary text counts as that one:
// there, a step of a few microseconds more is no growth.
func TestGrowth(t *testing.T) {
	shapes := map[string]func(size int) string{}
	for _, unit := range units {
		shapes[fmt.Sprintf("%q", unit)] = func(size int) string { return strings.Repeat(unit, size/len(unit)) }
	}
	for _, whole := range wholes {
		shapes[whole.name] = whole.shape
	}
	formats := []string{formatText, formatHTML, formatMarkdown}
	prose := strings.Repeat("An *ordinary* line of a [text](http://a.example).\n", 800)
	ordinary := converted(t, prose, formatMarkdown, formatHTML)
	usual := min(ordinary(), ordinary(), ordinary())
	for name, shape := range shapes {
		for _, from := range formats {
			for _, to := range formats {
				t.Run(fmt.Sprintf("%s, %s to %s", name, from, to), func(t *testing.T) {
					small, large := converted(t, shape(40_000), from, to), converted(t, shape(160_000), from, to)
					growthtest.Check(t, 8, func() time.Duration { return max(small(), usual) }, large)
				})
			}
		}
	}
}

// converted says how long it takes to make messages of a text, and fails the test if
// they are much longer than it is.
func converted(t *testing.T, text, from, to string) func() time.Duration {
	return func() time.Duration {
		var batch Batch
		took := growthtest.Time(func() {
			batch = For(t.Context(), Notification{Title: "t", Body: text, InputFormat: from, InterpretEscapes: true},
				urlspec.Reading{Format: to, Overflow: "split", Emojis: true})
		})
		for _, m := range batch.Messages {
			if len(m.Body) > 20*BodyLimit {
				t.Errorf("a message of %d bytes", len(m.Body))
			}
		}
		if most := 40*len(text) + 4<<20; batch.Whole.Body > most {
			t.Errorf("%d bytes become %d", len(text), batch.Whole.Body)
		}
		return took
	}
}

// TestInterrupted: a conversion that nobody waits for any more ends long before it
// would.
func TestInterrupted(t *testing.T) {
	text := strings.Repeat("[a](b", 200_000)
	convert := func(ctx context.Context) (Batch, time.Duration) {
		began := time.Now()
		batch := For(ctx, Notification{Body: text, InputFormat: formatMarkdown}, urlspec.Reading{Format: formatHTML})
		return batch, time.Since(began)
	}
	batch, whole := convert(t.Context())
	if !batch.Accepted {
		t.Fatal(batch.Reason)
	}
	ctx, cancel := context.WithTimeout(t.Context(), whole/20)
	defer cancel()
	if batch, took := convert(ctx); batch.Accepted || took > whole*3/4 {
		t.Errorf("it ended after %v, the whole takes %v; accepted: %v", took, whole, batch.Accepted)
	}
}

// TestMarkupOfPeople: what people write is far from the limits.
func TestMarkupOfPeople(t *testing.T) {
	const line = "A *word*, a [link](https://example.com/a_b?c=d), `code` & an <b>element</b>: 1 < 2.\n"
	paragraph := strings.Repeat(line, 200)
	text := strings.Repeat(paragraph+"\n", 20) + strings.Repeat("- [x] [INFO] snake_case_name\n", 2000)
	html := convertFormat(t.Context(), formatMarkdown, formatHTML, text)
	for sign, want := range map[string]int{"<em>word</em>": 4000, `<a href="https://example.com/a_b?c=d">link</a>`: 4000,
		"<code>code</code>": 4000, "<li>[x] [INFO] snake_case_name</li>": 2000} {
		if got := strings.Count(html, sign); got != want {
			t.Errorf("%d of %q, want %d", got, sign, want)
		}
	}
}
