package xmppcore

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
	"xmppscope/xmppcore/wire"
)

// recorder numbers and times the events of one run, keeps the promises of
// [event.Event] (one start and one end per stage, in that order), and hands the
// events to the trace one at a time. It is safe for several goroutines.
type recorder struct {
	began time.Time
	trace event.Trace
	// until is the last stage whose events are wanted; empty means all. The
	// library binds as part of the login, so a run that is to end after sasl
	// has more to tell than was asked for.
	until event.Stage
	order []event.Stage // of this run's mode
	// filter keeps the password and the other secrets out of all of it.
	filter passwordFilter

	mu      sync.Mutex
	seq     int
	attempt int
	state   map[event.Stage]event.State // Start while open, else how it ended
	taken   []event.Stage               // as entered
	finals  []event.Event               // how the stages ended
	first   *event.Failure
	fails   int // events that say fail
}

func newRecorder(trace event.Trace, job Job) *recorder {
	return newFilteredRecorder(trace, job, newPasswordFilter(job))
}

// newFilteredRecorder is for a job whose filter was made before.
func newFilteredRecorder(trace event.Trace, job Job, filter passwordFilter) *recorder {
	r := &recorder{until: job.Until, order: event.Stages(job.Reading.Mode), filter: filter}
	r.redirect(trace)
	return r
}

// redirect begins to tell another run, to another trace.
func (r *recorder) redirect(trace event.Trace) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.began, r.trace, r.seq = time.Now(), trace, 0
	r.begin(1)
}

// nextAttempt begins another attempt of the same run.
func (r *recorder) nextAttempt() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begin(r.attempt + 1)
}

func (r *recorder) begin(attempt int) {
	r.attempt = attempt
	r.state, r.taken, r.finals, r.first, r.fails = map[event.Stage]event.State{}, nil, nil, nil, 0
}

// finalEvents is how the stages of this attempt ended, so far.
func (r *recorder) finalEvents() []event.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.finals)
}

// reached reports whether the last stage that is wanted is this one or comes
// before it.
func (r *recorder) reached(stage event.Stage) bool {
	return r.until != "" && slices.Index(r.order, stage) >= slices.Index(r.order, r.until)
}

// start opens a stage. A stage opens once: the connection that logs in repeats
// what the probe has told already.
func (r *recorder) start(stage event.Stage, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open(stage, text)
}

func (r *recorder) open(stage event.Stage, text string) {
	if r.state[stage] != "" {
		return
	}
	r.state[stage] = event.Start
	r.taken = append(r.taken, stage)
	r.emit(r.filter.event(event.Event{Stage: stage, State: event.Start, Text: text}))
}

func (r *recorder) ok(stage event.Stage, text string, data event.Data) {
	r.end(stage, event.OK, text, data, nil)
}

func (r *recorder) warn(stage event.Stage, text string, data event.Data, failure *event.Failure) {
	r.end(stage, event.Warn, text, data, failure)
}

// fail ends the failure's stage, and returns the failure for the caller to
// pass on.
func (r *recorder) fail(text string, data event.Data, failure *event.Failure) *event.Failure {
	return r.end(failure.Stage, event.Fail, text, data, failure)
}

// end returns the failure as it was told.
func (r *recorder) end(stage event.Stage, state event.State, text string, data event.Data,
	failure *event.Failure) *event.Failure {
	e := r.filter.event(event.Event{Stage: stage, State: state, Text: text, Data: data, Failure: failure})
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.state[stage]; s != "" && s != event.Start {
		return e.Failure
	}
	r.open(stage, "")
	r.state[stage] = state
	if state == event.Fail {
		r.noteFirst(e.Failure)
	}
	r.finals = append(r.finals, e)
	r.emit(e)
	return e.Failure
}

// item tells of one of several things inside a stage.
func (r *recorder) item(stage event.Stage, item string, state event.State, text string, data event.Data,
	failure *event.Failure) {
	e := r.filter.event(event.Event{Stage: stage, Item: item, State: state, Text: text, Data: data, Failure: failure})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open(stage, "")
	if state == event.Fail {
		r.noteFirst(e.Failure)
	}
	r.emit(e)
}

// maxXML is how much of an element is shown, in bytes. An observer keeps
// thousands of elements, and a server chooses how large they are.
const maxXML = 8 << 10

// now is the time since the run began.
func (r *recorder) now() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Since(r.began)
}

// step tells of the element of a step, as a listener of a stream's follower.
func (r *recorder) step(s stream.Step) error {
	if s.Item.Kind != 0 {
		r.element(s.Received, s.Item)
	}
	return nil
}

// element tells of one item that went by.
func (r *recorder) element(received bool, item wire.Item) {
	r.xml(received, itemText(item, r.filter.redactor()))
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
	r.trace.XML(event.XML{At: time.Since(r.began), Received: received, Text: text})
}

// failOpenStages fails every stage that is still open, the newest first, since it is
// where the run broke off. A failure between two stages falls on its own stage,
// or if that has ended, on the close.
func (r *recorder) failOpenStages(failure *event.Failure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, stage := range slices.Backward(r.taken) {
		if r.state[stage] == event.Start {
			r.failStage(stage, failure)
		}
	}
	if r.fails > 0 {
		return
	}
	stage := failure.Stage
	if stage == "" || r.state[stage] != "" {
		stage = event.StageClose
	}
	r.open(stage, "")
	r.failStage(stage, failure)
}

// failStage fails a stage with a failure that came from elsewhere.
func (r *recorder) failStage(stage event.Stage, failure *event.Failure) {
	f := *failure
	f.Stage = stage
	e := r.filter.event(event.Event{Stage: stage, State: event.Fail, Text: f.Sentence(), Failure: &f})
	r.noteFirst(e.Failure)
	r.state[stage] = event.Fail
	r.emit(e)
}

// ended reports whether the stage has ended already, however it did.
func (r *recorder) ended(stage event.Stage) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.state[stage]
	return s != "" && s != event.Start
}

// running reports whether the stage was entered and has not ended.
func (r *recorder) running(stage event.Stage) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state[stage] == event.Start
}

// firstRunning is the first of the stages that is running, else the last of them.
func (r *recorder) firstRunning(stages ...event.Stage) event.Stage {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, stage := range stages {
		if r.state[stage] == event.Start {
			return stage
		}
	}
	return stages[len(stages)-1]
}

// failure is the first one that was told, nil if none.
func (r *recorder) failure() *event.Failure {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.first
}

func (r *recorder) noteFirst(failure *event.Failure) {
	if r.first == nil {
		r.first = failure
	}
}

func (r *recorder) emit(e event.Event) {
	if e.Stage != event.StageClose && e.Stage != r.until && r.reached(e.Stage) {
		return
	}
	if e.State == event.Fail {
		r.fails++
	}
	r.seq++
	e.Seq, e.Attempt, e.At, e.Text = r.seq, r.attempt, time.Since(r.began), wire.Safe(e.Text)
	if r.trace.Event != nil {
		r.trace.Event(e)
	}
}
