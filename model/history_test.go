package model_test

import (
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// TestHistoryBounds: however much servers say, a session keeps so much of it.
func TestHistoryBounds(t *testing.T) {
	spec := urlspec.Parse("xmpps://alice:pw@example.test/bob")
	runs := func(events, xml int) (h model.History) {
		for range 100 {
			r := model.NewRun(h.NextID(), model.Check, spec, nil)
			h.Add(r)
			for n := range events {
				r.Apply(event.Event{Seq: n + 1, Attempt: 1, Stage: event.StageDNS, State: event.Start})
			}
			for range xml {
				r.ApplyXML(event.XML{Text: strings.Repeat("x", 8000)})
			}
			r.Finish(nil)
		}
		return h
	}
	for _, test := range []struct {
		name        string
		events, xml int
		kept        int // runs
	}{
		{"quiet", 10, 1, model.HistoryLimit},
		{"talkative", 10_000, 0, 5},
		{"very talkative", 60_000, 0, 2},
		{"a lot of XML", 10, 200, model.HistoryLimit},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := runs(test.events, test.xml)
			size := 0
			for i := range h.Len() {
				r := h.At(i)
				for _, x := range r.XML {
					size += len(x.Text)
				}
				if test.xml > 0 && len(r.XML)+r.XMLDropped != test.xml {
					t.Errorf("run %d has %d lines and dropped %d", r.ID, len(r.XML), r.XMLDropped)
				}
			}
			if h.Len() < test.kept || h.Len() > test.kept+1 || h.Last().ID != 100 {
				t.Errorf("%d runs are kept, want %d", h.Len(), test.kept)
			}
			if size > model.HistoryXML+model.XMLBytes || test.xml > 0 && len(h.Last().XML) == 0 {
				t.Errorf("%d bytes of XML are kept", size)
			}
		})
	}
}
