package xmppcore

import (
	"context"
	"sync"
	"time"

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
	// lasting is the work that the end of the run waits for a little.
	lasting sync.WaitGroup
	// thorough is true for a check, which also looks at what the session did not need.
	thorough bool

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

// linger does something beside the connection that is given some time at the end.
func (a *aside) linger(do func(context.Context)) {
	a.lasting.Add(1)
	a.begin(func(ctx context.Context) {
		defer a.lasting.Done()
		do(ctx)
	})
}

// await gives what lingers the time that a goodbye has. The caller calls stop after it.
func (a *aside) await(ctx context.Context, grace time.Duration) {
	if a == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	ended := make(chan struct{})
	a.work.Go(func() {
		a.lasting.Wait()
		close(ended)
	})
	select {
	case <-ended:
	case <-ctx.Done():
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
