package urlview

import "slices"

// Label is the name of a part at its place below a row. It takes a column for
// each byte.
type Label struct {
	Column int
	Text   string
	// Part is the index of the part.
	Part int
	// latest is the last column where it may begin and still stand below its part
	// alone.
	latest int
}

func (l Label) end() int { return l.Column + len(l.Text) }

// behind moves the label away from one that ends before it, as far as it still
// stands below its part, and says whether there was room.
func (l Label) behind(before Label) (Label, bool) {
	l.Column = max(l.Column, before.end()+1)
	return l, l.Column <= l.latest
}

// Labels names the parts that begin in a row, in as many lines of a width in
// columns as that takes. A label stands below its part, as far to the left as its
// neighbour lets it, or further to the left where the line would cut it off; it is
// in the first line that has room.
func (v *View) Labels(r Row, width int) [][]Label {
	var lines [][]Label
	for _, label := range v.labels(r, width, false) {
		i := slices.IndexFunc(lines, func(line []Label) bool {
			_, fits := label.behind(line[len(line)-1])
			return fits
		})
		if i < 0 {
			lines = append(lines, []Label{label})
			continue
		}
		label, _ = label.behind(lines[i][len(lines[i])-1])
		lines[i] = append(lines[i], label)
	}
	return lines
}

// LabelLine names the parts in a row in a single line of a width in columns,
// also those that began in a row above. A label that has no room is left out;
// that of the part current, -1 for none, goes before all others.
func (v *View) LabelLine(r Row, width, current int) []Label {
	labels := v.labels(r, width, true)
	next := slices.IndexFunc(labels, func(l Label) bool { return l.Part == current })
	line := labels[:0]
	for i, label := range labels {
		fits := true
		if len(line) > 0 {
			label, fits = label.behind(line[len(line)-1])
		}
		if i == next {
			next = -1
		} else if !fits || next >= 0 && label.end() >= labels[next].latest {
			continue
		}
		line = append(line, label)
	}
	return line
}

// labels gives the label of each part in a row, from left to right and as if it
// were the only one; continued wants also those of the parts that began above.
func (v *View) labels(r Row, width int, continued bool) []Label {
	labels := make([]Label, 0, min(len(v.Parts), r.Last-r.First))
	column, last := 0, -1
	if r.First > 0 && !continued {
		last = v.Cells[r.First-1].Part
	}
	for _, c := range v.Cells[r.First:r.Last] {
		if c.Part >= 0 && c.Part != last {
			last = c.Part
			if text := v.Parts[last].Label; len(text) <= width {
				at := min(column, width-len(text))
				labels = append(labels, Label{at, text, last, at})
			}
		}
		column += c.Width
		if n := len(labels); n > 0 && c.Part == labels[n-1].Part {
			l := &labels[n-1]
			l.latest = max(l.latest, min(column, width)-len(l.Text))
		}
	}
	return labels
}
