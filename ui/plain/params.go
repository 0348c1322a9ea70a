package plain

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/model"
	"xmppscope/urlspec"
)

// paramLines are the parameters whose values differ from their defaults.
func paramLines(spec urlspec.Spec, look Look) []string {
	facts := model.ParameterFacts(spec)
	names, values := 0, 0
	for _, f := range facts {
		names = max(names, len(f.Name))
		values = max(values, min(ansi.StringWidth(f.Value), 40))
	}
	var lines []string
	for _, f := range facts {
		switch {
		case !look.Labels:
			line := "  " + pad(f.Name, names) + "  " + pad(f.Value, values) + "  " + look.paint(muted, f.Note)
			lines = append(lines, strings.TrimRight(line, " "))
		case f.Note == "":
			lines = append(lines, fmt.Sprintf("parameter %s: %s", f.Name, f.Value))
		default:
			lines = append(lines, fmt.Sprintf("parameter %s: %s (%s)", f.Name, f.Value, f.Note))
		}
	}
	return lines
}
