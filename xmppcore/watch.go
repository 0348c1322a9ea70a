package xmppcore

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// watch holds the deadlines of one connection and the reason why it ended.
// Whoever finds a reason to end the connection (a deadline, the caller's
// context, a guard) gives it; the first one counts and hangs up, which ends
// every read, write and library call. What those calls then say is only a
// consequence.
type watch struct {
	hangUp func()
	over   chan struct{} // closed when there is a reason

	mu      sync.Mutex
	reason  *event.Failure
	timer   *time.Timer
	stage   event.Stage
	waiting event.Wait
}

// newWatch ends the connection when ctx does. The caller must call stop.
func newWatch(ctx context.Context, hangUp func()) (w *watch, stop func()) {
	w = &watch{hangUp: hangUp, over: make(chan struct{})}
	release := context.AfterFunc(ctx, func() { w.end(&event.Failure{Cause: event.CauseCancelled}) })
	return w, func() {
		release()
		w.rest()
	}
}

// expect sets the time for what the other side has to do, in place of whatever
// was expected before.
func (w *watch) expect(stage event.Stage, waiting event.Wait, patience time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopTimer()
	w.stage, w.waiting = stage, waiting
	if w.reason != nil {
		return
	}
	w.timer = time.AfterFunc(patience, func() {
		w.end(&event.Failure{Stage: stage, Cause: event.CauseTimeout, Waiting: waiting, Waited: patience.Seconds()})
	})
}

// rest expects nothing.
func (w *watch) rest() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopTimer()
	w.waiting = ""
}

func (w *watch) stopTimer() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
}

// end gives a reason and hangs up. A reason without a stage gets the stage that
// was waiting.
func (w *watch) end(f *event.Failure) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopTimer()
	if w.reason == nil {
		if f.Stage == "" {
			f.Stage = w.stage
		}
		w.reason = f
		close(w.over)
	}
	w.hangUp()
}

// judge gives the reason why a connection ended on which err happened. It is
// the one already given if there is one.
func (w *watch) judge(stage event.Stage, err error) *event.Failure {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopTimer()
	if w.reason == nil {
		w.reason = transportFailure(err)
		w.reason.Stage, w.reason.Waiting = stage, w.waiting
		close(w.over)
	}
	w.hangUp()
	return w.reason
}

// ended is why err, which the follower of the stream gave, ended it. A reason
// given earlier, such as a cancellation, is the true one.
func (w *watch) ended(stage event.Stage, err error) *event.Failure {
	var told *event.Failure
	if !errors.As(err, &told) {
		return w.judge(stage, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.reason != nil {
		return w.reason
	}
	f := *told
	if f.Cause == event.CauseClosed && f.Waiting == "" {
		f.Waiting = w.waiting
	}
	return &f
}

// given is the reason, nil while there is none.
func (w *watch) given() *event.Failure {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reason
}

// transportFailure reads an error of a connection or of the wire decoder.
func transportFailure(err error) *event.Failure {
	var failure *event.Failure
	var syntax *wire.SyntaxError
	var limit *wire.LimitError
	switch {
	case errors.As(err, &failure):
		f := *failure
		return &f
	case errors.As(err, &syntax):
		return syntaxFailure(syntax)
	case errors.As(err, &limit):
		return &event.Failure{Cause: event.CauseTooBig,
			Detail: fmt.Sprintf("the server's %s passed our limit of %d", limit.What, limit.Limit)}
	case ownLimit(err):
		return ownFailure("", err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), isTruncated(err):
		return &event.Failure{Cause: event.CauseClosed}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return &event.Failure{Cause: event.CauseClosed, Detail: "connection reset"}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &event.Failure{Cause: event.CauseTimeout}
	case err == nil:
		return &event.Failure{Cause: event.CauseClosed}
	}
	text := wire.Safe(err.Error())
	return &event.Failure{Cause: event.CauseInternal, Detail: text, Quoted: text}
}

// isTruncated reports whether the library found the stream cut off. Under TLS
// it can do so before the connection is seen to end: the server's close_notify
// comes first.
func isTruncated(err error) bool {
	var syntax *xml.SyntaxError
	return errors.As(err, &syntax) && syntax.Msg == "unexpected EOF"
}

// syntaxFailure tells another protocol from broken XML.
func syntaxFailure(err *wire.SyntaxError) *event.Failure {
	if err.Protocol == "" {
		return &event.Failure{Cause: event.CauseBadXML, Restricted: err.Restricted,
			Detail: fmt.Sprintf("%s, at byte %d of the stream", err.Detail, err.Offset)}
	}
	f := &event.Failure{Cause: event.CauseNotXMPP, Protocol: err.Protocol, Detail: "it speaks " + err.Protocol}
	if err.Greeting != "" {
		f.Detail, f.Quoted = f.Detail+": "+err.Greeting, err.Greeting
	}
	return f
}
