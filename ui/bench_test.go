package ui

import "testing"

func BenchmarkFrame(b *testing.B) {
	for _, d := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		b.Run(size(d[0], d[1]), func(b *testing.B) {
			s := newScreen(b.Context(), Options{URL: goodURL, Body: "hi", Theme: ThemeDark})
			s.w, s.h = d[0], d[1]
			b.ReportAllocs()
			for b.Loop() {
				s.View()
			}
		})
	}
}
