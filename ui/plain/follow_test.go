package plain

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/ui/feed"
)

// A person is told once of each long silence, and not of a short one.
func TestFollow(t *testing.T) {
	tests := []struct {
		name  string
		gaps  []time.Duration // before each value
		quiet int
	}{
		{"nothing is slow", []time.Duration{0, patience / 2}, 0},
		{"one silence", []time.Duration{0, 5 * patience}, 1},
		{"two silences", []time.Duration{2 * patience, 0, 3 * patience}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				from := feed.New[int](feed.Options{})
				go func() {
					defer from.Close()
					for i, gap := range tt.gaps {
						// The clock is the bubble's, so nobody waits.
						time.Sleep(gap)
						from.Push(i)
					}
				}()
				taken, quiet := 0, 0
				err := follow(from, func(values []int) error { taken += len(values); return nil }, func() { quiet++ })
				if err != nil || taken != len(tt.gaps) || quiet != tt.quiet {
					t.Errorf("%d values, %d silences, %v; want %d and %d", taken, quiet, err, len(tt.gaps), tt.quiet)
				}
			})
		})
	}
}

func TestFollowEndsWithAnError(t *testing.T) {
	from := feed.New[int](feed.Options{})
	from.Push(1)
	broken := errors.New("broken")
	if err := follow(from, func([]int) error { return broken }, func() {}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
