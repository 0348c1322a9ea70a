package urlview

import (
	"iter"
	"strings"

	"xmppscope/urlspec"
)

// grade is the severity of a problem in a byte; remarks leave no trace.
type grade uint8

const (
	fine grade = iota
	doubtful
	wrong
)

// blame notes in each cell the worst problem that touches it. Problems are
// sorted by their start, so the one that ends last among those that have begun
// is enough to know of each severity.
func (v *View) blame(problems []urlspec.Problem) {
	errorEnd, warningEnd := 0, 0
	for i := range v.Cells {
		c := &v.Cells[i]
		for len(problems) > 0 && problems[0].Start < c.End {
			switch p := problems[0]; {
			case p.Start == p.End:
			case p.Severity == urlspec.Error:
				errorEnd = max(errorEnd, p.End)
			case p.Severity == urlspec.Warning:
				warningEnd = max(warningEnd, p.End)
			}
			problems = problems[1:]
		}
		switch {
		case errorEnd > c.Start:
			c.grade = wrong
		case warningEnd > c.Start:
			c.grade = doubtful
		}
	}
}

// Run is a stretch of a row that looks the same throughout.
type Run struct {
	Text string
	Kind urlspec.Kind
	// Ignored marks the value of a parameter that counts for nothing.
	Ignored bool
	// Severity is that of the worst problem that points here: urlspec.Error,
	// urlspec.Warning, or empty.
	Severity urlspec.Severity
}

// Runs gives the text of a row in runs, from left to right.
func (v *View) Runs(r Row) iter.Seq[Run] {
	return func(yield func(Run) bool) {
		for i := r.First; i < r.Last; {
			run, next := v.run(i), i+1
			for next < r.Last && v.run(next) == run {
				next++
			}
			run.Text = v.Text(Row{i, next})
			if !yield(run) {
				return
			}
			i = next
		}
	}
}

// run is the look of a cell, without a text.
func (v *View) run(i int) Run {
	c := &v.Cells[i]
	run := Run{Kind: c.Kind, Ignored: c.Kind == urlspec.ParamValue && c.Part >= 0 && v.Parts[c.Part].Ignored}
	switch c.grade {
	case wrong:
		run.Severity = urlspec.Error
	case doubtful:
		run.Severity = urlspec.Warning
	}
	return run
}

// Text is what is shown for a row.
func (v *View) Text(r Row) string {
	size := 0
	for _, c := range v.Cells[r.First:r.Last] {
		size += len(c.Text)
	}
	var b strings.Builder
	b.Grow(size)
	for _, c := range v.Cells[r.First:r.Last] {
		b.WriteString(c.Text)
	}
	return b.String()
}
