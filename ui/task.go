package ui

import (
	"context"

	"xmppscope/xmppcore/event"
)

// task is work in the background. It ends by itself, or soon after its cancel
// is called, and knows nothing of the program.
type task struct {
	cancel context.CancelFunc
	ended  chan struct{} // closed when the work has returned
}

// startTask starts work in the background, and hands its error to end.
func startTask(ctx context.Context, work func(context.Context) error, end func(error)) task {
	ctx, cancel := context.WithCancel(ctx)
	t := task{cancel, make(chan struct{})}
	go func() {
		defer close(t.ended)
		defer cancel()
		end(guardedWork(ctx, work))
	}()
	return t
}

// guardedWork does the work and turns a panic into an error: the terminal must
// be given back in order, whatever happens in the background.
func guardedWork(ctx context.Context, work func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &event.Failure{Cause: event.CauseInternal, Detail: panicText(p)}
		}
	}()
	return work(ctx)
}
