package model

import "xmppscope/xmppcore"

// noLogin ends a run at sasl.
func noLogin(events []xmppcore.Event, s xmppcore.SASLData, f xmppcore.Failure) []xmppcore.Event {
	if f.Condition != "" {
		s.Failure = &xmppcore.SASLFailure{Condition: f.Condition, Text: f.Text}
	}
	return then(events, failed(xmppcore.StageSASL, s, f))
}

// inClear is a run in mode none up to its features.
func inClear(f xmppcore.FeaturesData) []xmppcore.Event {
	return without(upTo(xmppcore.StageFeatures, f), xmppcore.StageSTARTTLS, xmppcore.StageTLS)
}

// loginCases are features, sasl and bind, but for what is recorded.
func loginCases() []findingCase {
	const clearURL = "xmpp://alice:PW@example.test/bob"
	encrypted := upTo(xmppcore.StageFeatures)
	bound := xmppcore.SASLData{Offered: plainFeatures().Mechanisms, Bindings: []string{"tls-exporter"}, Used: "SCRAM-SHA-256-PLUS", ChannelBinding: "tls-exporter"}
	unlisted := bound
	unlisted.Bindings = nil
	oldFeatures := xmppcore.FeaturesData{Encrypted: true, Mechanisms: []string{"SCRAM-SHA-512-PLUS", "SCRAM-SHA-512", "PLAIN", "X-OAUTH2"}}
	auth := func(condition, text string) xmppcore.Failure {
		return xmppcore.Failure{Cause: xmppcore.CauseAuth, Condition: condition, Text: text}
	}
	binding := func(condition, text string) xmppcore.Failure {
		return xmppcore.Failure{Cause: xmppcore.CauseChannelBinding, Condition: condition, Text: text}
	}
	return []findingCase{
		{code: "tls-required", name: "mode=none, and STARTTLS required", url: clearURL,
			events: noLogin(inClear(xmppcore.FeaturesData{STARTTLS: true, STARTTLSRequired: true}), xmppcore.SASLData{}, because(xmppcore.CauseTLSRequired))},
		{code: "no-mechanisms", name: "behind a TLS proxy", url: "xmpps://alice:PW@example.test/bob?mode=tls",
			events: noLogin(upTo(xmppcore.StageFeatures, xmppcore.FeaturesData{Encrypted: true}), xmppcore.SASLData{}, because(xmppcore.CauseNoMechanisms))},
		{code: "channel-binding-required", name: "only PLUS, and scramplus=no", url: "xmpps://alice:PW@example.test/bob?scramplus=no",
			events: noLogin(upTo(xmppcore.StageFeatures, xmppcore.FeaturesData{Encrypted: true, Mechanisms: []string{"SCRAM-SHA-1-PLUS"}}),
				xmppcore.SASLData{Offered: []string{"SCRAM-SHA-1-PLUS"}}, because(xmppcore.CauseNoCommonMechanism))},
		{code: "no-common-mechanism", name: "only EXTERNAL",
			events: noLogin(upTo(xmppcore.StageFeatures, xmppcore.FeaturesData{Encrypted: true, Mechanisms: []string{"EXTERNAL"}}),
				xmppcore.SASLData{Offered: []string{"EXTERNAL"}}, because(xmppcore.CauseNoCommonMechanism))},
		{code: "cleartext-password", name: "only PLAIN, in clear", url: clearURL,
			events: noLogin(inClear(xmppcore.FeaturesData{STARTTLS: true, Mechanisms: []string{"PLAIN"}}), xmppcore.SASLData{Offered: []string{"PLAIN"}}, because(xmppcore.CauseCleartextPassword))},
		{code: "password-missing", name: "no password", url: "xmpps://alice@example.test/bob",
			events: noLogin(encrypted, xmppcore.SASLData{}, because(xmppcore.CauseNoPassword))},
		{code: "user-name-characters", name: "a comma", url: "xmpps://al%2Cice:PW@example.test/bob", events: noLogin(encrypted, bound, auth("malformed-request", ""))},
		{code: "account-disabled", name: "disabled", events: noLogin(encrypted, bound, auth("account-disabled", "Account is banned: lab ban"))},
		{code: "login-later", name: "the backend is down", events: noLogin(encrypted, bound, auth("temporary-auth-failure", ""))},
		{code: "mechanism-refused", name: "too weak, in clear", url: clearURL,
			events: noLogin(inClear(xmppcore.FeaturesData{STARTTLS: true, Mechanisms: []string{"SCRAM-SHA-1"}}), xmppcore.SASLData{Offered: []string{"SCRAM-SHA-1"}, Used: "SCRAM-SHA-1"}, auth("mechanism-too-weak", ""))},
		{code: "server-proof", name: "success without a challenge",
			events: noLogin(encrypted, bound, xmppcore.Failure{Cause: xmppcore.CauseServerProof, Detail: "it accepted the login before it could know the password"})},
		{code: "scram-iterations", name: "two thousand million",
			events: noLogin(encrypted, bound, xmppcore.Failure{Cause: xmppcore.CauseIterations, Detail: "it wants 2000000000; we do between 1 and 2000000"})},
		{code: "illegal-login", name: "a blank in the login JID", url: "xmpps://al%26ice:PW@example.test/bob",
			events: []xmppcore.Event{failed(xmppcore.StageSASL, nil, xmppcore.Failure{Cause: xmppcore.CauseIllegalStanza, Detail: "the login JID al&ice@example.test breaks RFC 7622: jid: localpart contains forbidden characters"})}},
		{code: "bind-refused", name: "no more sessions", url: "xmpps://alice%2Fcron:PW@example.test/bob",
			events: then(upTo(xmppcore.StageSASL), failed(xmppcore.StageBind, nil, xmppcore.Failure{Cause: xmppcore.CauseBind, Condition: "resource-constraint", Type: "wait"}))},
		{code: "channel-binding-rejected", name: "ejabberd 23 on TLS 1.3",
			events: noLogin(upTo(xmppcore.StageFeatures, oldFeatures), unlisted, binding("not-authorized", "Invalid channel binding"))},
		{code: "channel-binding-rejected", name: "haproxy before ejabberd 26", events: noLogin(encrypted, bound, binding("not-authorized", "Invalid channel binding"))},
		{code: "channel-binding-mismatch", name: "haproxy before Prosody 13", events: noLogin(encrypted, bound, binding("malformed-request", "Invalid channel binding value."))},
		{code: "channel-binding-type", name: "haproxy with another TLS version", events: noLogin(encrypted, bound, binding("malformed-request", "Proposed channel binding type isn't supported."))},
		{code: "channel-binding-impossible", name: "TLS 1.2 without extended master secret",
			events: noLogin(encrypted, bound, xmppcore.Failure{Cause: xmppcore.CauseChannelBinding, Detail: "tls: ExportKeyingMaterial is unavailable when neither TLS 1.3 nor Extended Master Secret are negotiated"})},
		{code: "mechanism-list-altered", name: "the hash of XEP-0474 does not fit",
			events: noLogin(encrypted, bound, because(xmppcore.CauseMechanismList))},
	}
}
