package xmppcore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"xmppscope/xmppcore/event"
)

// MatrixJob is what an exploration is to do. Of the Job, Reading must be set;
// Messages, Until and NoLogin mean nothing here.
type MatrixJob struct {
	Job
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
	matrixLimit    = time.Minute
	matrixParallel = 6  // places at a time
	matrixPlaces   = 64 // in all
	matrixLogins   = 3
)

// Matrix explores every way to the server that can be derived from the
// reading: the host it connects to, the host of the URL, the JID domain and
// the targets of SRV records, at each of their addresses, at the URL's own
// port, those of SRV and the usual ones; at each with STARTTLS, with direct
// TLS and without TLS; with TLS 1.3 and 1.2; and says for each which login
// would follow with and without channel binding. A reading that connects to
// this machine itself is explored on this machine only.
//
// It returns the cells in that order, the URL's own place first and names
// without an address last. report, which
// may be nil, is told each cell as soon as it is known, one at a time, and
// again after a login that was tried there.
//
// The error is a *Failure: the reading cannot be used, or ctx has ended, which
// ends everything; the cells known so far are returned with it. That nothing
// works is no error. When it returns nothing it started is left.
func Matrix(ctx context.Context, job MatrixJob, report func(event.Cell)) ([]event.Cell, error) {
	if !job.Reading.Accepted {
		return nil, &event.Failure{Stage: event.StageDNS, Cause: event.CauseInternal, Detail: "the reading was not accepted"}
	}
	p, failure := newPlan(job.Reading)
	if failure != nil {
		return nil, failure
	}
	if job.Limit <= 0 {
		job.Limit = matrixLimit
	}
	job.Messages, job.Until, job.NoLogin = nil, "", false
	m := &matrix{job: job, plan: p, report: report}
	cells := m.explore(ctx)
	if job.Login {
		m.logIn(ctx, cells)
	}
	if ctx.Err() != nil {
		return cells, &event.Failure{Stage: event.StageClose, Cause: event.CauseCancelled}
	}
	return cells, nil
}

// matrix is one exploration.
type matrix struct {
	job  MatrixJob
	plan plan

	mu     sync.Mutex // held while report is called
	report func(event.Cell)
}

// tell reports a cell.
func (m *matrix) tell(c event.Cell) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.report != nil {
		m.report(c)
	}
}

// explore derives the places and probes them, some at a time.
func (m *matrix) explore(ctx context.Context) []event.Cell {
	limited, cancel := context.WithTimeoutCause(ctx, m.job.Limit, errMatrixLimit)
	defer cancel()
	places, cells := m.places(limited)
	for _, c := range cells { // names without an address
		m.tell(c)
	}
	found := make([][]event.Cell, len(places))
	turns := make(chan struct{}, matrixParallel)
	var probes sync.WaitGroup
	for i, at := range places {
		turns <- struct{}{}
		probes.Go(func() {
			defer func() { <-turns }()
			v := visitor{matrix: m, at: at}
			v.explore(limited)
			found[i] = v.cells
		})
	}
	probes.Wait()
	return append(slices.Concat(found...), cells...)
}

// errMatrixLimit is why a probe ends when the time for all of them is over.
var errMatrixLimit = errors.New("the time for the whole matrix is over")

// cut replaces the failure of a probe that our own limit ended.
func (m *matrix) cut(ctx context.Context, f *event.Failure) *event.Failure {
	if f != nil && f.Cause == event.CauseCancelled && errors.Is(context.Cause(ctx), errMatrixLimit) {
		return &event.Failure{Stage: f.Stage, Cause: event.CauseTimeout, Waiting: event.WaitTurn, Waited: m.job.Limit.Seconds(), Detail: errMatrixLimit.Error()}
	}
	return f
}
