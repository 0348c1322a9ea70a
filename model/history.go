package model

// History keeps the runs of a session, oldest first. The zero value is empty.
type History struct {
	runs []*Run
	next int
}

// HistoryLimit is how many runs are kept.
const HistoryLimit = 50

// NextID gives the number for the next run.
func (h *History) NextID() int {
	h.next++
	return h.next
}

// Add keeps a run, and forgets the oldest beyond HistoryLimit.
func (h *History) Add(r *Run) {
	h.runs = append(h.runs, r)
	if len(h.runs) > HistoryLimit {
		h.runs = append(h.runs[:0], h.runs[1:]...)
	}
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
