//go:build race

package urltest

// Raced is true when the race detector watches, which makes all slower
// and costs memory: a test may try less then.
const Raced = true
