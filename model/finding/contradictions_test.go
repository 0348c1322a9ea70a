package finding

import (
	"slices"
	"testing"

	"xmppscope/model"
	"xmppscope/model/modeltest"
	"xmppscope/xmppcore/event"
)

// TestContradictionsAreOfCodes: the table names what there is.
func TestContradictionsAreOfCodes(t *testing.T) {
	declared := []string{"*"}
	for _, c := range Codes() {
		declared = append(declared, c.Code)
	}
	for _, c := range contradictions {
		for _, code := range append([]string{c.code}, c.not...) {
			if !slices.Contains(declared, code) {
				t.Errorf("%s is no finding", code)
			}
		}
	}
}

// TestDenials: the table is asked about the same thing only.
func TestDenials(t *testing.T) {
	down, missing := subject{code: "gateway-down", address: "a@sms.example.test"}, subject{code: "target-missing"}
	for address, want := range map[string]bool{"b@sms.example.test": true, "a@sms.example.test": true,
		"b@example.test": false} {
		missing.address = address
		if got := deny(down, missing); got != want {
			t.Errorf("a gateway that is down denies %s: %v", address, got)
		}
	}
}

// TestMixedRuns: what is said of one target is not denied by what is said of another
// one beside it.
func TestMixedRuns(t *testing.T) {
	const a, b = "a@sms.example.test", "b@sms.example.test"
	sent := upTo(event.StageBind)
	down := event.Failure{Condition: "remote-server-timeout", Type: "wait", Text: "Component unavailable"}
	missing := event.Failure{Condition: "item-not-found"}
	for name, c := range map[string]struct {
		events []event.Event
		want   []string
	}{
		"one came back from a gateway that is down": {then(sent, bounced(chat(a, event.Written), down),
			delivered(chat(b, event.Accepted))), []string{"gateway-down"}},
		"one came back, and so the domain was heard": {then(sent, bounced(chat(a, event.Written), missing),
			delivered(chat(b, event.Accepted))), []string{"target-missing"}},
		"one arrived": {then(sent, delivered(chat(a, event.Received)), delivered(chat(b, event.Accepted))), nil},
		"none was heard of": {then(sent, delivered(chat(a, event.Accepted)), delivered(chat(b, event.Accepted))),
			[]string{"remote-unheard", "remote-unheard"}},
	} {
		r := told(model.Send, "xmpps://alice:PW@example.test/"+a+"/"+b, c.events...)
		if got := codesOf(Of(t.Context(), r)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		for _, why := range Contradictions(r) {
			t.Errorf("%s: %s", name, why)
		}
	}
	for _, s := range modeltest.Healthy() {
		for _, why := range Contradictions(s.Run()) {
			t.Errorf("%s: %s", s.Name, why)
		}
	}
}
