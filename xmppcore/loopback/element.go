package loopback

import (
	"encoding/xml"
	"strings"
)

// The XML namespaces of the protocols the server speaks.
const (
	nsClient      = "jabber:client"
	nsStream      = "http://etherx.jabber.org/streams"
	nsStreams     = "urn:ietf:params:xml:ns:xmpp-streams"
	nsStanzas     = "urn:ietf:params:xml:ns:xmpp-stanzas"
	nsTLS         = "urn:ietf:params:xml:ns:xmpp-tls"
	nsSASL        = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsBinding     = "urn:xmpp:sasl-cb:0"
	nsLimits      = "urn:xmpp:stream-limits:0"
	nsBind        = "urn:ietf:params:xml:ns:xmpp-bind"
	nsSession     = "urn:ietf:params:xml:ns:xmpp-session"
	nsRoster      = "jabber:iq:roster"
	nsRosterVer   = "urn:xmpp:features:rosterver"
	nsVersion     = "jabber:iq:version"
	nsPing        = "urn:xmpp:ping"
	nsTime        = "urn:xmpp:time"
	nsDiscoInfo   = "http://jabber.org/protocol/disco#info"
	nsDiscoItems  = "http://jabber.org/protocol/disco#items"
	nsCarbons     = "urn:xmpp:carbons:2"
	nsForward     = "urn:xmpp:forward:0"
	nsDelay       = "urn:xmpp:delay"
	nsReceipts    = "urn:xmpp:receipts"
	nsMUC         = "http://jabber.org/protocol/muc"
	nsMUCUser     = "http://jabber.org/protocol/muc#user"
	nsMUCOwner    = "http://jabber.org/protocol/muc#owner"
	nsMUCAdmin    = "http://jabber.org/protocol/muc#admin"
	nsMUCConfig   = "http://jabber.org/protocol/muc#roomconfig"
	nsDataForms   = "jabber:x:data"
	nsXML         = "http://www.w3.org/XML/1998/namespace"
	streamPrefix  = "stream"
	attributeSpan = 2 // attributes are given to newElement as name, value pairs
)

// element is an XML element as a tree. Namespace declarations are not kept:
// names carry their namespace, and writing declares what is needed.
type element struct {
	name  xml.Name
	attrs []xml.Attr
	nodes []node
}

// node is a child: an element, or text when el is nil.
type node struct {
	el   *element
	text string
}

// newElement makes an element. attrs are pairs of a name and a value; a pair
// with an empty value is left out, because an empty "to" or "id" means none.
func newElement(space, local string, attrs ...string) *element {
	e := &element{name: xml.Name{Space: space, Local: local}}
	for i := 0; i+1 < len(attrs); i += attributeSpan {
		if attrs[i+1] != "" {
			e.setAttr(attrs[i], attrs[i+1])
		}
	}
	return e
}

// add appends children and returns e. A nil child is left out.
func (e *element) add(children ...*element) *element {
	for _, c := range children {
		if c != nil {
			e.nodes = append(e.nodes, node{el: c})
		}
	}
	return e
}

// addText appends text and returns e.
func (e *element) addText(s string) *element {
	e.nodes = append(e.nodes, node{text: s})
	return e
}

// is reports whether e has this name.
func (e *element) is(space, local string) bool {
	return e.name.Space == space && e.name.Local == local
}

// attr is the value of an attribute without a namespace, empty when absent.
func (e *element) attr(local string) string {
	for _, a := range e.attrs {
		if a.Name.Space == "" && a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// attrOf is attr for an element that may be nil.
func (e *element) attrOf(local string) string {
	if e == nil {
		return ""
	}
	return e.attr(local)
}

// setAttr sets an attribute without a namespace; an empty value removes it.
func (e *element) setAttr(local, value string) {
	for i, a := range e.attrs {
		if a.Name.Space == "" && a.Name.Local == local {
			if value == "" {
				e.attrs = append(e.attrs[:i:i], e.attrs[i+1:]...)
			} else {
				e.attrs[i].Value = value
			}
			return
		}
	}
	if value != "" {
		e.attrs = append(e.attrs, xml.Attr{Name: xml.Name{Local: local}, Value: value})
	}
}

// child is the first child element of this name, or nil. An empty space
// matches any namespace.
func (e *element) child(space, local string) *element {
	if e == nil {
		return nil
	}
	for _, n := range e.nodes {
		if n.el != nil && n.el.name.Local == local && (space == "" || n.el.name.Space == space) {
			return n.el
		}
	}
	return nil
}

// children are the child elements in order.
func (e *element) children() []*element {
	if e == nil {
		return nil
	}
	var all []*element
	for _, n := range e.nodes {
		if n.el != nil {
			all = append(all, n.el)
		}
	}
	return all
}

// first is the first child element, or nil.
func (e *element) first() *element {
	if all := e.children(); len(all) > 0 {
		return all[0]
	}
	return nil
}

// text is e's own text, without that of its children.
func (e *element) text() string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	for _, n := range e.nodes {
		if n.el == nil {
			b.WriteString(n.text)
		}
	}
	return b.String()
}

// copy returns a copy whose attributes and list of children may be changed
// without changing e. The children themselves are shared, and never changed.
func (e *element) copy() *element {
	c := *e
	c.attrs = append([]xml.Attr(nil), e.attrs...)
	c.nodes = append([]node(nil), e.nodes...)
	return &c
}

// String is the element as it stands on its own, its namespace declared.
func (e *element) String() string { return string(e.appendTo(nil, "")) }

// bytes is the element as it stands inside a client's stream, where
// jabber:client is the default namespace and "stream" is declared.
func (e *element) bytes() []byte { return e.appendTo(nil, nsClient) }

// appendTo appends the element as XML. scope is the default namespace in force.
func (e *element) appendTo(b []byte, scope string) []byte {
	name := e.name.Local
	declare := false
	switch {
	case e.name.Space == nsStream && scope != "":
		name = streamPrefix + ":" + name
	case e.name.Space != scope:
		declare, scope = true, e.name.Space
	}
	b = append(b, '<')
	b = append(b, name...)
	if declare {
		b = append(b, " xmlns='"...)
		b = appendEscaped(b, scope)
		b = append(b, '\'')
	}
	for i, a := range e.attrs {
		b = append(b, ' ')
		switch a.Name.Space {
		case "":
		case nsXML:
			b = append(b, "xml:"...)
		default:
			// Some other namespace: a prefix of its own, declared in place.
			prefix := "a" + string(rune('a'+i%26))
			b = append(b, "xmlns:"+prefix+"='"...)
			b = appendEscaped(b, a.Name.Space)
			b = append(b, "' "+prefix+":"...)
		}
		b = append(b, a.Name.Local...)
		b = append(b, "='"...)
		b = appendEscaped(b, a.Value)
		b = append(b, '\'')
	}
	if len(e.nodes) == 0 {
		return append(b, "/>"...)
	}
	b = append(b, '>')
	for _, n := range e.nodes {
		if n.el != nil {
			b = n.el.appendTo(b, scope)
		} else {
			b = appendEscapedText(b, n.text)
		}
	}
	b = append(b, "</"...)
	b = append(b, name...)
	return append(b, '>')
}

// appendEscaped appends s as an attribute value: like text, and line ends and
// tabs too, which a parser would otherwise turn into spaces (XML 1.0 3.3.3).
func appendEscaped(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\'':
			b = append(b, "&apos;"...)
		case '"':
			b = append(b, "&quot;"...)
		case '\n':
			b = append(b, "&#xA;"...)
		case '\t':
			b = append(b, "&#x9;"...)
		default:
			b = appendEscapedText(b, s[i:i+1])
		}
	}
	return b
}

// appendEscapedText appends s as character data. A carriage return is written
// as a reference: bare, a parser would turn it into a line feed (XML 1.0 2.11).
func appendEscapedText(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '&':
			b = append(b, "&amp;"...)
		case '<':
			b = append(b, "&lt;"...)
		case '>':
			b = append(b, "&gt;"...)
		case '\r':
			b = append(b, "&#xD;"...)
		default:
			b = append(b, c)
		}
	}
	return b
}
