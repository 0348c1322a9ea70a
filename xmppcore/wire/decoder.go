package wire

import "io"

// ItemKind says what a [Decoder] found.
type ItemKind uint8

// The kinds of item.
const (
	// Open is a stream header: the start tag of the outermost element,
	// whatever its name is ([AsHeader] tells whether it is a stream). It comes
	// again whenever the stream restarts.
	Open ItemKind = iota + 1
	// Stanza is a complete top-level element: features, a SASL step, a stream
	// error, a message.
	Stanza
	// Close is the end tag of the stream.
	Close
)

// Item is one thing that a [Decoder] found.
type Item struct {
	Kind ItemKind
	// Element is the header without children (Open), the tree (Stanza), or nil
	// (Close).
	Element *Element
	// Size is the number of bytes it took on the wire.
	Size int
	// End is the number of bytes of the stream up to its end. Bytes that were
	// fed beyond the End of a <proceed/> were injected (RFC 6120 5.4.3.3).
	End int64
}

// Decoder decodes one direction of one XMPP stream, incrementally: feeding one
// byte a time gives the same items as feeding all at once, in linear time and
// with no more memory than [Limits] allow. The zero value is ready for use. A
// Decoder is not safe for concurrent use.
type Decoder struct {
	// Limits may be changed between calls of Feed.
	Limits Limits

	limits Limits // of the running Feed, defaults filled in
	state  state
	stack  []level   // open elements; the stream itself is stack[0]
	scope  []binding // namespace declarations in scope
	items  []Item
	err    error

	token  []byte // the name, value, entity or declaration being read
	attrs  []attribute
	quote  byte   // the quotation mark of the value being read
	name   string // the name of the tag or attribute being read
	ended  string // the tag of the stream that has ended
	after  state  // where an entity returns to
	entity int    // where in token the entity begins
	soft   int    // a line feed may have stood here in token; see softNewline
	run    int    // "]" in a row, or how much of "[CDATA[" has come
	cr     bool   // the last byte of text was a carriage return
	size   int    // bytes of the current top-level element
	blanks int    // bytes of white space since the last top-level element
	nodes  int    // elements and attributes of the current top-level element
	offset int64  // bytes of the stream
}

// level is an open element.
type level struct {
	element *Element
	tag     string // its name as written
	text    []byte
	scope   int // the length of Decoder.scope outside it
}

// attribute is an attribute as written.
type attribute struct{ name, value string }

// Feed decodes the next bytes of the stream and returns what they completed, in
// order. The error is a *[SyntaxError] or a *[LimitError]; it is final: every
// later call returns it again. Items before the error are returned with it.
func (d *Decoder) Feed(chunk []byte) ([]Item, error) {
	if d.err != nil {
		return nil, d.err
	}
	d.limits = d.Limits.withDefaults()
	for _, b := range chunk {
		if err := d.step(b); err != nil {
			d.err = err
			break
		}
		d.offset++
	}
	items := d.items
	d.items = nil
	return items, d.err
}

// FeedCut is Feed for a chunk from whose end a line feed may have been cut, as
// from those of a [Tap]. A greeting that is not XML ends with its line, which
// may have been that one; whoever reads on would wait for a "<" that never
// comes.
func (d *Decoder) FeedCut(chunk []byte) ([]Item, error) {
	items, err := d.Feed(chunk)
	d.softNewline()
	if err == nil && d.state == greeting {
		d.err = d.notXML()
		err = d.err
	}
	return items, err
}

// Reset forgets the stream, so that a new one can begin: after STARTTLS, where
// bytes of the old one must not leak into the new. Limits stay. A new header
// that simply arrives within a stream, as after SASL, needs no Reset.
func (d *Decoder) Reset() { *d = Decoder{Limits: d.Limits} }

// Offset is the number of bytes decoded since the last Reset.
func (d *Decoder) Offset() int64 { return d.offset }

// pending is the number of bytes received of an element that is not complete
// yet. They are never shown: they may hold half a secret.
func (d *Decoder) pending() int {
	if d.err != nil || d.state == inText && len(d.stack) <= 1 || d.state == closed {
		return 0
	}
	return d.size
}

// End says what it means that the peer closes the connection now: nil between
// elements and after the end of the stream, a *SyntaxError when all that came
// was the beginning of some other protocol's greeting, io.ErrUnexpectedEOF
// within an element.
func (d *Decoder) End() error {
	switch {
	case d.err != nil:
		return d.err
	case d.state == greeting:
		return d.notXML()
	case d.pending() > 0:
		return io.ErrUnexpectedEOF
	}
	return nil
}
