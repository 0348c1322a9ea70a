package modeltest

import "xmppscope/xmppcore/event"

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

// connectCases are dns, tcp and the greeting.
func connectCases() []Story {
	tcp := []event.Event{OK(event.StageTCP, event.TCP{Host: "example.test", Port: 5222, Address: "192.0.2.7:5222"})}
	return []Story{
		{Code: "srv-declines", Name: "SRV target is a dot",
			Events: []event.Event{notFound("example.test", SRV("_xmpp-client", ".", 0, 0))}},
		{Code: "srv-target-missing", Name: "xmpp= is the SRV target, which has no address", URL: "xmpps://alice:PW@example.test/bob?xmpp=xmpp.example.test",
			Events: []event.Event{notFound("xmpp.example.test", SRV("_xmpp-client", "xmpp.example.test", 5222, 5))}},
		{Code: "srv-fallback", Name: "the first of two servers is down", URL: "xmpps://alice:PW@example.test/bob?xmpp=x1.example.test",
			Events: Then(lookedUp(SRV("_xmpp-client", "x1.example.test", 5222, 1), SRV("_xmpp-client", "x2.example.test", 5222, 2)), PortClosed("x1.example.test", 5222))},
		{Code: "srv-direct-tls-only", Name: "only _xmpps-client is published",
			Events: Then(lookedUp(SRV("_xmpps-client", "xmpp.example.test", 443, 1)), PortClosed("example.test", 5222))},
		{Code: "srv-other-port", Name: "SRV names another port of the host",
			Events: Then(lookedUp(SRV("_xmpp-client", "example.test", 15222, 1)), PortClosed("example.test", 5222))},
		{Code: "srv-elsewhere", Name: "split domain", URL: "xmpps://alice:PW@example.test:5333/bob",
			Events: []event.Event{notFound("example.test", SRV("_xmpps-client", "x.example.test", 5223, 1), SRV("_xmpp-client", "xmpp.example.test", 5222, 5))}},
		{Code: "srv-elsewhere", Name: "the host has an address and no server",
			Events: Then(lookedUp(SRV("_xmpp-client", "xmpp.example.test", 15222, 1)), Failed(event.StageTCP, nil, Silence("the TCP connection")))},
		{Code: "host-not-found", Name: "no such host", Events: []event.Event{notFound("example.test")}},
		{Code: "host-not-found", Name: "no such host in xmpp=", URL: "xmpps://alice:PW@example.test/bob?xmpp=xmmp.example.test",
			Events: []event.Event{notFound("xmmp.example.test")}},
		{Code: "dns-failed", Name: "the name server fails", Events: []event.Event{Failed(event.StageDNS, nil, Because(event.CauseDNS))}},
		{Code: "dns-timeout", Name: "the name server is silent", Events: []event.Event{Failed(event.StageDNS, nil, Silence("the name server's answer"))}},
		{Code: "connection-refused", Name: "closed port", URL: "xmpps://alice:PW@example.test:5333/bob",
			Events: []event.Event{PortClosed("example.test", 5333)}},
		{Code: "connection-refused", Name: "closed standard port, optional", URL: "xmpps://alice:PW@example.test/bob?optional=yes&cto=12.5",
			Events: []event.Event{PortClosed("example.test", 5222)}},
		{Code: "connection-timeout", Name: "a firewall drops the SYN",
			Events: []event.Event{Failed(event.StageTCP, nil, Silence("the TCP connection"))}},
		{Code: "port-impossible", Name: "port 70000", URL: "xmpps://alice:PW@example.test:70000/bob",
			Events: []event.Event{Failed(event.StageTCP, nil, Because(event.CauseUnreachable))}},
		{Code: "network-unreachable", Name: "only IPv6, and no route", Events: []event.Event{Failed(event.StageTCP, nil, Because(event.CauseUnreachable))}},
		{Code: "proxy-failed", Name: "the SOCKS proxy refuses", Events: []event.Event{Failed(event.StageTCP, nil, Because(event.CauseProxy))}},
		{Code: "direct-tls-port", Name: "reset after our greeting", URL: "xmpps://alice:PW@example.test:5223/bob",
			Events: Then(tcp, Failed(event.StageStream, nil, Because(event.CauseClosed)))},
		{Code: "direct-tls-port", Name: "silence on a port of its own, without TLS", URL: "xmpp://alice:PW@example.test:443/bob",
			Events: Then(tcp, Failed(event.StageStream, nil, Silence("the stream header")))},
		{Code: "direct-tls-port", Name: "a TLS alert answers the greeting",
			Events: Then(tcp, Failed(event.StageStream, nil, event.Failure{Cause: event.CauseNotXMPP, Protocol: "TLS", Detail: "it speaks TLS"}))},
		{Code: "other-service", Name: "SSH", URL: "xmpps://alice:PW@example.test:22/bob",
			Events: Then(tcp, Failed(event.StageStream, nil, event.Failure{Cause: event.CauseNotXMPP, Protocol: "SSH", Detail: "it speaks SSH: SSH-2.0-OpenSSH_9.2"}))},
		{Code: "server-to-server-port", Name: "jabber:server", URL: "xmpps://alice:PW@example.test:5269/bob",
			Events: Then(tcp, Failed(event.StageStream, nil, Because(event.CauseServerPort)))},
		{Code: "silent-server", Name: "silence on 5222", Events: Then(tcp, Failed(event.StageStream, nil, Silence("the stream header")))},
		{Code: "silent-server", Name: "silence after the login's first step", Send: true,
			Events: Then(UpTo(event.StageFeatures), Failed(event.StageSASL, nil, Silence("the server's challenge")))},
		{Code: "server-closed", Name: "hung up before the features under TLS",
			Events: Then(UpTo(event.StageTLS), Failed(event.StageFeatures, nil, event.Failure{Cause: event.CauseClosed, Waiting: "the stream features"}))},
		{Code: "server-closed", Name: "hung up after the bind", Send: true,
			Events: Then(UpTo(event.StageBind), Item(Failed(event.StageAck, Chat("bob@example.test", event.Written), Because(event.CauseClosed)), "id-bob@example.test"),
				Failed(event.StageAck, nil, Because(event.CauseClosed)))},
		{Code: "bad-xml", Name: "broken XML", Events: Then(tcp, Failed(event.StageStream, nil, event.Failure{Cause: event.CauseBadXML, Detail: "mismatched tag, at byte 17 of the stream"}))},
		{Code: "too-big", Name: "an endless element", Events: Then(UpTo(event.StageTLS), Failed(event.StageFeatures, nil, Because(event.CauseTooBig)))},
		{Code: "internal-error", Name: "a crash of the library", Events: Then(UpTo(event.StageFeatures), Failed(event.StageSASL, nil, event.Failure{Cause: event.CauseInternal, Detail: "the XMPP library crashed: nil map"}))},
		{Code: "failed", Name: "a cause without a rule", Events: Then(UpTo(event.StageBind), Failed(event.StageRoster, nil, Because("new-cause")))},
	}
}

// streamCases are the stream errors that no recording has.
func streamCases() []Story {
	at := func(f event.Failure) []event.Event {
		return Then(UpTo(event.StageTCP), StreamError(event.StageStream, f))
	}
	return []Story{
		{Code: "host-unknown", Name: "another domain", Events: at(event.Failure{Condition: "host-unknown", Text: "This server does not serve example.test"})},
		{Code: "host-unknown", Name: "the server's name in place of the domain", URL: "xmpps://alice:PW@xmpp.example.test:5333/bob?mode=tls",
			Events: at(event.Failure{Condition: "host-unknown"})},
		{Code: "host-gone", Name: "retired", Events: at(event.Failure{Condition: "host-gone"})},
		{Code: "see-other-host", Name: "another host and port", Events: at(event.Failure{Condition: "see-other-host", Host: "x2.example.test:15222"})},
		{Code: "see-other-host", Name: "another IPv6 address", Events: at(event.Failure{Condition: "see-other-host", Host: "[2001:db8::1]"})},
		{Code: "see-other-host", Name: "a host that no URL can hold", Events: at(event.Failure{Condition: "see-other-host", Host: "x?mode=none&verify=no"})},
		{Code: "too-many-logins", Name: "fail2ban, with retries", URL: "xmpps://alice:PW@example.test/bob?retry=3",
			Events: at(event.Failure{Condition: "policy-violation", Text: "Too many (5) failed authentications from this IP address (192.0.2.1). The address will be unblocked at 10:42:11 16.10.2026 UTC"})},
		{Code: "policy-violation", Name: "a rule of its own", Events: at(event.Failure{Condition: "policy-violation", Text: "Too many connections"})},
		{Code: "stanza-too-big", Name: "300 kB at a limit of 256", Send: true,
			Events: Then(UpTo(event.StageBind), StreamError(event.StageAck, event.Failure{Condition: "policy-violation", Text: "XML stanza is too big"}))},
		{Code: "header-refused", Name: "invalid-from", Events: at(event.Failure{Condition: "invalid-from"})},
		{Code: "stream-error", Name: "a condition without a rule", Events: at(event.Failure{Condition: "undefined-condition", Text: "no"})},
		{Code: "resource-conflict", Name: "the same resource, in the URL", Send: true, URL: "xmpps://alice%2Fcron:PW@example.test/bob",
			Events: Then(UpTo(event.StageBind), StreamError(event.StageAck, event.Failure{Condition: "conflict", Text: "Replaced by new connection"}))},
	}
}
