package modeltest

import (
	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// strangerCases are hosts that answer and are not the account's server, which SRV
// records say is elsewhere, and proxies that lead to nobody.
func strangerCases() []Story {
	elsewhere := SRV("_xmpp-client", "xmpp.example.test", 5222, 5)
	hostUnknown := StreamError(event.StageStream, event.Failure{Condition: "host-unknown"})
	title := "example.test:5222 is not the server of example.test; that is xmpp.example.test:5222, says the SRV record."
	fixed := "xmpps://alice:PW@example.test/bob?xmpp=xmpp.example.test"
	of := elsewhere
	of.Of, of.Target = "example.test", "example.test"
	return []Story{
		{Code: "srv-elsewhere", Name: "a server that does not serve the domain",
			Events: Then(lookedUp(elsewhere), UpTo(event.StageTCP)[1], hostUnknown),
			Title:  title, Fixed: fixed, Exit: model.ExitConnect, Apprise: "either"},
		{Code: "srv-elsewhere", Name: "another certificate",
			Events: Then(lookedUp(elsewhere), Then(UpTo(event.StageSTARTTLS)[1:], Failed(event.StageTLS,
				wrongTLS(func(d *event.TLS) { d.Names = []string{"other.test"} }), Because(event.CauseCertName)))...),
			Title: title, Fixed: fixed, Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "srv-elsewhere", Name: "a web server",
			Events: Then(lookedUp(elsewhere), UpTo(event.StageTCP)[1],
				Failed(event.StageStream, nil, event.Failure{Cause: event.CauseNotXMPP, Protocol: "HTTP"})),
			Title: title, Fixed: fixed, Exit: model.ExitConnect, Apprise: "either"},
		{Code: "domain-above", Name: "www", URL: "xmpps://alice:PW@www.example.test/bob",
			Events: Then([]event.Event{Item(OK(event.StageDNS, event.DNS{SRV: []event.SRVRecord{of}}), "_xmpp-client")},
				OK(event.StageDNS, event.DNS{Host: "www.example.test", Addresses: []string{"192.0.2.7"}}),
				UpTo(event.StageTCP)[1], hostUnknown),
			Title: "The account is probably at example.test: that domain publishes a server, www.example.test does not.",
			Fixed: "xmpps://alice:PW@example.test/bob", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "proxy-without-backend", Name: "the server behind it is down",
			Events: Then(UpTo(event.StageTCP), Failed(event.StageStream, nil, event.Failure{Cause: event.CauseClosed,
				Waiting: event.WaitHeader, Waited: 3.1})),
			Title: "example.test:5222 took the connection, said nothing, and hung up after 3.1 s: a proxy whose server is down.",
			Exit:  model.ExitConnect, Apprise: "either"},
		{Code: "proxy-without-backend", Name: "the first of two servers",
			Events: Then(lookedUp(SRV("_xmpp-client", "example.test", 5222, 1), SRV("_xmpp-client", "x2.example.test", 5222, 2)),
				UpTo(event.StageTCP)[1], Failed(event.StageStream, nil, event.Failure{Cause: event.CauseClosed, Waited: 3.1})),
			Title: "example.test:5222 took the connection, said nothing, and hung up after 3.1 s: a proxy whose server is down.",
			Fixed: "xmpps://alice:PW@example.test/bob?xmpp=x2.example.test", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "client-certificate-demanded", Name: "and another port does not",
			URL: "xmpps://alice:PW@example.test/bob?mode=tls",
			Events: Then(lookedUp(SRV("_xmpps-client", "example.test", 5223, 1), SRV("_xmpp-client", "example.test", 5222, 2)),
				UpTo(event.StageTCP)[1], Failed(event.StageTLS, nil, Because(event.CauseClientCertificate))),
			Title: "example.test:5223 demands a client certificate, which an Apprise URL cannot carry.",
			Fixed: "xmpps://alice:PW@example.test/bob?mode=starttls", Exit: model.ExitTLS, Apprise: "failure"},
		{Code: "proxy-without-backend", Name: "the same with direct TLS", URL: "xmpps://alice:PW@example.test/bob?mode=tls",
			Events: Then(UpTo(event.StageTCP), Failed(event.StageTLS, nil, event.Failure{Cause: event.CauseClosed,
				Waiting: event.WaitHandshake, Waited: 3.1})),
			Title: "example.test:5223 took the connection, said nothing, and hung up after 3.1 s: a proxy whose server is down.",
			Exit:  model.ExitTLS, Apprise: "failure"},
		{Code: "proxy-without-backend", Name: "hangs up at once, whoever speaks",
			Events: Then(UpTo(event.StageTCP), Failed(event.StageStream, nil, event.Failure{Cause: event.CauseClosed,
				Waiting: event.WaitHeader, Unprompted: true})),
			Title: "example.test:5222 takes the connection and hangs up before anybody has said a word.",
			Exit:  model.ExitConnect, Apprise: "either"},
		{Code: "srv-elsewhere", Name: "another service, and SRV names another port of the host",
			URL: "xmpps://alice:PW@example.test:443/bob?mode=tls",
			Events: Then(lookedUp(SRV("_xmpps-client", "example.test", 5229, 1)), UpTo(event.StageTCP)[1],
				Failed(event.StageTLS, event.TLS{}, event.Failure{Cause: event.CauseTLS, Alert: event.AlertProtocol})),
			Title: "example.test:443 is not the server of example.test; that is example.test:5229, says the SRV record.",
			Fixed: "xmpps://alice:PW@example.test:5229/bob?mode=tls", Exit: model.ExitTLS, Apprise: "either"},
		{Code: "starttls-not-offered", Name: "and SRV names a server for direct TLS",
			Events: Then(lookedUp(SRV("_xmpp-client", "example.test", 5222, 1), SRV("_xmpps-client", "x2.example.test", 443, 1)),
				UpTo(event.StageStream)[1], Failed(event.StageSTARTTLS, nil, Because(event.CauseNoSTARTTLS))),
			Title: "example.test:5222 offers no STARTTLS.",
			Fixed: "xmpps://alice:PW@example.test:443/bob?xmpp=x2.example.test&mode=tls",
			Exit:  model.ExitTLS, Apprise: "false success"},
		{Code: "proxy-without-backend", Name: "nothing inside TLS", URL: "xmpps://alice:PW@example.test/bob?mode=tls",
			Events: Then(UpTo(event.StageTCP), OK(event.StageTLS, PlainTLS()),
				Failed(event.StageStream, nil, event.Failure{Cause: event.CauseClosed, Waiting: event.WaitHeader})),
			Title: "example.test:5223 speaks TLS, says nothing inside it, and hangs up: probably a proxy whose server is down.",
			Exit:  model.ExitConnect, Apprise: "either"},
		{Code: "proxy-without-backend", Name: "a PROXY header",
			Events: Then(UpTo(event.StageTCP), StreamError(event.StageStream, event.Failure{Condition: "not-well-formed"})),
			Title:  "Something before the server at example.test:5222 adds words that are no XML, probably a PROXY header.",
			Exit:   model.ExitConnect, Apprise: "either"},
		{Code: "direct-tls-port", Name: "a web port in clear", URL: "xmpps://alice:PW@example.test:443/bob",
			Events: Then(UpTo(event.StageTCP), Failed(event.StageStream, nil, event.Failure{Cause: event.CauseNotXMPP,
				Protocol: "HTTP"})),
			Title: "Port 443 probably wants TLS from the first byte.",
			Fixed: "xmpps://alice:PW@example.test:443/bob?mode=tls", Exit: model.ExitConnect, Apprise: "either"},
	}
}

// besideCases are what the look beside the connection shows.
func besideCases() []Story {
	silent := func(address string) event.Event {
		f := Silence(event.WaitTCP)
		f.Stage = event.StageTCP
		return event.Event{Stage: event.StageTCP, Item: address, State: event.Warn, Failure: &f,
			Data: event.TCP{Host: "example.test", Port: 5222, Address: address}}
	}
	answered := func(address string) event.Event {
		return Item(OK(event.StageTCP, event.TCP{Host: "example.test", Port: 5222, Address: address}), address)
	}
	both := event.DNS{Host: "example.test", Addresses: []string{"192.0.2.6", "192.0.2.7"}}
	refused := Then(lookedUp(), PortClosed("example.test", 5222))
	told := func(d event.DNS) event.Event { return Item(OK(event.StageDNS, d), "example.test") }
	unnamed := Item(event.Event{Stage: event.StageTLS, State: event.Warn, Data: event.TLS{},
		Failure: &event.Failure{Stage: event.StageStream, Cause: event.CauseNotXMPP, Protocol: "HTTP"}}, event.WithoutALPN)
	older := PlainTLS()
	older.Version = "TLS 1.2"
	return []Story{
		{Code: "address-dead", Name: "the first address is dead",
			Events: Then(UpTo(event.StageBind, both), answered("192.0.2.7:5222"), silent("192.0.2.6:5222")),
			Title:  "192.0.2.6:5222 of example.test did not answer; 192.0.2.7:5222 did.",
			Fixed:  "xmpps://alice:PW@example.test/bob?xmpp=192.0.2.7", Exit: model.ExitDone, Apprise: "failure"},
		{Code: "address-dead", Name: "the second address is dead",
			Events: Then(UpTo(event.StageBind, event.DNS{Host: "example.test", Addresses: []string{"192.0.2.7", "192.0.2.6"}}),
				answered("192.0.2.7:5222"), silent("192.0.2.6:5222")),
			Title: "192.0.2.6:5222 of example.test did not answer; 192.0.2.7:5222 did.",
			Fixed: "xmpps://alice:PW@example.test/bob?xmpp=192.0.2.7", Exit: model.ExitDone, Apprise: "success"},
		{Code: "dns-half-answered", Name: "no answer about AAAA",
			Events: UpTo(event.StageBind, event.DNS{Host: "example.test", Addresses: []string{"192.0.2.7"},
				Unanswered: []string{"AAAA"}}),
			Title: "The name server did not answer the question for the AAAA records of example.test.",
			Exit:  model.ExitDone, Apprise: "failure"},
		{Code: "dns-timeout", Name: "no answer about AAAA, and no A record",
			Events: []event.Event{Failed(event.StageDNS, event.DNS{Host: "example.test", Unanswered: []string{"AAAA"}},
				Silence(event.WaitNames))},
			Title: "The name server did not answer the question for the AAAA records of example.test within 4 s.",
			Exit:  model.ExitConnect, Apprise: "failure"},
		{Code: "name-completed", Name: "by a search domain",
			Events: Then(UpTo(event.StageBind), told(event.DNS{Host: "example.test", Completed: "example.test.corp.test"})),
			Title:  "This machine made example.test.corp.test of example.test.", Exit: model.ExitDone, Apprise: "success"},
		{Code: "srv-unanswered", Name: "SERVFAIL", First: "connection-refused", Also: []string{"srv-unanswered"},
			Events: Then(refused, told(event.DNS{Host: "example.test", Unanswered: []string{"_xmpp-client"}})),
			Title:  "example.test refused the connection: nothing listens on port 5222.",
			Exit:   model.ExitConnect, Apprise: "failure"},
		{Code: "srv-port-zero", Name: "port 0", First: "connection-refused", Also: []string{"srv-port-zero"},
			Events: Then(lookedUp(SRV("_xmpp-client", "xmpp.example.test", 0, 5)), PortClosed("example.test", 5222)),
			Title:  "example.test refused the connection: nothing listens on port 5222.",
			Exit:   model.ExitConnect, Apprise: "failure"},
		{Code: "srv-address", Name: "an address as target", First: "srv-elsewhere", Also: []string{"srv-address"},
			Events: Then(lookedUp(SRV("_xmpp-client", "192.0.2.8", 5222, 5)), PortClosed("example.test", 5222)),
			Title:  "example.test:5222 does not answer; the server is 192.0.2.8:5222, says the SRV record.",
			Fixed:  "xmpps://alice:PW@example.test/bob?xmpp=192.0.2.8", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "alpn-multiplexer", Name: "the web without ALPN", URL: "xmpps://alice:PW@example.test:443/bob?mode=tls",
			Events: Then(UpTo(event.StageBind), unnamed),
			Title:  "example.test:443 brings Apprise to another service: this is not an XMPP server.",
			Exit:   model.ExitDone, Apprise: "either"},
		{Code: "certificate-refused-by-apprise", Name: "a wildcard below one label",
			Events: UpTo(event.StageBind, weakWildcard()),
			Title: "Apprise's Python does not take the certificate, because it names the domain by a wildcard below one " +
				"label, " +
				"which OpenSSL does not take.",
			Exit: model.ExitDone, Apprise: "false success"},
		{Code: "tls-ends-between", Name: "TLS 1.2 before 1.3", Events: UpTo(event.StageBind, older),
			Title: "Something between us and the server ends TLS: on TLS 1.2 it lists tls-exporter.",
			Exit:  model.ExitDone, Apprise: "failure"},
	}
}
