package ui

import (
	"strings"
	"unicode/utf8"

	"xmppscope/urlspec"
)

// masked is how many bullets stand for a password whose length is not shown.
const masked = 8

// cell is one drawn character of the URL: the bytes it stands for and what is
// shown for them. The eight bullets of a hidden password all stand for the
// whole password, so that neither a colour nor a pointer tells its length.
type cell struct {
	start, end int
	text       string
	width      int
	kind       urlspec.Kind
	// part is the index of the span it belongs to.
	part int
}

// secrecy says how much of a password is drawn.
type secrecy int

const (
	hideLength secrecy = iota // eight bullets
	showLength                // a bullet for every code point, while it is edited
	reveal                    // the password itself, for a moment
)

// urlCells turns the text into drawable cells. Only the password the cursor is
// in shows its length, or itself; pass='s and the user part's are told apart.
func urlCells(spec urlspec.Spec, level secrecy, cursor int, bullet string) []cell {
	out := make([]cell, 0, len(spec.Text)+masked)
	for i, span := range spec.Spans {
		text := spec.Text[span.Start:span.End]
		if span.Kind != urlspec.Password {
			out = appendText(out, text, span, i)
			continue
		}
		inside := cursor >= span.Start && cursor <= span.End
		switch {
		case text == "":
		case inside && level == reveal:
			out = appendText(out, text, span, i)
		case inside && level == showLength:
			for at := 0; at < len(text); {
				n := clusterLen(text[at:])
				for range utf8.RuneCountInString(text[at : at+n]) {
					out = append(out, cell{span.Start + at, span.Start + at + n, bullet, 1, span.Kind, i})
				}
				at += n
			}
		default:
			for range masked {
				out = append(out, cell{span.Start, span.End, bullet, 1, span.Kind, i})
			}
		}
	}
	return out
}

func appendText(out []cell, text string, span urlspec.Span, part int) []cell {
	for at := 0; at < len(text); {
		shown, n := cleanCluster(text[at:])
		out = append(out, cell{span.Start + at, span.Start + at + n, shown, cells(shown), span.Kind, part})
		at += n
	}
	return out
}

// urlRow is one drawn row of the URL: the cells from first up to last.
type urlRow struct{ first, last int }

// wrapCells breaks the cells into rows of w columns. There is always a row,
// and always room for the cursor behind the last cell.
func wrapCells(cs []cell, w int) []urlRow {
	w = max(1, w)
	var rows []urlRow
	first, used := 0, 0
	for i, c := range cs {
		if used+c.width > w && i > first {
			rows = append(rows, urlRow{first, i})
			first, used = i, 0
		}
		used += c.width
	}
	rows = append(rows, urlRow{first, len(cs)})
	if used >= w {
		rows = append(rows, urlRow{len(cs), len(cs)})
	}
	return rows
}

// place gives the row and column of a byte offset.
func place(cs []cell, rows []urlRow, offset int) (row, col int) {
	for y, r := range rows {
		x := 0
		for i := r.first; i < r.last; i++ {
			if cs[i].end > offset {
				return y, x
			}
			x += cs[i].width
		}
		if y == len(rows)-1 {
			return y, x
		}
	}
	return 0, 0
}

// columns gives the columns of a row that bytes start to end are drawn in;
// ok is false when none are. An empty range is the one column at its offset.
func columns(cs []cell, r urlRow, start, end int) (from, to int, ok bool) {
	x := 0
	for i := r.first; i < r.last; i++ {
		c := cs[i]
		touches := c.start < end && start < c.end || start == end && c.start <= start && start < c.end
		if touches {
			if !ok {
				from, ok = x, true
			}
			to = x + c.width
		}
		x += c.width
	}
	if !ok && start >= end && r.last == len(cs) && (len(cs) == 0 || start >= cs[len(cs)-1].end) {
		return x, x + 1, true
	}
	return from, to, ok
}

// offsetAt gives the byte offset drawn at a column of a row, for moving up and
// down and for the mouse.
func offsetAt(cs []cell, r urlRow, col, length int) int {
	x := 0
	for i := r.first; i < r.last; i++ {
		if col < x+cs[i].width {
			return cs[i].start
		}
		x += cs[i].width
	}
	if r.last < len(cs) {
		return cs[r.last].start
	}
	return length
}

// rowText draws one row with the look of every part; wrong marks the bytes
// that an error or warning points to.
func rowText(st *styles, cs []cell, r urlRow, spec urlspec.Spec) string {
	var b strings.Builder
	for i := r.first; i < r.last; {
		style, bad := st.part(cs[i].kind), wrongAt(spec.Problems, cs[i])
		j := i
		var text strings.Builder
		for j < r.last && cs[j].part == cs[i].part && wrongAt(spec.Problems, cs[j]) == bad {
			text.WriteString(cs[j].text)
			j++
		}
		if cs[i].kind == urlspec.ParamValue && !knownValue(spec, spec.Spans[cs[i].part]) {
			style = st.muted
		}
		switch bad {
		case urlspec.Error:
			style = st.squiggle(style, st.fail)
		case urlspec.Warning:
			style = st.squiggle(style, st.warn)
		}
		b.WriteString(style.Render(text.String()))
		i = j
	}
	return b.String()
}

// wrongAt is the worst error or warning that touches a cell.
func wrongAt(problems []urlspec.Problem, c cell) urlspec.Severity {
	var worst urlspec.Severity
	for _, p := range problems {
		if p.Start >= p.End || p.Start >= c.end || p.End <= c.start {
			continue
		}
		if p.Severity == urlspec.Error {
			return urlspec.Error
		}
		if p.Severity == urlspec.Warning {
			worst = urlspec.Warning
		}
	}
	return worst
}

func knownValue(spec urlspec.Spec, span urlspec.Span) bool {
	if span.Index < 0 || span.Index >= len(spec.Params) {
		return true
	}
	p := spec.Params[span.Index]
	return p.Known && p.Wins
}
