package message

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"xmppscope/urlspec"
)

func TestSmartSplit(t *testing.T) {
	for _, test := range [...]struct {
		name, text, format string
		limit              int
		want               []string
	}{
		{"nothing", "", "text", 5, nil},
		{"fits", "abcde", "text", 5, []string{"abcde"}},
		{"after the last line end", "a\nb c\nd ef", "text", 8, []string{"a\nb c\n", "d ef"}},
		{"a carriage return is a line end", "a\rb c", "text", 4, []string{"a\r", "b c"}},
		{"line separators are not", "a\u2028\u0085b", "text", 3, []string{"a\u2028\u0085", "b"}},
		{"after the last blank", "ab cd\tef", "text", 7, []string{"ab cd\t", "ef"}},
		{"a no-break space is no blank", "ab\u00a0cd", "text", 4, []string{"ab\u00a0c", "d"}},
		{"after a sentence", "ab.\v\fcd", "text", 6, []string{"ab.\v\f", "cd"}},
		{"white space alone ends no sentence", "ab\vcd", "text", 4, []string{"ab\vc", "d"}},
		{"hard", "abcdef", "text", 4, []string{"abcd", "ef"}},
		{"code points, not bytes", "ééééé", "text", 2, []string{"éé", "éé", "é"}},
		{"text cuts entities", "abc&amp;d", "text", 5, []string{"abc&a", "mp;d"}},
		{"html keeps entities", "abc&amp;d", "html", 5, []string{"abc", "&amp;", "d"}},
		{"html cuts an entity that opens a piece", "&amp;d", "html", 3, []string{"&am", "p;d"}},
		{"html keeps tags", `ab<a href="x y">c`, "html", 14, []string{"ab", `<a href="x y">`, "c"}},
		{"html keeps a tag that opens a piece", "<a b>cd", "html", 5, []string{"<a b>", "cd"}},
		{"html cuts a tag that is too long", "<abcdefg>", "html", 4, []string{"<abc", "defg", ">"}},
		{"markdown keeps links", "ab[c](d)e", "markdown", 6, []string{"ab", "[c](d)", "e"}},
		{"a link that ends right at the cut is missed", "ab[c](d)", "markdown", 7, []string{"ab[c](d", ")"}},
		{"markdown parts an image from its mark", "ab![c](d)", "markdown", 7, []string{"ab!", "[c](d)"}},
		{"but not right at the cut", "abc![](e)", "markdown", 4, []string{"abc", "!", "[](e", ")"}},
		{"markdown keeps chat links", "ab<u|l>c", "markdown", 5, []string{"ab", "<u|l>", "c"}},
		{"markdown keeps escapes", `abc\*d`, "markdown", 4, []string{"abc", `\*d`}},
		{"markdown keeps doubled backslashes", `ab\\*d`, "markdown", 4, []string{`ab\\`, "*d"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, piece := range smartSplit([]rune(test.text), test.limit, test.format) {
				got = append(got, string(piece))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// What stands in one piece, and what in the next, is mended as Apprise mends it.
func TestRepairChunks(t *testing.T) {
	for _, test := range [...]struct {
		name     string
		in, want []string
	}{
		{"plain", []string{"a", "b"}, []string{"a", "b"}},
		{"strong goes on", []string{"**hello", " world** x"}, []string{"**hello**", " world x"}},
		{"emphasis goes on", []string{"*a", "b* c"}, []string{"*a*", "b c"}},
		{"both go on", []string{"a ***b", "c*** d"}, []string{"a ***b***", "c d"}},
		{"underscores", []string{"_a", "b_ c"}, []string{"_a_", "b c"}},
		{"closed here", []string{"*a* **b**", "c"}, []string{"*a* **b**", "c"}},
		{"no closer follows", []string{"*a", "b"}, []string{`\*a`, "b"}},
		{"a closer hidden in code", []string{"*a", "`b*` c"}, []string{`\*a`, "`b*` c"}},
		{"a closer hidden in a link", []string{"*a", "[b](c*)"}, []string{`\*a`, "[b](c*)"}},
		{"nothing stands behind the opener", []string{"a **", "b** c"}, []string{"a ", `b\*\* c`}},
		{"bullets are escaped", []string{"* a", "* b"}, []string{`\* a`, `\* b`}},
		{"marks inside words", []string{"snake_case", "x"}, []string{`snake\_case`, "x"}},
		{"rule of three", []string{"*a**b*", ""}, []string{`*a\*\*b*`, ""}},
		{"code goes on", []string{"x `a*b", "c` *d*"}, []string{`x a\*b`, "c *d*"}},
		{"code over three pieces", []string{"`a", "b", "c`d"}, []string{"a", "b", "cd"}},
		{"code closed here", []string{"`a*` b", ""}, []string{"`a*` b", ""}},
		{"a label without its link", []string{"a [lab", "el](u)"}, []string{`a \[lab`, `el\]\(u\)`}},
		{"a link without its end", []string{"[l](u", "v) *w*"}, []string{"[l](u", "v) *w*"}},
		{"an angle link goes on", []string{"[l](<u*", "v>) *w*"}, []string{`[l\]\(u\*`, `v\>\) *w*`}},
		{"its end torn apart", []string{"[l](<u>", ") w"}, []string{`[l\]\(u\>`, `\) w`}},
		{"an angle link without a label", []string{"](<u>)", ""}, []string{`\]\(u\>\)`, ""}},
		{"an autolink", []string{"<https://a*b> *c*", ""}, []string{"<https://a*b> *c*", ""}},
		{"an autolink goes on", []string{"<https://a", "b> c"}, []string{`\<https://a`, `b\> c`}},
		{"no autolink", []string{"a < b, <x> c", ""}, []string{"a < b, <x> c", ""}},
		{"escapes stay", []string{`\*a \[b`, ""}, []string{`\*a \[b`, ""}},
		{"an escape torn apart", []string{`a\`, "*b"}, []string{`a\`, "*b"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := slices.Clone(test.in)
			repairChunks(got)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestOverflow(t *testing.T) {
	long := strings.Repeat("x", BodyLimit)
	title := strings.Repeat("t", SubjectLimit)
	for _, test := range [...]struct {
		name        string
		n           Notification
		r           urlspec.Reading
		want        []Lengths
		first, last string // subjects
		over        bool
		lost        Lengths
	}{
		{name: "upstream has no limit", n: Notification{Title: title + "t", Body: long + "x"},
			r: urlspec.Reading{Subject: true}, want: []Lengths{{251, BodyLimit + 1}}, first: title + "t", last: title + "t"},
		{name: "truncate", n: Notification{Body: long + "yz"},
			r: urlspec.Reading{Overflow: "truncate"}, want: []Lengths{{0, BodyLimit}}, over: true, lost: Lengths{0, 2}},
		{name: "truncate counts the title", n: Notification{Title: "T", Body: long},
			r: urlspec.Reading{Overflow: "truncate"}, want: []Lengths{{0, BodyLimit}}, over: true, lost: Lengths{0, 3}},
		{name: "split counts nothing without a subject", n: Notification{Body: long + "y"},
			r: urlspec.Reading{Overflow: "SPLIT", Subject: true}, want: []Lengths{{0, BodyLimit}, {0, 1}}, over: true},
		{name: "split counts the pieces", n: Notification{Title: "T", Body: long + "y"},
			r:    urlspec.Reading{Overflow: "split", Subject: true},
			want: []Lengths{{7, BodyLimit}, {7, 1}}, first: "T [1/2]", last: "T [2/2]", over: true},
		{name: "a long subject makes room for the counter", n: Notification{Title: title, Body: long + "y"},
			r:    urlspec.Reading{Overflow: "split", Subject: true},
			want: []Lengths{{250, BodyLimit}, {250, 1}}, first: title[:244] + " [1/2]", last: title[:244] + " [2/2]",
			over: true, lost: Lengths{6, 0}},
		{name: "a long subject is cut", n: Notification{Title: title[:249] + " tt", Body: "b"},
			r: urlspec.Reading{Overflow: "split", Subject: true}, want: []Lengths{{249, 1}},
			first: title[:249], last: title[:249], over: true, lost: Lengths{3, 0}},
		{name: "the title stands alone before a line without blanks", n: Notification{Title: "T", Body: long},
			r: urlspec.Reading{Overflow: "split"}, want: []Lengths{{0, 1}, {0, BodyLimit}}, over: true},
		{name: "truncated markdown is mended past the limit", n: Notification{Body: long[:BodyLimit-1] + "[l](u)",
			InputFormat: "markdown"},
			r: urlspec.Reading{Overflow: "truncate", Format: "markdown"}, want: []Lengths{{0, BodyLimit + 1}}, over: true,
			lost: Lengths{0, 5}},
		{name: "truncated markdown drops half an escape", n: Notification{Body: long[:BodyLimit-2] + " \\*",
			InputFormat: "markdown"},
			r: urlspec.Reading{Overflow: "truncate", Format: "markdown"}, want: []Lengths{{0, BodyLimit - 2}}, over: true,
			lost: Lengths{0, 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := For(t.Context(), test.n, test.r)
			if !slices.Equal(got.Lengths(), test.want) {
				t.Fatalf("lengths %v, want %v", got.Lengths(), test.want)
			}
			first, last := got.Messages[0].Subject, got.Messages[len(got.Messages)-1].Subject
			if first != test.first || last != test.last {
				t.Errorf("subjects %q to %q, want %q to %q", first, last, test.first, test.last)
			}
			if over(got) != test.over || got.Lost != test.lost {
				t.Errorf("over %v, lost %v, want %v, %v", over(got), got.Lost, test.over, test.lost)
			}
		})
	}
}

// over says whether a notification does not fit one message.
func over(b Batch) bool {
	return b.Limits.Body > 0 && b.Whole.Body > b.Limits.Body ||
		b.Limits.Subject > 0 && b.Whole.Subject > b.Limits.Subject
}

// Past 9999 pieces there is no counter.
func TestSplitWithoutCounter(t *testing.T) {
	chunks := make([]string, 10000)
	if _, got := numbered("T", chunks[:9999]); got[0].Subject != "T [0001/9999]" {
		t.Errorf("9999 pieces begin with %q", got[0].Subject)
	}
	if _, got := numbered("T", chunks); got[9999].Subject != "T" {
		t.Errorf("10000 pieces end with %q", got[9999].Subject)
	}
}

// Bodies made to cost: with anything worse than linear work this does not end.
func TestSplitHostileBodies(t *testing.T) {
	const size = 1 << 19
	for _, unit := range []string{"<", "&", "[", "*", "_a ", "`", "``` ` ", "![", "\\", "<a|", "](<", "](", "[](", "*a_b",
		"<a:", "\n\nx", ". \v", "a&amp;<b c='", "**a* ", ":a:"} {
		body := strings.Repeat(unit, size/len(unit))
		for _, format := range []string{"text", "html", "markdown"} {
			for _, mode := range []string{"truncate", "split"} {
				got := For(t.Context(), Notification{Title: "T", Body: body, InputFormat: format},
					urlspec.Reading{Format: format, Overflow: mode, Emojis: true, Subject: true})
				if !got.Accepted || mode == "split" && len(got.Messages) < size/len(unit)/BodyLimit {
					t.Errorf("%q as %s, %s: %d messages, %q", unit, format, mode, len(got.Messages), got.Reason)
				}
			}
		}
	}
}

// visible is s without white space.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if isPythonSpace(r) {
			return -1
		}
		return r
	}, s)
}

// A split loses nothing but white space and never exceeds the limits; a
// truncation is the start of the whole.
func FuzzPlanMessages(f *testing.F) {
	f.Add("T", "body", uint8(0), uint16(0))
	f.Add("", "line\n", uint8(7), uint16(9000))
	f.Add("title", "a &amp; <b c='d'> ", uint8(21), uint16(4000))
	f.Add(strings.Repeat("t", 300), "*a* [b](c) \\", uint8(14), uint16(5000))
	formats := []string{"text", "html", "markdown"}
	modes := []string{"", "truncate", "split"}
	f.Fuzz(func(t *testing.T, title, body string, how uint8, times uint16) {
		title = strings.ToValidUTF8(title, "?")
		body = strings.Repeat(strings.ToValidUTF8(body, "?"), int(times)%(1+(100000/(1+len(body)))))
		format := formats[how%3]
		r := urlspec.Reading{Format: format, Overflow: modes[how/3%3], Subject: how/9%2 == 0}
		p := For(t.Context(), Notification{Title: title, Body: body, InputFormat: format}, r)
		if p.Accepted != (body != "") || p.Accepted == (p.Reason != "") {
			t.Fatalf("accepted %v, reason %q", p.Accepted, p.Reason)
		}
		if !p.Accepted {
			return
		}
		var all strings.Builder
		for i, l := range p.Lengths() {
			m := p.Messages[i]
			if l.Body != utf8.RuneCountInString(m.Body) || l.Subject != utf8.RuneCountInString(m.Subject) {
				t.Fatalf("lengths of message %d are %v", i, l)
			}
			if r.Overflow != "" && (l.Subject > SubjectLimit || l.Body > BodyLimit && format != formatMarkdown) {
				t.Fatalf("message %d is too long: %v", i, l)
			}
			all.WriteString(m.Body)
		}
		whole := For(t.Context(), Notification{Title: title, Body: body, InputFormat: format},
			urlspec.Reading{Format: format, Subject: r.Subject}).Messages[0].Body
		switch {
		case format == formatMarkdown && over(p):
		case r.Overflow == "truncate":
			if !strings.HasPrefix(visible(whole), visible(all.String())) {
				t.Fatal("a truncation is not the start of the whole")
			}
		case visible(all.String()) != visible(whole):
			t.Fatal("a split lost text")
		}
	})
}

// The pieces of a split are the text, within the limit, and none is empty.
// Mending keeps every letter, digit and blank.
func FuzzSplit(f *testing.F) {
	f.Add("a b\nc. d", uint8(3), uint8(0))
	f.Add("x&amp;<a b='c d'>[l](u)", uint8(5), uint8(1))
	f.Add("**a `b` [c](<d>) <http://e> \\*f_g_", uint8(4), uint8(2))
	f.Fuzz(func(t *testing.T, text string, limit, how uint8) {
		format := []string{formatText, formatHTML, formatMarkdown}[how%3]
		runes, size := []rune(text), 1+int(limit)
		var chunks []string
		for _, piece := range smartSplit(runes, size, format) {
			if len(piece) == 0 || len(piece) > size {
				t.Fatalf("a piece of %d in %d: %q", len(piece), size, string(piece))
			}
			chunks = append(chunks, string(piece))
		}
		if strings.Join(chunks, "") != string(runes) {
			t.Fatalf("%q became %q", text, chunks)
		}
		repairChunks(chunks)
		if got := words(strings.Join(chunks, "")); got != words(text) {
			t.Fatalf("%q was mended to %q", text, chunks)
		}
	})
}

// words is what of s no markup is made of.
func words(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || isPythonSpace(r) {
			return r
		}
		return -1
	}, s)
}

func BenchmarkPlanSplit(b *testing.B) {
	n := Notification{Title: "T", Body: strings.Repeat("line of text *with* [marks](u)\n", 1<<15)}
	for _, format := range []string{formatText, formatHTML, formatMarkdown} {
		b.Run(format, func(b *testing.B) {
			n.InputFormat = format
			b.SetBytes(int64(len(n.Body)))
			b.ReportAllocs()
			for b.Loop() {
				For(b.Context(), n, urlspec.Reading{Format: format, Overflow: "split"})
			}
		})
	}
}
