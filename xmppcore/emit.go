package xmppcore

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// recorder numbers and times the events of one run, keeps the promises of
// [Event] (one start and one end per stage, in that order), and hands the
// events to the trace one at a time. It is safe for several goroutines.
type recorder struct {
	began time.Time
	trace Trace
	// until is the last stage whose events are wanted; empty means all. The
	// library binds as part of the login, so a run that is to end after sasl
	// has more to tell than was asked for.
	until Stage
	order []Stage // of this run's mode
	// password keeps a password that the server repeats out of all of it.
	password secret

	mu      sync.Mutex
	seq     int
	attempt int
	state   map[Stage]State // Start while open, else how it ended
	taken   []Stage         // as entered
	finals  []Event         // how the stages ended
	first   *Failure
	fails   int // events that say fail
}

func newRecorder(trace Trace, job Job) *recorder {
	r := &recorder{until: job.Until, order: stageOrder(job.Reading.Mode), password: newSecret(job.Reading)}
	r.aim(trace)
	return r
}

// aim begins to tell another run, to another trace.
func (r *recorder) aim(trace Trace) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.began, r.trace, r.seq = time.Now(), trace, 0
	r.begin(1)
}

// again begins another attempt of the same run.
func (r *recorder) again() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begin(r.attempt + 1)
}

func (r *recorder) begin(attempt int) {
	r.attempt = attempt
	r.state, r.taken, r.finals, r.first, r.fails = map[Stage]State{}, nil, nil, nil, 0
}

// endings is how the stages of this attempt ended, so far.
func (r *recorder) endings() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.finals)
}

// stageOrder is the order in which a run takes the stages: with mode=tls the
// handshake comes before the stream.
func stageOrder(mode urlspec.Mode) []Stage {
	order := Stages()
	if mode == urlspec.ModeTLS {
		order = slices.DeleteFunc(order, func(s Stage) bool { return s == StageTLS })
		order = slices.Insert(order, slices.Index(order, StageStream), StageTLS)
	}
	return order
}

// reached reports whether the last stage that is wanted is this one or comes
// before it.
func (r *recorder) reached(stage Stage) bool {
	return r.until != "" && slices.Index(r.order, stage) >= slices.Index(r.order, r.until)
}

// start opens a stage. A stage opens once: the connection that logs in repeats
// what the probe has told already.
func (r *recorder) start(stage Stage, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open(stage, text)
}

func (r *recorder) open(stage Stage, text string) {
	if r.state[stage] != "" {
		return
	}
	r.state[stage] = Start
	r.taken = append(r.taken, stage)
	r.emit(r.password.event(Event{Stage: stage, State: Start, Text: text}))
}

func (r *recorder) ok(stage Stage, text string, data Data) {
	r.end(stage, OK, text, data, nil)
}

func (r *recorder) warn(stage Stage, text string, data Data, failure *Failure) {
	r.end(stage, Warn, text, data, failure)
}

// fail ends the failure's stage, and returns the failure for the caller to
// pass on.
func (r *recorder) fail(text string, data Data, failure *Failure) *Failure {
	return r.end(failure.Stage, Fail, text, data, failure)
}

// end returns the failure as it was told.
func (r *recorder) end(stage Stage, state State, text string, data Data, failure *Failure) *Failure {
	e := r.password.event(Event{Stage: stage, State: state, Text: text, Data: data, Failure: failure})
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.state[stage]; s != "" && s != Start {
		return e.Failure
	}
	r.open(stage, "")
	r.state[stage] = state
	if state == Fail {
		r.keep(e.Failure)
	}
	r.finals = append(r.finals, e)
	r.emit(e)
	return e.Failure
}

// item tells of one of several things inside a stage.
func (r *recorder) item(stage Stage, item string, state State, text string, data Data, failure *Failure) {
	e := r.password.event(Event{Stage: stage, Item: item, State: state, Text: text, Data: data, Failure: failure})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open(stage, "")
	if state == Fail {
		r.keep(e.Failure)
	}
	r.emit(e)
}

// maxXML is how much of an element is shown, in bytes. An observer keeps
// thousands of elements, and a server chooses how large they are.
const maxXML = 8 << 10

// element tells of one item that went by.
func (r *recorder) element(received bool, item wire.Item) {
	r.xml(received, itemText(item, wire.Redactor{Hides: r.password.isIn}))
}

// itemText is an item as the trace shows it. Of one that is cut anyhow, and so
// large that its text would cost memory, there is the start tag.
func itemText(item wire.Item, redactor wire.Redactor) string {
	switch {
	case item.Kind == wire.Open:
		return redactor.Header(item.Element)
	case item.Kind == wire.Close:
		return streamEnd
	case item.Size > 32*maxXML:
		return fmt.Sprintf("%s… (%d bytes in all)", redactor.Header(item.Element), item.Size)
	}
	return redactor.Element(item.Element)
}

// xml tells of one element that went by. The text has been redacted.
func (r *recorder) xml(received bool, text string) {
	if text == "" {
		return
	}
	if more := len(text) - maxXML; more > 0 {
		text = fmt.Sprintf("%s… (%d bytes more)", strings.ToValidUTF8(text[:maxXML], ""), more)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.trace.XML == nil {
		return
	}
	r.trace.XML(XML{At: time.Since(r.began), Received: received, Text: text})
}

// abandon fails every stage that is still open, the newest first, since it is
// where the run broke off. A failure between two stages falls on its own stage,
// or if that has ended, on the close.
func (r *recorder) abandon(failure *Failure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, stage := range slices.Backward(r.taken) {
		if r.state[stage] == Start {
			r.give(stage, failure)
		}
	}
	if r.fails > 0 {
		return
	}
	stage := failure.Stage
	if stage == "" || r.state[stage] != "" {
		stage = StageClose
	}
	r.open(stage, "")
	r.give(stage, failure)
}

// give fails a stage with a failure that came from elsewhere.
func (r *recorder) give(stage Stage, failure *Failure) {
	f := *failure
	f.Stage = stage
	e := r.password.event(Event{Stage: stage, State: Fail, Text: sentence(&f), Failure: &f})
	r.keep(e.Failure)
	r.state[stage] = Fail
	r.emit(e)
}

// ended reports whether the stage has ended already, however it did.
func (r *recorder) ended(stage Stage) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.state[stage]
	return s != "" && s != Start
}

// running reports whether the stage was entered and has not ended.
func (r *recorder) running(stage Stage) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state[stage] == Start
}

// openOf is the first of the stages that is running, else the last of them.
func (r *recorder) openOf(stages ...Stage) Stage {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, stage := range stages {
		if r.state[stage] == Start {
			return stage
		}
	}
	return stages[len(stages)-1]
}

// failure is the first one that was told, nil if none.
func (r *recorder) failure() *Failure {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.first
}

func (r *recorder) keep(failure *Failure) {
	if r.first == nil {
		r.first = failure
	}
}

func (r *recorder) emit(e Event) {
	if e.Stage != StageClose && e.Stage != r.until && r.reached(e.Stage) {
		return
	}
	if e.State == Fail {
		r.fails++
	}
	r.seq++
	e.Seq, e.Attempt, e.At, e.Text = r.seq, r.attempt, time.Since(r.began), wire.Safe(e.Text)
	if r.trace.Event != nil {
		r.trace.Event(e)
	}
}
