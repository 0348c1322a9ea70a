package feed

import (
	"sync"
	"time"
)

// Options say how much a feed holds and how it is read. With the zero value it
// holds everything, and a pull takes whatever is there.
type Options struct {
	// Gather is how long a pull waits for more once it has something.
	Gather time.Duration
	// Most is how many values one batch has at most; 0 means any number.
	Most int
	// Offered is how many values that were offered wait at most; 0 means any
	// number.
	Offered int
}

// Feed is a queue with a writer that never waits and a reader that does. Make
// it with [New].
type Feed[T any] struct {
	opts Options
	wake chan struct{} // holds a token when there is something to read

	mu      sync.Mutex
	values  []entry[T]
	offered int // how many of the values were offered
	dropped int
	closed  bool
}

type entry[T any] struct {
	value   T
	offered bool
}

// Batch is what was written since the batch before.
type Batch[T any] struct {
	Values []T
	// Dropped is how many values were offered and not taken meanwhile.
	Dropped int
	// Last says that the feed is closed and empty.
	Last bool
}

// New makes a feed.
func New[T any](opts Options) *Feed[T] {
	return &Feed[T]{opts: opts, wake: make(chan struct{}, 1)}
}

// Push writes a value, which is never lost.
func (f *Feed[T]) Push(value T) {
	f.mu.Lock()
	f.values = append(f.values, entry[T]{value: value})
	f.mu.Unlock()
	f.ring()
}

// Offer writes a value, unless too many that were offered are waiting.
func (f *Feed[T]) Offer(value T) {
	f.mu.Lock()
	if f.opts.Offered > 0 && f.offered >= f.opts.Offered {
		f.dropped++
	} else {
		f.values = append(f.values, entry[T]{value, true})
		f.offered++
	}
	f.mu.Unlock()
	f.ring()
}

// Close says that nothing more is written. What was written before it can
// still be read.
func (f *Feed[T]) Close() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.ring()
}

// Pull waits for values, gathers what follows, and returns them. It is called
// again after every batch but the last. After the last one it would wait for
// ever.
func (f *Feed[T]) Pull() Batch[T] {
	<-f.wake
	f.gather()
	return f.take()
}

// PullWithin is Pull with a limit: when nothing was written within patience,
// the batch is empty.
func (f *Feed[T]) PullWithin(patience time.Duration) Batch[T] {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-f.wake:
		f.gather()
		return f.take()
	case <-timer.C:
		return Batch[T]{}
	}
}

// gather waits until the time for it is over, or until it need not wait any
// longer.
func (f *Feed[T]) gather() {
	if f.opts.Gather <= 0 || f.ready() {
		return
	}
	timer := time.NewTimer(f.opts.Gather)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return
		case <-f.wake:
			if f.ready() {
				return
			}
		}
	}
}

// ready says whether there is a reason not to gather any longer: a full batch,
// or the end.
func (f *Feed[T]) ready() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed || f.opts.Most > 0 && len(f.values) >= f.opts.Most
}

func (f *Feed[T]) take() Batch[T] {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.values)
	if f.opts.Most > 0 {
		n = min(n, f.opts.Most)
	}
	b := Batch[T]{Values: make([]T, n), Dropped: f.dropped}
	for i, e := range f.values[:n] {
		b.Values[i] = e.value
		if e.offered {
			f.offered--
		}
	}
	clear(f.values[:n]) // the array lives on; what the values point to need not
	f.values, f.dropped = f.values[n:], 0
	if len(f.values) == 0 {
		f.values = nil
		b.Last = f.closed
	}
	if len(f.values) > 0 || f.closed && !b.Last {
		f.ring()
	}
	return b
}

// ring wakes the reader. One token is enough: it reads all there is.
func (f *Feed[T]) ring() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}
