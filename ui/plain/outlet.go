package plain

import (
	"context"
	"io"
	"sync"
	"time"
)

// Outlet is a stream that a program writes to, such as standard output. The
// first error of a write is told once and kept: nothing is written after it. A
// write that nobody takes, as when a pipe's reader sleeps, ends soon after the
// program was told to end.
type Outlet struct {
	ctx    context.Context
	w      io.Writer
	failed func(error)

	mu  sync.Mutex
	err error
}

// lastWords is how long a write may take once the context has ended: what there
// is still to say, such as "interrupted", has a moment for it.
const lastWords = 50 * time.Millisecond

// NewOutlet makes a stream of w. failed is told the first error.
func NewOutlet(ctx context.Context, w io.Writer, failed func(error)) *Outlet {
	return &Outlet{ctx: ctx, w: w, failed: failed}
}

// Write writes p whole, or gives the first error that there was.
func (o *Outlet) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.write(append([]byte(nil), p...)) // a copy, since the write may outlive this call
	if err != nil {
		o.err = err
		o.failed(err)
	}
	return n, err
}

func (o *Outlet) write(p []byte) (int, error) {
	type outcome struct {
		n   int
		err error
	}
	done := make(chan outcome, 1)
	go func() {
		n, err := o.w.Write(p)
		done <- outcome{n, err}
	}()
	select {
	case got := <-done:
		return got.n, got.err
	case <-o.ctx.Done():
	}
	timer := time.NewTimer(lastWords)
	defer timer.Stop()
	select {
	case got := <-done:
		return got.n, got.err
	case <-timer.C:
		return 0, o.ctx.Err()
	}
}
