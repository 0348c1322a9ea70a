package ui

import (
	"context"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// BenchmarkKeyUnderLoad is the time from a key press to the bytes that show it,
// through the whole program: idle, and while a run tells 10,000 events a second
// in real time. It prints both in milliseconds and their ratio, the events a
// second that there really were, and how long the calls of the run's trace took
// in microseconds, on average and the longest: that is how long the network
// waited.
//
// The program draws 30 frames a second, so that about 16 ms of each key are
// waiting for the next one.
func BenchmarkKeyUnderLoad(b *testing.B) {
	idle, busy := newTypist(b), newTypist(b)
	defer idle.quit()
	defer busy.quit()
	for b.Loop() {
		idle.key()
	}
	busy.load()
	for range b.N {
		busy.key()
	}
	b.ReportMetric(idle.perKey(), "idle-ms/key")
	b.ReportMetric(busy.perKey(), "loaded-ms/key")
	b.ReportMetric(busy.perKey()/idle.perKey(), "ratio")
	b.ReportMetric(busy.rate(), "events/s")
	b.ReportMetric(float64(busy.waited.Load())/float64(busy.events.Load())/1e3, "mean-wait-µs")
	b.ReportMetric(float64(busy.longest.Load())/1e3, "longest-wait-µs")
	b.ReportMetric(0, "ns/op")
}

// typist types into the program and waits to see each letter.
type typist struct {
	b       *testing.B
	in      *os.File
	keys    *os.File
	seen    chan string // what the program writes
	done    chan error
	pressed int
	took    time.Duration

	// The load, while it goes on.
	events, waited, longest atomic.Int64
	began                   time.Time
}

func newTypist(b *testing.B) *typist {
	in, keys, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	t := &typist{b: b, in: in, keys: keys, seen: make(chan string, 1<<16), done: make(chan error, 1)}
	go func() {
		_, err := Run(b.Context(), Options{URL: goodURL, Theme: ThemeDark, Input: in, Output: t, Run: t.flood})
		t.done <- err
	}()
	t.see("Nothing has run yet")
	if _, err := keys.WriteString("i"); err != nil { // into the URL
		b.Fatal(err)
	}
	t.see("alt+")
	return t
}

func (t *typist) Write(p []byte) (int, error) {
	t.seen <- string(p)
	return len(p), nil
}

func (t *typist) see(want string) {
	for !strings.Contains(<-t.seen, want) {
	}
}

// key types a letter that is nowhere else on the screen, waits until it is
// drawn, and takes it away again.
func (t *typist) key() {
	letter := string([]rune("абвгдежзийклмнопрстуфхцчшщъыьэюя")[t.pressed%32])
	t.pressed++
	start := time.Now()
	if _, err := t.keys.WriteString(letter); err != nil {
		t.b.Fatal(err)
	}
	t.see(letter)
	t.took += time.Since(start)
	if _, err := t.keys.WriteString("\x7f"); err != nil {
		t.b.Fatal(err)
	}
}

func (t *typist) perKey() float64 { return float64(t.took) / float64(t.pressed) / 1e6 }

// load starts a run, and waits until it has told its first thousand events.
func (t *typist) load() {
	if _, err := t.keys.WriteString("\r"); err != nil {
		t.b.Fatal(err)
	}
	for t.events.Load() < 1000 {
		<-t.seen
	}
}

// flood tells 10,000 events a second, ten in each millisecond, until it is
// cancelled.
func (t *typist) flood(ctx context.Context, _ xmppcore.Job, trace event.Trace) error {
	t.began = time.Now()
	every := time.NewTicker(time.Millisecond)
	defer every.Stop()
	for {
		for t.events.Load() < int64(time.Since(t.began)/(100*time.Microsecond)) {
			n := t.events.Add(1)
			start := time.Now()
			trace.Event(event.Event{Seq: int(n), At: start.Sub(t.began), Stage: event.StageDNS, State: event.Start,
				Text: "an address of the server"})
			took := int64(time.Since(start))
			t.waited.Add(took)
			t.longest.Store(max(took, t.longest.Load()))
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return &event.Failure{Cause: event.CauseCancelled}
		}
	}
}

func (t *typist) rate() float64 {
	return float64(t.events.Load()) / time.Since(t.began).Seconds()
}

func (t *typist) quit() {
	if _, err := t.keys.WriteString("\x03"); err != nil {
		t.b.Fatal(err)
	}
	for {
		select {
		case <-t.seen:
		case err := <-t.done:
			if err != nil {
				t.b.Fatal(err)
			}
			_ = t.keys.Close()
			_ = t.in.Close()
			return
		}
	}
}

func BenchmarkFrame(b *testing.B) {
	for _, d := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		b.Run(size(d[0], d[1]), func(b *testing.B) {
			s := newScreen(context.Background(), Options{URL: goodURL, Body: "hi", Theme: ThemeDark})
			s.w, s.h, s.typing = d[0], d[1], true
			b.ReportAllocs()
			for b.Loop() {
				s.View()
			}
		})
	}
}

// BenchmarkURL is what a key that moves the cursor costs in the URL's box: to
// lay the URL out, and to draw it with its labels and its pointer.
func BenchmarkURL(b *testing.B) {
	st := newStyles(ThemeDark)
	for _, bench := range []struct{ name, text string }{
		{"good", goodURL},
		{"warned", "xmpps://alice:p@ss@example.test/%23ops?scram=no"},
		{"wide", "xmpps://日本:pw@example.test/e\u0301\u202e日本語?name=日本"},
		{"40 targets", "xmpps://alice:pw@example.test" + strings.Repeat("/bob", 40)},
		{"1000 parameters", "xmpps://alice:pw@example.test/bob?mode=tls" + strings.Repeat("&x=y", 1000)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p := newURLPane(bench.text)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				p.move(len(bench.text) - i%2)
				rows := p.rowsWanted(80)
				p.paint(st, 78, rows+1, rows, true, nil, "")
			}
		})
	}
}

// BenchmarkKey is what a key costs until it has been answered, without the
// frame that shows it.
func BenchmarkKey(b *testing.B) {
	for _, bench := range []struct {
		name, pane string
		keys       [2]string
	}{
		{"typed", "", [2]string{"a", "backspace"}},
		{"moves in a list", "alt+3", [2]string{"j", "k"}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			s := newScreen(context.Background(), Options{URL: goodURL, Body: "hi", Theme: ThemeDark})
			s.w, s.h, s.typing = 120, 40, true
			if bench.pane != "" {
				s.Update(keysOf(bench.pane)[0])
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s.Update(keysOf(bench.keys[i%2])[0])
			}
		})
	}
}

// BenchmarkKeyAmongRooms is a key and the frame that shows it, among the recipients after
// a run in which 4,000 rooms refused us.
func BenchmarkKeyAmongRooms(b *testing.B) {
	url, run := shutOut(4000)
	s := among(b, url, run, "alt+7", "esc")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Update(keysOf([]string{"j", "k"}[i%2])[0])
		s.View()
	}
}

// among is a screen after a run, when keys have led to one of its lists.
func among(b *testing.B, url string, run script, keys ...string) *screen {
	s := newScreen(b.Context(), Options{URL: url, Run: run.run, Theme: ThemeDark})
	s.w, s.h = 120, 40
	s.Update(keysOf("enter")[0])
	for s.live != nil {
		s.Update(s.live.pull())
	}
	run.events = nil
	s.View()
	for _, key := range keys {
		s.Update(keysOf(key)[0])
	}
	return s
}
