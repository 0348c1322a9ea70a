package ui

import (
	"context"
	"strings"
)

// KeyTable is the table of keys as Markdown, for README.md.
func KeyTable() string {
	var b strings.Builder
	b.WriteString("| key | what it does |\n|---|---|\n")
	row := func(show, help string) {
		b.WriteString("| `" + strings.ReplaceAll(show, " ", "` `") + "` | " + help + " |\n")
	}
	s := newScreen(context.Background(), Options{})
	defer s.cancel()
	for _, k := range s.keymap.all {
		if k.help != "" {
			row(k.show, k.help)
		}
	}
	for _, k := range s.keymap.editing {
		row(k.show, "in a text field: "+k.help)
	}
	return b.String()
}
