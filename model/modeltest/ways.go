package modeltest

import (
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Exploration is what an exploration of a server found.
type Exploration struct {
	Name string
	// URL has PW for the password; Login says that logins were asked for.
	URL   string
	Login bool
	Cells []event.Cell
}

// Explorations are servers with good and bad ways to them.
func Explorations() []Exploration {
	const url = "xmpps://alice:PW@example.test/bob"
	refusal := &event.Failure{Stage: event.StageSASL, Cause: event.CauseAuth, Condition: "not-authorized",
		Text: "no such account"}
	bound := &event.SASL{Used: "SCRAM-SHA-1-PLUS", ChannelBinding: "tls-exporter"}
	own, direct := place(5222, event.FromURL, event.FromSRV("_xmpp-client")), place(5223, event.FromUsual)
	old := good(own, urlspec.ModeSTARTTLS, "TLS 1.2")
	old.Bindings = []string{"tls-unique"}
	other := good(direct, urlspec.ModeTLS, "TLS 1.3")
	other.Verified, other.SHA256 = false, strings.Repeat("cd", 32)
	other.Certificate = &event.Failure{Stage: event.StageTLS, Cause: event.CauseCertName,
		Detail: "the certificate is for mail.example.test"}
	accepted, refused := good(own, urlspec.ModeSTARTTLS, "TLS 1.3"), good(own, urlspec.ModeSTARTTLS, "TLS 1.3")
	accepted.Logins = []event.LoginTry{{ScramPlus: true, OK: true, TLSVersion: "TLS 1.3", SASL: bound}}
	refused.Logins = []event.LoginTry{{ScramPlus: true, TLSVersion: "TLS 1.3", SASL: bound, FailedStage: event.StageSASL,
		Failure: refusal}}
	clear := good(own, urlspec.ModeNone, "")
	clear.SHA256, clear.Verified, clear.Plus = "", false, clear.NoPlus
	silent := event.Failure{Stage: event.StageStream, Cause: event.CauseTimeout, Waiting: event.WaitHeader, Waited: 4}
	closed := event.Failure{Stage: event.StageTCP, Cause: event.CauseRefused,
		Detail: "dial tcp 192.0.2.7: connect: connection refused"}
	return []Exploration{
		{Name: "a modern server", URL: url, Cells: []event.Cell{good(own, urlspec.ModeSTARTTLS, "TLS 1.3"), old,
			bad(own, urlspec.ModeTLS, event.Failure{Stage: event.StageTLS, Cause: event.CauseNotTLS}),
			bad(own, urlspec.ModeNone, event.Failure{Stage: event.StageFeatures, Cause: event.CauseTLSRequired}),
			bad(direct, urlspec.ModeSTARTTLS, silent), other, bad(place(443, event.FromUsual), "", closed),
			bad(event.Place{Hosts: []string{"chat.example.test"}, Port: 5222, From: []event.Source{event.FromDomain}}, "",
				event.Failure{Stage: event.StageDNS, Cause: event.CauseNoSuchHost, Detail: "no such host"})}},
		{Name: "a login that succeeded", URL: url, Login: true,
			Cells: []event.Cell{accepted, good(direct, urlspec.ModeTLS, "TLS 1.3")}},
		{Name: "a login that was refused", URL: url, Login: true,
			Cells: []event.Cell{refused, good(direct, urlspec.ModeTLS, "TLS 1.3")}},
		{Name: "no TLS", URL: "xmpp://alice:PW@example.test/bob", Cells: []event.Cell{clear}},
		{Name: "nothing works", URL: url, Cells: []event.Cell{bad(own, "", closed), bad(direct, "", closed)}},
		{Name: "nowhere to look", URL: url},
	}
}

func place(port int, from ...event.Source) event.Place {
	address := map[int]string{5222: "192.0.2.7:5222", 5223: "192.0.2.7:5223", 443: "192.0.2.7:443"}[port]
	return event.Place{Hosts: []string{"example.test"}, Address: address, Port: port, From: from}
}

func good(at event.Place, mode urlspec.Mode, version string) event.Cell {
	return event.Cell{Place: at, Mode: mode, TLSVersion: version, Verified: true, SHA256: strings.Repeat("ab", 32),
		Mechanisms: []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"}, Bindings: []string{"tls-exporter"},
		Plus:   &event.Prediction{Mechanism: "SCRAM-SHA-1-PLUS", Binding: "tls-exporter"},
		NoPlus: &event.Prediction{Mechanism: "SCRAM-SHA-1"}}
}

func bad(at event.Place, mode urlspec.Mode, f event.Failure) event.Cell {
	c := event.Cell{Place: at, Mode: mode}
	c.Fail(&f)
	return c
}
