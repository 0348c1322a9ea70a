package model

import "xmppscope/xmppcore/event"

// srv is one SRV record.
func srv(service, target string, port, priority int) event.SRVRecord {
	return event.SRVRecord{Service: service, Target: target, Port: port, Priority: priority}
}

// lookedUp tells the address and the SRV records of example.test.
func lookedUp(records ...event.SRVRecord) []event.Event {
	return []event.Event{
		item(ok(event.StageDNS, event.DNS{Host: "example.test", SRV: records}), "_xmpp-client._tcp.example.test"),
		ok(event.StageDNS, event.DNS{Host: "example.test", Addresses: []string{"192.0.2.7"}}),
	}
}

// notFound tells that there is no address, but perhaps SRV records.
func notFound(host string, records ...event.SRVRecord) event.Event {
	return failed(event.StageDNS, event.DNS{Host: host, SRV: records}, because(event.CauseNoSuchHost))
}

func portClosed(host string, port int) event.Event {
	return failed(event.StageTCP, event.TCP{Host: host, Port: port}, because(event.CauseRefused))
}

// streamError ends the stream at a stage.
func streamError(stage event.Stage, f event.Failure) event.Event {
	f.Cause = event.CauseStreamError
	return failed(stage, nil, f)
}

// connectCases are dns, tcp and the greeting.
func connectCases() []findingCase {
	tcp := []event.Event{ok(event.StageTCP, event.TCP{Host: "example.test", Port: 5222, Address: "192.0.2.7:5222"})}
	return []findingCase{
		{code: "srv-declines", name: "SRV target is a dot",
			events: []event.Event{notFound("example.test", srv("_xmpp-client", ".", 0, 0))}},
		{code: "srv-target-missing", name: "xmpp= is the SRV target, which has no address", url: "xmpps://alice:PW@example.test/bob?xmpp=xmpp.example.test",
			events: []event.Event{notFound("xmpp.example.test", srv("_xmpp-client", "xmpp.example.test", 5222, 5))}},
		{code: "srv-fallback", name: "the first of two servers is down", url: "xmpps://alice:PW@example.test/bob?xmpp=x1.example.test",
			events: then(lookedUp(srv("_xmpp-client", "x1.example.test", 5222, 1), srv("_xmpp-client", "x2.example.test", 5222, 2)), portClosed("x1.example.test", 5222))},
		{code: "srv-direct-tls-only", name: "only _xmpps-client is published",
			events: then(lookedUp(srv("_xmpps-client", "xmpp.example.test", 443, 1)), portClosed("example.test", 5222))},
		{code: "srv-other-port", name: "SRV names another port of the host",
			events: then(lookedUp(srv("_xmpp-client", "example.test", 15222, 1)), portClosed("example.test", 5222))},
		{code: "srv-elsewhere", name: "split domain", url: "xmpps://alice:PW@example.test:5333/bob",
			events: []event.Event{notFound("example.test", srv("_xmpps-client", "x.example.test", 5223, 1), srv("_xmpp-client", "xmpp.example.test", 5222, 5))}},
		{code: "srv-elsewhere", name: "the host has an address and no server",
			events: then(lookedUp(srv("_xmpp-client", "xmpp.example.test", 15222, 1)), failed(event.StageTCP, nil, silence("the TCP connection")))},
		{code: "host-not-found", name: "no such host", events: []event.Event{notFound("example.test")}},
		{code: "host-not-found", name: "no such host in xmpp=", url: "xmpps://alice:PW@example.test/bob?xmpp=xmmp.example.test",
			events: []event.Event{notFound("xmmp.example.test")}},
		{code: "dns-failed", name: "the name server fails", events: []event.Event{failed(event.StageDNS, nil, because(event.CauseDNS))}},
		{code: "dns-timeout", name: "the name server is silent", events: []event.Event{failed(event.StageDNS, nil, silence("the name server's answer"))}},
		{code: "connection-refused", name: "closed port", url: "xmpps://alice:PW@example.test:5333/bob",
			events: []event.Event{portClosed("example.test", 5333)}},
		{code: "connection-refused", name: "closed standard port, optional", url: "xmpps://alice:PW@example.test/bob?optional=yes&cto=12.5",
			events: []event.Event{portClosed("example.test", 5222)}},
		{code: "connection-timeout", name: "a firewall drops the SYN",
			events: []event.Event{failed(event.StageTCP, nil, silence("the TCP connection"))}},
		{code: "port-impossible", name: "port 70000", url: "xmpps://alice:PW@example.test:70000/bob",
			events: []event.Event{failed(event.StageTCP, nil, because(event.CauseUnreachable))}},
		{code: "network-unreachable", name: "only IPv6, and no route", events: []event.Event{failed(event.StageTCP, nil, because(event.CauseUnreachable))}},
		{code: "proxy-failed", name: "the SOCKS proxy refuses", events: []event.Event{failed(event.StageTCP, nil, because(event.CauseProxy))}},
		{code: "direct-tls-port", name: "reset after our greeting", url: "xmpps://alice:PW@example.test:5223/bob",
			events: then(tcp, failed(event.StageStream, nil, because(event.CauseClosed)))},
		{code: "direct-tls-port", name: "silence on a port of its own, without TLS", url: "xmpp://alice:PW@example.test:443/bob",
			events: then(tcp, failed(event.StageStream, nil, silence("the stream header")))},
		{code: "direct-tls-port", name: "a TLS alert answers the greeting",
			events: then(tcp, failed(event.StageStream, nil, event.Failure{Cause: event.CauseNotXMPP, Protocol: "TLS", Detail: "it speaks TLS"}))},
		{code: "other-service", name: "SSH", url: "xmpps://alice:PW@example.test:22/bob",
			events: then(tcp, failed(event.StageStream, nil, event.Failure{Cause: event.CauseNotXMPP, Protocol: "SSH", Detail: "it speaks SSH: SSH-2.0-OpenSSH_9.2"}))},
		{code: "server-to-server-port", name: "jabber:server", url: "xmpps://alice:PW@example.test:5269/bob",
			events: then(tcp, failed(event.StageStream, nil, because(event.CauseServerPort)))},
		{code: "silent-server", name: "silence on 5222", events: then(tcp, failed(event.StageStream, nil, silence("the stream header")))},
		{code: "silent-server", name: "silence after the login's first step", kind: Send,
			events: then(upTo(event.StageFeatures), failed(event.StageSASL, nil, silence("the server's challenge")))},
		{code: "server-closed", name: "hung up before the features under TLS",
			events: then(upTo(event.StageTLS), failed(event.StageFeatures, nil, event.Failure{Cause: event.CauseClosed, Waiting: "the stream features"}))},
		{code: "server-closed", name: "hung up after the bind", kind: Send,
			events: then(upTo(event.StageBind), item(failed(event.StageAck, chat("bob@example.test", event.Written), because(event.CauseClosed)), "id-bob@example.test"),
				failed(event.StageAck, nil, because(event.CauseClosed)))},
		{code: "bad-xml", name: "broken XML", events: then(tcp, failed(event.StageStream, nil, event.Failure{Cause: event.CauseBadXML, Detail: "mismatched tag, at byte 17 of the stream"}))},
		{code: "too-big", name: "an endless element", events: then(upTo(event.StageTLS), failed(event.StageFeatures, nil, because(event.CauseTooBig)))},
		{code: "internal-error", name: "a crash of the library", events: then(upTo(event.StageFeatures), failed(event.StageSASL, nil, event.Failure{Cause: event.CauseInternal, Detail: "the XMPP library crashed: nil map"}))},
		{code: "failed", name: "a cause without a rule", events: then(upTo(event.StageBind), failed(event.StageRoster, nil, because("new-cause")))},
	}
}

// streamCases are the stream errors that no recording has.
func streamCases() []findingCase {
	at := func(f event.Failure) []event.Event {
		return then(upTo(event.StageTCP), streamError(event.StageStream, f))
	}
	return []findingCase{
		{code: "host-unknown", name: "another domain", events: at(event.Failure{Condition: "host-unknown", Text: "This server does not serve example.test"})},
		{code: "host-unknown", name: "the server's name in place of the domain", url: "xmpps://alice:PW@xmpp.example.test:5333/bob?mode=tls",
			events: at(event.Failure{Condition: "host-unknown"})},
		{code: "host-gone", name: "retired", events: at(event.Failure{Condition: "host-gone"})},
		{code: "see-other-host", name: "another host and port", events: at(event.Failure{Condition: "see-other-host", Host: "x2.example.test:15222"})},
		{code: "see-other-host", name: "another IPv6 address", events: at(event.Failure{Condition: "see-other-host", Host: "[2001:db8::1]"})},
		{code: "see-other-host", name: "a host that no URL can hold", events: at(event.Failure{Condition: "see-other-host", Host: "x?mode=none&verify=no"})},
		{code: "too-many-logins", name: "fail2ban, with retries", url: "xmpps://alice:PW@example.test/bob?retry=3",
			events: at(event.Failure{Condition: "policy-violation", Text: "Too many (5) failed authentications from this IP address (192.0.2.1). The address will be unblocked at 10:42:11 16.10.2026 UTC"})},
		{code: "policy-violation", name: "a rule of its own", events: at(event.Failure{Condition: "policy-violation", Text: "Too many connections"})},
		{code: "stanza-too-big", name: "300 kB at a limit of 256", kind: Send,
			events: then(upTo(event.StageBind), streamError(event.StageAck, event.Failure{Condition: "policy-violation", Text: "XML stanza is too big"}))},
		{code: "header-refused", name: "invalid-from", events: at(event.Failure{Condition: "invalid-from"})},
		{code: "stream-error", name: "a condition without a rule", events: at(event.Failure{Condition: "undefined-condition", Text: "no"})},
		{code: "resource-conflict", name: "the same resource, in the URL", kind: Send, url: "xmpps://alice%2Fcron:PW@example.test/bob",
			events: then(upTo(event.StageBind), streamError(event.StageAck, event.Failure{Condition: "conflict", Text: "Replaced by new connection"}))},
	}
}
