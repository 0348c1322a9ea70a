package message

import (
	"strconv"
	"strings"
)

// inlineSyntax are the characters escaped in text that goes into markdown.
const inlineSyntax = "\\`*_~#[]()!<>"

// htmlToMarkdown rewrites HTML as markdown: headings, emphasis, code, links,
// lists, quotations and rules. Apprise's own converter does the same with much
// care for nesting; this one is close to it in plain documents, not exact.
func htmlToMarkdown(src string) string {
	var w markdownWriter
	scanHTML(src, &w)
	return w.finish()
}

// markdownWriter collects markdown block by block.
type markdownWriter struct {
	blocks []string
	line   strings.Builder
	// prefix stands before the block that is being written: "# ", "- ", "> ".
	prefix string
	silent bool
	// lists holds, per open list, the next item's number, or 0 for bullets.
	lists []int
	quote int
	// code is the depth of code and pre elements: text inside is verbatim.
	code int
	// links holds the addresses of the open links.
	links []string
	// inline counts the open elements that have a mark of their own, by mark.
	inline map[string]int
	// tight says, per block, that no blank line goes before it.
	tight []bool
}

func (w *markdownWriter) text(s string) {
	switch {
	case w.silent:
	case w.code > 0:
		w.line.WriteString(s)
	default:
		w.line.WriteString(escapeRunes(shrinkSpace(s), inlineSyntax))
	}
}

func (w *markdownWriter) open(tag string, attrs []htmlAttr) {
	w.silent = silentElements[tag]
	switch tag {
	case "p", "div", "td", "th", "label":
		w.endBlock()
	case "h1", "h2", "h3", "h4", "h5", "h6":
		w.endBlock()
		w.prefix = strings.Repeat("#", int(tag[1]-'0')) + " "
	case "ul", "ol":
		w.endBlock()
		w.lists = append(w.lists, map[string]int{"ul": 0, "ol": 1}[tag])
	case "li":
		w.endBlock()
		w.prefix = w.bullet()
	case "blockquote":
		w.endBlock()
		w.quote++
	case "hr":
		w.endBlock()
		w.addBlock("---", false)
	case "pre":
		w.endBlock()
		w.line.WriteString("```\n")
		w.code++
	case "a":
		w.links = append(w.links, hrefOf(attrs))
		w.line.WriteString("[")
	case "br":
		w.line.WriteString("\\\n")
	default:
		w.mark(tag, 1)
	}
}

func (w *markdownWriter) close(tag string) {
	w.silent = false
	switch tag {
	case "p", "div", "td", "th", "label", "li", "h1", "h2", "h3", "h4", "h5", "h6":
		w.endBlock()
	case "ul", "ol":
		w.endBlock()
		if len(w.lists) > 0 {
			w.lists = w.lists[:len(w.lists)-1]
		}
	case "blockquote":
		w.endBlock()
		w.quote = max(0, w.quote-1)
	case "pre":
		if w.code > 0 {
			w.code--
			w.line.WriteString("\n```")
			w.endBlock()
		}
	case "a":
		if n := len(w.links); n > 0 {
			w.line.WriteString("](" + w.links[n-1] + ")")
			w.links = w.links[:n-1]
		}
	default:
		w.mark(tag, -1)
	}
}

// mark opens (+1) or closes (-1) an inline element. One that was never opened is
// not closed.
func (w *markdownWriter) mark(tag string, step int) {
	mark := inlineMark(tag)
	if mark == "" || w.inline[mark]+step < 0 {
		return
	}
	if w.inline == nil {
		w.inline = map[string]int{}
	}
	w.inline[mark] += step
	w.line.WriteString(mark)
	if tag == "code" {
		w.code = max(0, w.code+step)
	}
}

// inlineMark is what begins and ends an inline element.
func inlineMark(tag string) string {
	switch tag {
	case "b", "strong":
		return "**"
	case "i", "em":
		return "*"
	case "code":
		return "`"
	}
	return ""
}

// bullet is the mark of the next item of the innermost list.
func (w *markdownWriter) bullet() string {
	n := len(w.lists)
	if n == 0 {
		return "- "
	}
	indent := strings.Repeat("  ", min(n-1, 3))
	if w.lists[n-1] == 0 {
		return indent + "- "
	}
	w.lists[n-1]++
	return indent + strconv.Itoa(w.lists[n-1]-1) + ". "
}

// hrefOf is a link's address, safe inside "](" and ")".
func hrefOf(attrs []htmlAttr) string {
	for _, a := range attrs {
		if a.name == "href" {
			return strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "\n", "").Replace(a.value)
		}
	}
	return ""
}

// endBlock ends the block that is being written, if it holds anything.
func (w *markdownWriter) endBlock() {
	text := w.line.String()
	w.line.Reset()
	if w.code == 0 {
		text = strings.TrimFunc(text, isPythonSpace)
	}
	if text != "" {
		w.addBlock(w.prefix+text, strings.TrimLeft(w.prefix, " #>") != "")
		w.prefix = ""
	}
}

func (w *markdownWriter) addBlock(text string, tight bool) {
	if quote := strings.Repeat("> ", min(w.quote, 4)); quote != "" {
		text = quote + strings.ReplaceAll(text, "\n", "\n"+quote)
	}
	w.blocks, w.tight = append(w.blocks, text), append(w.tight, tight)
}

func (w *markdownWriter) finish() string {
	w.endBlock()
	var out strings.Builder
	for i, block := range w.blocks {
		switch {
		case i == 0:
		case w.tight[i] && w.tight[i-1]:
			out.WriteString("\n")
		default:
			out.WriteString("\n\n")
		}
		out.WriteString(block)
	}
	return out.String()
}
