package xmppcore

import (
	"context"
	"fmt"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Notify does the job as [Run] does, and sends again what did not arrive, as
// retry= and wait= of the reading ask for: up to retry more attempts, wait
// seconds apart. A check is one attempt.
//
// An attempt sends only what has no evidence yet: what was accepted for a user
// or reflected by a room is not sent to that target again, and neither is what
// failed in a way that cannot get better (see [event.Failure.Temporary]). A message
// keeps its id, so that a receiver can tell a repetition when an earlier
// attempt had arrived after all.
//
// The events of all attempts are one story: numbers go on without a gap, each
// attempt has its own stages, and [event.StageWait] stands between two of them.
//
// optional=yes changes nothing here: a failure stays one. That Apprise would
// report a success is part of its verdict, not of the outcome.
//
// It returns nil when every target has its evidence, from whichever attempt;
// otherwise the first *Failure of the last attempt.
func Notify(ctx context.Context, job Job, trace event.Trace) error {
	rec, note := newRecorder(trace, job), newNotification(job.Messages)
	attempts := 1 + max(0, min(job.Reading.Retry, urlspec.MaxRetry))
	for n := 1; ; n++ {
		r := &run{job: job, rec: rec, note: note}
		broken := r.attempt(ctx)
		if n == attempts || !note.retry(ctx, broken) {
			return note.result(rec)
		}
		failure := note.failure(rec)
		rec.nextAttempt()
		text := fmt.Sprintf("attempt %d of %d, after: %s", n+1, attempts, failure.Sentence())
		if f := rec.wait(ctx, pauseOf(job.Reading.Wait), text); f != nil {
			rec.failOpenStages(f)
			return f
		}
	}
}

// pauseOf makes a duration of wait=, also of a reading that no URL gives.
func pauseOf(wait urlspec.Seconds) time.Duration {
	if !(wait >= 0) { // NaN too
		wait = urlspec.DefaultPause
	}
	return min(wait, urlspec.MaxPause).Duration()
}

// wait is the stage between two attempts.
func (r *recorder) wait(ctx context.Context, d time.Duration, text string) *event.Failure {
	r.start(event.StageWait, fmt.Sprintf("%.3g s until %s", d.Seconds(), text))
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		return &event.Failure{Stage: event.StageWait, Cause: event.CauseCancelled}
	}
	r.ok(event.StageWait, text, nil)
	return nil
}
