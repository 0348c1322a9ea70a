// Package growthtest tests how the time of some work grows with its size. It compares
// two sizes in one run, since the time itself says more about the machine than about
// the work:
//
//	growthtest.Check(t, 16, // a loop in a loop would be 64
//		func() time.Duration { return growthtest.Time(func() { read(short) }) },
//		func() time.Duration { return growthtest.Time(func() { read(eightTimesAsLong) }) })
//
// A busy machine makes both slower, and at times only one of them. So the fastest of
// several counts, and only a ratio that stays beyond the bound fails the test.
package growthtest

import (
	"runtime"
	"testing"
	"time"
)

const (
	// patience is for how long the sizes are compared before a ratio counts, and rounds
	// how often at least.
	patience = 20 * time.Second
	rounds   = 10

	// shortest is how long the small size is worked on for one reading: much longer
	// than a step of any clock.
	shortest = 2 * time.Millisecond
)

// Time says how long some work takes.
func Time(work func()) time.Duration {
	began := time.Now()
	work()
	return time.Since(began)
}

// Check fails the test if the large size takes more than most times as long as the
// small one. Each function does its work once and says how long that took, without
// what it prepared.
func Check(t testing.TB, most float64, small, large func() time.Duration) {
	t.Helper()
	var least, longer time.Duration
	for began, round := time.Now(), 0; round < rounds || time.Since(began) < patience; round++ {
		if round > 0 {
			runtime.GC() // what was before is not to be paid for by one of them
		}
		took := large()
		// A small size that takes a part of the time in which a machine changes from one
		// program to the next would have luck that the large one cannot have.
		once := average(small, max(shortest, took/4))
		if round == 0 || took < longer {
			longer = took
		}
		if round == 0 || once < least {
			least = once
		}
		if float64(longer) <= most*float64(least) {
			return
		}
	}
	t.Errorf("the large size takes %v and the small one %v: %.1f times as long, and %.1f is the bound",
		longer, least, float64(longer)/float64(max(least, 1)), most)
}

// average works until it has taken at least a time, and says how long once takes.
func average(work func() time.Duration, enough time.Duration) time.Duration {
	total, times := time.Duration(0), time.Duration(0)
	for total < enough {
		total += max(work(), time.Microsecond) // a clock that stands must not keep us here
		times++
	}
	return max(total/times, 1)
}
