package ui

import (
	"charm.land/lipgloss/v2"
)

// asciiSign is what stands for a sign of ours on a screen without any sign
// beyond ASCII. That of a cut is nano's: "~" says what was probably meant.
var asciiSign = map[string]string{
	"✓": "+", "✗": "x", "·": ".", "»": ">", "–": "-", "▸": ">", "•": "*", "Δ": "%",
	"←": "<", "→": ">", "↑": "^", "↓": "v", "⌫": "<",
	"█": "#", "▏": "|", "▴": "^", "▾": "v", cutSign: "$", "×": "x",
	"“": "\"", "”": "\"", "‘": "'", "’": "'",
	"╭": "+", "╮": "+", "╰": "+", "╯": "+", "─": "-", "│": "|",
}

// toASCII redraws our own signs with ASCII ones. Text that holds other
// characters, such as a name, keeps them: they are its content.
func toASCII(canvas *lipgloss.Canvas, w, h int) {
	for y := range h {
		for x := range w {
			c := canvas.CellAt(x, y)
			if c == nil {
				continue
			}
			if sign, ours := asciiSign[c.Content]; ours {
				c = c.Clone()
				c.Content, c.Width = sign, 1
				canvas.SetCell(x, y, c)
			}
		}
	}
}
