package message

import "strings"

// The elements Apprise's HTML to text conversion treats specially.
var (
	// blockElements begin and end on a line of their own.
	blockElements = map[string]bool{"p": true, "h1": true, "h2": true, "h3": true,
		"h4": true, "h5": true, "h6": true, "div": true, "td": true, "th": true,
		"code": true, "pre": true, "label": true, "li": true}
	// silentElements hide the text after their start tag, up to the next tag of
	// whatever kind.
	silentElements = map[string]bool{"form": true, "input": true, "textarea": true,
		"select": true, "ul": true, "ol": true, "style": true, "link": true,
		"meta": true, "title": true, "html": true, "head": true, "script": true}
)

// htmlToText drops the tags of HTML, as Apprise's HTMLConverter does: white
// space shrinks to one blank, blocks become lines, a list item gets "- ", a
// rule "---" and a quotation ">". Links lose their address.
func htmlToText(src string) string {
	var w textWriter
	scanHTML(src, &w)
	return w.finish()
}

// textWriter collects the pieces of a text. Pieces between two block ends are
// one line, trimmed at both ends.
type textWriter struct {
	done   strings.Builder
	line   strings.Builder
	silent bool
	// kept counts the elements that are open and keep their blanks.
	kept int
	// begun is true when the line holds a piece, even an empty one; a block end
	// without a piece before it is no line end.
	begun bool
	// last is the newest piece of the line: a rule trims it.
	last string
}

// piece adds s to the line. The newest piece is held back until it is final.
func (w *textWriter) piece(s string) {
	w.line.WriteString(w.last)
	w.last, w.begun = s, true
}

func (w *textWriter) endBlock() {
	if w.begun {
		w.endLine()
		w.done.WriteByte('\n')
	}
}

func (w *textWriter) endLine() {
	w.line.WriteString(w.last)
	w.done.WriteString(strings.TrimFunc(w.line.String(), isPythonSpace))
	w.line.Reset()
	w.last, w.begun = "", false
}

func (w *textWriter) finish() string {
	w.endLine()
	return strings.TrimFunc(w.done.String(), isPythonSpace)
}

func (w *textWriter) text(s string) {
	switch {
	case w.silent:
	case w.kept > 0:
		w.piece(s)
	default:
		w.piece(shrinkSpace(s))
	}
}

func (w *textWriter) open(tag string, _ []htmlAttr) {
	w.silent = silentElements[tag]
	if keepsBlanks(tag) {
		w.kept++
	}
	if blockElements[tag] {
		w.endBlock()
	}
	switch tag {
	case "li":
		w.piece("- ")
	case "br":
		w.piece("\n")
	case "hr":
		w.last = strings.TrimRight(w.last, " ")
		w.piece("\n---\n")
	case "blockquote":
		w.piece(" >")
	}
}

func (w *textWriter) close(tag string) {
	w.silent = false
	if keepsBlanks(tag) && w.kept > 0 {
		w.kept--
	}
	if blockElements[tag] {
		w.endBlock()
	}
}

func keepsBlanks(tag string) bool { return tag == "pre" || tag == "textarea" }

// shrinkSpace makes every run of white space one blank.
func shrinkSpace(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	blank := false
	for _, r := range s {
		if isPythonSpace(r) {
			if !blank {
				out.WriteByte(' ')
			}
			blank = true
			continue
		}
		blank = false
		out.WriteRune(r)
	}
	return out.String()
}
