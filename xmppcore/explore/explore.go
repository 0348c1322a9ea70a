package explore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// Job is what an exploration is to do. Of the xmppcore.Job, Reading must be set;
// Messages, Until and NoLogin mean nothing here.
type Job struct {
	xmppcore.Job
	// Login spends up to three logins on the ways that look best. Without it
	// no credentials are sent.
	Login bool
	// Ports are tried at every host, beside the URL's own and those of SRV
	// records; nil means 5222, 5223 and 443.
	Ports []int
	// Limit bounds all of it; 0 means one minute.
	Limit time.Duration
}

// The bounds of an exploration.
const (
	defaultLimit = time.Minute
	maxParallel  = 6  // places at a time
	maxPlaces    = 64 // in all
	maxLogins    = 3
)

// Run explores every way to the server that can be derived from the reading: the
// host it connects to, the host of the URL, the JID domain and the targets of SRV
// records, at each of their addresses, at the URL's own port, those of SRV and
// the usual ones; at each with STARTTLS, with direct TLS and without TLS; with
// TLS 1.3 and 1.2; and says for each which login would follow with and without
// channel binding. A reading that connects to this machine itself is explored on
// this machine only.
//
// It returns the cells in that order, the URL's own place first and names
// without an address last. report, which may be nil, is told each cell as soon
// as it is known, one at a time, and again after a login that was tried there.
//
// The error is a *event.Failure: the reading cannot be used, or ctx has ended,
// which ends everything; the cells known so far are returned with it. That
// nothing works is no error. When it returns nothing it started is left.
func Run(ctx context.Context, job Job, report func(event.Cell)) ([]event.Cell, error) {
	prober, failure := xmppcore.NewProber(job.Job)
	if failure != nil {
		return nil, failure
	}
	if job.Limit <= 0 {
		job.Limit = defaultLimit
	}
	x := &exploration{job: job, prober: prober, report: report}
	cells := x.lookAround(ctx)
	if job.Login {
		x.logIn(ctx, cells)
	}
	for i := range cells {
		cells[i] = prober.Shown(cells[i])
	}
	if ctx.Err() != nil {
		return cells, &event.Failure{Stage: event.StageClose, Cause: event.CauseCancelled}
	}
	return cells, nil
}

// exploration is one run.
type exploration struct {
	job    Job
	prober *xmppcore.Prober

	mu     sync.Mutex // held while report is called
	report func(event.Cell)
}

// tell reports a cell.
func (x *exploration) tell(c event.Cell) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.report != nil {
		x.report(x.prober.Shown(c))
	}
}

// lookAround derives the places and looks at them, some at a time.
func (x *exploration) lookAround(ctx context.Context) []event.Cell {
	limited, cancel := context.WithTimeoutCause(ctx, x.job.Limit, errLimit)
	defer cancel()
	places, cells := x.places(limited)
	for _, c := range cells { // names without an address
		x.tell(c)
	}
	found := make([][]event.Cell, len(places))
	turns := make(chan struct{}, maxParallel)
	var looks sync.WaitGroup
	for i, at := range places {
		turns <- struct{}{}
		looks.Go(func() {
			defer func() { <-turns }()
			v := visitor{exploration: x, at: at}
			v.visit(limited)
			found[i] = v.cells
		})
	}
	looks.Wait()
	return append(slices.Concat(found...), cells...)
}

// errLimit is why a look ends when the time for all of them is over.
var errLimit = errors.New("the time for the whole matrix is over")

// cut replaces the failure of a look that our own limit ended.
func (x *exploration) cut(ctx context.Context, f *event.Failure) *event.Failure {
	if f != nil && f.Cause == event.CauseCancelled && errors.Is(context.Cause(ctx), errLimit) {
		return &event.Failure{Stage: f.Stage, Cause: event.CauseTimeout, Waiting: event.WaitTurn,
			Waited: x.job.Limit.Seconds(), Detail: errLimit.Error()}
	}
	return f
}
