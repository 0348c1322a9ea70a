package modeltest

import (
	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// SRV is one SRV record.
func SRV(service, target string, port, priority int) event.SRVRecord {
	return event.SRVRecord{Service: service, Target: target, Port: port, Priority: priority}
}

// lookedUp tells the address and the SRV records of example.test.
func lookedUp(records ...event.SRVRecord) []event.Event {
	return []event.Event{
		Item(OK(event.StageDNS, event.DNS{Host: "example.test", SRV: records}), "_xmpp-client._tcp.example.test"),
		OK(event.StageDNS, event.DNS{Host: "example.test", Addresses: []string{"192.0.2.7"}}),
	}
}

// notFound tells that there is no address, but perhaps SRV records.
func notFound(host string, records ...event.SRVRecord) event.Event {
	return Failed(event.StageDNS, event.DNS{Host: host, SRV: records}, Because(event.CauseNoSuchHost))
}

// PortClosed tells that nothing listens on a port.
func PortClosed(host string, port int) event.Event {
	return Failed(event.StageTCP, event.TCP{Host: host, Port: port}, Because(event.CauseRefused))
}

// StreamError ends the stream at a stage.
func StreamError(stage event.Stage, f event.Failure) event.Event {
	f.Cause = event.CauseStreamError
	return Failed(stage, nil, f)
}

// nameCases are dns, and tcp where SRV records know a better place.
func nameCases() []Story {
	return []Story{
		{Code: "srv-declines", Name: "SRV target is a dot",
			Events: []event.Event{notFound("example.test", SRV("_xmpp-client", ".", 0, 0))},
			Title:  "example.test declares in DNS that it offers no XMPP.", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "srv-target-missing", Name: "xmpp= is the SRV target, which has no address",
			URL:    "xmpps://alice:PW@example.test/bob?xmpp=xmpp.example.test",
			Events: []event.Event{notFound("xmpp.example.test", SRV("_xmpp-client", "xmpp.example.test", 5222, 5))},
			Title:  "The SRV record of example.test names xmpp.example.test, which has no address.",
			Exit:   model.ExitConnect, Apprise: "failure"},
		{Code: "srv-fallback", Name: "the first of two servers is down",
			URL: "xmpps://alice:PW@example.test/bob?xmpp=x1.example.test",
			Events: Then(lookedUp(SRV("_xmpp-client", "x1.example.test", 5222, 1),
				SRV("_xmpp-client", "x2.example.test", 5222, 2)), PortClosed("x1.example.test", 5222)),
			Title: "x1.example.test:5222 does not answer; the domain's next server is x2.example.test:5222.",
			Fixed: "xmpps://alice:PW@example.test/bob?xmpp=x2.example.test", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "srv-direct-tls-only", Name: "only _xmpps-client is published",
			Events: Then(lookedUp(SRV("_xmpps-client", "xmpp.example.test", 443, 1)), PortClosed("example.test", 5222)),
			Title:  "example.test publishes only direct TLS, at xmpp.example.test:443.",
			Fixed:  "xmpps://alice:PW@example.test:443/bob?xmpp=xmpp.example.test&mode=tls",
			Exit:   model.ExitConnect, Apprise: "failure"},
		{Code: "srv-other-port", Name: "SRV names another port of the host",
			Events: Then(lookedUp(SRV("_xmpp-client", "example.test", 15222, 1)), PortClosed("example.test", 5222)),
			Title:  "example.test:5222 does not answer; the SRV record names port 15222.",
			Fixed:  "xmpps://alice:PW@example.test:15222/bob", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "srv-elsewhere", Name: "split domain", URL: "xmpps://alice:PW@example.test:5333/bob",
			Events: []event.Event{notFound("example.test", SRV("_xmpps-client", "x.example.test", 5223, 1),
				SRV("_xmpp-client", "xmpp.example.test", 5222, 5))},
			Title: "example.test:5333 does not answer; the server is xmpp.example.test:5222, says the SRV record.",
			Fixed: "xmpps://alice:PW@example.test/bob?xmpp=xmpp.example.test", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "srv-elsewhere", Name: "the host has an address and no server",
			Events: Then(lookedUp(SRV("_xmpp-client", "xmpp.example.test", 15222, 1)),
				Failed(event.StageTCP, nil, Silence("the TCP connection"))),
			Title: "example.test:5222 does not answer; the server is xmpp.example.test:15222, says the SRV record.",
			Fixed: "xmpps://alice:PW@example.test:15222/bob?xmpp=xmpp.example.test",
			Exit:  model.ExitConnect, Apprise: "failure"},
		{Code: "host-not-found", Name: "no such host", Events: []event.Event{notFound("example.test")},
			Title: "There is no host called example.test.", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "host-not-found", Name: "no such host in xmpp=",
			URL:    "xmpps://alice:PW@example.test/bob?xmpp=xmmp.example.test",
			Events: []event.Event{notFound("xmmp.example.test")},
			Title:  "There is no host called xmmp.example.test.", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "dns-failed", Name: "the name server fails",
			Events: []event.Event{Failed(event.StageDNS, nil, Because(event.CauseDNS))},
			Title:  "The name example.test could not be looked up.", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "dns-timeout", Name: "the name server is silent",
			Events: []event.Event{Failed(event.StageDNS, nil, Silence("the name server's answer"))},
			Title:  "The name server did not answer the question for example.test within 4 s.",
			Exit:   model.ExitConnect, Apprise: "failure"},
	}
}

// proxied is a SOCKS proxy that does not connect us.
func proxied(fault event.ProxyFault, detail string) []event.Event {
	return []event.Event{Failed(event.StageTCP, event.TCP{Host: "example.test", Port: 5222, Proxy: "192.0.2.9:1080"},
		event.Failure{Cause: event.CauseProxy, Proxy: fault, Detail: detail})}
}

// connectCases are tcp.
func connectCases() []Story {
	return []Story{
		{Code: "connection-refused", Name: "closed port", URL: "xmpps://alice:PW@example.test:5333/bob",
			Events: []event.Event{PortClosed("example.test", 5333)},
			Title:  "example.test refused the connection: nothing listens on port 5333.",
			Fixed:  "xmpps://alice:PW@example.test/bob", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "connection-refused", Name: "closed standard port, optional",
			URL:    "xmpps://alice:PW@example.test/bob?optional=yes&cto=12.5",
			Events: []event.Event{PortClosed("example.test", 5222)},
			Title:  "example.test refused the connection: nothing listens on port 5222.",
			Exit:   model.ExitConnect, Apprise: "false success"},
		{Code: "connection-timeout", Name: "a firewall drops the SYN",
			Events: []event.Event{Failed(event.StageTCP, nil, Silence("the TCP connection"))},
			Title:  "example.test:5222 did not answer within 4 s.", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "port-impossible", Name: "port 70000", URL: "xmpps://alice:PW@example.test:70000/bob",
			Events: []event.Event{Failed(event.StageTCP, nil, Because(event.CauseUnreachable))},
			Title:  "There is no port 70000.",
			Fixed:  "xmpps://alice:PW@example.test/bob", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "network-unreachable", Name: "only IPv6, and no route",
			Events: []event.Event{Failed(event.StageTCP, nil, Because(event.CauseUnreachable))},
			Title:  "There is no route from here to example.test:5222.", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "proxy-dead", Name: "nothing listens", Events: proxied(event.ProxyDead, "connection refused"),
			Title: "The SOCKS proxy does not answer: connection refused.", Exit: model.ExitConnect, Apprise: "unknown"},
		{Code: "proxy-password", Name: "it refuses", Events: proxied(event.ProxyPassword, "it refused the login"),
			Title: "The SOCKS proxy does not let us in: it refused the login.", Exit: model.ExitConnect, Apprise: "unknown"},
		{Code: "proxy-rule", Name: "web ports only", Events: proxied(event.ProxyRule, "no"),
			Title: "The SOCKS proxy does not allow a connection to " +
				"example.test:5222.", Exit: model.ExitConnect, Apprise: "unknown"},
		{Code: "proxy-name", Name: "no such name", Events: proxied(event.ProxyName, "host unreachable"),
			Title: "The SOCKS proxy could not reach example.test:5222, or does not know that name.",
			Exit:  model.ExitConnect, Apprise: "unknown"},
		{Code: "proxy-not-socks", Name: "a web proxy", Events: proxied(event.ProxyNotSOCKS, "it hung up"),
			Title: "What ALL_PROXY names does not speak SOCKS5: it hung up.", Exit: model.ExitConnect, Apprise: "unknown"},
		{Code: "connection-timeout", Name: "behind the SOCKS proxy",
			Events: []event.Event{Failed(event.StageTCP, event.TCP{Host: "example.test", Port: 5222, Proxy: "127.0.0.1:1080"},
				event.Failure{Cause: event.CauseTimeout, Waiting: event.WaitProxy, Waited: 4, Proxy: event.ProxyTarget})},
			Title: "example.test:5222 did not answer the SOCKS proxy within 4 s.", Exit: model.ExitConnect, Apprise: "unknown"},
		{Code: "network-unreachable", Name: "from the SOCKS proxy",
			Events: []event.Event{Failed(event.StageTCP, event.TCP{Host: "example.test", Port: 5222, Proxy: "127.0.0.1:1080"},
				Because(event.CauseUnreachable))},
			Title: "The SOCKS proxy has no route to example.test:5222.", Exit: model.ExitConnect, Apprise: "unknown"},
		{Code: "proxy-without-backend", Name: "the SOCKS proxy hangs up",
			Events: Then(UpTo(event.StageTCP, event.TCP{Host: "example.test", Port: 5222, Address: "example.test:5222",
				Proxy: "127.0.0.1:1080"}), Failed(event.StageStream, nil,
				event.Failure{Cause: event.CauseClosed, Waiting: event.WaitHeader, Unprompted: true})),
			Title: "example.test:5222 takes the connection and hangs up before anybody has said a word.",
			Exit:  model.ExitConnect, Apprise: "unknown"},
		{Code: "proxy-failed", Name: "SOCKS4", Events: proxied(event.ProxyURL, "the proxy's URL begins with socks4://"),
			Title: "ALL_PROXY names no proxy that we can use: the proxy's URL begins with socks4://.",
			Exit:  model.ExitConnect, Apprise: "unknown"},
		{Code: "proxy-failed", Name: "the SOCKS proxy refuses",
			Events: []event.Event{Failed(event.StageTCP, nil, Because(event.CauseProxy))},
			Title:  "The proxy did not connect to example.test:5222.", Exit: model.ExitConnect, Apprise: "unknown"},
	}
}

// greetingCases are what answers our greeting, and what ends a session without
// a stream error.
func greetingCases() []Story {
	tcp := []event.Event{OK(event.StageTCP, event.TCP{Host: "example.test", Port: 5222, Address: "192.0.2.7:5222"})}
	return []Story{
		{Code: "direct-tls-port", Name: "reset after our greeting", URL: "xmpps://alice:PW@example.test:5223/bob",
			Events: Then(tcp, Failed(event.StageStream, nil, Because(event.CauseClosed))),
			Title:  "Port 5223 probably wants TLS from the first byte.",
			Fixed:  "xmpps://alice:PW@example.test:5223/bob?mode=tls", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "direct-tls-port", Name: "silence on a port of its own, without TLS",
			URL:    "xmpp://alice:PW@example.test:443/bob",
			Events: Then(tcp, Failed(event.StageStream, nil, Silence("the stream header"))),
			Title:  "Port 443 probably wants TLS from the first byte.",
			Fixed:  "xmpp://alice:PW@example.test:443/bob?mode=tls", Exit: model.ExitConnect, Apprise: "failure"},
		{Code: "direct-tls-port", Name: "a TLS alert answers the greeting",
			Events: Then(tcp, Failed(event.StageStream, nil, event.Failure{Cause: event.CauseNotXMPP, Protocol: "TLS",
				Detail: "it speaks TLS"})),
			Title: "Port 5222 probably wants TLS from the first byte.",
			Fixed: "xmpps://alice:PW@example.test:5222/bob?mode=tls", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "server-closed", Name: "hung up after its greeting", Events: Then(tcp, Failed(event.StageStream,
			event.Stream{From: "example.test", ID: "s1"}, event.Failure{Cause: event.CauseClosed, Waiting: event.WaitFeatures})),
			Title: "The server hung up while we waited for the stream features.", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "proxy-header", Name: "on 5222", Events: Then(tcp, Failed(event.StageStream, nil,
			Because(event.CauseProxyHeader))),
			Title: "Port 5222 is meant for a load balancer, not for clients.", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "proxy-header", Name: "with direct TLS", URL: "xmpps://alice:PW@example.test/bob?mode=tls",
			Events: Then(tcp, Failed(event.StageTLS, nil, Because(event.CauseProxyHeader))),
			Title:  "Port 5223 is meant for a load balancer, not for clients.", Exit: model.ExitTLS, Apprise: "failure"},
		{Code: "legacy-login", Name: "iq:auth and no SASL", Events: Then(UpTo(event.StageFeatures,
			event.Features{Encrypted: true, Legacy: true}), Failed(event.StageSASL, nil, Because(event.CauseNoMechanisms))),
			Title: "The server is too old: it offers no login but that of XEP-0078.", Exit: model.ExitLogin, Apprise: "failure"},
		{Code: "legacy-login", Name: "before XMPP 1.0", Events: Then(tcp, event.Event{Stage: event.StageStream,
			State: event.Fail, Data: event.Stream{From: "example.test", Old: true},
			Failure: &event.Failure{Stage: event.StageStream, Cause: event.CauseTimeout, Waiting: event.WaitFeatures,
				Waited: 4}}),
			Title: "The server is too old: it offers no login but that of XEP-0078.", Exit: model.ExitConnect,
			Apprise: "failure"},
		{Code: "other-service", Name: "SSH", URL: "xmpps://alice:PW@example.test:22/bob",
			Events: Then(tcp, Failed(event.StageStream, nil, event.Failure{Cause: event.CauseNotXMPP, Protocol: "SSH",
				Detail: "it speaks SSH: SSH-2.0-OpenSSH_9.2"})),
			Title: "Port 22 of example.test is not an XMPP server: it speaks SSH: SSH-2.0-OpenSSH_9.2.",
			Fixed: "xmpps://alice:PW@example.test/bob", Exit: model.ExitConnect, Apprise: "false success"},
		{Code: "component-port", Name: "jabber:component:accept", URL: "xmpps://alice:PW@example.test:15347/bob",
			Events: Then(tcp, Failed(event.StageStream, nil, event.Failure{Cause: event.CauseServerPort,
				Protocol: "jabber:component:accept"})),
			Title: "Port 15347 is for components of the server.",
			Fixed: "xmpps://alice:PW@example.test/bob", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "server-to-server-port", Name: "jabber:server", URL: "xmpps://alice:PW@example.test:5269/bob",
			Events: Then(tcp, Failed(event.StageStream, nil, Because(event.CauseServerPort))),
			Title:  "Port 5269 is the server-to-server port.",
			Fixed:  "xmpps://alice:PW@example.test/bob", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "silent-server", Name: "silence on 5222",
			Events: Then(tcp, Failed(event.StageStream, nil, Silence("the stream header"))),
			Title:  "The server went silent: we waited 4 s for the stream header.",
			Exit:   model.ExitConnect, Apprise: "failure"},
		{Code: "silent-server", Name: "silence after the login's first step", Send: true,
			Events: Then(UpTo(event.StageFeatures), Failed(event.StageSASL, nil, Silence("the server's challenge"))),
			Title:  "The server went silent: we waited 4 s for the server's challenge.",
			Exit:   model.ExitLogin, Apprise: "failure"},
		{Code: "server-closed", Name: "hung up before the features under TLS",
			Events: Then(UpTo(event.StageTLS), Failed(event.StageFeatures, nil, event.Failure{Cause: event.CauseClosed,
				Waiting: "the stream features"})),
			Title: "The server hung up while we waited for the stream features.",
			Exit:  model.ExitConnect, Apprise: "either"},
		{Code: "server-closed", Name: "hung up after the bind", Send: true,
			Events: Then(UpTo(event.StageBind), Item(Failed(event.StageAck, Chat("bob@example.test", event.Written),
				Because(event.CauseClosed)), "id-bob@example.test"),
				Failed(event.StageAck, nil, Because(event.CauseClosed))),
			Title: "The server hung up without a reason, before it confirmed the message.",
			Exit:  model.ExitNothing, Apprise: "false success"},
		{Code: "bad-xml", Name: "broken XML",
			Events: Then(tcp, Failed(event.StageStream, nil, event.Failure{Cause: event.CauseBadXML,
				Detail: "mismatched tag, at byte 17 of the stream"})),
			Title: "The server sent XML that is not allowed, and we ended the session.",
			Exit:  model.ExitConnect, Apprise: "either"},
		{Code: "too-big", Name: "an endless element",
			Events: Then(UpTo(event.StageTLS), Failed(event.StageFeatures, nil, Because(event.CauseTooBig))),
			Title:  "The server sent an element without end, and we ended the session.",
			Exit:   model.ExitConnect, Apprise: "unknown"},
		{Code: "own-limit", Name: "no file descriptor is left",
			Events: []event.Event{Failed(event.StageTCP, nil, event.Failure{Cause: event.CauseOwnLimit,
				Detail: "dial tcp: socket: too many open files"})},
			Title: "This machine lets us open no further file or connection.", Exit: model.ExitInternal, Apprise: "unknown"},
		{Code: "internal-error", Name: "a crash of the library",
			Events: Then(UpTo(event.StageFeatures), Failed(event.StageSASL, nil, event.Failure{Cause: event.CauseInternal,
				Detail: "the XMPP library crashed: nil map"})),
			Title: "xmppscope failed: the XMPP library crashed: nil map.", Exit: model.ExitInternal, Apprise: "unknown"},
		{Code: "failed", Name: "a cause without a rule",
			Events: Then(UpTo(event.StageBind), Failed(event.StageRoster, nil, Because("new-cause"))),
			Title:  "The run failed: roster: new-cause.", Exit: model.ExitConnect, Apprise: "false success"},
	}
}

// streamCases are the stream errors that no recording has.
func streamCases() []Story {
	at := func(f event.Failure) []event.Event {
		return Then(UpTo(event.StageTCP), StreamError(event.StageStream, f))
	}
	return []Story{
		{Code: "host-unknown", Name: "another domain",
			Events: at(event.Failure{Condition: "host-unknown", Text: "This server does not serve example.test"}),
			Title:  "This server does not serve example.test.", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "host-unknown", Name: "the server's name in place of the domain",
			URL:    "xmpps://alice:PW@xmpp.example.test:5333/bob?mode=tls",
			Events: at(event.Failure{Condition: "host-unknown"}),
			Title:  "This server does not serve xmpp.example.test.",
			Fixed:  "xmpps://alice:PW@example.test:5333/bob?mode=tls&xmpp=xmpp.example.test",
			Exit:   model.ExitConnect, Apprise: "either"},
		{Code: "host-gone", Name: "retired", Events: at(event.Failure{Condition: "host-gone"}),
			Title: "example.test is no longer served here.", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "see-other-host", Name: "another host and port",
			Events: at(event.Failure{Condition: "see-other-host", Host: "x2.example.test:15222"}),
			Title:  "The server sends us to another host: x2.example.test:15222.",
			Fixed:  "xmpps://alice:PW@example.test:15222/bob?xmpp=x2.example.test",
			Exit:   model.ExitConnect, Apprise: "either"},
		{Code: "see-other-host", Name: "another IPv6 address",
			Events: at(event.Failure{Condition: "see-other-host", Host: "[2001:db8::1]"}),
			Title:  "The server sends us to another host: [2001:db8::1].",
			Fixed:  "xmpps://alice:PW@example.test/bob?xmpp=%5B2001:db8::1%5D",
			Exit:   model.ExitConnect, Apprise: "either"},
		{Code: "see-other-host", Name: "a host that no URL can hold",
			Events: at(event.Failure{Condition: "see-other-host", Host: "x?mode=none&verify=no"}),
			Title:  "The server sends us to another host: x?mode=none&verify=no.",
			Exit:   model.ExitConnect, Apprise: "either"},
		{Code: "too-many-logins", Name: "fail2ban, with retries", URL: "xmpps://alice:PW@example.test/bob?retry=3",
			Events: at(event.Failure{Condition: "policy-violation",
				Text: "Too many (5) failed authentications from this IP address (192.0.2.1). " +
					"The address will be unblocked at 10:42:11 16.10.2026 UTC"}),
			Title: "Too many failed logins: the server bars us for a while.",
			Fixed: "xmpps://alice:PW@example.test/bob?retry=0", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "policy-violation", Name: "a rule of its own",
			Events: at(event.Failure{Condition: "policy-violation", Text: "Too many connections"}),
			Title:  "The server's policy forbids this: policy-violation (Too many connections).",
			Exit:   model.ExitConnect, Apprise: "either"},
		{Code: "stanza-too-big", Name: "300 kB at a limit of 256", Send: true,
			Events: Then(UpTo(event.StageBind), StreamError(event.StageAck, event.Failure{Condition: "policy-violation",
				Text: "XML stanza is too big"})),
			Title: "The message is larger than this server takes, and it hung up.",
			Fixed: "xmpps://alice:PW@example.test/bob?overflow=split", Exit: model.ExitNothing, Apprise: "false success"},
		{Code: "header-refused", Name: "invalid-from", Events: at(event.Failure{Condition: "invalid-from"}),
			Title: "The server does not accept how we opened the stream: invalid-from.",
			Exit:  model.ExitConnect, Apprise: "either"},
		{Code: "stream-error", Name: "a condition without a rule",
			Events: at(event.Failure{Condition: "undefined-condition", Text: "no"}),
			Title:  "The server ended the stream: undefined-condition (no).",
			Exit:   model.ExitConnect, Apprise: "either"},
		{Code: "resource-conflict", Name: "the same resource, in the URL", Send: true,
			URL: "xmpps://alice%2Fcron:PW@example.test/bob",
			Events: Then(UpTo(event.StageBind), StreamError(event.StageAck, event.Failure{Condition: "conflict",
				Text: "Replaced by new connection"})),
			Title: "Another session with the same resource took over.",
			Fixed: "xmpps://alice:PW@example.test/bob", Exit: model.ExitNothing, Apprise: "false success"},
	}
}
