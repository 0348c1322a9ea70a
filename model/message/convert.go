package message

import (
	"bytes"
	"context"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// convertFormat turns text written in one format into another, as Apprise's
// convert_between does. Where Apprise has no converter (markdown to text, any
// format to itself) the text stays as it is.
func convertFormat(ctx context.Context, from, to, text string) string {
	if from == to || text == "" {
		return text
	}
	switch from + " " + to {
	case "text html":
		return textToHTML(text)
	case "text markdown":
		return textToMarkdown(text)
	case "html text":
		return htmlToText(text)
	case "html markdown":
		return htmlToMarkdown(text)
	case "markdown html":
		return markdownToHTML(ctx, text)
	}
	return text
}

// textToHTML escapes text and keeps its blanks and line ends visible. A carriage
// return stays.
func textToHTML(text string) string {
	return strings.NewReplacer(
		"&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&apos;", `"`, "&quot;",
		"\t", "&emsp;", " ", "&nbsp;", "\n", "<br/>",
	).Replace(text)
}

// markdownSyntax are the characters Apprise escapes in text that becomes
// markdown. "<" is not among them.
const markdownSyntax = "\\_*[]()~`>#+=|{}.!-"

// textToMarkdown escapes everything that could be read as markdown, and the "&"
// of what could be read as a character reference.
func textToMarkdown(text string) string {
	var out strings.Builder
	for {
		at := strings.IndexByte(text, '&')
		if at < 0 {
			break
		}
		out.WriteString(escapeRunes(text[:at], markdownSyntax))
		text = text[at+1:]
		if looksLikeReference(text) {
			out.WriteByte('\\')
		}
		out.WriteByte('&')
	}
	out.WriteString(escapeRunes(text, markdownSyntax))
	return out.String()
}

// looksLikeReference says whether what follows an "&" makes it a character
// reference: "#" or not, up to 32 letters and digits, ";".
func looksLikeReference(after string) bool {
	after = strings.TrimPrefix(after, "#")
	n := 0
	for n < len(after) && (isASCIILetter(after[n]) || after[n] >= '0' && after[n] <= '9') {
		n++
	}
	return n >= 1 && n <= longestReference && n < len(after) && after[n] == ';'
}

// escapeRunes puts a backslash before each of the ASCII characters in set.
func escapeRunes(text, set string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(set, text[i]) >= 0 {
			out.WriteByte('\\')
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// markdownRenderer is built once and then only used; it is safe for that.
var markdownRenderer = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithParser(newLimitedParser()),
		goldmark.WithRendererOptions(html.WithHardWraps(), html.WithUnsafe(), html.WithXHTML(),
			renderer.WithNodeRenderers(util.Prioritized(tables{}, 0))),
	)
})

// markdownToHTML renders markdown with tables, every line end a line break and
// raw HTML let through, which is how Apprise sets up Python-Markdown. The two
// libraries differ in small things, so this is close, not exact.
func markdownToHTML(ctx context.Context, text string) string {
	var out bytes.Buffer
	pc := newWork(ctx, len(text))
	if err := markdownRenderer().Convert([]byte(text), &out, parser.WithContext(pc)); err != nil {
		return text // no writer of ours fails; without HTML the text is sent as typed
	}
	return strings.TrimRight(out.String(), "\n")
}
