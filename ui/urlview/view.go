package urlview

import (
	"unicode/utf8"

	"xmppscope/urlspec"
)

// View is a URL laid out in cells. Make it with [New].
type View struct {
	// Cells stand for the bytes of the URL, in order and without gap.
	Cells []Cell
	// Parts are the named parts of the URL, in order and without overlap.
	Parts []Part

	columns int // the width of all cells
	// rows are those of the width that was asked for last: a frame asks several times.
	rows      []Row
	rowsWidth int
}

// Cell is what is shown for a few bytes of the URL: one character, the escape
// of one, or a bullet. Each bullet of a [Mask] stands for the whole password, so
// that neither a colour nor a pointer tells its length.
type Cell struct {
	// Start and End are the bytes it stands for.
	Start, End int
	// Text is safe to print, and Width is how many columns it takes, at least 1.
	Text  string
	Width int
	// Part is the index of its part, -1 when it belongs to none.
	Part int
	// Kind is that of the span it belongs to.
	Kind urlspec.Kind

	grade grade // that of the worst problem that touches it
}

// New lays out a URL.
func New(spec urlspec.Spec, secrecy Secrecy) *View {
	v := &View{Cells: make([]Cell, 0, len(spec.Text)+utf8.RuneCountInString(Mask))}
	parts := parter{spec: spec}
	for _, span := range spec.Spans {
		part := parts.add(span)
		from := len(v.Cells)
		switch level := secrecy.of(span); {
		case span.Kind != urlspec.Password || level == revealed:
			v.addText(spec.Text, span)
		case level == counted:
			v.addBullets(spec.Text, span)
		default:
			v.addMask(span)
		}
		for i := from; i < len(v.Cells); i++ {
			c := &v.Cells[i]
			c.Part = part
			if part >= 0 && c.Start >= parts.parts[part].End {
				c.Part = -1 // the "&" behind a parameter without a value
			}
			v.columns += c.Width
		}
	}
	v.Parts = parts.parts
	v.blame(spec.Problems)
	return v
}

func (v *View) addText(text string, span urlspec.Span) {
	for at := span.Start; at < span.End; {
		shown, size, width := Character(text[at:span.End])
		v.Cells = append(v.Cells, Cell{Start: at, End: at + size, Text: shown, Width: width, Kind: span.Kind})
		at += size
	}
}
