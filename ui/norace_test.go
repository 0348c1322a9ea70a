//go:build !race

package ui

// raced is true when the race detector watches, which makes all slower.
const raced = false
