package ui

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// How much a batch waits for and holds. 33 ms is two frames: a person sees it
// as at once, and a burst of thousands of events costs few redraws.
const (
	batchWait   = 33 * time.Millisecond
	batchEvents = 256
	// xmlKept is how many lines of XML wait for the screen at most. Events are
	// never dropped, XML is, and the number of dropped lines is shown.
	xmlKept = 4096
)

// runner does a job; xmppcore.Notify is the real one.
type runner func(ctx context.Context, job xmppcore.Job, trace event.Trace) error

// session is one run in the background. A goroutine does the job and writes
// what it sees into a buffer that takes everything at once, so that a slow
// screen never holds up the network; the program pulls batches out of it. No
// goroutine knows the program.
type session struct {
	id     int
	cancel context.CancelFunc
	ended  chan struct{} // closed when the job has returned

	mu      sync.Mutex
	events  []event.Event
	xml     []event.XML
	dropped int
	err     error
	over    bool
	wake    chan struct{} // holds a token when there is something to pull
}

// batchMsg is what happened in a run since the batch before.
type batchMsg struct {
	run     int
	events  []event.Event
	xml     []event.XML
	dropped int
	// over is true in the last batch of a run; err is what the job returned.
	over bool
	err  error
}

// start runs the job in the background. The session ends by itself, or soon
// after its cancel is called.
func start(ctx context.Context, id int, run runner, job xmppcore.Job) *session {
	ctx, cancel := context.WithCancel(ctx)
	s := &session{id: id, cancel: cancel, ended: make(chan struct{}), wake: make(chan struct{}, 1)}
	go func() {
		defer close(s.ended)
		defer cancel()
		s.finish(s.do(ctx, run, job))
	}()
	return s
}

// do runs the job and turns a panic into an error: the terminal must be given
// back in order, whatever happens in the background.
func (s *session) do(ctx context.Context, run runner, job xmppcore.Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &event.Failure{Cause: event.CauseInternal, Detail: panicText(p)}
		}
	}()
	return run(ctx, job, event.Trace{Event: s.event, XML: s.line})
}

func (s *session) event(e event.Event) {
	s.mu.Lock()
	s.events = append(s.events, e)
	s.mu.Unlock()
	s.ring()
}

func (s *session) line(x event.XML) {
	s.mu.Lock()
	if len(s.xml) < xmlKept {
		s.xml = append(s.xml, x)
	} else {
		s.dropped++
	}
	s.mu.Unlock()
	s.ring()
}

func (s *session) finish(err error) {
	s.mu.Lock()
	s.over, s.err = true, err
	s.mu.Unlock()
	s.ring()
}

func (s *session) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// pull waits for something to happen, gathers what follows within batchWait,
// and returns it as a batchMsg. It is asked for again after every batch but
// the last, and always returns, because every run ends.
func (s *session) pull() tea.Msg {
	<-s.wake
	if n, over := s.pending(); !over && n < batchEvents {
		timer := time.NewTimer(batchWait)
		defer timer.Stop()
	gather:
		for {
			select {
			case <-timer.C:
				break gather
			case <-s.wake:
				if n, over := s.pending(); over || n >= batchEvents {
					break gather
				}
			}
		}
	}
	return s.take()
}

func (s *session) pending() (events int, over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.events), s.over
}

func (s *session) take() batchMsg {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(s.events), batchEvents)
	b := batchMsg{run: s.id, events: s.events[:n:n], xml: s.xml, dropped: s.dropped}
	s.events, s.xml, s.dropped = s.events[n:], nil, 0
	if len(s.events) == 0 {
		b.over, b.err = s.over, s.err
	}
	if len(s.events) > 0 || s.over && !b.over {
		s.ring()
	}
	return b
}
