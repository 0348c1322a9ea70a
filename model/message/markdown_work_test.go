package message

import (
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// TestBrackets: what waits for its "]" has a bound, and so has the memory that it
// takes. Below, links are links; beyond, nothing of the text is lost.
func TestBrackets(t *testing.T) {
	const link, linked = "[a](b)", `<a href="b">a</a>`
	for _, bracket := range []string{"[", "!["} {
		few := strings.Repeat(bracket, maxBrackets-1)
		if got, want := markdownToHTML(t.Context(), few+"\n\n"+link), "<p>"+few+"</p>\n<p>"+linked+"</p>"; got != want {
			t.Errorf("%d of %q keep a link from being one: …%s", maxBrackets-1, bracket, got[len(got)-40:])
		}
		many := strings.Repeat(bracket, markupLimit/len(bracket))
		if got := markdownToHTML(t.Context(), many); got != "<p>"+many+"</p>" {
			t.Errorf("of %d bytes of %q, %d are left", len(many), bracket, len(got))
		}
		pieces := testing.AllocsPerRun(1, func() { markdownToHTML(t.Context(), many) })
		if pieces > 4*maxBrackets {
			t.Errorf("%d bytes of %q take %.0f pieces of memory", len(many), bracket, pieces)
		}
	}
}

// TestLongMarkup: of more Markdown than we make HTML of, nothing is sent, and the
// sentence says so. Where nothing is made of it, it has no such bound.
func TestLongMarkup(t *testing.T) {
	line := strings.Repeat("x", 1023) + "\n"
	for _, test := range []struct {
		input, format string
		lines         int
		reason        string
	}{
		{formatMarkdown, formatHTML, markupLimit/len(line) - 1, ""},
		{formatMarkdown, formatHTML, markupLimit / len(line), reasonLongMarkup},
		{formatMarkdown, formatMarkdown, markupLimit / len(line), ""},
		{formatMarkdown, formatText, markupLimit / len(line), ""},
		{formatHTML, formatText, markupLimit / len(line), ""},
		{formatText, formatHTML, markupLimit / len(line), ""},
	} {
		batch := For(t.Context(), Notification{Title: "t", Body: strings.Repeat(line, test.lines), InputFormat: test.input},
			urlspec.Reading{Format: test.format})
		if batch.Reason != test.reason || batch.Accepted != (test.reason == "") {
			t.Errorf("%s to %s, %d lines: accepted: %v, %q", test.input, test.format, test.lines, batch.Accepted, batch.Reason)
		}
	}
}
