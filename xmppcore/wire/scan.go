package wire

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// state is where the scanner is. Each state is left only by a byte, so that it
// does not matter how the bytes are cut into chunks.
type state uint8

const (
	inText        state = iota // outside any tag
	greeting                   // before the stream, and it is not XML
	afterLess                  // "<"
	inBang                     // "<!", which may only become "<![CDATA["
	inCDATA                    // character data until "]]>"
	inDeclaration              // "<?xml … ?>"
	inTagName                  // "<name"
	inTag                      // after white space in a start tag
	inAttrName                 // "<name attr"
	afterAttrName              // white space before "="
	beforeValue                // after "="
	inValue                    // between quotation marks
	afterValue                 // after the closing quotation mark
	afterSlash                 // "<name/"
	inEndName                  // "</name"
	afterEndName               // white space before ">"
	inEntity                   // after "&"
	closed                     // after the end of the stream
)

// syntax makes the error for the byte at hand.
func (d *Decoder) syntax(format string, args ...any) error {
	return &SyntaxError{Detail: fmt.Sprintf(format, args...), Offset: d.offset}
}

// restricted makes the error for XML that RFC 6120 11.1 forbids.
func (d *Decoder) restricted(what string) *SyntaxError {
	return &SyntaxError{Detail: what + ", which RFC 6120 11.1 forbids", Offset: d.offset, Restricted: true}
}

// limit makes the error for the byte that was one too many.
func (d *Decoder) limit(what string, limit int) error {
	return &LimitError{What: what, Limit: limit, Offset: d.offset}
}

// step takes one byte.
func (d *Decoder) step(b byte) error {
	if d.state == inText && len(d.stack) <= 1 || d.state == greeting || d.state == closed {
		return d.between(b)
	}
	if d.size++; d.size > d.limits.MaxElement {
		return d.limit("element", d.limits.MaxElement)
	}
	if b < 0x20 && !isSpace(b) {
		return d.syntax("control character U+%04X", b)
	}
	switch d.state {
	case inText:
		return d.text(b)
	case afterLess:
		return d.less(b)
	case inBang:
		return d.bang(b)
	case inCDATA:
		return d.cdata(b)
	case inDeclaration:
		return d.declaration(b)
	case inTagName, inAttrName, inEndName:
		return d.nameByte(b)
	case inTag, afterAttrName, beforeValue, afterValue, afterSlash, afterEndName:
		return d.tagByte(b)
	case inValue:
		return d.value(b)
	default: // inEntity
		return d.entityByte(b)
	}
}

// between takes a byte outside the top-level elements: before the stream,
// within it, after it.
func (d *Decoder) between(b byte) error {
	switch {
	case d.state == greeting:
		return d.greet(b)
	case isSpace(b): // white space keep-alive (RFC 6120 4.6.1)
		if d.blanks++; d.blanks > maxBlanks {
			return d.limit(LimitBlanks, maxBlanks)
		}
		return nil
	case d.state == closed && b != '<':
		return d.syntax("data after the end of the stream")
	case b == '<':
		d.state, d.size, d.nodes, d.blanks = afterLess, 1, 0, 0
		return nil
	case len(d.stack) == 0:
		d.state, d.token = greeting, d.token[:0]
		return d.greet(b)
	}
	return d.syntax("text between the elements of the stream")
}

// text takes a byte of character data.
func (d *Decoder) text(b byte) error {
	top := &d.stack[len(d.stack)-1]
	brackets := d.run
	d.run = 0
	switch b {
	case '<':
		d.state, d.cr = afterLess, false
		return nil
	case '&':
		d.state, d.after, d.cr = inEntity, inText, false
		d.token = d.token[:0]
		d.entity = 0
		return nil
	case ']':
		d.run = brackets + 1
	case '>':
		if brackets >= 2 {
			return d.syntax("]]> in text")
		}
	}
	return d.appendText(top, b)
}

// appendText adds a byte of character data, line ends as one line feed (XML
// 1.0 2.11).
func (d *Decoder) appendText(top *level, b byte) error {
	cr := d.cr
	d.cr = b == '\r'
	switch {
	case b == '\n' && cr:
		return nil
	case b == '\r':
		b = '\n'
	}
	if len(top.text) >= d.limits.MaxText {
		return d.limit("text", d.limits.MaxText)
	}
	if len(top.text) == cap(top.text) {
		// append alone would grow a large text by a quarter each time, and
		// make five times its size of garbage.
		top.text = slices.Grow(top.text, max(16, len(top.text)))
	}
	top.text = append(top.text, b)
	return nil
}

// less takes the byte after "<".
func (d *Decoder) less(b byte) error {
	d.token, d.soft = d.token[:0], 0
	switch {
	case b == '/':
		d.state = inEndName
	case d.ended != "":
		return d.syntax("data after the end of the stream")
	case b == '!':
		d.state, d.run = inBang, 0
	case b == '?':
		if len(d.stack) > 1 {
			return d.restricted("processing instruction")
		}
		d.state = inDeclaration
	case isNameByte(b):
		d.state = inTagName
		d.token = append(d.token, b)
	default:
		return d.syntax("no name after <")
	}
	return nil
}

// bang takes a byte after "<!". RFC 6120 11.1 forbids comments, document types
// and entity declarations, so that only a CDATA section is left.
func (d *Decoder) bang(b byte) error {
	const open = "[CDATA["
	switch {
	case b != open[d.run] && d.run == 0 && b == '-':
		return d.restricted("comment")
	case b != open[d.run]:
		err := d.restricted("document type or entity declaration")
		if len(d.stack) == 0 {
			err.Protocol = "HTML"
		}
		return err
	case len(d.stack) <= 1:
		return d.syntax("character data between the elements of the stream")
	}
	if d.run++; d.run == len(open) {
		d.state, d.run, d.cr = inCDATA, 0, false
	}
	return nil
}

// cdata takes a byte of a CDATA section, which ends with "]]>".
func (d *Decoder) cdata(b byte) error {
	top := &d.stack[len(d.stack)-1]
	if b == '>' && d.run >= 2 {
		top.text = top.text[:len(top.text)-2]
		d.state, d.run, d.cr = inText, 0, false
		return nil
	}
	if b == ']' {
		d.run++
	} else {
		d.run = 0
	}
	return d.appendText(top, b)
}

// declaration takes a byte after "<?" outside the elements of the stream. Only
// an XML declaration may stand there, and it begins a new stream.
func (d *Decoder) declaration(b byte) error {
	if b != '>' || len(d.token) == 0 || d.token[len(d.token)-1] != '?' {
		if len(d.token) >= maxXMLDecl {
			return d.limit("XML declaration", maxXMLDecl)
		}
		d.token = append(d.token, b)
		return nil
	}
	fields := strings.Fields(strings.ToLower(string(d.token[:len(d.token)-1])))
	if len(fields) < 2 || fields[0] != "xml" {
		return d.restricted("processing instruction")
	}
	version := strings.Trim(strings.TrimPrefix(fields[1], "version="), `"'`)
	if version != "1.0" {
		return d.syntax("XML version other than 1.0")
	}
	for _, f := range fields[2:] {
		if v, ok := strings.CutPrefix(f, "encoding="); ok && strings.Trim(v, `"'`) != "utf-8" {
			return d.syntax("character encoding other than UTF-8 (RFC 6120 11.6)")
		}
	}
	d.restart()
	d.state = inText
	return nil
}

// restart forgets the open stream: a new header follows.
func (d *Decoder) restart() {
	clear(d.stack)
	d.stack, d.scope = d.stack[:0], d.scope[:0]
}

// entityByte takes a byte of a character reference or a predefined entity.
func (d *Decoder) entityByte(b byte) error {
	if b != ';' {
		if len(d.token)-d.entity >= maxEntity || !isNameByte(b) && b != '#' {
			return d.syntax("not an entity that XMPP allows (RFC 6120 11.1)")
		}
		d.token = append(d.token, b)
		return nil
	}
	r, ok := entityRune(string(d.token[d.entity:]))
	if !ok {
		return d.syntax("not an entity that XMPP allows (RFC 6120 11.1)")
	}
	d.token = d.token[:d.entity]
	d.state = d.after
	if d.state == inValue {
		d.token = utf8.AppendRune(d.token, r)
		return nil
	}
	top := &d.stack[len(d.stack)-1]
	if len(top.text)+utf8.RuneLen(r) > d.limits.MaxText {
		return d.limit("text", d.limits.MaxText)
	}
	top.text = utf8.AppendRune(top.text, r)
	return nil
}

// entityRune reads what stands between "&" and ";".
func entityRune(s string) (rune, bool) {
	switch s {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, numeric := strings.CutPrefix(s, "#")
	if !numeric {
		return 0, false
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > unicode.MaxRune || !isChar(rune(n)) {
		return 0, false
	}
	return rune(n), true
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// isNameByte reports whether b can be part of a name; validName has the last
// word on bytes beyond ASCII.
func isNameByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' ||
		b == '-' || b == '_' || b == '.' || b == ':' || b >= 0x80
}

// validName reports whether a name begins as a name must, has at most one
// colon with something on either side, and is UTF-8.
func validName(name []byte) bool {
	start := true
	colons := 0
	for i := 0; i < len(name); {
		r, n := utf8.DecodeRune(name[i:])
		letter := r == '_' || unicode.IsLetter(r) && r != utf8.RuneError
		switch {
		case r == ':':
			if colons++; start || colons > 1 {
				return false
			}
			start = true
			i += n
			continue
		case start && !letter:
			return false
		case !letter && r != '-' && r != '.' && !unicode.In(r, unicode.N, unicode.M):
			return false
		}
		start = false
		i += n
	}
	return !start
}

// validText reports whether text is UTF-8 and holds only characters of XML 1.0.
func validText(text []byte) bool {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 || !isChar(r) {
			return false
		}
		text = text[size:]
	}
	return true
}

// isChar is XML 1.0's Char.
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || 0x20 <= r && r <= 0xD7FF ||
		0xE000 <= r && r <= 0xFFFD || 0x10000 <= r && r <= unicode.MaxRune
}
