package event

import "time"

// XML is one element of the stream as it went by, with every secret replaced
// by "[redacted N bytes]" and every unsafe character made visible.
type XML struct {
	At       time.Duration
	Received bool
	Text     string
}

// Trace is told what a run sees. Both functions may be nil. They are called
// one at a time, in order, and must return at once: a slow observer would hold
// up the network.
type Trace struct {
	Event func(Event)
	XML   func(XML)
}
