//go:build servers

package journey

import (
	"fmt"
	"time"
)

// result is what [compare] found of a contender: the median of its times, the most
// memory it had, in MiB, and how often it waited for the server the last time.
type result struct {
	took   time.Duration
	memory int64
	waits  int64
}

// over is how many times another's time somebody took.
func (r result) over(other result) float64 { return float64(r.took) / float64(other.took) }

// target prints what is wanted and what it is: got is to be most at most. Nothing
// fails where it is not, since it is this machine at this moment that was measured.
func target(what string, got, most float64, unit string) {
	word := "met"
	if got > most {
		word = "missed"
	}
	fmt.Printf("target %-6s  %s: %.2f%s, wanted ≤ %.4g%s\n", word, what, got, unit, most, unit)
}
