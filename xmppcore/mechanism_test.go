package xmppcore

import (
	"crypto/tls"
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"xmppscope/xmppcore/event"
)

func TestChoose(t *testing.T) {
	tls13 := func(a x509.SignatureAlgorithm) *tls.ConnectionState {
		return &tls.ConnectionState{Version: tls.VersionTLS13, PeerCertificates: []*x509.Certificate{{SignatureAlgorithm: a}}}
	}
	tls12 := &tls.ConnectionState{Version: tls.VersionTLS12, TLSUnique: []byte{1},
		PeerCertificates: []*x509.Certificate{{SignatureAlgorithm: x509.SHA256WithRSA}}}
	resumed := &tls.ConnectionState{Version: tls.VersionTLS12,
		PeerCertificates: []*x509.Certificate{{SignatureAlgorithm: x509.SHA256WithRSA}}}
	good := channel{tls: tls13(x509.SHA256WithRSA), scramPlus: true}
	ejabberd := []string{"DIGEST-MD5", "PLAIN", "SCRAM-SHA-512-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1",
		"X-OAUTH2"}
	tests := []struct {
		name     string
		features event.Features
		channel  channel
		want     string
		binding  string
		cause    event.Cause
		passed   map[string]string // mechanism: part of the reason
	}{
		{"ejabberd 23 on TLS 1.3", event.Features{Mechanisms: ejabberd}, good, "SCRAM-SHA-512-PLUS", bindExporter, "",
			map[string]string{"PLAIN": "stronger", "DIGEST-MD5": "not one that we speak", "SCRAM-SHA-1-PLUS": "stronger"}},
		{"on TLS 1.2", event.Features{Mechanisms: ejabberd}, channel{tls: tls12, scramPlus: true}, "SCRAM-SHA-512-PLUS",
			bindUnique, "", nil},
		{"on a resumed session", event.Features{Mechanisms: ejabberd}, channel{tls: resumed, scramPlus: true},
			"SCRAM-SHA-512", "", "",
			map[string]string{"SCRAM-SHA-512-PLUS": "tls-unique"}},
		{"scramplus=no", event.Features{Mechanisms: ejabberd}, channel{tls: tls12}, "SCRAM-SHA-512", "", "",
			map[string]string{"SCRAM-SHA-512-PLUS": "scramplus=no"}},
		{"both types listed", event.Features{Mechanisms: ejabberd, Bindings: []string{bindEndPoint, bindExporter}}, good,
			"SCRAM-SHA-512-PLUS", bindExporter, "", nil},
		{"end point listed", event.Features{Mechanisms: ejabberd, Bindings: []string{bindEndPoint}}, good,
			"SCRAM-SHA-512-PLUS", bindEndPoint, "", nil},
		{"none that we know", event.Features{Mechanisms: ejabberd, Bindings: []string{"tls-other"}}, good, "SCRAM-SHA-512",
			"", "",
			map[string]string{
				"SCRAM-SHA-512-PLUS": "the server knows tls-other; we know tls-exporter and tls-server-end-point on TLS 1.3"}},
		{"end point of an Ed25519 certificate", event.Features{Mechanisms: ejabberd, Bindings: []string{bindEndPoint}},
			channel{tls: tls13(x509.PureEd25519), scramPlus: true},
			"SCRAM-SHA-512", "", "", map[string]string{"SCRAM-SHA-512-PLUS": "Ed25519"}},
		{"SASL2 has its own list", event.Features{Mechanisms: ejabberd, SASL2: []string{"SCRAM-SHA-1"}}, good, "SCRAM-SHA-1",
			"", "", nil},
		{"SASL2 needs TLS", event.Features{Mechanisms: ejabberd, SASL2: []string{"SCRAM-SHA-1"}}, channel{}, "SCRAM-SHA-512",
			"", "",
			map[string]string{"SCRAM-SHA-512-PLUS": "needs TLS", "PLAIN": "in clear"}},
		{"PLAIN under TLS", event.Features{Mechanisms: []string{"PLAIN"}}, good, "PLAIN", "", "", nil},
		{"PLAIN in clear", event.Features{Mechanisms: []string{"PLAIN"}}, channel{}, "", "", event.CauseCleartextPassword,
			nil},
		{"PLAIN in clear, allowed", event.Features{Mechanisms: []string{"PLAIN"}}, channel{clearPassword: true}, "PLAIN", "",
			"", nil},
		{"nothing under TLS", event.Features{}, good, "", "", event.CauseNoMechanisms, nil},
		{"nothing before TLS", event.Features{STARTTLS: true}, channel{}, "", "", event.CauseTLSRequired, nil},
		{"nothing, and no TLS", event.Features{}, channel{}, "", "", event.CauseNoMechanisms, nil},
		{"TLS required, though PLAIN is there", event.Features{STARTTLS: true, STARTTLSRequired: true,
			Mechanisms: []string{"PLAIN"}}, channel{}, "", "", event.CauseTLSRequired, nil},
		{"only foreign ones", event.Features{Mechanisms: []string{"EXTERNAL", "X-OAUTH2"}}, good, "", "",
			event.CauseNoCommonMechanism, nil},
		{"only PLUS, scramplus=no", event.Features{Mechanisms: []string{"SCRAM-SHA-1-PLUS"}}, channel{tls: tls12}, "", "",
			event.CauseNoCommonMechanism, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, failure := choose(test.features, test.channel)
			if got.Predicted != test.want || got.ChannelBinding != test.binding {
				t.Errorf("predicted %q %q, want %q %q", got.Predicted, got.ChannelBinding, test.want, test.binding)
			}
			if (failure == nil) != (test.cause == "") || failure != nil && failure.Cause != test.cause {
				t.Errorf("failure %v, want %s", failure, test.cause)
			}
			for m, why := range test.passed {
				if !slices.ContainsFunc(got.Passed, func(p event.PassedOver) bool {
					return p.Mechanism == m && strings.Contains(p.Why, why)
				}) {
					t.Errorf("%s should be passed over for %q: %+v", m, why, got.Passed)
				}
			}
		})
	}
}

// TestMechanismFailureBothSides: an error names what both sides know.
func TestMechanismFailureBothSides(t *testing.T) {
	_, failure := choose(event.Features{Mechanisms: []string{"EXTERNAL"}}, channel{})
	want := "offered: EXTERNAL; we know: SCRAM-SHA-512, SCRAM-SHA-256, SCRAM-SHA-1"
	if failure == nil || failure.Detail != want {
		t.Errorf("%v, want %q", failure, want)
	}
}
