package ui

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// look is a style whose escape codes are worked out once. Lip Gloss works them out
// again for every text that it renders, and a frame has hundreds of texts: that was
// most of what a key cost.
type look struct {
	style       lipgloss.Style
	open, close string
}

// lookOf makes a look of a style that changes no more than how letters look: it pads,
// aligns and breaks nothing.
func lookOf(style lipgloss.Style) look {
	const letter = "x"
	open, end, _ := strings.Cut(style.Render(letter), letter)
	return look{style, open, end}
}

// Render gives a text of one line its look. An empty text stays empty.
func (l look) Render(text string) string {
	if text == "" {
		return ""
	}
	return l.open + text + l.close
}
