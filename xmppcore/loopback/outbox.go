package loopback

import (
	"errors"
	"sync"
)

// maxPending bounds the bytes that wait for one client. A client that lets more
// pile up is cut off, so that it cannot hold up or fill up the server.
const maxPending = 8 << 20

var errOutboxFull = errors.New("the client does not read what it is sent")

// outbox is what waits to be written to one client. One goroutine writes it, so
// that whoever puts something in never waits for the network.
type outbox struct {
	done chan struct{} // closed when the writer has ended

	mu      sync.Mutex
	pending [][]byte
	size    int
	closed  bool
	full    bool
	wake    chan struct{} // holds a token when there is something to do
}

func newOutbox() *outbox {
	return &outbox{done: make(chan struct{}), wake: make(chan struct{}, 1)}
}

// put adds bytes in order. It reports false when they were not taken, because
// the outbox is closed or full; a full outbox closes.
func (o *outbox) put(b []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return false
	}
	if o.size+len(b) > maxPending {
		o.closed, o.full = true, true
		o.signal()
		return false
	}
	o.pending = append(o.pending, b)
	o.size += len(b)
	o.signal()
	return true
}

// close lets the writer end once everything is written.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.signal()
}

func (o *outbox) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run writes until the outbox is closed and empty, or writing fails.
func (o *outbox) run(write func([]byte) error) error {
	defer close(o.done)
	for range o.wake {
		o.mu.Lock()
		batch, closed, full := o.pending, o.closed, o.full
		o.pending, o.size = nil, 0
		o.mu.Unlock()
		if full {
			return errOutboxFull
		}
		for _, b := range batch {
			if err := write(b); err != nil {
				o.close()
				return err
			}
		}
		if closed {
			return nil
		}
	}
	return nil
}
