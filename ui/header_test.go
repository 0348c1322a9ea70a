package ui

import "testing"

// TestLampsThatWereSkipped: a step that the run went past is no step that is still to
// come: an address needs no look-up, a URL without rooms no joins.
func TestLampsThatWereSkipped(t *testing.T) {
	for name, test := range map[string]struct{ told, want []string }{
		"an address": {[]string{"tcp ok connected", "stream fail nothing came"}, []string{"–dns", "✗tcp", "·tls"}},
		"without rooms": {append(upTo("tcp"), "sasl ok logged in", "bind ok bound", "send ok 1 of 1 written"),
			[]string{"✓dns", "✓bind", "–muc", "✓send", "·ack"}},
		"a check": {append(upTo("tcp"), "sasl ok logged in"), []string{"✓sasl", "·bind", "·muc", "·send", "·ack"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, 80, 24, Options{URL: goodURL, Run: script{events: told(test.told...)}.run})
			s.press("enter")
			s.finish()
			s.mustShow(test.want...)
		})
	}
}
