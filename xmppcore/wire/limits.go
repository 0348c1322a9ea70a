package wire

import (
	"cmp"
	"fmt"
)

// Limits bound what a peer can make a [Decoder] hold. A zero field means its
// default. Raise MaxElement after login, when larger stanzas are expected.
type Limits struct {
	// MaxElement is the size in bytes of one top-level element, or of the
	// stream header, as sent: 1 MiB.
	MaxElement int
	// MaxDepth is how deep elements nest, the top-level one counting 1: 64.
	MaxDepth int
	// MaxName is the size in bytes of an element's or attribute's name: 256.
	MaxName int
	// MaxAttr is the size in bytes of an attribute's value: 64 KiB.
	MaxAttr int
	// MaxText is the size in bytes of one element's own character data:
	// MaxElement.
	MaxText int
	// MaxNodes is the number of elements and attributes in one top-level
	// element: 65,536. It bounds the tree of an element made of tiny children.
	MaxNodes int
}

// Limits that have no field: no honest peer comes near them.
const (
	maxAttrs      = 64  // attributes of one element
	maxNamespaces = 256 // namespace declarations in scope
	maxEntity     = 12  // bytes between "&" and ";"
	maxXMLDecl    = 256 // bytes of "<?xml …?>"

	// maxBlanks is bytes of white space between two elements. A byte a minute, as
	// a server may send to keep a connection alive, makes 45 days; and readers
	// other than this one, such as the library's, hold all of it until the next
	// element comes.
	maxBlanks = 64 << 10
)

func (l Limits) withDefaults() Limits {
	l.MaxElement = cmp.Or(l.MaxElement, 1<<20)
	l.MaxDepth = cmp.Or(l.MaxDepth, 64)
	l.MaxName = cmp.Or(l.MaxName, 256)
	l.MaxAttr = cmp.Or(l.MaxAttr, 64<<10)
	l.MaxText = cmp.Or(l.MaxText, l.MaxElement)
	l.MaxNodes = cmp.Or(l.MaxNodes, 1<<16)
	return l
}

// LimitError says that a peer passed one of the [Limits].
type LimitError struct {
	// What was too big, in words: "element", "nesting", "attribute value".
	What string
	// Limit is what was allowed, in bytes or in number.
	Limit int
	// Offset counts the bytes of the stream before the one that was too many.
	Offset int64
}

// LimitBlanks is what was too big where it is no element.
const LimitBlanks = "white space between elements"

func (e *LimitError) Error() string {
	return fmt.Sprintf("wire: %s larger than our limit of %d (at byte %d of the stream)", e.What, e.Limit, e.Offset)
}

// SyntaxError says that the bytes are not the XML of an XMPP stream. It never
// quotes what came after the greeting, which may be secret.
type SyntaxError struct {
	// Detail says what is wrong, in words.
	Detail string
	// Offset counts the bytes of the stream before the offending one.
	Offset int64
	// Restricted is true for what XML has and XMPP forbids (RFC 6120 11.1):
	// comments, processing instructions, document types.
	Restricted bool
	// Protocol names what was spoken instead of XML ("SSH", "HTTP", "TLS"),
	// when the stream's first bytes tell. Empty inside a stream.
	Protocol string
	// Greeting is the first line of a peer that does not speak XML, cut and
	// safe to show. It can be empty even then.
	Greeting string
}

func (e *SyntaxError) Error() string {
	s := fmt.Sprintf("wire: %s (at byte %d of the stream)", e.Detail, e.Offset)
	if e.Protocol != "" {
		s += ", this is " + e.Protocol
	}
	if e.Greeting != "" {
		s += ": " + e.Greeting
	}
	return s
}
