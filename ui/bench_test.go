package ui

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// BenchmarkKey is the time from a key press to the drawn frame, idle and while
// ten thousand events a second come in.
func BenchmarkKey(b *testing.B) {
	for _, load := range []struct {
		name   string
		events int
	}{{"idle", 0}, {"10000 events", 10_000}} {
		b.Run(load.name, func(b *testing.B) {
			s := newScreen(context.Background(), Options{URL: goodURL, Theme: ThemeDark})
			s.w, s.h = 120, 40
			r := model.NewRun(s.runs.NextID(), model.Check, urlspec.Parse(goodURL), nil)
			s.runs.Add(r)
			s.shown = 0
			feed := &session{id: r.ID, wake: make(chan struct{}, 1)}
			s.live = feed
			for i := range load.events {
				feed.event(xmppcore.Event{Seq: i + 1, At: time.Duration(i) * 100 * time.Microsecond, Stage: xmppcore.StageDNS, State: xmppcore.Start, Text: "an address"})
			}
			keys := []tea.KeyPressMsg{{Code: 'x', Text: "x"}, {Code: tea.KeyBackspace}}
			i := 0
			for b.Loop() {
				if load.events > 0 {
					s.Update(feed.take())
				}
				s.Update(keys[i%2])
				s.View()
				i++
			}
		})
	}
}

func BenchmarkFrame(b *testing.B) {
	for _, d := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		b.Run(size(d[0], d[1]), func(b *testing.B) {
			s := newScreen(context.Background(), Options{URL: goodURL, Body: "hi", Theme: ThemeDark})
			s.w, s.h = d[0], d[1]
			b.ReportAllocs()
			for b.Loop() {
				s.View()
			}
		})
	}
}
