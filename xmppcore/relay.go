package xmppcore

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
)

// relay lets the library log in over a connection that we own. The library
// dials by itself and takes neither a connection nor a context; so it is told
// to dial 127.0.0.1, where the relay takes one connection and copies bytes to
// and from the real one. TLS passes through untouched, end to end, so channel
// binding works.
//
// Whoever on this machine dials first, before the library does, gets no more
// than a connection that they could have made themselves; the login then fails.
//
// Closing the relay ends every call of the library at once, whatever it waits
// for. That is how deadlines and cancellation reach it.
type relay struct {
	listener net.Listener
	upstream net.Conn
	closing  chan struct{}
	done     sync.WaitGroup
	moved    chan struct{} // holds a token when the library's bytes went out
	out      atomic.Int64  // how many of them

	mu    sync.Mutex
	local net.Conn // the library's end, nil before it dials
	err   error    // why the upstream connection ended by itself
}

// newRelay begins to listen. It owns upstream from now on.
func newRelay(upstream net.Conn) (*relay, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		upstream.Close()
		return nil, fmt.Errorf("relay: %w", err)
	}
	r := &relay{listener: listener, upstream: upstream, closing: make(chan struct{}),
		moved: make(chan struct{}, 1)}
	r.done.Go(r.serve)
	return r, nil
}

// address is what the library must dial.
func (r *relay) address() string { return r.listener.Addr().String() }

// serve takes the library's connection, the only one ever, and copies until
// either side ends.
func (r *relay) serve() {
	local, err := r.listener.Accept()
	if err != nil {
		r.ended(err)
	}
	r.listener.Close()
	if err != nil {
		return
	}
	r.mu.Lock()
	select {
	case <-r.closing:
		r.mu.Unlock()
		local.Close()
		return
	default:
	}
	r.local = local
	r.mu.Unlock()
	r.done.Go(func() { r.copyOut(local) })
	r.copyIn(local)
}

// copyIn carries what the server sends. When the server ends, the library may
// still read what came before, then sees the end of the stream.
func (r *relay) copyIn(local net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		n, err := r.upstream.Read(buf)
		if n > 0 {
			if _, err := local.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			r.ended(err)
			if tcp, ok := local.(*net.TCPConn); ok {
				tcp.CloseWrite()
			}
			return
		}
	}
}

// copyOut carries what the library sends.
func (r *relay) copyOut(local net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		n, err := local.Read(buf)
		if n > 0 {
			if _, err := r.upstream.Write(buf[:n]); err != nil {
				r.ended(err)
				return
			}
			r.out.Add(int64(n))
			select {
			case r.moved <- struct{}{}:
			default:
			}
		}
		if err != nil {
			return
		}
	}
}

// ended notes why the server's side ended, or was never reached, unless we ended it
// ourselves.
func (r *relay) ended(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.closing:
	default:
		if r.err == nil {
			r.err = err
		}
	}
}

// lost is why the server's side ended by itself: io.EOF, a reset, or nil while
// it is up.
func (r *relay) lost() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// hangUp closes both connections without waiting. It may be called from
// anywhere, any number of times.
func (r *relay) hangUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.closing:
		return
	default:
	}
	close(r.closing)
	r.listener.Close()
	r.upstream.Close()
	if r.local != nil {
		r.local.Close()
	}
}

// close hangs up and waits until nothing of the relay runs.
func (r *relay) close() {
	r.hangUp()
	r.done.Wait()
}
