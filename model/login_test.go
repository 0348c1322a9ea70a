package model_test

import (
	"fmt"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/xmppcore/event"
)

func TestLoginFacts(t *testing.T) {
	for _, c := range []struct {
		name   string
		events []event.Event
		want   string
	}{
		{"nothing is known", upTo(event.StageTLS), ""},
		{"a login that was bound", upTo(event.StageSASL), `
ok used: SCRAM-SHA-256-PLUS: the best that both sides can use here, bound to the TLS connection by tls-exporter
skip not taken: SCRAM-SHA-256, SCRAM-SHA-1-PLUS, SCRAM-SHA-1, PLAIN: not tried
skip missing: SCRAM-SHA-512-PLUS, SCRAM-SHA-512: known to us, not offered by the server
 channel: TLS 1.3; a login can be bound to it by tls-exporter or tls-server-end-point
 binding types: the server knows tls-exporter
 iterations: 10000 rounds protect the password on the server`},
		{"the features alone", upTo(event.StageFeatures, event.Features{Encrypted: true, Mechanisms: []string{"PLAIN"},
			SASL2: []string{"SCRAM-SHA-1-PLUS", "HT-SHA-256-NONE"}}), `
skip not taken: SCRAM-SHA-1-PLUS: not tried
skip unknown: HT-SHA-256-NONE: not one that we speak
skip missing: SCRAM-SHA-512-PLUS, SCRAM-SHA-256-PLUS, SCRAM-SHA-512, SCRAM-SHA-256, SCRAM-SHA-1, PLAIN: known to us, not offered by the server
 channel: TLS 1.3; a login can be bound to it by tls-exporter or tls-server-end-point
 binding types: the server lists none (XEP-0440), so the default of the TLS version is a guess
 protocol: SASL2 (XEP-0388)`},
		{"a refusal in clear, against what was expected", noLogin(inClear(event.Features{Mechanisms: []string{"PLAIN"}}),
			event.SASL{Offered: []string{"DIGEST-MD5", "SCRAM-SHA-1", "PLAIN"}, Predicted: "SCRAM-SHA-1", Used: "PLAIN",
				Flag: "n", Salt: 16,
				Iterations: 512, Passed: []event.PassedOver{{Mechanism: "DIGEST-MD5", Why: "not one that we speak"}}},
			event.Failure{Cause: event.CauseAuth, Condition: "not-authorized", Text: "no"}), `
fail used: PLAIN: in place of the SCRAM-SHA-1 that we expected; the server refused it
start predicted: SCRAM-SHA-1: what we expected to be used
skip unknown: DIGEST-MD5: not one that we speak
skip missing: SCRAM-SHA-512-PLUS, SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-512, SCRAM-SHA-256: known to us, not offered by the server
 channel: no TLS, so there is nothing to bind a login to, and PLAIN would show the password
 our flag: n: this login is not bound to the TLS connection
 salt: 16 bytes
 iterations: 512 rounds protect the password on the server, and RFC 5802 wants 4096 at least
 refusal: not-authorized ("no")`},
		{"cut off", then(upTo(event.StageFeatures),
			failed(event.StageSASL, event.SASL{Offered: []string{"PLAIN"}, Predicted: "PLAIN", Used: "PLAIN"},
				silence(event.WaitLogin))), `
fail used: PLAIN: the best that both sides can use here; the login did not come to its end
skip missing: SCRAM-SHA-512-PLUS, SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-512, SCRAM-SHA-256, SCRAM-SHA-1: known to us, not offered by the server
 channel: TLS 1.3; a login can be bound to it by tls-exporter or tls-server-end-point`},
	} {
		r := told(model.Check, "xmpps://alice:PW@example.test/bob", c.events...)
		var b strings.Builder
		for _, f := range r.LoginFacts() {
			if f.Role == fact.RoleValue {
				fmt.Fprintf(&b, "\n%s %s: %s", f.State, f.Label, f.Text)
			}
		}
		if got := b.String(); got != c.want {
			t.Errorf("%s: got%s\nwant%s", c.name, got, c.want)
		}
	}
}
