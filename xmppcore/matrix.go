package xmppcore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"xmppscope/urlspec"
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

// Cell is what one way to a server offers: a place, a mode and a TLS version.
// What cannot differ is not probed twice: a cell without a mode stands for
// every mode, one of a mode with TLS but without a version for both versions.
type Cell struct {
	Place
	// Mode is empty when no connection came about.
	Mode urlspec.Mode `json:"mode,omitempty"`
	// TLSVersion is the only version that was offered, "TLS 1.2" or "TLS 1.3".
	// It is empty without TLS, and when the failure came before the version
	// could matter.
	TLSVersion string `json:"tls_version,omitempty"`
	// Verified says that the certificate is valid for the JID domain. When it
	// is not, Certificate says why; the probe looks on all the same, since it
	// has nothing to lose.
	Verified    bool     `json:"verified"`
	Certificate *Failure `json:"certificate,omitempty"`
	// SHA256 is the fingerprint of the leaf certificate, lower-case hex; it is
	// empty when there was none.
	SHA256     string   `json:"sha256,omitempty"`
	ALPN       string   `json:"alpn,omitempty"`
	Mechanisms []string `json:"mechanisms,omitempty"`
	// SASL2 is the mechanisms of XEP-0388, which win over the others under TLS.
	SASL2    []string `json:"sasl2,omitempty"`
	Bindings []string `json:"bindings,omitempty"` // XEP-0440
	// STARTTLSInside is true when the server offers STARTTLS on a connection
	// that is encrypted already: it does not know of the encryption.
	STARTTLSInside bool `json:"starttls_inside_tls,omitempty"`
	// Plus and NoPlus predict the login with scramplus=yes and scramplus=no.
	// They are nil when the features were not reached.
	Plus   *Prediction `json:"scramplus_yes,omitempty"`
	NoPlus *Prediction `json:"scramplus_no,omitempty"`
	// Failure is why no login is possible; nil when one is.
	FailedStage Stage    `json:"failed_stage,omitempty"`
	Failure     *Failure `json:"failure,omitempty"`
	// Logins are the logins that were tried here.
	Logins []LoginTry `json:"logins,omitempty"`
	// TLS is all that is known of the handshake.
	TLS TLSData `json:"-"`
}

// Prediction is the mechanism that would win.
type Prediction struct {
	// Mechanism is empty when there is none; then Failure says why.
	Mechanism string   `json:"mechanism,omitempty"`
	Binding   string   `json:"channel_binding,omitempty"`
	Failure   *Failure `json:"failure,omitempty"`
}

// LoginTry is one login of a matrix.
type LoginTry struct {
	// ScramPlus is the scramplus= it was made with.
	ScramPlus   bool      `json:"scramplus"`
	OK          bool      `json:"ok"`
	TLSVersion  string    `json:"tls_version,omitempty"`
	SASL        *SASLData `json:"sasl,omitempty"`
	FailedStage Stage     `json:"failed_stage,omitempty"`
	Failure     *Failure  `json:"failure,omitempty"`
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
func Matrix(ctx context.Context, job MatrixJob, report func(Cell)) ([]Cell, error) {
	if !job.Reading.Accepted {
		return nil, &Failure{Stage: StageDNS, Cause: CauseInternal, Detail: "the reading was not accepted"}
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
		return cells, &Failure{Stage: StageClose, Cause: CauseCancelled}
	}
	return cells, nil
}

// matrix is one exploration.
type matrix struct {
	job  MatrixJob
	plan plan

	mu     sync.Mutex // held while report is called
	report func(Cell)
}

// tell reports a cell.
func (m *matrix) tell(c Cell) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.report != nil {
		m.report(c)
	}
}

// explore derives the places and probes them, some at a time.
func (m *matrix) explore(ctx context.Context) []Cell {
	limited, cancel := context.WithTimeoutCause(ctx, m.job.Limit, errMatrixLimit)
	defer cancel()
	places, cells := m.places(limited)
	for _, c := range cells { // names without an address
		m.tell(c)
	}
	found := make([][]Cell, len(places))
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
func (m *matrix) cut(ctx context.Context, f *Failure) *Failure {
	if f != nil && f.Cause == CauseCancelled && errors.Is(context.Cause(ctx), errMatrixLimit) {
		return &Failure{Stage: f.Stage, Cause: CauseTimeout, Waiting: "its turn", Waited: m.job.Limit.Seconds(), Detail: errMatrixLimit.Error()}
	}
	return f
}
