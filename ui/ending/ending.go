// Package ending is how the program ends before it is done: by a signal, or because
// nobody takes its output. Everything that works, waits or holds a terminal gets its
// context from here, and what must be put in order before the end is a duty:
//
//	end := ending.New(context.Background())
//	end.Listen()
//	code, err := end.Run(os.Stdin, func(ctx context.Context) (model.ExitCode, error) {
//		release := end.Hold() // a file that must not stay behind
//		defer release()
//		return work(ctx)
//	})
package ending

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"

	"xmppscope/model"
	"xmppscope/ui/plain"
)

// How long the program goes on after it was told to end. Work that does not look at its
// context is left soon enough for a signal to be answered within 100 ms. What has to be
// put in order (the terminal, a session, a file) gets longer, but not for ever, and who
// did so may say how it ended: its last words.
const (
	endMoment = 60 * time.Millisecond
	endWords  = 250 * time.Millisecond
	endWait   = 6 * time.Second
)

// Ending is how a program ends. The first reason counts. However many signals
// follow, they change nothing: timeout(1) sends two within a millisecond, and
// the second one must not keep the first from restoring the terminal.
type Ending struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	duties duties
}

// OutputError is the reason that output could not be written.
type OutputError struct {
	stream *os.File
	name   string // empty: nobody can be told
	err    error
}

func (e *OutputError) Error() string { return e.name + " cannot be written: " + e.err.Error() }

// New makes an ending. What is done under a context of its own ends with that too.
func New(ctx context.Context) *Ending {
	e := &Ending{}
	e.ctx, e.cancel = context.WithCancelCause(ctx)
	return e
}

// Context ends when the program is to end.
func (e *Ending) Context() context.Context { return e.ctx }

// Hold says that there is something to put in order before the program ends, until
// release is called. It does not return any more once the program has given up
// waiting.
func (e *Ending) Hold() (release func()) { return e.duties.take() }

// Listen begins to listen for signals.
func (e *Ending) Listen() {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup means it
		signals = append(signals, syscall.SIGHUP)
	}
	received := make(chan os.Signal, 1)
	signal.Notify(received, signals...)
	go func() {
		<-received
		e.cancel(context.Canceled)
	}()
	// A write to a closed pipe is an error like others, so that the program still
	// puts in order what it must before it ends as that signal does.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
}

// Outlet makes an output stream whose first error is a reason to end.
func (e *Ending) Outlet(file *os.File, name string) *plain.Outlet {
	return plain.NewOutlet(e.ctx, file, func(err error) {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		if name != "" || errors.Is(err, syscall.EPIPE) {
			e.cancel(&OutputError{file, name, err})
		}
	})
}

// Run does the work. When the program is to end, it waits for the work only as
// long as that takes to put in order what it must.
func (e *Ending) Run(in *os.File, work func(context.Context) (model.ExitCode, error)) (model.ExitCode, error) {
	if err := takeDescriptors(); err != nil {
		return model.ExitInternal, err
	}
	before, _ := term.GetState(int(in.Fd())) // nil where there is no terminal
	type outcome struct {
		code model.ExitCode
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		code, err := work(e.ctx)
		done <- outcome{code, err}
	}()
	select {
	case o := <-done:
		return o.code, o.err
	case <-e.ctx.Done():
	}
	moment, late := endMoment, time.NewTimer(endWait)
	defer late.Stop()
	if e.duties.held() {
		moment = endWords
	}
	for over := false; !over; over = e.duties.end() {
		select {
		case o := <-done:
			return o.code, o.err
		case <-e.duties.met():
		case <-late.C:
			if before != nil {
				_ = term.Restore(int(in.Fd()), before)
			}
			return model.ExitInterrupted, context.Canceled
		}
		select {
		case o := <-done:
			return o.code, o.err
		case <-time.After(moment):
		}
	}
	return model.ExitInterrupted, context.Canceled
}

// FailedOutput is why the program ended when that was its output, else nil.
func (e *Ending) FailedOutput() *OutputError {
	var failed *OutputError
	if errors.As(context.Cause(e.ctx), &failed) {
		return failed
	}
	return nil
}

// AsPipe ends the program as SIGPIPE does when output went to a pipe that nobody
// reads any more. Where there is no such signal, it returns.
func (e *OutputError) AsPipe() {
	if errors.Is(e.err, syscall.EPIPE) {
		signal.Reset(syscall.SIGPIPE)
		_, _ = e.stream.WriteString("\n") // the runtime ends the program at this one
	}
}

// duties counts what must be put in order before the program may end. Its zero
// value is ready for use.
type duties struct {
	mu    sync.Mutex
	count int
	idle  chan struct{} // closed when count falls to 0; nil while it was never more
	ended bool
}

// take says that there is something to put in order, until release is called.
// It does not return any more once the program has given up waiting.
func (d *duties) take() (release func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended {
		select {}
	}
	if d.count == 0 {
		d.idle = make(chan struct{})
	}
	d.count++
	return sync.OnceFunc(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.count--; d.count == 0 {
			close(d.idle)
		}
	})
}

// held reports whether there is something to put in order.
func (d *duties) held() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count > 0
}

// met is closed once there is nothing to put in order, of what there is now.
func (d *duties) met() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.count > 0 {
		return d.idle
	}
	idle := make(chan struct{})
	close(idle)
	return idle
}

// end gives up waiting, and nothing is begun any more; unless there is something to put
// in order, then it reports false.
func (d *duties) end() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = d.count == 0
	return d.ended
}
