package model

import (
	"fmt"
	"time"
)

// Duration shows how long something took, as a person compares it: "0.3 ms",
// "47 ms", "2.50 s".
func Duration(d time.Duration) string {
	switch ms := float64(d) / float64(time.Millisecond); {
	case ms < 9.95:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 999.5:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

// Clock shows when something happened, in milliseconds since the run began:
// "+91.0". Times on this scale are put below each other.
func Clock(d time.Duration) string { return fmt.Sprintf("+%.1f", Milliseconds(d)) }

// Milliseconds rounds to a tenth, the precision that a person reads.
func Milliseconds(d time.Duration) float64 {
	return float64(d.Round(100*time.Microsecond).Microseconds()) / 1000
}
