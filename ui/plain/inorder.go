package plain

import (
	"iter"
	"runtime"
	"sync"
)

// inOrder does work on each item and gives what comes of it to take, in the order of
// the items, one after the other. Every processor works. take may be late while
// others work; more than a few items a processor are never under way, so memory stays
// flat however many there are. busy tells take that the next result is not far.
//
// The first item is done before the second is asked for, and a single one starts
// nothing. When inOrder returns, nothing of it runs. It ends before the items do when
// take returns an error, and then returns that.
func inOrder[T, R any](items iter.Seq[T], work func(T) R, take func(result R, busy bool) error) error {
	const ahead = 16 // items a processor
	var (
		results chan chan R
		free    chan struct{} // holds a token for each item that a processor works on
		done    chan struct{} // closed when nobody takes any more
		failed  error
		all     sync.WaitGroup
	)
	begin := func() {
		processors := runtime.GOMAXPROCS(0)
		results, free, done = make(chan chan R, ahead*processors), make(chan struct{}, processors), make(chan struct{})
		all.Go(func() {
			defer close(done)
			for result := range results {
				if failed = take(<-result, len(results) > 0); failed != nil {
					return
				}
			}
		})
	}
	first := true
	for item := range items {
		if first {
			first = false
			if err := take(work(item), false); err != nil {
				return err
			}
			continue
		}
		if results == nil {
			begin()
		}
		result := make(chan R, 1)
		select {
		case results <- result:
		case <-done:
		}
		free <- struct{}{}
		all.Go(func() {
			result <- work(item)
			<-free
		})
		select {
		case <-done:
		default:
			continue
		}
		break
	}
	if results != nil {
		close(results)
		all.Wait()
	}
	return failed
}
