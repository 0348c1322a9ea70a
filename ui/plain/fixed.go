package plain

import (
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// fixed gives the text with every safe fix made. It may hold the password:
// print it through urlspec.
func fixed(spec urlspec.Spec) string {
	text, _ := urlspec.FixAll(spec.Text)
	return text
}

// fixedLines show the URL with every safe fix made, and what was done to it.
// There are none when nothing can be done.
func fixedLines(spec urlspec.Spec, look Look) []string {
	text, applied := urlspec.FixAll(spec.Text)
	if len(applied) == 0 {
		return nil
	}
	labels := make([]string, 0, len(applied))
	for _, p := range applied {
		labels = append(labels, p.Code+": "+wire.Safe(p.Fix.Label))
	}
	url := wire.Safe(urlspec.Parse(text).Redacted())
	if look.Labels {
		return []string{"fixed url: " + url, "fixed by: " + strings.Join(labels, ", ")}
	}
	return append([]string{"  " + look.paint(good, url)}, look.wrapped("by: "+strings.Join(labels, ", "), "  ", "  ")...)
}

// insideLine points to a URL inside a text that is not a URL itself, such as a
// shell command.
func insideLine(spec urlspec.Spec) (line string, found bool) {
	inside, left, found := urlspec.Extract(spec.Text)
	if !found || left == "" {
		return "", false
	}
	at := strings.Index(spec.Text, inside)
	return "the text holds a URL: " + wire.Safe(spec.RedactedPart(at, at+len(inside))), true
}
