package wire

import (
	"bytes"
	"fmt"
	"sync"
)

// Tap is the io.Writer for go-xmpp's Options.DebugWriter (with Debug set). It
// takes the chunks of both directions apart, and can end the session.
//
// go-xmpp writes each chunk of the decrypted stream in one call, "RECV " or
// "SEND " before it, and a line feed after it unless the chunk ends with one.
// Received chunks come before go-xmpp parses them, sent ones after they left,
// so that a SEND can follow the answer to it. Two goroutines write. PLAIN's
// <auth/> is not written at all.
//
// When Feed returns an error for a received chunk, Write panics with a value
// that only [Stopped] knows: an error from a writer reaches go-xmpp too late, a
// panic unwinds it before it sees the chunk. Recover around NewClient and Recv:
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
	// Feed is told each chunk, one call at a time, without the line feed at its
	// end: nobody knows whether it was there (see [Decoder.FeedCut]). It must not
	// write to the Tap.
	Feed func(received bool, chunk []byte) error

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

// Stop ends the session as an error of Feed does, for this reason, unless it has
// ended. Feed is not called any more.
func (t *Tap) Stop(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil {
		t.err = err
	}
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
		t.err = t.Feed(received, bytes.TrimSuffix(chunk, []byte("\n")))
	}
	switch {
	case t.err == nil:
		return len(p), nil
	case received:
		panic(stop{t.err})
	}
	return 0, t.err
}
