package plain

import (
	"errors"
	"runtime"
	"slices"
	"testing"
)

// TestInOrder: results come in the order of the items, whichever is done first, and
// nothing is left running.
func TestInOrder(t *testing.T) {
	t.Parallel()
	const many = 500
	later := make([]chan struct{}, many+1) // closed when an item is worked on
	for i := range later {
		later[i] = make(chan struct{})
	}
	work := func(i int) int {
		close(later[i])
		if i%2 == 1 && i+1 < many && runtime.GOMAXPROCS(0) > 1 {
			<-later[i+1] // each second item is done after the one behind it has begun
		}
		return i * i
	}
	var got []int
	err := inOrder(slices.Values(numbers(many)), work, func(square int, _ bool) error {
		got = append(got, square)
		return nil
	})
	if err != nil || len(got) != many {
		t.Fatalf("%d results, %v", len(got), err)
	}
	for i, square := range got {
		if square != i*i {
			t.Fatalf("result %d is %d", i, square)
		}
	}
}

func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// TestInOrderPrompt: what comes slowly is not held back for what comes after.
func TestInOrderPrompt(t *testing.T) {
	t.Parallel()
	taken := make(chan int, 1)
	err := inOrder(func(yield func(int) bool) {
		for i := range 5 {
			if !yield(i) {
				return
			}
			if got := <-taken; got != i {
				t.Errorf("%d was taken in place of %d", got, i)
			}
		}
	}, func(i int) int { return i }, func(i int, busy bool) error {
		if busy {
			t.Errorf("nothing is under way behind %d", i)
		}
		taken <- i
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestInOrderStops: an error ends it, also where items never end.
func TestInOrderStops(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, last := range []int{0, 1, 100} {
		taken := 0
		err := inOrder(func(yield func(int) bool) {
			for i := 0; yield(i); i++ {
			}
		}, func(i int) int { return i }, func(i int, _ bool) error {
			if taken++; i == last {
				return broken
			}
			return nil
		})
		if err != broken || taken != last+1 {
			t.Errorf("%d taken, %v", taken, err)
		}
	}
}
