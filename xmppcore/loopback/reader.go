package loopback

import (
	"errors"
	"io"

	"xmppscope/xmppcore/wire"
)

// errStreamEnd says that the client closed its stream.
var errStreamEnd = errors.New("end of stream")

// reader reads the streams that follow one another on a connection.
type reader struct {
	from    io.Reader
	decoder wire.Decoder
	chunk   [4096]byte
	items   []wire.Item // decoded, and not given out yet
	err     error       // what comes after them
}

// newReader reads from the start of a connection, or of what TLS carries.
func newReader(from io.Reader) *reader {
	r := &reader{from: from}
	r.allow(maxBytesBeforeLogin)
	return r
}

// allow bounds the bytes of one element from now on.
func (r *reader) allow(bytes int) { r.decoder.Limits.MaxElement = bytes }

// item is the next header, element or end of a stream.
func (r *reader) item() (wire.Item, error) {
	for len(r.items) == 0 {
		if r.err != nil {
			return wire.Item{}, r.err
		}
		n, err := r.from.Read(r.chunk[:])
		r.items, r.err = r.decoder.Feed(r.chunk[:n])
		if r.err == nil && errors.Is(err, io.EOF) {
			r.err = r.decoder.End() // within an element?
		}
		if r.err == nil {
			r.err = err
		}
	}
	item := r.items[0]
	r.items = r.items[1:]
	return item, nil
}

// header is the header of the next stream.
func (r *reader) header() (*wire.Element, error) {
	return r.expect(wire.Open)
}

// element is the next element of the stream.
func (r *reader) element() (*wire.Element, error) {
	return r.expect(wire.Stanza)
}

func (r *reader) expect(kind wire.ItemKind) (*wire.Element, error) {
	switch item, err := r.item(); {
	case err != nil:
		return nil, err
	case item.Kind == wire.Close:
		return nil, errStreamEnd
	case item.Kind != kind:
		return nil, &streamError{condition: "bad-format"}
	default:
		return item.Element, nil
	}
}
