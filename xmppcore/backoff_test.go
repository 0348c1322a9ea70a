package xmppcore

import (
	"testing"
	"time"
)

// TestBackoff: each wait is within the half below its bound, and the bounds
// double up to the last one.
func TestBackoff(t *testing.T) {
	b := backoff{least: time.Second, most: 10 * time.Second}
	for round := range 50 {
		for n, want := range []time.Duration{1, 2, 4, 8, 10, 10, 10} {
			want *= time.Second
			if got := b.pause(); got > want || got < want/2 {
				t.Errorf("round %d: pause %d is %v, want between %v and %v", round, n, got, want/2, want)
			}
		}
		b.reset()
	}
}
