package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"xmppscope/ui/feed"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/explore"
)

// explorer looks for the ways to a server; explore.Run is the real one.
type explorer func(ctx context.Context, job explore.Job, report func(event.Cell)) ([]event.Cell, error)

// exploration is one look at every way to a server, in the background.
type exploration struct {
	task
	found *feed.Feed[event.Cell]
	// all are the cells in the order of their places, and err is what the job
	// returned; both are to be read after the last batch.
	all []event.Cell
	err error
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

// startExploration looks for the ways to a server in the background.
func startExploration(ctx context.Context, look explorer, job explore.Job) *exploration {
	x := &exploration{found: feed.New[event.Cell](feed.Options{Gather: batchWait})}
	x.task = startTask(ctx, func(ctx context.Context) (err error) {
		x.all, err = look(ctx, job, x.found.Push)
		return err
	}, func(err error) {
		x.err = err
		x.found.Close()
	})
	return x
}

// pull waits for the next message. It is asked for again after every message
// but the last.
func (x *exploration) pull() tea.Msg {
	batch := x.found.Pull()
	if batch.Last {
		return cellsMsg{from: x, cells: x.all, over: true, err: x.err}
	}
	return cellsMsg{from: x, cells: batch.Values}
}
