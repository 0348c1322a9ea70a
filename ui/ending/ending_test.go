package ending

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/model"
)

// TestRun: a program that is told to end waits for work that ends by itself, and for
// what must be put in order, but for nothing else.
func TestRun(t *testing.T) {
	if endMoment > 75*time.Millisecond {
		t.Errorf("work that does not look at its context is left after %v, too late for a signal", endMoment)
	}
	failed := errors.New("it failed")
	for name, c := range map[string]struct {
		work func(e *Ending, stop func()) (model.ExitCode, error)
		code model.ExitCode
		err  error
		took time.Duration
	}{
		"work that is done": {func(*Ending, func()) (model.ExitCode, error) { return model.ExitUsage, failed },
			model.ExitUsage, failed, 0},
		"work that looks at its context": {func(e *Ending, stop func()) (model.ExitCode, error) {
			stop()
			<-e.Context().Done()
			return model.ExitInterrupted, failed
		}, model.ExitInterrupted, failed, 0},
		"work that does not": {func(_ *Ending, stop func()) (model.ExitCode, error) {
			stop()
			time.Sleep(time.Minute)
			return model.ExitDone, nil
		}, model.ExitInterrupted, context.Canceled, endMoment},
		"a duty": {func(e *Ending, stop func()) (model.ExitCode, error) {
			release := e.Hold()
			stop()
			time.Sleep(time.Second)
			release()
			time.Sleep(time.Minute)
			return model.ExitDone, nil
		}, model.ExitInterrupted, context.Canceled, time.Second + endWords},
		"the last words after a duty": {func(e *Ending, stop func()) (model.ExitCode, error) {
			release := e.Hold()
			stop()
			time.Sleep(time.Second)
			release()
			time.Sleep(endWords / 2)
			return model.ExitInterrupted, failed
		}, model.ExitInterrupted, failed, time.Second + endWords/2},
		"a duty that nobody ends": {func(e *Ending, stop func()) (model.ExitCode, error) {
			release := e.Hold()
			stop()
			time.Sleep(time.Minute)
			release()
			return model.ExitDone, nil
		}, model.ExitInterrupted, context.Canceled, endWait},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				in, err := os.Open(os.DevNull)
				if err != nil {
					t.Fatal(err)
				}
				defer in.Close()
				e, began, over := New(ctx), time.Now(), make(chan struct{})
				code, err := e.Run(in, func(context.Context) (model.ExitCode, error) {
					defer close(over)
					return c.work(e, stop)
				})
				if took := time.Since(began); code != c.code || !errors.Is(err, c.err) || took != c.took {
					t.Errorf("it ended with %v, %v after %v; want %v, %v after %v", code, err, took, c.code, c.err, c.took)
				}
				<-over // its bubble ends with all that runs in it
			})
		})
	}
}
