package plain

import (
	"context"
	"io"
	"os"
)

// Interruptible makes the reads of r end when ctx does. A read that is under
// way then goes on unseen until r returns, which matters to nobody: what is
// read this way lives as long as the program.
func Interruptible(ctx context.Context, r io.Reader) io.Reader {
	return &interruptible{ctx: ctx, r: r}
}

type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i *interruptible) Read(p []byte) (int, error) {
	// The reader gets a buffer of its own, for p is the caller's again as soon
	// as this call has returned.
	own := make([]byte, len(p))
	n, err := unlessDone(i.ctx, func() (int, error) { return i.r.Read(own) })
	return copy(p, own[:n]), err
}

// Opener opens files in such a way that opening and reading end when ctx does.
// Both can take for ever: a pipe with a name waits for somebody who writes.
func Opener(ctx context.Context) func(name string) (io.ReadCloser, error) {
	return func(name string) (io.ReadCloser, error) {
		file, err := unlessDone(ctx, func() (*os.File, error) { return os.Open(name) })
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{Interruptible(ctx, file), file}, nil
	}
}

// unlessDone does the work, and does not wait for it any longer when ctx ends.
func unlessDone[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := work()
		done <- outcome{value, err}
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// open opens a file for reading.
func (s *Shell) open(name string) (io.ReadCloser, error) {
	if s.Open == nil {
		return os.Open(name)
	}
	return s.Open(name)
}
