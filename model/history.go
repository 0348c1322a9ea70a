package model

import "slices"

// History keeps the runs of a session, oldest first. The zero value is empty.
type History struct {
	runs []*Run
	next int
}

// What is kept of the runs of a session: HistoryLimit of them, HistoryEvents events
// but those of the newest two runs, and HistoryXML bytes of XML, of the newest. A
// server chooses how much it says.
const (
	HistoryLimit  = 50
	HistoryEvents = 50_000
	HistoryXML    = 8 << 20
)

// NextID gives the number for the next run.
func (h *History) NextID() int {
	h.next++
	return h.next
}

// Add keeps a run, and forgets the oldest beyond the limits. Those before it must
// have ended. The new one knows what they tried for the same account.
func (h *History) Add(r *Run) {
	for _, old := range h.runs {
		if before := old.Spec.Reading; before.LoginJID == r.Spec.Reading.LoginJID {
			r.Tried = append(r.Tried, before)
		}
	}
	h.runs = append(h.runs, r)
	keep, events, xml := 0, 0, 0
	for _, old := range slices.Backward(h.runs) {
		if events += len(old.Events); keep >= HistoryLimit || keep >= 2 && events > HistoryEvents {
			break
		}
		if xml += old.xmlBytes; xml > HistoryXML {
			old.forgetXML()
		}
		keep++
	}
	h.runs = slices.Delete(h.runs, 0, len(h.runs)-keep)
}

// forgetXML drops all lines of XML, and counts them.
func (r *Run) forgetXML() {
	r.XMLDropped += len(r.XML)
	r.XML, r.xmlBytes = nil, 0
}

// Len is the number of runs kept; At gives one, counted from 0, the oldest.
func (h *History) Len() int      { return len(h.runs) }
func (h *History) At(i int) *Run { return h.runs[i] }

// Last is the newest run, or nil.
func (h *History) Last() *Run {
	if len(h.runs) == 0 {
		return nil
	}
	return h.runs[len(h.runs)-1]
}
