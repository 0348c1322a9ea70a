package ui

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/explore"
)

// explorer looks for the ways to a server; explore.Run is the real one.
type explorer func(ctx context.Context, job explore.Job, report func(event.Cell)) ([]event.Cell, error)

// exploration is one look at every way to a server, in the background. As with
// a session, the network never waits for the screen: the buffer takes every
// cell at once, and the program pulls them out of it.
type exploration struct {
	cancel context.CancelFunc
	ended  chan struct{} // closed when the job has returned

	mu    sync.Mutex
	cells []event.Cell
	over  bool
	err   error
	wake  chan struct{} // holds a token when there is something to pull
}

// cellsMsg is what an exploration found since the message before.
type cellsMsg struct {
	from  *exploration
	cells []event.Cell
	// over is true in the last message; then cells are all there are, in the
	// order of their places, and err is what the job returned.
	over bool
	err  error
}

// lookAround starts to look. It ends by itself, or soon after its cancel is
// called.
func lookAround(ctx context.Context, look explorer, job explore.Job) *exploration {
	ctx, cancel := context.WithCancel(ctx)
	x := &exploration{cancel: cancel, ended: make(chan struct{}), wake: make(chan struct{}, 1)}
	go func() {
		defer close(x.ended)
		defer cancel()
		x.finish(x.do(ctx, look, job))
	}()
	return x
}

// do runs the job and turns a panic into an error, as a session does.
func (x *exploration) do(ctx context.Context, look explorer, job explore.Job) (cells []event.Cell, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &event.Failure{Cause: event.CauseInternal, Detail: panicText(p)}
		}
	}()
	return look(ctx, job, x.found)
}

func (x *exploration) found(c event.Cell) {
	x.mu.Lock()
	x.cells = append(x.cells, c)
	x.mu.Unlock()
	x.ring()
}

func (x *exploration) finish(cells []event.Cell, err error) {
	x.mu.Lock()
	x.cells, x.over, x.err = cells, true, err
	x.mu.Unlock()
	x.ring()
}

func (x *exploration) ring() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// pull waits for something to be found, gathers what follows within batchWait,
// and returns it as a cellsMsg. It is asked for again after every message but
// the last.
func (x *exploration) pull() tea.Msg {
	<-x.wake
	timer := time.NewTimer(batchWait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-x.ended:
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	m := cellsMsg{from: x, cells: x.cells, over: x.over, err: x.err}
	x.cells = nil
	return m
}
