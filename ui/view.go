package ui

import (
	"slices"
	"strings"
)

// view is what a pane gives to be drawn inside its box.
type view struct {
	lines []string
	// selected is the line of the selection, -1 for none; it begins at the
	// column left.
	selected, left int
	// cursor is where the terminal's own cursor goes, nil for nowhere.
	cursor *point
	// right is what stands at the right end of the box's upper border.
	right string
	// hidden says how much of it there is no room for, where that is counted.
	hidden string
}

// point is a cell, counted from the upper left.
type point struct{ x, y int }

func show(lines ...string) view { return view{lines: lines, selected: -1} }

// window is the part of a long list that is seen. It keeps a selection, and
// follows the end while follow is set.
type window struct {
	selected, top int
	follow        bool
	// held says that the selection was moved by hand.
	held bool
	// at is the place in the box where its first line was drawn, and seen how
	// many there are: what a click needs to know.
	at   point
	seen int
	// rows says which line of the list each drawn one belongs to, where one may be
	// drawn over several; nil where none is.
	rows []int
}

// hit gives the line that is drawn at a place in the box.
func (w *window) hit(at point) (line int, ok bool) {
	y := at.y - w.at.y
	if w.rows != nil && y >= 0 && y < len(w.rows) {
		return w.rows[y], at.x >= w.at.x
	}
	return w.top + y, at.x >= w.at.x && y >= 0 && y < w.seen
}

// lines is how many lines of the list were drawn, however many rows each took.
func (w *window) lines() int {
	if w.rows == nil {
		return w.seen
	}
	n := 0
	for i := range w.rows {
		if i == 0 || w.rows[i] != w.rows[i-1] {
			n++
		}
	}
	return n
}

// bound brings selection and top into the bounds of n lines of which h are seen.
func (w *window) bound(n, h int) {
	if w.follow {
		w.selected = n - 1
	}
	w.selected = clamp(w.selected, 0, max(0, n-1))
	h = max(1, h)
	if w.selected < w.top {
		w.top = w.selected
	}
	if w.selected >= w.top+h {
		w.top = w.selected - h + 1
	}
	w.top = clamp(w.top, 0, max(0, n-h))
}

// move shifts the selection and stops following, except at the end.
func (w *window) move(by, n int) {
	w.selected, w.held = clamp(w.selected+by, 0, max(0, n-1)), true
	w.follow = w.follow && w.selected == n-1
}

// pick puts the selection on a line and stops following.
func (w *window) pick(line int) { w.selected, w.follow, w.held = line, false, true }

// drawLines cuts the window's part out of all lines.
func (w *window) drawLines(lines []string, h int, marked bool) view {
	return w.drawRows(len(lines), h, marked, func(i int) string { return lines[i] })
}

// drawRows draws those of n lines that are seen, and no others: a run may have
// thousands.
func (w *window) drawRows(n, h int, marked bool, line func(i int) string) view {
	w.bound(n, h)
	v := view{selected: -1}
	for i := w.top; i < min(n, w.top+max(0, h)); i++ {
		v.lines = append(v.lines, line(i))
	}
	if marked && n > 0 {
		v.selected = w.selected - w.top
	}
	w.at, w.seen, w.rows = point{}, len(v.lines), nil
	return v
}

// drawGroups is drawRows for lines that are drawn over as many rows as they need:
// what failed and what is selected is never cut. The selected line is seen whole, as
// far as there is room.
func (w *window) drawGroups(n, h int, marked bool, group func(i int) []string) view {
	w.bound(n, h)
	if h < 3 { // there is no room for more than one row of each
		long := group
		group = func(i int) []string { return long(i)[:1] }
	}
	used, first := 0, w.selected
	for i := w.selected; i >= w.top && n > 0; i-- {
		if used += len(group(i)); used > h && i < w.selected {
			break
		}
		first = i
	}
	w.top = first
	v, rows := view{selected: -1}, []int(nil)
	for i := w.top; i < n && len(v.lines) < h; i++ {
		if marked && i == w.selected {
			v.selected = len(v.lines)
		}
		for _, line := range group(i) {
			if len(v.lines) < h {
				v.lines, rows = append(v.lines, line), append(rows, i)
			}
		}
	}
	for w.top > 0 && len(v.lines) < h { // room is left: what is above fills it
		above := group(w.top - 1)
		if len(v.lines)+len(above) > h {
			break
		}
		w.top--
		v.lines = append(slices.Clone(above), v.lines...)
		for range above {
			rows = append([]int{w.top}, rows...)
		}
		if v.selected >= 0 {
			v.selected += len(above)
		}
	}
	w.at, w.seen, w.rows = point{}, len(v.lines), rows
	return v
}

// drawWhole is drawGroups with lines in full, from the first one on, as long as there
// are rows for them that would be empty otherwise; the others are as group gives them.
func (w *window) drawWhole(n, h int, marked bool, group, whole func(i int) []string) view {
	if n > h {
		return w.drawGroups(n, h, marked, group)
	}
	left, all := h, make([][]string, n)
	for i := range all {
		all[i] = group(i)
		left -= len(all[i])
	}
	for i := 0; i < n && left > 0; i++ {
		if full := whole(i); len(full)-len(all[i]) <= left {
			left -= len(full) - len(all[i])
			all[i] = full
		}
	}
	return w.drawGroups(n, h, marked, func(i int) []string { return all[i] })
}

// hanging breaks clean text into lines of w cells, behind a lead that stands before the
// first one; the others are indented as far.
func hanging(lead string, style look, text string, w int) []string {
	indent := cells(lead)
	if indent+cells(text) <= w {
		return []string{lead + style.Render(text)}
	}
	var lines []string
	for i, line := range wrap(text, max(8, w-indent)) {
		if i > 0 {
			lead = strings.Repeat(" ", indent)
		}
		lines = append(lines, lead+style.Render(line))
	}
	return lines
}
