package message

import "strings"

// htmlEvents receives what a scan of HTML finds. Names are lower case.
type htmlEvents interface {
	text(s string)
	open(tag string, attrs []htmlAttr)
	close(tag string)
}

type htmlAttr struct{ name, value string }

// htmlBlank is HTML's white space inside tags.
const htmlBlank = "\t\n\r\f "

// Elements whose content is no markup: raw as it stands, escapable with
// character references.
var (
	rawElements = map[string]bool{"script": true, "style": true, "xmp": true,
		"iframe": true, "noembed": true, "noframes": true, "plaintext": true}
	escapableElements = map[string]bool{"textarea": true, "title": true}
)

// scanHTML reads HTML the way CPython 3.14's html.parser does, which Apprise
// uses: forgiving, without a tree, and dropping a tag, comment or declaration
// that never ends together with all that follows it.
func scanHTML(src string, to htmlEvents) {
	s := htmlScan{src: src, to: to}
	for s.pos < len(src) {
		if !s.plain() {
			return
		}
		if s.pos < len(src) {
			s.markup()
		}
	}
}

// htmlScan is a scan in progress. Its position only grows.
type htmlScan struct {
	src string
	pos int
	to  htmlEvents
	// inside is the raw or escapable element being read, or "".
	inside string
}

// plain passes on the text up to the next markup. It is false when the rest of
// the source was text.
func (s *htmlScan) plain() bool {
	end := strings.IndexByte(s.src[s.pos:], '<')
	if s.inside != "" {
		end = closingTag(s.src[s.pos:], s.inside)
	}
	rest := s.src[s.pos:]
	if end >= 0 {
		rest = rest[:end]
	}
	if rest != "" {
		if s.inside == "" || escapableElements[s.inside] {
			rest = unescapeHTML(rest)
		}
		s.to.text(rest)
	}
	if end < 0 {
		s.pos = len(s.src)
		return false
	}
	s.pos += end
	return true
}

// closingTag finds "</name" that a tag's end or white space follows.
func closingTag(src, name string) int {
	if name == "plaintext" {
		return -1
	}
	for from := 0; ; {
		at := strings.Index(src[from:], "</")
		if at < 0 {
			return -1
		}
		at += from
		after := at + len("</") + len(name)
		if after < len(src) && strings.EqualFold(src[at+2:after], name) &&
			strings.IndexByte(htmlBlank+"/>", src[after]) >= 0 {
			return at
		}
		from = at + len("</")
	}
}

// markup reads what the "<" at pos begins.
func (s *htmlScan) markup() {
	rest := s.src[s.pos:]
	switch {
	case len(rest) > 1 && isASCIILetter(rest[1]):
		s.openTag()
	case strings.HasPrefix(rest, "</"):
		s.closeTag(rest)
	case strings.HasPrefix(rest, "<!--"):
		s.skipTo(commentEnd(rest))
	case strings.HasPrefix(rest, "<![CDATA["):
		s.skipTo(endOf(rest, "]]>"))
	case strings.HasPrefix(rest, "<!"), strings.HasPrefix(rest, "<?"):
		s.skipTo(endOf(rest, ">"))
	default:
		s.to.text("<")
		s.pos++
	}
}

// skipTo moves size bytes on, or to the end when what is skipped never ends.
func (s *htmlScan) skipTo(size int) {
	if size < 0 {
		size = len(s.src) - s.pos
	}
	s.pos += size
}

// endOf is the length of src up to and with mark, or -1.
func endOf(src, mark string) int {
	if at := strings.Index(src, mark); at >= 0 {
		return at + len(mark)
	}
	return -1
}

// commentEnd is the length of a comment: an end right after the start (<!-->
// and <!--->), or else to "-->" or "--!>".
func commentEnd(src string) int {
	for _, abrupt := range []string{"<!-->", "<!--->"} {
		if strings.HasPrefix(src, abrupt) {
			return len(abrupt)
		}
	}
	for from := len("<!--"); ; {
		at := strings.Index(src[from:], "--")
		if at < 0 {
			return -1
		}
		at += from
		after := strings.TrimPrefix(src[at+len("--"):], "!")
		if strings.HasPrefix(after, ">") {
			return len(src) - len(after) + len(">")
		}
		from = at + 1
	}
}

func (s *htmlScan) openTag() {
	tag, size := scanTag(s.src[s.pos+1:])
	if size < 0 {
		s.skipTo(-1)
		return
	}
	s.pos += 1 + size
	s.to.open(tag.name, tag.attrs)
	if tag.empty {
		s.to.close(tag.name)
	} else if rawElements[tag.name] || escapableElements[tag.name] {
		s.inside = tag.name
	}
}

func (s *htmlScan) closeTag(rest string) {
	switch {
	case rest == "</":
		s.to.text(rest)
		s.skipTo(-1)
	case strings.HasPrefix(rest, "</>"):
		s.pos += len("</>")
	case !isASCIILetter(rest[len("</")]):
		s.skipTo(endOf(rest, ">")) // a bogus comment
	default:
		tag, size := scanTag(rest[len("</"):])
		if size < 0 {
			s.skipTo(-1)
			return
		}
		s.pos += len("</") + size
		s.to.close(tag.name)
		s.inside = ""
	}
}

type htmlTag struct {
	name  string
	attrs []htmlAttr
	// empty is true for a tag that ends itself, as <br/> does.
	empty bool
}

// scanTag reads a tag from its name to and with its ">". The size is -1 when it
// does not end, or not where a tag can end.
func scanTag(src string) (tag htmlTag, size int) {
	p := indexAny(src, 0, htmlBlank+"/>")
	tag.name = strings.ToLower(src[:p])
	for {
		gap := p
		for p < len(src) && strings.IndexByte(htmlBlank+"/", src[p]) >= 0 {
			p++
		}
		if p == len(src) {
			return tag, -1
		}
		if src[p] == '>' {
			tag.empty = p > gap && src[p-1] == '/'
			return tag, p + 1
		}
		if strings.IndexByte(htmlBlank+`/'"`, src[p-1]) < 0 {
			return tag, -1 // no attribute can begin here
		}
		name := p
		p = indexAny(src, p+1, htmlBlank+"/=>")
		attr := htmlAttr{name: strings.ToLower(src[name:p])}
		if value, end := scanValue(src, p); end >= 0 {
			attr.value, p = value, end
		}
		tag.attrs = append(tag.attrs, attr)
	}
}

// scanValue reads "=value" at p. The end is -1 when there is none, or only an
// opening quote without its partner.
func scanValue(src string, p int) (value string, end int) {
	p = skipBlank(src, p)
	if p == len(src) || src[p] != '=' {
		return "", -1
	}
	p = skipBlank(src, p+1)
	if p < len(src) && (src[p] == '"' || src[p] == '\'') {
		size := strings.IndexByte(src[p+1:], src[p])
		if size < 0 {
			return "", -1
		}
		end = p + 1 + size
		return unescapeHTML(src[p+1 : end]), end + 1
	}
	end = indexAny(src, p, htmlBlank+">")
	return unescapeHTML(src[p:end]), end
}

func skipBlank(src string, p int) int {
	for p < len(src) && strings.IndexByte(htmlBlank, src[p]) >= 0 {
		p++
	}
	return p
}

// indexAny is the first index from p on that holds one of set, or the end.
func indexAny(src string, p int, set string) int {
	for p < len(src) && strings.IndexByte(set, src[p]) < 0 {
		p++
	}
	return p
}

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
