package modeltest

import (
	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// NoLogin ends a run at sasl.
func NoLogin(events []event.Event, s event.SASL, f event.Failure) []event.Event {
	if f.Condition != "" {
		s.Failure = &event.Failure{Condition: f.Condition, Text: f.Text}
	}
	return Then(events, Failed(event.StageSASL, s, f))
}

// InClear is a run in mode none up to its features.
func InClear(f event.Features) []event.Event {
	return Without(UpTo(event.StageFeatures, f), event.StageSTARTTLS, event.StageTLS)
}

// boundSASL is a login that is bound to the channel, before the server answers.
func boundSASL() event.SASL {
	return event.SASL{Offered: plainFeatures().Mechanisms, Bindings: []string{"tls-exporter"},
		Used: "SCRAM-SHA-256-PLUS", ChannelBinding: "tls-exporter"}
}

// choiceCases are features, and the choice of a mechanism.
func choiceCases() []Story {
	const clearURL = "xmpp://alice:PW@example.test/bob"
	return []Story{
		{Code: "tls-required", Name: "mode=none, and STARTTLS required", URL: clearURL,
			Events: NoLogin(InClear(event.Features{STARTTLS: true, STARTTLSRequired: true}), event.SASL{},
				Because(event.CauseTLSRequired)),
			Title: "The server accepts no login without TLS.",
			Fixed: "xmpp://alice:PW@example.test/bob?mode=starttls", Exit: model.ExitLogin, Apprise: "failure"},
		{Code: "no-mechanisms", Name: "behind a TLS proxy", URL: "xmpps://alice:PW@example.test/bob?mode=tls",
			Events: NoLogin(UpTo(event.StageFeatures, event.Features{Encrypted: true}), event.SASL{},
				Because(event.CauseNoMechanisms)),
			Title: "The server offers no login mechanism.", Exit: model.ExitLogin, Apprise: "failure"},
		{Code: "channel-binding-required", Name: "only PLUS, and scramplus=no",
			URL: "xmpps://alice:PW@example.test/bob?scramplus=no",
			Events: NoLogin(UpTo(event.StageFeatures, event.Features{Encrypted: true, Mechanisms: []string{"SCRAM-SHA-1-PLUS"}}),
				event.SASL{Offered: []string{"SCRAM-SHA-1-PLUS"}}, Because(event.CauseNoCommonMechanism)),
			Title: "The server insists on channel binding, and scramplus=no forbids it.",
			Fixed: "xmpps://alice:PW@example.test/bob", Exit: model.ExitLogin, Apprise: "failure"},
		{Code: "no-common-mechanism", Name: "only EXTERNAL",
			Events: NoLogin(UpTo(event.StageFeatures, event.Features{Encrypted: true, Mechanisms: []string{"EXTERNAL"}}),
				event.SASL{Offered: []string{"EXTERNAL"}}, Because(event.CauseNoCommonMechanism)),
			Title: "There is no login mechanism that both sides can use.", Exit: model.ExitLogin, Apprise: "false success"},
		{Code: "cleartext-password", Name: "only PLAIN, in clear", URL: clearURL,
			Events: NoLogin(InClear(event.Features{STARTTLS: true, Mechanisms: []string{"PLAIN"}}),
				event.SASL{Offered: []string{"PLAIN"}}, Because(event.CauseCleartextPassword)),
			Title: "The only login left would send the password in clear, so we stopped.",
			Fixed: "xmpp://alice:PW@example.test/bob?mode=starttls", Exit: model.ExitLogin, Apprise: "false success"},
		{Code: "password-missing", Name: "no password", URL: "xmpps://alice@example.test/bob",
			Events: NoLogin(UpTo(event.StageFeatures), event.SASL{}, Because(event.CauseNoPassword)),
			Title:  "There is no password to log in with.", Exit: model.ExitLogin, Apprise: "failure"},
	}
}

// loginCases are sasl and bind, except what is recorded.
func loginCases() []Story {
	encrypted, bound := UpTo(event.StageFeatures), boundSASL()
	auth := func(condition, text string) event.Failure {
		return event.Failure{Cause: event.CauseAuth, Condition: condition, Text: text}
	}
	return []Story{
		{Code: "user-name-characters", Name: "a comma", URL: "xmpps://al%2Cice:PW@example.test/bob",
			Events: NoLogin(encrypted, bound, auth("malformed-request", "")),
			Title:  "The user name holds a , or = that this server cannot read.",
			Exit:   model.ExitLogin, Apprise: "failure"},
		{Code: "account-disabled", Name: "disabled",
			Events: NoLogin(encrypted, bound, auth("account-disabled", "Account is banned: lab ban")),
			Title:  "The account cannot be used: account-disabled (Account is banned: lab ban).",
			Exit:   model.ExitLogin, Apprise: "failure"},
		{Code: "login-later", Name: "the backend is down",
			Events: NoLogin(encrypted, bound, auth("temporary-auth-failure", "")),
			Title:  "The server cannot check logins right now: temporary-auth-failure.",
			Exit:   model.ExitLogin, Apprise: "failure"},
		{Code: "mechanism-refused", Name: "too weak, in clear", URL: "xmpp://alice:PW@example.test/bob",
			Events: NoLogin(InClear(event.Features{STARTTLS: true, Mechanisms: []string{"SCRAM-SHA-1"}}),
				event.SASL{Offered: []string{"SCRAM-SHA-1"}, Used: "SCRAM-SHA-1"}, auth("mechanism-too-weak", "")),
			Title: "The server refuses SCRAM-SHA-1 here: mechanism-too-weak.",
			Fixed: "xmpp://alice:PW@example.test/bob?mode=starttls", Exit: model.ExitLogin, Apprise: "false success"},
		{Code: "server-proof", Name: "success without a challenge",
			Events: NoLogin(encrypted, bound, event.Failure{Cause: event.CauseServerProof,
				Detail: "it accepted the login before it could know the password"}),
			Title: "The server did not prove that it knows the password.", Exit: model.ExitLogin, Apprise: "false success"},
		{Code: "scram-iterations", Name: "two thousand million",
			Events: NoLogin(encrypted, bound, event.Failure{Cause: event.CauseIterations,
				Detail: "it wants 2000000000; we do between 1 and 2000000"}),
			Title: "The server demands an impossible number of SCRAM iterations.",
			Exit:  model.ExitLogin, Apprise: "unknown"},
		{Code: "illegal-login", Name: "a blank in the login JID", URL: "xmpps://al%26ice:PW@example.test/bob",
			Events: []event.Event{Failed(event.StageSASL, nil, event.Failure{Cause: event.CauseIllegalStanza,
				Detail: "the login JID al&ice@example.test breaks RFC 7622: jid: localpart contains forbidden characters"})},
			Title: "al&ice@example.test is not a legal JID.", Exit: model.ExitLogin, Apprise: "failure"},
		{Code: "bind-refused", Name: "no more sessions", URL: "xmpps://alice%2Fcron:PW@example.test/bob",
			Events: Then(UpTo(event.StageSASL), Failed(event.StageBind, nil, event.Failure{Cause: event.CauseBind,
				Condition: "resource-constraint", Type: "wait"})),
			Title: "The server refused to bind a resource: resource-constraint.",
			Fixed: "xmpps://alice:PW@example.test/bob", Exit: model.ExitLogin, Apprise: "failure"},
	}
}

// bindingCases are logins that fail because of their channel binding.
func bindingCases() []Story {
	encrypted, bound, unlisted := UpTo(event.StageFeatures), boundSASL(), boundSASL()
	unlisted.Bindings = nil
	oldFeatures := event.Features{Encrypted: true,
		Mechanisms: []string{"SCRAM-SHA-512-PLUS", "SCRAM-SHA-512", "PLAIN", "X-OAUTH2"}}
	binding := func(condition, text string) event.Failure {
		return event.Failure{Cause: event.CauseChannelBinding, Condition: condition, Text: text}
	}
	return []Story{
		{Code: "channel-binding-rejected", Name: "ejabberd 23 on TLS 1.3",
			Events: NoLogin(UpTo(event.StageFeatures, oldFeatures), unlisted,
				binding("not-authorized", "Invalid channel binding")),
			Title: "The server offered SCRAM-SHA-256-PLUS, then rejected the channel binding.",
			Fixed: "xmpps://alice:PW@example.test/bob?scramplus=no", Exit: model.ExitLogin, Apprise: "success"},
		{Code: "channel-binding-mismatch", Name: "haproxy before ejabberd 26",
			Events: NoLogin(encrypted, bound, binding("not-authorized", "Invalid channel binding")),
			Title:  "Something between us and the server ends TLS: the channel binding does not match.",
			Fixed:  "xmpps://alice:PW@example.test/bob?scramplus=no", Exit: model.ExitLogin, Apprise: "success"},
		{Code: "channel-binding-mismatch", Name: "haproxy before Prosody 13",
			Events: NoLogin(encrypted, bound, binding("malformed-request", "Invalid channel binding value.")),
			Title:  "Something between us and the server ends TLS: the channel binding does not match.",
			Fixed:  "xmpps://alice:PW@example.test/bob?scramplus=no", Exit: model.ExitLogin, Apprise: "success"},
		{Code: "channel-binding-type", Name: "haproxy with another TLS version",
			Events: NoLogin(encrypted, bound, binding("malformed-request", "Proposed channel binding type isn't supported.")),
			Title:  "The server does not support tls-exporter.",
			Fixed:  "xmpps://alice:PW@example.test/bob?scramplus=no", Exit: model.ExitLogin, Apprise: "success"},
		{Code: "channel-binding-impossible", Name: "TLS 1.2 without extended master secret",
			Events: NoLogin(encrypted, bound, event.Failure{Cause: event.CauseChannelBinding,
				Detail: "tls: ExportKeyingMaterial is unavailable when neither TLS 1.3 nor Extended Master Secret are negotiated"}),
			Title: "The login cannot be bound to this TLS session.",
			Fixed: "xmpps://alice:PW@example.test/bob?scramplus=no", Exit: model.ExitLogin, Apprise: "success"},
		{Code: "mechanism-list-altered", Name: "the hash of XEP-0474 does not fit",
			Events: NoLogin(encrypted, bound, Because(event.CauseMechanismList)),
			Title:  "The server's list of login mechanisms was altered on the way.",
			Exit:   model.ExitLogin, Apprise: "success"},
	}
}
