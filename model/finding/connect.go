package finding

import (
	"fmt"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// ownRules are the failures for which no server is to blame.
var ownRules = []rule{
	{
		code:   "own-limit",
		help:   "This machine or its limits for a process are exhausted: nothing more can be opened.",
		text:   "It is no fault of the URL or the server. Raise the limit (ulimit -n), or end what holds so many files open.",
		causes: []event.Cause{event.CauseOwnLimit},
		title:  func(f *facts) string { return "This machine lets us open no further file or connection." },
		explain: func(f *facts) string {
			return "The operating system says: " + strings.TrimRight(f.failure.Detail, ".") + ". It is no fault of the URL or " +
				"the server. Raise the limit (ulimit -n), or end what holds so many files open."
		},
	},
	{
		code:   "own-slow",
		help:   "This machine took so long to work a key out of the password that the server hung up.",
		text:   "SCRAM makes that slow on purpose, and a small or busy machine slower. Try again when it has less to do.",
		causes: []event.Cause{event.CauseOwnSlow},
		title:  func(f *facts) string { return "This machine was too slow for the login, and the server hung up." },
		explain: func(f *facts) string {
			return "What happened: " + strings.TrimRight(f.failure.Detail, ".") + ". SCRAM makes that slow on purpose, " +
				"and a small " +
				"or busy machine slower. Apprise computes the same, and may be slower still. Try again when there is less to do."
		},
		admin: "Fewer rounds, or more patience (Prosody: scram_iterations, c2s_timeout).",
	},
}

// connectRules are the failures of tcp, and of a peer that is not what the URL
// takes it for.
var connectRules = []rule{
	{
		code:   "connection-refused",
		remedy: remedy{edit: standardPortEdit, safe: true},
		help:   "The machine is there, but nothing listens on that port.",
		text: "The port is wrong, or the server is down. Servers usually listen on 5222 for STARTTLS and on 5223 for " +
			"direct TLS.",
		causes: []event.Cause{event.CauseRefused},
		title: func(f *facts) string {
			return fmt.Sprintf("%s refused the connection: nothing listens on port %d.", f.reading.TCPHost, f.reading.Port)
		},
		fix:   useStandardPort,
		admin: "Start the server, or let it listen there (Prosody: c2s_ports, c2s_direct_tls_ports; ejabberd: listen).",
	},
	{
		code:   "connection-timeout",
		remedy: remedy{edit: standardPortEdit, safe: true},
		help:   "Nothing answered the connection attempt at all, neither yes nor no.",
		text: "A firewall usually drops it on the way, or the address is wrong. " +
			"Many networks let only ports such as 443 out; some servers offer direct TLS there (mode=tls).",
		causes: []event.Cause{event.CauseTimeout},
		when: func(f *facts) bool {
			return f.at(event.StageTCP) && (f.failure.Waiting != event.WaitProxy || f.failure.Proxy == event.ProxyTarget)
		},
		title: func(f *facts) string {
			if f.failure.Proxy == event.ProxyTarget {
				return fmt.Sprintf("%s did not answer the SOCKS proxy within %.3g s.", f.endpoint(), f.failure.Waited)
			}
			return fmt.Sprintf("%s did not answer within %.3g s.", f.endpoint(), f.failure.Waited)
		},
		fix:   useStandardPort,
		admin: "Open the port in the firewall.",
	},
	{
		code:   "port-impossible",
		remedy: remedy{edit: standardPortEdit, safe: true},
		help:   "Ports are the numbers from 1 to 65535.",
		text:   "Apprise takes other numbers without a word and then fails to connect.",
		causes: []event.Cause{event.CauseUnreachable},
		when:   func(f *facts) bool { return f.reading.Port < 1 || f.reading.Port > 65535 },
		title:  func(f *facts) string { return fmt.Sprintf("There is no port %d.", f.reading.Port) },
		fix:    useStandardPort,
	},
	{
		code: "network-unreachable",
		help: "This machine, or the SOCKS proxy that it connects through, has no route to the address.",
		text: "Often the host has only an IPv6 address and the network knows only IPv4. " +
			"xmpp= can name another host of the same server.",
		causes: []event.Cause{event.CauseUnreachable},
		title: func(f *facts) string {
			if f.TCP != nil && f.TCP.Proxy != "" {
				return fmt.Sprintf("The SOCKS proxy has no route to %s.", f.endpoint())
			}
			return fmt.Sprintf("There is no route from here to %s.", f.endpoint())
		},
		admin: "DNS: publish an IPv4 address as well.",
	},
	{
		code: "proxy-dead",
		help: "The SOCKS proxy that ALL_PROXY names does not answer.",
		text: "Start it, or unset ALL_PROXY: Apprise's XMPP plugin does not use it, and connects directly.",
		when: func(f *facts) bool {
			return proxyFault(event.ProxyDead)(f) ||
				f.at(event.StageTCP) && f.failure.Cause == event.CauseTimeout && f.failure.Waiting == event.WaitProxy
		},
		title: func(f *facts) string {
			if f.failure.Cause == event.CauseTimeout {
				return fmt.Sprintf("The SOCKS proxy did not connect us within %.3g s.", f.failure.Waited)
			}
			return "The SOCKS proxy does not answer: " + strings.TrimRight(f.failure.Detail, ".") + "."
		},
	},
	{
		code: "proxy-password",
		help: "The SOCKS proxy that ALL_PROXY names refused the login.",
		text: "User and password stand in its URL: socks5://USER:PASSWORD@HOST:PORT. Apprise does not use it.",
		when: proxyFault(event.ProxyPassword),
		title: func(f *facts) string {
			return "The SOCKS proxy does not let us in: " + strings.TrimRight(f.failure.Detail, ".") + "."
		},
	},
	{
		code: "proxy-rule",
		help: "The SOCKS proxy that ALL_PROXY names does not allow connections to this host or port.",
		text: "Many allow web ports only. Apprise does not use it, and connects directly.",
		when: proxyFault(event.ProxyRule),
		title: func(f *facts) string {
			return fmt.Sprintf("The SOCKS proxy does not allow a connection to %s.", f.endpoint())
		},
	},
	{
		code: "proxy-name",
		help: "The SOCKS proxy that ALL_PROXY names could not reach the host: it does not know the name, or has no way " +
			"there.",
		text: "Names are looked up by the proxy, not here. SRV records, which may name another host, are not asked for " +
			"behind it. Apprise does not use it, and connects directly.",
		when: proxyFault(event.ProxyName),
		title: func(f *facts) string {
			return fmt.Sprintf("The SOCKS proxy could not reach %s, or does not know that name.", f.endpoint())
		},
	},
	{
		code: "proxy-not-socks",
		help: "What ALL_PROXY names is no SOCKS5 proxy.",
		text: "Its URL names another service, often a proxy for the web. Apprise does not use it.",
		when: proxyFault(event.ProxyNotSOCKS),
		title: func(f *facts) string {
			return "What ALL_PROXY names does not speak SOCKS5: " + strings.TrimRight(f.failure.Detail, ".") + "."
		},
	},
	{
		code:   "proxy-failed",
		help:   "The SOCKS proxy that ALL_PROXY names did not make the connection.",
		text:   "Apprise's XMPP plugin does not use that proxy; unset ALL_PROXY to connect as it does.",
		causes: []event.Cause{event.CauseProxy},
		title: func(f *facts) string {
			switch {
			case f.failure.Proxy == event.ProxyURL:
				return "ALL_PROXY names no proxy that we can use: " + strings.TrimRight(f.failure.Detail, ".") + "."
			case f.failure.Detail == "":
				return fmt.Sprintf("The proxy did not connect to %s.", f.endpoint())
			}
			return fmt.Sprintf("The proxy did not connect to %s: %s.", f.endpoint(), strings.TrimRight(f.failure.Detail, "."))
		},
	},
	{
		code: "proxy-without-backend",
		help: "What answers is a proxy or load balancer, and it does not bring us to an XMPP server.",
		text: "It takes the connection, says nothing, and hangs up, of itself or when its own time-out is over: the server " +
			"behind it is down. Or it puts a PROXY header before what we say, which the server behind it does not expect.",
		when: func(f *facts) bool {
			return f.backendDown() || f.proxyHeader() || f.silentBehindTLS() || f.hangsUpUnprompted()
		},
		title: func(f *facts) string {
			switch {
			case f.proxyHeader():
				return fmt.Sprintf("Something before the server at %s adds words that are no XML, probably a PROXY header.",
					f.endpoint())
			case f.hangsUpUnprompted():
				return fmt.Sprintf("%s takes the connection and hangs up before anybody has said a word.", f.endpoint())
			case f.silentBehindTLS():
				return fmt.Sprintf("%s speaks TLS, says nothing inside it, and hangs up: probably a proxy whose server is down.",
					f.endpoint())
			}
			return fmt.Sprintf("%s took the connection, said nothing, and hung up after %.2g s: a proxy whose server is down.",
				f.endpoint(), f.failure.Waited)
		},
		explain: func(f *facts) string {
			switch {
			case f.proxyHeader():
				return "The server could not read the beginning of our stream, which is the same for every server: " + f.said() +
					" A proxy that is told to speak the PROXY protocol (send-proxy) puts a header of its own before it. " +
					"No edit of the URL helps."
			case f.hangsUpUnprompted() && f.lostBehindProxy():
				return "It did so too on a second connection, on which we said nothing. Perhaps it is the SOCKS proxy that hangs " +
					"up: some, such as ssh -D, say that they are connected before they are, and hang up when that fails. Or " +
					"the server is down, behind a proxy of its own."
			case f.hangsUpUnprompted():
				return "It did so too on a second connection, on which we said nothing. Servers wait for their clients to begin, " +
					"so neither the mode nor what we say is at fault. It is a proxy whose server is down, or one that puts a " +
					"PROXY header before what clients say (send-proxy) while the server behind it expects none; or it lets " +
					"in only some addresses, and not ours."
			case f.silentBehindTLS():
				return "An XMPP server answers a greeting, if only with an error. What ends TLS here is a proxy or load " +
					"balancer, and the server behind it is down, or it is another service."
			}
			return "A port that wants another protocol hangs up at once. Who does so after a time-out of his own has " +
				"waited for " +
				"somebody else: the server behind a proxy or load balancer is down."
		},
		fix:    nextPlace,
		remedy: remedy{edit: "connect to the next server of the SRV records: xmpp=, port and mode", safe: true},
		admin: "Start the server behind the proxy, and look at the proxy's log. haproxy: send-proxy only where the server " +
			"expects it (Prosody: mod_net_proxy; ejabberd: use_proxy_protocol).",
	},
	{
		code:   "service-port",
		remedy: remedy{edit: standardPortEdit, safe: true},
		help:   "The port is known to belong to another service: the web, other servers, components.",
		text:   "Clients connect to 5222, or to 5223 with mode=tls.",
		causes: []event.Cause{event.CauseClosed, event.CauseTimeout, event.CauseNotXMPP, event.CauseNotTLS,
			event.CauseStreamError},
		when: func(f *facts) bool {
			greeted := f.Stream != nil && f.failure.Cause != event.CauseStreamError
			return !greeted && f.at(event.StageStream, event.StageTLS) && f.reading.Port != 443 && f.knownService() != ""
		},
		title: func(f *facts) string {
			return fmt.Sprintf("%s does not answer as a port for clients does.", f.endpoint())
		},
		explain: (*facts).knownService,
		fix:     useStandardPort,
	},
	{
		code: "proxy-header",
		help: "The port answers only to a load balancer that says first whom it stands for (the PROXY protocol).",
		text: "Clients, Apprise among them, send no such header, and it hangs up on them. The URL should name the load " +
			"balancer, or another port.",
		causes: []event.Cause{event.CauseProxyHeader},
		title: func(f *facts) string {
			return fmt.Sprintf("Port %d is meant for a load balancer, not for clients.", f.reading.Port)
		},
		explain: func(f *facts) string {
			return fmt.Sprintf("%s did not answer our greeting, and answered it behind the line PROXY UNKNOWN, with which a "+
				"load balancer says whom it stands for. Clients, Apprise among them, send no such line. The URL should name the "+
				"load balancer, or another port.", f.endpoint())
		},
		admin: "Prosody: proxy_port_mappings of mod_net_proxy; ejabberd: use_proxy_protocol of the listener; haproxy, " +
			"nginx: accept-proxy, proxy_protocol. Give clients a port without it.",
	},
	{
		code:   "direct-tls-port",
		remedy: remedy{edit: "mode=tls", safe: true},
		help:   "The port expects TLS from the first byte, and we spoke XMPP in clear.",
		text:   "Such ports close the connection when they are greeted in clear, or say nothing. mode=tls starts with TLS.",
		causes: []event.Cause{event.CauseClosed, event.CauseTimeout, event.CauseNotXMPP},
		when:   expectsTLS,
		title: func(f *facts) string {
			return fmt.Sprintf("Port %d probably wants TLS from the first byte.", f.reading.Port)
		},
		explain: func(f *facts) string {
			how := "closed the connection as soon as we opened the stream in clear"
			switch f.failure.Cause {
			case event.CauseTimeout:
				how = "said nothing when we opened the stream in clear"
			case event.CauseNotXMPP:
				how = "answered our greeting in clear with " + f.failure.Protocol
			}
			return fmt.Sprintf("%s %s, as ports for direct TLS do. mode=tls starts with TLS.", f.endpoint(), how)
		},
		fix:   func(f *facts) *Fix { return f.setMode(urlspec.ModeTLS, "use direct TLS: mode=tls") },
		admin: "Let the server offer STARTTLS on 5222 too (Prosody: c2s_ports; ejabberd: a listener with starttls: true).",
	},
	{
		code:   "other-service",
		remedy: remedy{edit: standardPortEdit, safe: true},
		help:   "Something answered that does not speak XMPP: the port belongs to another service.",
		text:   "Servers usually listen on 5222 for STARTTLS and on 5223 for direct TLS.",
		causes: []event.Cause{event.CauseNotXMPP},
		title: func(f *facts) string {
			return fmt.Sprintf("Port %d of %s is not an XMPP server: %s.",
				f.reading.Port, f.reading.TCPHost, strings.TrimSuffix(f.failure.Detail, "."))
		},
		fix: useStandardPort,
	},
	{
		code:   "component-port",
		remedy: remedy{edit: standardPortEdit, safe: true},
		help:   "The port is for components of the server, such as gateways, usually 5347.",
		text: "Its stream is in the namespace jabber:component:accept (XEP-0114). Clients connect to another port, " +
			"usually 5222.",
		causes: []event.Cause{event.CauseServerPort},
		when:   func(f *facts) bool { return f.failure.Protocol != "" },
		title:  func(f *facts) string { return fmt.Sprintf("Port %d is for components of the server.", f.reading.Port) },
		fix:    useStandardPort,
	},
	{
		code:   "server-to-server-port",
		remedy: remedy{edit: standardPortEdit, safe: true},
		help:   "The port is for servers that talk to each other, usually 5269.",
		text:   "Its stream is in the namespace jabber:server. Clients connect to another port, usually 5222.",
		causes: []event.Cause{event.CauseServerPort},
		title:  func(f *facts) string { return fmt.Sprintf("Port %d is the server-to-server port.", f.reading.Port) },
		fix:    useStandardPort,
	},
}

// standardPortEdit is what useStandardPort does.
const standardPortEdit = "take the port of the SRV record, or else the standard port of the mode"

// knownService is what the URL's own check says of a port that is not for clients.
func (f *facts) knownService() string {
	for _, p := range f.Spec.Problems {
		if p.Code == "port-service" {
			return p.Message
		}
	}
	return ""
}

// proxyFault is true of a SOCKS proxy with that fault.
func proxyFault(fault event.ProxyFault) func(*facts) bool {
	return func(f *facts) bool { return f.failure.Cause == event.CauseProxy && f.failure.Proxy == fault }
}

// backendDown reports whether the peer said nothing and hung up after a time-out of
// its own.
func (f *facts) backendDown() bool {
	return f.failure.Cause == event.CauseClosed && f.at(event.StageStream, event.StageTLS) && f.failure.Waited >= 1 &&
		f.Stream == nil
}

// hangsUpUnprompted reports whether the peer hangs up also on who says nothing.
func (f *facts) hangsUpUnprompted() bool {
	return f.failure.Cause == event.CauseClosed && f.failure.Unprompted
}

// silentBehindTLS reports whether the peer hung up on our greeting inside direct TLS.
func (f *facts) silentBehindTLS() bool {
	return f.failure.Cause == event.CauseClosed && f.at(event.StageStream) && f.reading.Mode == urlspec.ModeTLS &&
		f.Stream == nil && f.Passed(event.StageTLS)
}

// proxyHeader reports whether the server could not even read our greeting.
func (f *facts) proxyHeader() bool {
	return f.failure.Cause == event.CauseStreamError && f.at(event.StageStream) && f.Features == nil &&
		f.reading.Mode != urlspec.ModeTLS &&
		f.condition("not-well-formed", "bad-format", "invalid-xml", "xml-not-well-formed", "bad-namespace-prefix")
}

// expectsTLS reports whether the peer behaves as one that waits for a TLS
// handshake: it hung up on our greeting or answered it with a TLS record. That
// it was silent says so only on a port that is not the one for STARTTLS.
func expectsTLS(f *facts) bool {
	if f.reading.Mode == urlspec.ModeTLS || !f.at(event.StageStream) || f.Stream != nil {
		return false
	}
	switch f.failure.Cause {
	case event.CauseNotXMPP:
		// Behind the web's port, a multiplexer tells XMPP from the web by the handshake.
		return f.failure.Protocol == "TLS" || f.reading.Port == 443
	case event.CauseTimeout:
		return f.reading.Port != standardPort(urlspec.ModeSTARTTLS)
	}
	return true
}

// useStandardPort is the fix for a port that is not the mode's default. The server that
// the domain's SRV records name is the better one, where they name another.
func useStandardPort(f *facts) *Fix {
	if fix := nextPlace(f); fix != nil {
		return fix
	}
	standard := standardPort(f.reading.Mode)
	return f.edit(fmt.Sprintf("use the standard port %d", standard), setPort(standard))
}
