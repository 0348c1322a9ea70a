package model

import "xmppscope/urlspec"

// Ghost is the assembly table at every key: as Apprise reads the URL, and, where
// that is another thing, as it was probably meant.
type Ghost struct {
	Rows []Row
	// Split says that the rows have both readings: Value and Note are what Apprise
	// reads, nothing where it refuses the URL, and Meant and MeantNote what was
	// meant. Otherwise they are one and the same, and Meant is empty.
	Split bool
	// Meant is the URL as it was meant.
	Meant urlspec.Meant
}

// GhostOf gives the table of any text; it is never empty.
func GhostOf(spec urlspec.Spec) Ghost {
	read := Assembly(spec)
	g := Ghost{Rows: read, Meant: spec.Meant()}
	if read != nil && g.Meant.Fixed == spec.Text {
		return g
	}
	both := g.bothReadings(read, severities(spec.Problems))
	for _, r := range both {
		g.Split = g.Split || r.Value != r.Meant || r.Note != r.MeantNote
	}
	if g.Split {
		g.Rows = both
	}
	return g
}

// bothReadings puts what was meant beside what is read, row by row.
func (g Ghost) bothReadings(read []Row, worst func(start, end int) urlspec.Severity) []Row {
	known := make(map[string]Row, len(read))
	for _, r := range read {
		known[r.Key] = r
	}
	both := Assembly(g.Meant.Spec)
	for i := range both {
		r := &both[i]
		r.Meant, r.MeantNote = r.Value, r.Note
		r.Value, r.Note = known[r.Key].Value, known[r.Key].Note
		if r.Start < r.End {
			r.Start, r.End = g.Meant.Back(r.Start), g.Meant.Back(r.End)
		}
		r.Problem = worst(r.Start, r.End)
		delete(known, r.Key)
	}
	for _, r := range read { // a target that was not meant
		if _, left := known[r.Key]; left {
			both = append(both, r)
		}
	}
	return both
}
