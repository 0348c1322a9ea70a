package document

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// Document is a file, read as what it is.
type Document struct {
	name string
	file text
	root *view
	// format is what it was read as.
	format Format
	// tokens are the structure and the values, in the order of the file.
	tokens []token
	leaves []*leaf
	// broken is set when it could not be read as what its name says, brokenAt
	// is where it ends to be that, as far as is known.
	broken   bool
	brokenAt int
	notes    []note
	// config is set for a configuration of Apprise's own.
	config *config
	urls   []*url
}

// token is a step of a document's structure. Two documents are alike when
// their tokens are.
type token struct {
	kind string
	text string
	leaf *leaf // nil for what is only structure
}

// role is what a value is for.
type role int

// The roles.
const (
	value   role = iota // of a setting: the whole of it may be the URL
	key                 // a name
	word                // of a command
	prose               // text with URLs in it
	comment             // what the file's own reader passes over
)

// leaf is one value of a document, in the file's own coding.
type leaf struct {
	*view
	role role
	// names are the names it stands under, the nearest last.
	names []string
	// dollar is how "$" is read, for all that is inside.
	dollar dollar
	// argument says what shell command the leaf is a word of.
	argument
	// unfinished is set when the text goes on with what is not known, as
	// behind a "+".
	unfinished bool
	// inner is the format inside, when it is known.
	inner Format
	// printf says that "%s" may be a placeholder.
	printf bool
	// format says that the text may be a format, in which "%" would have to be
	// doubled.
	format bool
}

// under says whether one of the names around a value satisfies a test.
func (l *leaf) under(test func(string) bool) bool { return slices.ContainsFunc(l.names, test) }

// maxNames is how many of the names around a value are kept.
const maxNames = 3

// named adds a name to those around it, of which the nearest are kept.
func named(names []string, name string) []string {
	names = names[max(0, len(names)-maxNames+1):]
	return append(names[:len(names):len(names)], name)
}

// Read reads a file as what its name and content say. The name is not opened;
// it may be empty.
func Read(name string, data []byte) (*Document, error) {
	file, err := decode(data)
	if err != nil {
		return nil, err
	}
	d := &Document{name: name, file: file, root: fileView(file.string)}
	d.read()
	return d, nil
}

// Mentions says whether there can be an XMPP URL in a file at all. It is
// quick, and errs only towards yes.
func Mentions(data []byte) bool {
	s := unsafe.String(unsafe.SliceData(data), len(data)) // for the time of a search
	for _, m := range marks {
		if len(data) >= 2 && s[:2] == m.mark {
			return true
		}
	}
	return mentions(s)
}

// base64XMPP are what "xmpp" is in base64, by its place in a group of three
// bytes.
var base64XMPP = [...]string{"eG1wc", "htcH", "4bXBw"}

// add notes a value. decode builds its view, for which there is only need when
// a URL may be in it.
func (d *Document) add(kind, text string, l leaf, decode func() *view) {
	t := token{kind: kind, text: text}
	if mentions(text) {
		l.view = decode()
		t.leaf = &l
		d.leaves = append(d.leaves, t.leaf)
	}
	d.tokens = append(d.tokens, t)
}

// structure notes a step of the structure.
func (d *Document) structure(kind string) { d.tokens = append(d.tokens, token{kind: kind}) }

// bare is a stretch of the file without quotes or escapes.
func (d *Document) bare(from, to int) *view {
	b := builder{below: d.root}
	b.copy(from, to)
	return b.view(encodeBare)
}

// comment notes a comment.
func (d *Document) comment(from, to int) {
	text := d.root.text[from:to]
	d.add("comment", text, leaf{role: comment}, func() *view { return d.root.slice(from, to) })
}

// mentions is Mentions for a decoded text.
func mentions(s string) bool {
	return hasXMPP(s) || strings.Contains(s, base64XMPP[0]) || strings.Contains(s, base64XMPP[1]) ||
		strings.Contains(s, base64XMPP[2])
}

// Format is what the file was read as.
func (d *Document) Format() Format { return d.format }

// position gives line and column of places that only grow.
type position struct{ offset, line, column int }

// to moves forwards to an offset.
func (p *position) to(text string, offset int) {
	offset = min(max(offset, p.offset), len(text))
	passed := text[p.offset:offset]
	if i := strings.LastIndexByte(passed, '\n'); i >= 0 {
		p.line += strings.Count(passed, "\n")
		p.column = 1
		passed = passed[i+1:]
	}
	p.column += utf8.RuneCountInString(passed)
	p.offset = offset
}

// locate fills in lines and columns, which count from 1, columns in
// characters.
func (d *Document) locate(problems []Problem) {
	sort.SliceStable(problems, func(i, j int) bool { return problems[i].offset < problems[j].offset })
	at := position{line: 1, column: 1}
	for i := range problems {
		at.to(d.root.text, problems[i].offset)
		problems[i].Line, problems[i].Column = at.line, at.column
	}
}
