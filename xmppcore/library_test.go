package xmppcore

import (
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/xmppcore/stream"
)

// TestLateComputation: only a computation that takes long, and whose answer was not
// sent, is what made a server hang up.
func TestLateComputation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &computation{begun: make(chan struct{})}
		expect := func(when string, want bool) {
			t.Helper()
			if got := c.late(); got != want {
				t.Errorf("%s: late is %v", when, got)
			}
		}
		tell := func(kind stream.Kind) {
			if err := c.step(stream.Step{Kind: kind}); err != nil {
				t.Fatal(err)
			}
		}
		expect("before the challenge", false)
		tell(stream.Challenged)
		expect("at once", false)
		time.Sleep(slow) // in the bubble: no time passes
		expect("after a second", true)
		tell(stream.Responded)
		expect("once the answer went out", false)
	})
}
