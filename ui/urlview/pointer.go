package urlview

import "bytes"

// Mark is a squiggle below a row. It takes a column for each byte.
type Mark struct {
	Column int
	Text   string
}

// End is the column behind the mark.
func (m Mark) End() int { return m.Column + len(m.Text) }

// Pointer marks the bytes from start up to end below a row, as in ~~^~; no bytes
// are the place before start. The caret is below the byte caret when that is
// marked, and otherwise, as with -1, in the middle. ok is false when nothing of
// them is in the row. The place behind the last byte is in the row that ends
// with it, and in an empty row behind that.
func (v *View) Pointer(r Row, start, end, caret int) (mark Mark, ok bool) {
	touched := v.Touched(r, start, end)
	mark.Column = v.Width(Row{r.First, touched.First})
	width := v.Width(touched)
	if width == 0 {
		n := len(v.Cells)
		if r.Last < n || n > 0 && start < v.Cells[n-1].End {
			return Mark{}, false
		}
		width = 1 // the place behind the last byte
	}
	at := width / 2
	if caret >= 0 {
		if under := v.Touched(touched, caret, caret); under.First < under.Last {
			at = v.Width(Row{touched.First, under.First})
		}
	}
	text := bytes.Repeat([]byte{'~'}, width)
	text[at] = '^'
	mark.Text = string(text)
	return mark, true
}
