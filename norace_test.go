//go:build !race

package main

// raced is true when the race detector watches, which makes all slower.
const raced = false
