package document

import (
	"html"
	"strings"
)

// readMarkup reads HTML, XML and Markdown: text with entities and comments.
func (d *Document) readMarkup(markdown bool) {
	s := d.root.text
	for from := 0; from < len(s); {
		open := strings.Index(s[from:], "<!--")
		if open < 0 {
			d.markup(from, len(s), markdown)
			break
		}
		open += from
		d.markup(from, open, markdown)
		end := len(s)
		if i := strings.Index(s[open:], "-->"); i >= 0 {
			end = open + i + len("-->")
		}
		d.comment(open, end)
		from = end
	}
}

// markup notes the text between comments, line by line.
func (d *Document) markup(from, to int, markdown bool) {
	eachLine(d.root.text[from:to], func(lineFrom, lineTo int) {
		lineFrom, lineTo = from+lineFrom, from+lineTo
		text := d.root.text[lineFrom:lineTo]
		d.add("text", text, leaf{role: prose, dollar: braceDollar}, func() *view {
			return entities(d.root, lineFrom, lineTo, markdown)
		})
	})
}

// entities decodes the entities of a stretch. Those that nothing ends are text.
func entities(below *view, from, to int, markdown bool) *view {
	s := below.text
	b := &builder{below: below}
	escaped := !markdown
	for at := from; at < to; {
		amp := strings.IndexByte(s[at:to], '&')
		if amp < 0 {
			b.copy(at, to)
			break
		}
		b.copy(at, at+amp)
		at += amp
		semicolon := strings.IndexByte(s[at:min(to, at+12)], ';')
		if semicolon < 0 {
			b.copy(at, at+1)
			at++
			continue
		}
		entity := s[at : at+semicolon+1]
		if text := html.UnescapeString(entity); text != entity && !strings.HasSuffix(text, ";") {
			b.put(text, at, at+len(entity))
			escaped = true
			at += len(entity)
			continue
		}
		b.copy(at, at+1)
		at++
	}
	if escaped {
		return b.view(func(s string) (string, bool) { return html.EscapeString(s), !hasControls(s) })
	}
	return b.view(without("<>\"'`&"))
}
