package feed

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// drain reads a feed to its end.
func drain[T any](f *Feed[T]) (values []T, dropped int, sizes []int) {
	for {
		b := f.Pull()
		values, dropped, sizes = append(values, b.Values...), dropped+b.Dropped, append(sizes, len(b.Values))
		if b.Last {
			return values, dropped, sizes
		}
	}
}

func TestBatches(t *testing.T) {
	tests := []struct {
		name           string
		opts           Options
		pushed, offers int
		values         int
		dropped        int
		sizes          []int
	}{
		{"nothing", Options{}, 0, 0, 0, 0, []int{0}},
		{"everything at once", Options{}, 1000, 0, 1000, 0, []int{1000}},
		{"in parts", Options{Most: 256}, 600, 0, 600, 0, []int{256, 256, 88}},
		{"exactly full", Options{Most: 3}, 6, 0, 6, 0, []int{3, 3}},
		{"offers without a bound", Options{}, 0, 9, 9, 0, []int{9}},
		{"offers within the bound", Options{Offered: 9}, 5, 9, 14, 0, []int{14}},
		{"offers beyond the bound", Options{Offered: 9}, 5, 20, 14, 11, []int{14}},
		{"a push is never lost", Options{Offered: 1, Most: 10}, 25, 0, 25, 0, []int{10, 10, 5}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := New[int](tt.opts)
			for i := range tt.pushed {
				f.Push(i)
			}
			for i := range tt.offers {
				f.Offer(tt.pushed + i)
			}
			f.Close()
			values, dropped, sizes := drain(f)
			if len(values) != tt.values || !slices.IsSorted(values) {
				t.Errorf("values %v, want the first %d in order", values, tt.values)
			}
			if dropped != tt.dropped || !slices.Equal(sizes, tt.sizes) {
				t.Errorf("dropped %d in batches %v, want %d in %v", dropped, sizes, tt.dropped, tt.sizes)
			}
		})
	}
}

// What has been read makes room for more offers.
func TestReadingMakesRoom(t *testing.T) {
	f := New[int](Options{Offered: 2})
	f.Offer(1)
	f.Offer(2)
	f.Offer(3)
	if b := f.Pull(); len(b.Values) != 2 || b.Dropped != 1 || b.Last {
		t.Errorf("got %+v", b)
	}
	f.Offer(4)
	if b := f.Pull(); !slices.Equal(b.Values, []int{4}) || b.Dropped != 0 {
		t.Errorf("got %+v", b)
	}
}

// A pull waits for the first value, and then only as long as it has to.
func TestGathering(t *testing.T) {
	const gap, gather = 10 * time.Millisecond, 25 * time.Millisecond
	tests := []struct {
		name  string
		most  int
		write int // values, one each gap, and then the end
		size  int // of the first batch
		last  bool
		took  time.Duration
	}{
		{"the time is over", 0, 9, 3, false, gap + gather},
		{"the batch is full", 2, 9, 2, false, 2 * gap},
		{"the feed is closed", 0, 2, 2, true, 3 * gap},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := New[int](Options{Gather: gather, Most: tt.most})
				var group sync.WaitGroup
				group.Go(func() {
					defer f.Close()
					for i := range tt.write {
						// The clock is the bubble's, so nobody waits.
						time.Sleep(gap)
						f.Push(i)
					}
					time.Sleep(gap)
				})
				start := time.Now()
				b := f.Pull()
				if took := time.Since(start); len(b.Values) != tt.size || b.Last != tt.last || took != tt.took {
					t.Errorf("got %+v after %v, want %d values after %v", b, took, tt.size, tt.took)
				}
				group.Wait()
			})
		})
	}
}

// A pull with a limit gives an empty batch while nothing happens, and tells it
// from the end.
func TestPullWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := New[int](Options{})
		if b := f.PullWithin(time.Second); len(b.Values) != 0 || b.Last {
			t.Errorf("of an idle feed: %+v", b)
		}
		f.Push(1)
		if b := f.PullWithin(time.Second); len(b.Values) != 1 || b.Last {
			t.Errorf("after a push: %+v", b)
		}
		f.Close()
		if b := f.PullWithin(time.Second); len(b.Values) != 0 || !b.Last {
			t.Errorf("after the end: %+v", b)
		}
	})
}

// Many writers and a reader lose nothing, and the values of each writer stay in
// order. The race detector watches.
func TestWriters(t *testing.T) {
	const writers, each = 8, 2000
	type value struct{ writer, number int }
	f := New[value](Options{Most: 100, Offered: 50})
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range each {
				if i%2 == 0 {
					f.Push(value{w, i})
				} else {
					f.Offer(value{w, i})
				}
			}
		})
	}
	go func() { group.Wait(); f.Close() }()
	values, dropped, _ := drain(f)
	if len(values)+dropped != writers*each {
		t.Errorf("%d values and %d dropped, want %d together", len(values), dropped, writers*each)
	}
	last, pushed := map[int]int{}, 0
	for _, v := range values {
		if at, seen := last[v.writer]; seen && v.number <= at {
			t.Fatalf("writer %d: %d after %d", v.writer, v.number, at)
		}
		last[v.writer] = v.number
		if v.number%2 == 0 {
			pushed++
		}
	}
	if pushed != writers*each/2 {
		t.Errorf("%d of %d pushed values", pushed, writers*each/2)
	}
}

// Writing does not wait for a reader, even when there is none.
func BenchmarkPush(b *testing.B) {
	f := New[int](Options{})
	b.ReportAllocs()
	for i := range b.N {
		f.Push(i)
	}
}
