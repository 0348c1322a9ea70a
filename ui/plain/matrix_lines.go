package plain

import (
	"fmt"

	"xmppscope/model/fact"
	"xmppscope/model/matrix"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// mostWays is how many URLs a person is shown; JSON has them all.
const mostWays = 8

// matrixLines show an exploration: what each place offers, where TLS ends, and
// the URLs that would work.
func matrixLines(spec urlspec.Spec, cells []event.Cell, m matrix.Matrix, look Look) []string {
	reading := spec.Reading
	start := fmt.Sprintf("for %s, beginning at %s:%d", reading.LoginJID, reading.TCPHost, reading.Port)
	lines := []string{look.label("matrix") + wire.Safe(start)}
	section := func(rows []string) {
		if len(rows) > 0 && !look.Labels {
			lines = append(lines, "")
		}
		lines = append(lines, rows...)
	}
	section(look.unwrapped().facts(matrix.PlaceFacts(cells))) // one line a way
	section(look.facts(m.TLSFacts()))
	var ways []fact.Fact
	for i := range m.Ways[:min(len(m.Ways), mostWays)] {
		ways = append(ways, m.WayFacts(i)...)
	}
	section(look.facts(ways))
	sum := m.Sum()
	if len(m.Ways) > mostWays {
		sum.Text += fmt.Sprintf("; the best %d are shown", mostWays)
	}
	section(look.facts([]fact.Fact{sum}))
	return lines
}

// wayLine is one way, printed while the others are still looked for.
func wayLine(c event.Cell, look Look) string {
	facts := matrix.PlaceFacts([]event.Cell{c})
	place, offer := facts[0], facts[1]
	lead, _ := look.leads(offer, offer.Label, labelWidth, stateWidth)
	return lead + place.Text + ": " + offer.Text
}
