package growthtest

import (
	"testing"
	"testing/synctest"
	"time"
)

// recorder is a test that only notes whether it failed.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }

// always is work that takes the same time whenever it is done.
func always(took time.Duration) func() time.Duration {
	return func() time.Duration {
		time.Sleep(took) // the bubble's clock: nobody waits
		return took
	}
}

// mostly is work that a busy machine makes a hundred times slower, but for every
// fifth time.
func mostly(took time.Duration) func() time.Duration {
	n := 0
	return func() time.Duration {
		if n++; n%5 == 0 {
			return took
		}
		time.Sleep(100 * took)
		return 100 * took
	}
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		small, large func() time.Duration
		fails        bool
	}{
		"in proportion":           {always(50 * time.Millisecond), always(200 * time.Millisecond), false},
		"a loop in a loop":        {always(50 * time.Millisecond), always(800 * time.Millisecond), true},
		"in proportion, and busy": {always(50 * time.Millisecond), mostly(200 * time.Millisecond), false},
		"nothing to measure":      {always(0), always(0), false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &recorder{TB: t}
				if Check(r, 6, c.small, c.large); r.failed != c.fails {
					t.Errorf("it failed: %v, want %v", r.failed, c.fails)
				}
			})
		})
	}
}
