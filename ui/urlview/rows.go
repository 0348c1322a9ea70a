package urlview

import "sort"

// Row is a stretch of cells that are drawn side by side: those from First up to
// Last.
type Row struct{ First, Last int }

// Rows breaks the URL into rows of a width in columns. There is always a row,
// and always a free column behind the last cell, for a cursor or a pointer; so
// the last row may be empty. Only a cell that is wider than a row sticks out. They are
// the view's own, and are not changed.
func (v *View) Rows(width int) []Row {
	width = max(1, width)
	if width != v.rowsWidth {
		v.rows, v.rowsWidth = v.broken(width), width
	}
	return v.rows
}

// broken breaks the URL into rows.
func (v *View) broken(width int) []Row {
	rows := make([]Row, 0, 1+v.columns/width)
	first, used := 0, 0
	for i, c := range v.Cells {
		if used+c.Width > width && i > first {
			rows = append(rows, Row{first, i})
			first, used = i, 0
		}
		used += c.Width
	}
	rows = append(rows, Row{first, len(v.Cells)})
	if used >= width {
		rows = append(rows, Row{len(v.Cells), len(v.Cells)})
	}
	return rows
}

// Around is the row of at most width columns that shows the bytes from start up
// to end, or where they begin, and as much as fits on both sides. Where it does
// not show all of the URL, it leaves a column at each side for a sign that says
// so. A pointer behind the last byte has its column as well.
func (v *View) Around(start, end, width int) Row {
	n := len(v.Cells)
	if v.columns < width {
		return Row{0, n}
	}
	width -= 2
	touched := v.Touched(Row{0, n}, start, end)
	r := Row{touched.First, touched.First}
	used := 0
	if r.First == n {
		used = 1
	}
	// The first one is shown however wide it is.
	for r.Last < touched.Last && (r.Last == r.First || used+v.Cells[r.Last].Width <= width) {
		used += v.Cells[r.Last].Width
		r.Last++
	}
	for grown := true; grown; {
		grown = false
		if r.First > 0 && used+v.Cells[r.First-1].Width <= width {
			r.First--
			used += v.Cells[r.First].Width
			grown = true
		}
		if r.Last < n && used+v.Cells[r.Last].Width <= width {
			used += v.Cells[r.Last].Width
			r.Last++
			grown = true
		}
	}
	return r
}

// Touched gives the cells of a row that show the bytes from start up to end, or
// for no bytes the one that shows the byte at start.
func (v *View) Touched(r Row, start, end int) Row {
	cells := v.Cells[r.First:r.Last]
	first := sort.Search(len(cells), func(i int) bool { return cells[i].End > start })
	last := sort.Search(len(cells), func(i int) bool { return cells[i].Start >= max(end, start+1) })
	return Row{r.First + first, r.First + max(first, last)}
}

// Width is how many columns a row takes.
func (v *View) Width(r Row) int {
	width := 0
	for _, c := range v.Cells[r.First:r.Last] {
		width += c.Width
	}
	return width
}

// Place gives the row and the column where a byte is shown; rows are all rows
// of the URL. The byte behind the last one is in the free column.
func (v *View) Place(rows []Row, offset int) (row, column int) {
	cell := sort.Search(len(v.Cells), func(i int) bool { return v.Cells[i].End > offset })
	row = sort.Search(len(rows), func(i int) bool { return rows[i].Last > cell })
	row = min(row, len(rows)-1)
	return row, v.Width(Row{rows[row].First, cell})
}

// Offset gives the byte that is shown at a column of a row. Behind the row it is
// the first one of the next, and in the end the one behind the last.
func (v *View) Offset(r Row, column int) int {
	for _, c := range v.Cells[r.First:r.Last] {
		if column < c.Width {
			return c.Start
		}
		column -= c.Width
	}
	switch n := len(v.Cells); {
	case r.Last < n:
		return v.Cells[r.Last].Start
	case n > 0:
		return v.Cells[n-1].End
	}
	return 0
}
