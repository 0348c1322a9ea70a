package model

import "xmppscope/xmppcore/event"

// noLogin ends a run at sasl.
func noLogin(events []event.Event, s event.SASL, f event.Failure) []event.Event {
	if f.Condition != "" {
		s.Failure = &event.Failure{Condition: f.Condition, Text: f.Text}
	}
	return then(events, failed(event.StageSASL, s, f))
}

// inClear is a run in mode none up to its features.
func inClear(f event.Features) []event.Event {
	return without(upTo(event.StageFeatures, f), event.StageSTARTTLS, event.StageTLS)
}

// loginCases are features, sasl and bind, but for what is recorded.
func loginCases() []findingCase {
	const clearURL = "xmpp://alice:PW@example.test/bob"
	encrypted := upTo(event.StageFeatures)
	bound := event.SASL{Offered: plainFeatures().Mechanisms, Bindings: []string{"tls-exporter"}, Used: "SCRAM-SHA-256-PLUS", ChannelBinding: "tls-exporter"}
	unlisted := bound
	unlisted.Bindings = nil
	oldFeatures := event.Features{Encrypted: true, Mechanisms: []string{"SCRAM-SHA-512-PLUS", "SCRAM-SHA-512", "PLAIN", "X-OAUTH2"}}
	auth := func(condition, text string) event.Failure {
		return event.Failure{Cause: event.CauseAuth, Condition: condition, Text: text}
	}
	binding := func(condition, text string) event.Failure {
		return event.Failure{Cause: event.CauseChannelBinding, Condition: condition, Text: text}
	}
	return []findingCase{
		{code: "tls-required", name: "mode=none, and STARTTLS required", url: clearURL,
			events: noLogin(inClear(event.Features{STARTTLS: true, STARTTLSRequired: true}), event.SASL{}, because(event.CauseTLSRequired))},
		{code: "no-mechanisms", name: "behind a TLS proxy", url: "xmpps://alice:PW@example.test/bob?mode=tls",
			events: noLogin(upTo(event.StageFeatures, event.Features{Encrypted: true}), event.SASL{}, because(event.CauseNoMechanisms))},
		{code: "channel-binding-required", name: "only PLUS, and scramplus=no", url: "xmpps://alice:PW@example.test/bob?scramplus=no",
			events: noLogin(upTo(event.StageFeatures, event.Features{Encrypted: true, Mechanisms: []string{"SCRAM-SHA-1-PLUS"}}),
				event.SASL{Offered: []string{"SCRAM-SHA-1-PLUS"}}, because(event.CauseNoCommonMechanism))},
		{code: "no-common-mechanism", name: "only EXTERNAL",
			events: noLogin(upTo(event.StageFeatures, event.Features{Encrypted: true, Mechanisms: []string{"EXTERNAL"}}),
				event.SASL{Offered: []string{"EXTERNAL"}}, because(event.CauseNoCommonMechanism))},
		{code: "cleartext-password", name: "only PLAIN, in clear", url: clearURL,
			events: noLogin(inClear(event.Features{STARTTLS: true, Mechanisms: []string{"PLAIN"}}), event.SASL{Offered: []string{"PLAIN"}}, because(event.CauseCleartextPassword))},
		{code: "password-missing", name: "no password", url: "xmpps://alice@example.test/bob",
			events: noLogin(encrypted, event.SASL{}, because(event.CauseNoPassword))},
		{code: "user-name-characters", name: "a comma", url: "xmpps://al%2Cice:PW@example.test/bob", events: noLogin(encrypted, bound, auth("malformed-request", ""))},
		{code: "account-disabled", name: "disabled", events: noLogin(encrypted, bound, auth("account-disabled", "Account is banned: lab ban"))},
		{code: "login-later", name: "the backend is down", events: noLogin(encrypted, bound, auth("temporary-auth-failure", ""))},
		{code: "mechanism-refused", name: "too weak, in clear", url: clearURL,
			events: noLogin(inClear(event.Features{STARTTLS: true, Mechanisms: []string{"SCRAM-SHA-1"}}), event.SASL{Offered: []string{"SCRAM-SHA-1"}, Used: "SCRAM-SHA-1"}, auth("mechanism-too-weak", ""))},
		{code: "server-proof", name: "success without a challenge",
			events: noLogin(encrypted, bound, event.Failure{Cause: event.CauseServerProof, Detail: "it accepted the login before it could know the password"})},
		{code: "scram-iterations", name: "two thousand million",
			events: noLogin(encrypted, bound, event.Failure{Cause: event.CauseIterations, Detail: "it wants 2000000000; we do between 1 and 2000000"})},
		{code: "illegal-login", name: "a blank in the login JID", url: "xmpps://al%26ice:PW@example.test/bob",
			events: []event.Event{failed(event.StageSASL, nil, event.Failure{Cause: event.CauseIllegalStanza, Detail: "the login JID al&ice@example.test breaks RFC 7622: jid: localpart contains forbidden characters"})}},
		{code: "bind-refused", name: "no more sessions", url: "xmpps://alice%2Fcron:PW@example.test/bob",
			events: then(upTo(event.StageSASL), failed(event.StageBind, nil, event.Failure{Cause: event.CauseBind, Condition: "resource-constraint", Type: "wait"}))},
		{code: "channel-binding-rejected", name: "ejabberd 23 on TLS 1.3",
			events: noLogin(upTo(event.StageFeatures, oldFeatures), unlisted, binding("not-authorized", "Invalid channel binding"))},
		{code: "channel-binding-rejected", name: "haproxy before ejabberd 26", events: noLogin(encrypted, bound, binding("not-authorized", "Invalid channel binding"))},
		{code: "channel-binding-mismatch", name: "haproxy before Prosody 13", events: noLogin(encrypted, bound, binding("malformed-request", "Invalid channel binding value."))},
		{code: "channel-binding-type", name: "haproxy with another TLS version", events: noLogin(encrypted, bound, binding("malformed-request", "Proposed channel binding type isn't supported."))},
		{code: "channel-binding-impossible", name: "TLS 1.2 without extended master secret",
			events: noLogin(encrypted, bound, event.Failure{Cause: event.CauseChannelBinding, Detail: "tls: ExportKeyingMaterial is unavailable when neither TLS 1.3 nor Extended Master Secret are negotiated"})},
		{code: "mechanism-list-altered", name: "the hash of XEP-0474 does not fit",
			events: noLogin(encrypted, bound, because(event.CauseMechanismList))},
	}
}
