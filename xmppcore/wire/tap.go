package wire

import (
	"bytes"
	"fmt"
	"sync"
)

// Tap is the io.Writer for go-xmpp's Options.DebugWriter (with Debug set). It
// decodes both directions and can end the session.
//
// go-xmpp writes each chunk of the decrypted stream in one call, "RECV " or
// "SEND " before it, and a line feed after it unless the chunk ends with one.
// Received chunks come before go-xmpp parses them, sent ones after they left,
// so that a SEND can follow the answer to it. Two goroutines write. PLAIN's
// <auth/> is not written at all.
//
// When Item returns an error, or the received bytes are not XMPP or pass a
// limit, Write panics with a value that only [Stopped] knows: an error from a
// writer reaches go-xmpp too late, a panic unwinds it before it sees the
// chunk. Recover around NewClient and Recv:
//
//	defer func() {
//		if r := recover(); r != nil {
//			if err, ok := wire.Stopped(r); ok { … }
//		}
//	}()
//
// What goes wrong on the sent side is returned by Write as an ordinary error,
// and from there by go-xmpp's Send.
type Tap struct {
	// Item is told each item, one call at a time. It must not write to the
	// Tap. It may change Received.Limits and Sent.Limits.
	Item func(received bool, item Item) error
	// Received and Sent decode the two directions. Between calls of Item they
	// belong to Write.
	Received, Sent Decoder

	mu  sync.Mutex
	err error
}

// stop is the panic value.
type stop struct{ err error }

// Stopped reports whether a recovered value is a [Tap]'s, and the reason.
func Stopped(recovered any) (error, bool) {
	s, ok := recovered.(stop)
	return s.err, ok
}

// Err is why the Tap ended the session, nil as long as it did not.
func (t *Tap) Err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// Pending is how many bytes of an incomplete element have been received.
func (t *Tap) Pending() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.Received.Pending()
}

// Write takes one chunk of go-xmpp's debug output.
func (t *Tap) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	chunk, received := bytes.CutPrefix(p, []byte("RECV "))
	sent := false
	if !received {
		chunk, sent = bytes.CutPrefix(p, []byte("SEND "))
	}
	if !received && !sent {
		return 0, fmt.Errorf("wire: debug output of %d bytes without RECV or SEND", len(p))
	}
	if t.err == nil {
		t.err = t.feed(received, chunk)
	}
	switch {
	case t.err == nil:
		return len(p), nil
	case received:
		panic(stop{t.err})
	}
	return 0, t.err
}

// feed decodes a chunk and tells its items.
func (t *Tap) feed(received bool, chunk []byte) error {
	decoder := &t.Sent
	if received {
		decoder = &t.Received
	}
	chunk, cut := bytes.CutSuffix(chunk, []byte("\n"))
	items, err := decoder.Feed(chunk)
	if cut {
		decoder.softNewline()
	}
	if received && err == nil && decoder.state == greeting {
		// The line feed that ends such a line may be the one that was cut, and
		// go-xmpp would wait for a "<" that never comes.
		decoder.err = decoder.notXML()
		err = decoder.err
	}
	for _, item := range items {
		if received && item.Element.Is(NSTLS, "proceed") && item.End != decoder.Offset() {
			return &SyntaxError{Detail: "data between the consent to TLS and the handshake", Offset: item.End}
		}
		if t.Item == nil {
			continue
		}
		if err := t.Item(received, item); err != nil {
			return err
		}
	}
	return err
}
