package ui

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkKeyAmongEvents is a key and the frame that shows it at 120x40, in the list
// of the events, after a run of 100 events and after one of 100,000, by turns; and
// how much memory the screen holds then, before and after the keys. It prints whether
// that is as fast and as small as it should be.
func BenchmarkKeyAmongEvents(b *testing.B) {
	few, many := amongEvents(b, 100), amongEvents(b, 100_000)
	memory := resident(b)
	var took [2][]time.Duration
	press := func() {
		for n, s := range []*screen{few, many} {
			began := time.Now()
			s.Update(keysOf([]string{"j", "k"}[len(took[n])%2])[0])
			s.View()
			took[n] = append(took[n], time.Since(began))
		}
	}
	for b.Loop() {
		press()
	}
	for len(took[0]) < leastKeys {
		press()
	}
	later := resident(b)
	runtime.KeepAlive([]*screen{few, many})
	ratio, key := float64(middle(took[1]))/float64(middle(took[0])), middle(took[1])
	b.ReportMetric(ratio, "ratio")
	b.ReportMetric(ms(key), "ms/key")
	b.ReportMetric(memory, "MiB-resident")
	b.ReportMetric(later, "MiB-later")
	b.ReportMetric(0, "ns/op")
	for _, target := range []struct {
		what      string
		got, most float64
	}{
		{"key to frame among 100,000 events, to that among 100, ×", ratio, 1.2},
		{"key to frame among 100,000 events, ms", ms(key), 1000. / framesPerSecond},
		{"resident with 100,000 events, MiB", memory, 80},
		{"grown by keys and frames, MiB", later - memory, 4},
	} {
		word := "met"
		if target.got > target.most {
			word = "missed"
		}
		fmt.Printf("target %-6s  %s: %.2f, wanted ≤ %.4g\n", word, target.what, target.got, target.most)
	}
}

// leastKeys is how many keys are measured at least: the memory is flat over them.
const leastKeys = 400

// amongEvents is a screen after a run with so many events, in their list.
func amongEvents(b *testing.B, events int) *screen {
	url, run := talkative(events)
	return among(b, url, run, "alt+5")
}

// resident is how much memory the process has, in MiB, without what it may give back.
func resident(b *testing.B) float64 {
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, "VmRSS:"); found {
			kib, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			if err != nil {
				b.Fatal(err)
			}
			return float64(kib) / (1 << 10)
		}
	}
	b.Fatal("the kernel does not tell the memory")
	return 0
}

func middle(all []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(all))[len(all)/2]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
