package xmppcore

import (
	"math/rand/v2"
	"time"
)

// backoff says how long to wait before each attempt at a server that is away:
// twice as long each time, up to a bound, less a random part of up to a half,
// so that the clients of a server that restarts do not all come at once.
type backoff struct {
	least, most time.Duration
	next        time.Duration // 0 before the first
}

// pause is the wait before the next attempt.
func (b *backoff) pause() time.Duration {
	d := min(max(b.next, b.least), b.most)
	b.next = 2 * d
	return d - rand.N(d/2+1)
}

// reset starts over: the server has answered.
func (b *backoff) reset() { b.next = 0 }
