package model

import (
	"fmt"
	"strings"
	"testing"

	"xmppscope/xmppcore/event"
)

func TestExplainSASL(t *testing.T) {
	for _, c := range []struct {
		name   string
		events []event.Event
		want   string
	}{
		{"nothing is known", upTo(event.StageTLS), ""},
		{"a login that was bound", upTo(event.StageSASL), `
used SCRAM-SHA-256-PLUS: the best that both sides can use here, bound to the TLS connection by tls-exporter
passed SCRAM-SHA-256: not tried
passed SCRAM-SHA-1-PLUS: not tried
passed SCRAM-SHA-1: not tried
passed PLAIN: not tried
missing SCRAM-SHA-512-PLUS: we know it, the server does not offer it
missing SCRAM-SHA-512: we know it, the server does not offer it
note channel: TLS 1.3; a login can be bound to it by tls-exporter or tls-server-end-point
note binding types: the server knows tls-exporter
note iterations: 10000 rounds protect the password on the server`},
		{"the features alone", upTo(event.StageFeatures, event.Features{Encrypted: true, Mechanisms: []string{"PLAIN"}, SASL2: []string{"SCRAM-SHA-1-PLUS", "HT-SHA-256-NONE"}}), `
passed SCRAM-SHA-1-PLUS: not tried
unknown HT-SHA-256-NONE: not one that we speak
missing SCRAM-SHA-512-PLUS: we know it, the server does not offer it
missing SCRAM-SHA-256-PLUS: we know it, the server does not offer it
missing SCRAM-SHA-512: we know it, the server does not offer it
missing SCRAM-SHA-256: we know it, the server does not offer it
missing SCRAM-SHA-1: we know it, the server does not offer it
missing PLAIN: we know it, the server does not offer it
note channel: TLS 1.3; a login can be bound to it by tls-exporter or tls-server-end-point
note binding types: the server lists none (XEP-0440), so the default of the TLS version is a guess
note protocol: SASL2 (XEP-0388)`},
		{"a refusal in clear, against what was expected", noLogin(inClear(event.Features{Mechanisms: []string{"PLAIN"}}),
			event.SASL{Offered: []string{"DIGEST-MD5", "SCRAM-SHA-1", "PLAIN"}, Predicted: "SCRAM-SHA-1", Used: "PLAIN", Flag: "n", Salt: 16, Iterations: 512,
				Passed: []event.PassedOver{{Mechanism: "DIGEST-MD5", Why: "not one that we speak"}}},
			event.Failure{Cause: event.CauseAuth, Condition: "not-authorized", Text: "no"}), `
used PLAIN: in place of the SCRAM-SHA-1 that we expected; the server refused it
predicted SCRAM-SHA-1: what we expected to be used
unknown DIGEST-MD5: not one that we speak
missing SCRAM-SHA-512-PLUS: we know it, the server does not offer it
missing SCRAM-SHA-256-PLUS: we know it, the server does not offer it
missing SCRAM-SHA-1-PLUS: we know it, the server does not offer it
missing SCRAM-SHA-512: we know it, the server does not offer it
missing SCRAM-SHA-256: we know it, the server does not offer it
note channel: no TLS, so there is nothing to bind a login to, and PLAIN would show the password
note our flag: n: this login is not bound to the TLS connection
note salt: 16 bytes
note iterations: 512 rounds protect the password on the server, and RFC 5802 wants 4096 at least
note refusal: not-authorized ("no")`},
	} {
		r := told(Check, "xmpps://alice:PW@example.test/bob", c.events...)
		var b strings.Builder
		for _, l := range ExplainSASL(r) {
			fmt.Fprintf(&b, "\n%s %s: %s", l.State, l.Name, l.Text)
		}
		if got := b.String(); got != c.want {
			t.Errorf("%s: got%s\nwant%s", c.name, got, c.want)
		}
	}
}
