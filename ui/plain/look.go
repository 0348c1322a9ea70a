package plain

import (
	"math"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Look is how text is drawn. The zero value draws without colour, 80 cells
// wide.
type Look struct {
	// Color allows escape codes for colour.
	Color bool
	// Labels draws append-only labelled lines, without columns and pointer
	// rows, for screen readers and logs.
	Labels bool
	// Width is the width of a line in cells; 0 means 80.
	Width int
}

// The bounds of a drawing's width: below, pointer rows are no help; above,
// lines are no pleasure to read.
const (
	defaultWidth = 80
	narrowest    = 20
)

func (l Look) width() int {
	if l.Width == 0 {
		return defaultWidth
	}
	return max(l.Width, narrowest)
}

// unwrapped is the look without an end of the line.
func (l Look) unwrapped() Look {
	l.Width = math.MaxInt
	return l
}

// role is what a stretch of text is to the reader; colours follow from it.
type role uint8

const (
	normal role = iota
	strong
	muted
	good
	doubtful
	bad
	accent
)

// paint colours text, or leaves it alone.
func (l Look) paint(r role, text string) string {
	if !l.Color || r == normal || text == "" {
		return text
	}
	style := ansi.NewStyle()
	switch r {
	case strong:
		style = style.Bold()
	case muted:
		style = style.Faint()
	case good:
		style = style.ForegroundColor(ansi.Green)
	case doubtful:
		style = style.ForegroundColor(ansi.Yellow)
	case bad:
		style = style.Bold().ForegroundColor(ansi.Red)
	case accent:
		style = style.ForegroundColor(ansi.Cyan)
	}
	return style.Styled(text)
}

func severityRole(s urlspec.Severity) role {
	switch s {
	case urlspec.Error:
		return bad
	case urlspec.Warning:
		return doubtful
	}
	return accent
}

func stateRole(s event.State) role {
	switch s {
	case event.OK:
		return good
	case event.Warn:
		return doubtful
	case event.Fail:
		return bad
	}
	return muted
}

// wrapped breaks a text between words into lines that fit, the first one
// beginning with first and the others with rest. A labelled line stays one.
func (l Look) wrapped(text, first, rest string) []string {
	if l.Labels {
		return []string{first + text}
	}
	width := max(l.width()-ansi.StringWidth(rest), narrowest)
	var lines []string
	line, cells := "", 0
	for _, word := range strings.Fields(text) {
		n := ansi.StringWidth(word)
		if line != "" && cells+1+n > width {
			lines = append(lines, line)
			line, cells = "", 0
		}
		if line != "" {
			line, cells = line+" ", cells+1
		}
		line, cells = line+word, cells+n
	}
	lines = append(lines, line)
	for i := range lines {
		lead := rest
		if i == 0 {
			lead = first
		}
		lines[i] = strings.TrimRight(lead+lines[i], " ")
	}
	return lines
}

// below begins a line that goes on with the one above it: blanks for the eye,
// a label of its own for a screen reader.
func (l Look) below(label string) string {
	if l.Labels {
		return label + ": "
	}
	return strings.Repeat(" ", labelWidth+1)
}

// pad fills text with blanks up to width cells.
func pad(text string, width int) string {
	if missing := width - ansi.StringWidth(text); missing > 0 {
		return text + strings.Repeat(" ", missing)
	}
	return text
}
