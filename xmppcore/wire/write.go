package wire

import (
	"encoding/xml"
	"slices"
	"strconv"
)

// NewElement makes an element. attrs are names and values in turn; an attribute
// with an empty value is left out, since an empty "to" or "id" means none.
func NewElement(space, local string, attrs ...string) *Element {
	e := &Element{Name: xml.Name{Space: space, Local: local}}
	for pair := range slices.Chunk(attrs, 2) {
		e.SetAttr(pair[0], pair[1])
	}
	return e
}

// SetAttr sets an attribute without a namespace; an empty value removes it.
func (e *Element) SetAttr(local, value string) {
	i := slices.IndexFunc(e.Attrs, func(a xml.Attr) bool { return a.Name.Space == "" && a.Name.Local == local })
	switch {
	case value == "" && i >= 0:
		e.Attrs = slices.Delete(e.Attrs, i, i+1)
	case value == "":
	case i >= 0:
		e.Attrs[i].Value = value
	default:
		e.Attrs = append(e.Attrs, xml.Attr{Name: xml.Name{Local: local}, Value: value})
	}
}

// Add appends children and returns e. A child may belong to other elements too;
// nil is left out.
func (e *Element) Add(children ...*Element) *Element {
	for _, c := range children {
		if c == nil {
			continue
		}
		if c.At != len(e.Text) {
			moved := *c
			moved.At = len(e.Text)
			c = &moved
		}
		e.Children = append(e.Children, c)
	}
	return e
}

// AddText appends character data and returns e.
func (e *Element) AddText(s string) *Element {
	e.Text += s
	return e
}

// Clone returns a copy whose attributes, text and list of children may be
// changed without changing e. The children themselves are shared.
func (e *Element) Clone() *Element {
	c := *e
	c.Attrs = slices.Clone(e.Attrs)
	c.Children = slices.Clone(e.Children)
	return &c
}

// XML is the element as it stands on its own, on one line and with its secrets
// ([Redact] leaves those out). Namespaces are declared where they change,
// whatever the prefixes were.
func (e *Element) XML() string {
	var w writer
	w.element(e, "")
	return string(w.b)
}

// StreamXML is the element as it stands inside a client's stream, whose header
// makes [NSClient] the default namespace and "stream" the prefix of [NSStream].
func (e *Element) StreamXML() []byte {
	w := writer{inStream: true}
	w.element(e, NSClient)
	return w.b
}

// writer is the XML of an element while it is put together.
type writer struct {
	b        []byte
	inStream bool // the prefix "stream" is declared
}

func (w *writer) add(pieces ...string) {
	for _, p := range pieces {
		w.b = append(w.b, p...)
	}
}

// element writes e where outer is the default namespace.
func (w *writer) element(e *Element, outer string) {
	name, inner := e.Name.Local, outer
	switch {
	case e.Name.Space == NSXML: // which may have no other prefix
		name = "xml:" + name
	case e.Name.Space == NSStream && w.inStream:
		name = "stream:" + name
	default:
		inner = e.Name.Space
	}
	w.add("<", name)
	if inner != outer {
		w.attr("xmlns", inner)
	}
	for i, a := range e.Attrs {
		w.nameAttr(e.Attrs, i, a)
	}
	if e.Text == "" && len(e.Children) == 0 {
		w.add("/>")
		return
	}
	w.add(">")
	for text, child := range e.mixed() {
		if child != nil {
			w.element(child, inner)
		} else {
			w.text(text)
		}
	}
	w.add("</", name, ">")
}

// nameAttr writes the attribute number i of a start tag. Declarations are left
// out: what is needed is declared anew.
func (w *writer) nameAttr(all []xml.Attr, i int, a xml.Attr) {
	switch {
	case a.Name.Space == "xmlns", a.Name.Space == "" && a.Name.Local == "xmlns":
	case a.Name.Space == "":
		w.attr(a.Name.Local, a.Value)
	case a.Name.Space == NSXML:
		w.attr("xml:"+a.Name.Local, a.Value)
	default:
		first := slices.IndexFunc(all, func(b xml.Attr) bool { return b.Name.Space == a.Name.Space })
		prefix := "a" + strconv.Itoa(first)
		if first == i {
			w.attr("xmlns:"+prefix, a.Name.Space)
		}
		w.attr(prefix+":"+a.Name.Local, a.Value)
	}
}

// attr writes an attribute. Line ends and tabs are written as references, since
// a parser turns bare ones into spaces (XML 1.0 3.3.3).
func (w *writer) attr(name, value string) {
	w.add(" ", name, "='")
	for i := range len(value) {
		switch value[i] {
		case '\'':
			w.add("&apos;")
		case '"':
			w.add("&quot;")
		case '\n':
			w.add("&#xA;")
		case '\t':
			w.add("&#x9;")
		default:
			w.text(value[i : i+1])
		}
	}
	w.add("'")
}

// text writes character data. A carriage return is written as a reference,
// since a parser turns a bare one into a line feed (XML 1.0 2.11).
func (w *writer) text(s string) {
	for i := range len(s) {
		switch c := s[i]; c {
		case '&':
			w.add("&amp;")
		case '<':
			w.add("&lt;")
		case '>':
			w.add("&gt;")
		case '\r':
			w.add("&#xD;")
		default:
			w.b = append(w.b, c)
		}
	}
}
