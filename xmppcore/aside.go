package xmppcore

import (
	"context"
	"sync"

	"xmppscope/xmppcore/event"
)

// aside is what goes on beside a connection and never delays it: the look-up of
// SRV records, and what tells how Apprise would fare, such as an address that does
// not answer while another one does. A nil aside does nothing.
type aside struct {
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup
	rec    *recorder

	// advised is closed when the look-ups that began with the run have ended.
	advised chan struct{}

	mu      sync.Mutex
	records []event.SRVRecord
	// answered are the services that were asked for, unanswered those of them whose
	// records could not be had.
	answered, unanswered []string
}

func newAside(ctx context.Context, rec *recorder) *aside {
	ctx, cancel := context.WithCancel(ctx)
	return &aside{ctx: ctx, cancel: cancel, rec: rec, advised: make(chan struct{})}
}

// begin does something beside the connection, until it is through or the run ends.
func (a *aside) begin(do func(context.Context)) {
	if a != nil {
		a.work.Go(func() { do(a.ctx) })
	}
}

// stop ends all of it; nothing is told after it returns.
func (a *aside) stop() {
	if a == nil {
		return
	}
	a.cancel()
	a.work.Wait()
}
