package wire

import (
	"encoding/xml"
	"iter"
)

// The namespaces that the readings of this package know, and those who write.
const (
	NSStream       = "http://etherx.jabber.org/streams"       // RFC 6120 4.8
	NSClient       = "jabber:client"                          // RFC 6120 4.8.3
	NSServer       = "jabber:server"                          // RFC 6120 4.8.3
	NSStreamErrors = "urn:ietf:params:xml:ns:xmpp-streams"    // RFC 6120 4.9
	NSStanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas"    // RFC 6120 8.3
	NSTLS          = "urn:ietf:params:xml:ns:xmpp-tls"        // RFC 6120 5
	NSSASL         = "urn:ietf:params:xml:ns:xmpp-sasl"       // RFC 6120 6
	NSSASL2        = "urn:xmpp:sasl:2"                        // XEP-0388
	NSBindings     = "urn:xmpp:sasl-cb:0"                     // XEP-0440
	NSUpgrade      = "urn:xmpp:sasl:upgrade:0"                // XEP-0480
	NSScramUpgrade = "urn:xmpp:scram-upgrade:0"               // XEP-0480
	NSFast         = "urn:xmpp:fast:0"                        // XEP-0484
	NSBind         = "urn:ietf:params:xml:ns:xmpp-bind"       // RFC 6120 7
	NSBind2        = "urn:xmpp:bind:0"                        // XEP-0386
	NSSession      = "urn:ietf:params:xml:ns:xmpp-session"    // RFC 3921 3
	NSLimits       = "urn:xmpp:stream-limits:0"               // XEP-0478
	NSRoster       = "jabber:iq:roster"                       // RFC 6121 2
	NSPing         = "urn:xmpp:ping"                          // XEP-0199
	NSMUC          = "http://jabber.org/protocol/muc"         // XEP-0045
	NSMUCUser      = "http://jabber.org/protocol/muc#user"    // XEP-0045
	NSReceipts     = "urn:xmpp:receipts"                      // XEP-0184
	NSDelay        = "urn:xmpp:delay"                         // XEP-0203
	NSOldDelay     = "jabber:x:delay"                         // XEP-0091
	NSCarbons      = "urn:xmpp:carbons:2"                     // XEP-0280
	NSDiscoInfo    = "http://jabber.org/protocol/disco#info"  // XEP-0030
	NSDiscoItems   = "http://jabber.org/protocol/disco#items" // XEP-0030
	NSCaptcha      = "urn:xmpp:captcha"                       // XEP-0158
	NSVersion      = "jabber:iq:version"                      // XEP-0092
	NSStanzaID     = "urn:xmpp:sid:0"                         // XEP-0359
	NSAuth         = "jabber:iq:auth"                         // XEP-0078
	NSComponent    = "jabber:component:accept"                // XEP-0114
	NSLegacyAuth   = "http://jabber.org/features/iq-auth"     // XEP-0078 2
	NSForm         = "jabber:x:data"                          // XEP-0004
	NSXML          = "http://www.w3.org/XML/1998/namespace"   // the xml: prefix
)

// Element is an XML element with its namespaces resolved. Attributes without a
// prefix have no namespace. Namespace declarations stay among the attributes,
// as encoding/xml keeps them: {"", "xmlns"} and {"xmlns", prefix}.
type Element struct {
	Name     xml.Name
	Attrs    []xml.Attr
	Children []*Element
	// Text is the element's own character data, without that of its children,
	// as one string.
	Text string
	// At is where the element stands in the text of its parent: how many bytes
	// of it come before. It keeps the order of text and children, as in
	// <p>one<b/>two</p>.
	At int
}

// Is reports whether the element has this name. It is false for nil.
func (e *Element) Is(space, local string) bool {
	return e != nil && e.Name.Local == local && e.Name.Space == space
}

// Attr returns the value of the attribute without a namespace, or "".
func (e *Element) Attr(name string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.Attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// Child returns the first child of this name, or nil.
func (e *Element) Child(space, local string) *Element {
	if e == nil {
		return nil
	}
	for _, c := range e.Children {
		if c.Is(space, local) {
			return c
		}
	}
	return nil
}

// mixed gives the pieces of the element's text and its children in their order:
// either a text that is not empty, or a child.
func (e *Element) mixed() iter.Seq2[string, *Element] {
	return func(yield func(string, *Element) bool) {
		at := 0
		for _, c := range e.Children {
			next := min(max(at, c.At), len(e.Text)) // whatever was done to the list by hand
			if next > at && !yield(e.Text[at:next], nil) {
				return
			}
			at = next
			if !yield("", c) {
				return
			}
		}
		if at < len(e.Text) {
			yield(e.Text[at:], nil)
		}
	}
}

// ChildText returns the text of the first child of this name, or "".
func (e *Element) ChildText(space, local string) string {
	if c := e.Child(space, local); c != nil {
		return c.Text
	}
	return ""
}
