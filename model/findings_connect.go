package model

import (
	"fmt"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// connectRules are the failures of dns, tcp and the stream.
func connectRules() []rule {
	unreachable := []xmppcore.Cause{xmppcore.CauseNoSuchHost, xmppcore.CauseRefused, xmppcore.CauseUnreachable, xmppcore.CauseTimeout}
	return []rule{
		{
			code:   "srv-declines",
			help:   "The domain publishes an SRV record with the target \".\", which says that it offers no such XMPP service (RFC 6120 section 3.2.1).",
			causes: unreachable,
			when:   func(f *facts) bool { return f.at(xmppcore.StageDNS, xmppcore.StageTCP) && f.onlyDotSRV() },
			title:  func(f *facts) string { return f.reading.Host + " declares in DNS that it offers no XMPP for clients." },
			admin:  "Remove the SRV record with target \".\" or publish a real one.",
		},
		{
			code:   "srv-elsewhere",
			help:   "The URL's host does not answer, but the domain's SRV records name another server. Apprise never looks at SRV records: it connects to the host in the URL, or to xmpp=.",
			causes: unreachable,
			when: func(f *facts) bool {
				best, known := f.bestSRV()
				return f.at(xmppcore.StageDNS, xmppcore.StageTCP) && known &&
					(!strings.EqualFold(best.Target, f.reading.TCPHost) || best.Port != f.reading.Port)
			},
			title: func(f *facts) string {
				best, _ := f.bestSRV()
				return fmt.Sprintf("%s does not answer, but its SRV record names %s:%d, which Apprise never looks up.", f.endpoint(), best.Target, best.Port)
			},
			fix:   srvFix,
			admin: "Or publish an address record for the host that the URL names.",
		},
		{
			code:   "host-not-found",
			help:   "DNS knows no address for the host, and no SRV record points elsewhere. Usually the name is misspelt.",
			causes: []xmppcore.Cause{xmppcore.CauseNoSuchHost},
			title: func(f *facts) string {
				return fmt.Sprintf("There is no host called %s.", f.reading.TCPHost)
			},
			explain: func(f *facts) string {
				if f.reading.TCPHost != f.reading.Host {
					return "DNS knows no address for the name in xmpp=. Correct it, or remove xmpp= to connect to " + f.reading.Host + "."
				}
				return "DNS knows no address for it. Correct the host, or name the server with xmpp= if it lives elsewhere than the JID domain."
			},
			admin: "Publish an A or AAAA record for the name.",
		},
		{
			code:   "dns-failed",
			help:   "The name server did not give an answer: it was not reachable, or it reported an error of its own.",
			causes: []xmppcore.Cause{xmppcore.CauseDNS},
			title: func(f *facts) string {
				return fmt.Sprintf("The name %s could not be looked up.", f.reading.TCPHost)
			},
		},
		{
			code:   "connection-refused",
			help:   "The machine is there, but nothing listens on that port: the port is wrong, or the server is down.",
			causes: []xmppcore.Cause{xmppcore.CauseRefused},
			title: func(f *facts) string {
				return fmt.Sprintf("%s refused the connection: nothing listens on port %d.", f.reading.TCPHost, f.reading.Port)
			},
			fix: func(f *facts) *FindingFix {
				if f.Spec.Origins.Port.Source == urlspec.FromPart || f.Spec.Origins.Port.Source == urlspec.FromParam {
					if standard := standardPort(f.reading.Mode); f.reading.Port != standard {
						return f.edit(fmt.Sprintf("use the standard port %d", standard), setPort(standard))
					}
				}
				return nil
			},
			admin: "Start the server, or let it listen on this port (Prosody: c2s_ports, c2s_direct_tls_ports; ejabberd: listen).",
		},
		{
			code:   "connection-timeout",
			help:   "Nothing answered the connection attempt at all, neither yes nor no. A firewall usually drops it on the way.",
			causes: []xmppcore.Cause{xmppcore.CauseTimeout},
			when:   func(f *facts) bool { return f.at(xmppcore.StageDNS, xmppcore.StageTCP) },
			title: func(f *facts) string {
				return fmt.Sprintf("%s did not answer within %.3g s.", f.endpoint(), f.failure.Waited)
			},
			admin: "Open the port in the firewall.",
		},
		{
			code:   "network-unreachable",
			help:   "This machine has no route to the address.",
			causes: []xmppcore.Cause{xmppcore.CauseUnreachable},
			title:  func(f *facts) string { return fmt.Sprintf("There is no route from here to %s.", f.endpoint()) },
		},
		{
			code:   "proxy-failed",
			help:   "The SOCKS proxy that ALL_PROXY names did not make the connection.",
			causes: []xmppcore.Cause{xmppcore.CauseProxy},
			title: func(f *facts) string {
				return fmt.Sprintf("The proxy did not connect to %s.", f.endpoint())
			},
		},
		{
			code:   "direct-tls-port",
			help:   "The port closed the connection, or stayed silent, when we spoke XMPP in clear: it expects TLS from the first byte. Apprise reports success here although nothing is sent.",
			causes: []xmppcore.Cause{xmppcore.CauseClosed, xmppcore.CauseTimeout, xmppcore.CauseNotXMPP},
			when: func(f *facts) bool {
				return f.reading.Mode != urlspec.ModeTLS && f.at(xmppcore.StageStream) && f.Stream == nil &&
					(f.failure.Cause != xmppcore.CauseNotXMPP || strings.Contains(f.failure.Detail, "TLS")) &&
					(f.failure.Cause != xmppcore.CauseTimeout || f.reading.Port != standardPort(urlspec.ModeSTARTTLS))
			},
			title: func(f *facts) string {
				return fmt.Sprintf("Port %d probably wants TLS from the first byte.", f.reading.Port)
			},
			explain: func(f *facts) string {
				how := "closed the connection as soon as we opened the stream in clear"
				if f.failure.Cause == xmppcore.CauseTimeout {
					how = "said nothing when we opened the stream in clear"
				}
				return fmt.Sprintf("%s %s, as direct TLS ports do. mode=tls starts with TLS. Apprise reports success here although nothing is sent.", f.endpoint(), how)
			},
			fix: func(f *facts) *FindingFix {
				return f.edit("add mode=tls", setParam("mode", "tls"), setPort(f.reading.Port))
			},
		},
		{
			code:   "silent-server",
			help:   "The connection stands, but the server did not say what it had to within the time that rto= gives it. It may be overloaded, or the port may belong to another service.",
			causes: []xmppcore.Cause{xmppcore.CauseTimeout},
			when: func(f *facts) bool {
				return f.room == nil && f.delivery == nil && !f.at(xmppcore.StageAck, xmppcore.StageMUC)
			},
			title: func(f *facts) string {
				return fmt.Sprintf("The server went silent: we waited %.3g s for %s.", f.failure.Waited, f.waiting())
			},
			admin: "Look into the server's log at this time, and check that the port belongs to the XMPP server.",
		},
		{
			code:   "other-service",
			help:   "Something answered that does not speak XMPP: the port belongs to another service.",
			causes: []xmppcore.Cause{xmppcore.CauseNotXMPP},
			title: func(f *facts) string {
				return fmt.Sprintf("Port %d of %s is not an XMPP server: %s.", f.reading.Port, f.reading.TCPHost, f.failure.Detail)
			},
			fix: func(f *facts) *FindingFix {
				return f.edit("use the standard port", setPort(standardPort(f.reading.Mode)))
			},
		},
		{
			code:   "server-to-server-port",
			help:   "The port is for servers that talk to each other (usually 5269). Clients connect to another one, usually 5222.",
			causes: []xmppcore.Cause{xmppcore.CauseServerPort},
			title:  func(f *facts) string { return fmt.Sprintf("Port %d is the server-to-server port.", f.reading.Port) },
			fix: func(f *facts) *FindingFix {
				return f.edit("use the client port", setPort(standardPort(f.reading.Mode)))
			},
		},
		{
			code:   "server-closed",
			help:   "The server ended the connection without giving a reason.",
			causes: []xmppcore.Cause{xmppcore.CauseClosed},
			title: func(f *facts) string {
				return fmt.Sprintf("The server closed the connection at the %s stage without a reason.", f.failure.Stage)
			},
			admin: "The server's log at this time usually says why.",
		},
		{
			code:   "bad-xml",
			help:   "What the server sent is not the XML that XMPP allows (RFC 6120 section 11): it is broken, or of a kind that is forbidden.",
			causes: []xmppcore.Cause{xmppcore.CauseBadXML},
			title:  func(f *facts) string { return "The server sent XML that is not allowed, and we ended the session." },
		},
		{
			code:   "too-big",
			help:   "The server sent more than a stanza may hold, and we ended the session to protect this machine.",
			causes: []xmppcore.Cause{xmppcore.CauseTooBig},
			title:  func(f *facts) string { return "The server sent an element without end, and we ended the session." },
		},
	}
}

// streamErrorRules are the stream errors (RFC 6120 section 4.9.3).
func streamErrorRules() []rule {
	stream := []xmppcore.Cause{xmppcore.CauseStreamError}
	on := func(names ...string) func(*facts) bool {
		return func(f *facts) bool { return f.condition(names...) }
	}
	return []rule{
		{
			code: "host-unknown", causes: stream, when: on("host-unknown"),
			help: "The server does not serve the JID domain. The host in the URL must be the domain of the account; where the server really lives goes into xmpp=.",
			title: func(f *facts) string {
				return fmt.Sprintf("This server does not serve %s.", f.reading.StreamTo)
			},
			explain: func(f *facts) string {
				return fmt.Sprintf("We asked %s for the domain %s, and it answered host-unknown. The host in the URL is the domain of your account (what stands after the @ of your address); if the server lives elsewhere, write the account's domain as host and add xmpp=%s. Apprise reports success here although nothing is sent.",
					f.endpoint(), f.reading.StreamTo, f.reading.TCPHost)
			},
			fix:   parentDomainFix,
			admin: "Prosody: VirtualHost; ejabberd: hosts.",
		},
		{
			code: "host-gone", causes: stream, when: on("host-gone"),
			help:  "The server used to serve the domain and does so no longer.",
			title: func(f *facts) string { return fmt.Sprintf("%s is no longer served here.", f.reading.StreamTo) },
		},
		{
			code: "see-other-host", causes: stream, when: on("see-other-host"),
			help: "The server sends us to another host. We do not follow by ourselves: whoever can write this line could pick our next peer.",
			title: func(f *facts) string {
				return fmt.Sprintf("The server sends us to another host: %s.", f.failure.Text)
			},
			fix: func(f *facts) *FindingFix {
				host := strings.TrimSpace(f.failure.Text)
				if host == "" || strings.ContainsAny(host, ":/ []&;") {
					return nil
				}
				return f.edit("connect there with xmpp="+host, setParam("xmpp", host))
			},
		},
		{
			code: "too-many-logins", causes: stream,
			when: func(f *facts) bool {
				return f.condition("policy-violation") && strings.Contains(strings.ToLower(f.failure.Text), "authentication")
			},
			help:  "The server counted too many failed logins from this address and bars it for a while. Every further attempt makes it longer.",
			title: func(f *facts) string { return "Too many failed logins: the server bars us for a while." },
			fix: func(f *facts) *FindingFix {
				if f.reading.Retry == 0 {
					return nil
				}
				return f.edit("retry=0, since retries make it worse", setParam("retry", "0"))
			},
			admin: "ejabberd: mod_fail2ban; Prosody: mod_limits and what reads its log.",
		},
		{
			code: "stanza-too-big", causes: stream,
			when: func(f *facts) bool {
				return f.condition("policy-violation") && strings.Contains(strings.ToLower(f.failure.Text), "big")
			},
			help:  "The message is longer than the server takes. Apprise only splits at 32768 characters, and only with overflow=split.",
			title: func(f *facts) string { return "The message is larger than this server takes." },
			admin: "Prosody: c2s_stanza_size_limit; ejabberd: max_stanza_size.",
		},
		{
			code: "policy-violation", causes: stream, when: on("policy-violation"),
			help:  "The server ended the stream because of a rule of its own.",
			title: func(f *facts) string { return "The server's policy forbids this: " + f.said() },
		},
		{
			code: "resource-conflict", causes: stream, when: on("conflict"),
			help: "Another session logged in with the same resource, and the server dropped ours.",
			title: func(f *facts) string {
				return "Another session with the same resource took over."
			},
			explain: func(f *facts) string {
				return "Two programs use " + f.reading.LoginJID + " with the same resource. Without a resource in the user part the server gives each its own."
			},
		},
		{
			code: "server-trouble", causes: stream, when: on("resource-constraint", "system-shutdown", "internal-server-error", "connection-timeout", "remote-connection-failed", "reset"),
			help: "The server itself is in trouble or going down; nothing is wrong with the URL.",
			title: func(f *facts) string {
				return "The server ended the session for reasons of its own: " + f.said()
			},
		},
		{
			code: "not-well-formed", causes: stream, when: on("not-well-formed", "bad-format", "invalid-xml", "restricted-xml", "unsupported-encoding"),
			help:  "The server could not read what we sent. A control character in the message would do that.",
			title: func(f *facts) string { return "The server could not read what we sent: " + f.said() },
		},
		{
			code: "stream-error", causes: stream,
			help:  "The server ended the stream with an error (RFC 6120 section 4.9.3).",
			title: func(f *facts) string { return "The server ended the stream: " + f.said() },
		},
	}
}

func srvFix(f *facts) *FindingFix {
	best, _ := f.bestSRV()
	label := "add xmpp=" + best.Target
	var steps []func(urlspec.Spec) urlspec.Fix
	if !strings.EqualFold(best.Target, f.reading.Host) {
		steps = append(steps, setParam("xmpp", best.Target))
	} else {
		label = fmt.Sprintf("use port %d", best.Port)
		steps = append(steps, removeParam("xmpp"))
	}
	mode := f.reading.Mode
	if direct := strings.Contains(best.Service, "xmpps"); direct && mode != urlspec.ModeTLS {
		mode = urlspec.ModeTLS
		steps = append(steps, setParam("mode", "tls"))
		label += " and mode=tls"
	}
	if best.Port != f.reading.Port || best.Port != standardPort(mode) {
		steps = append(steps, setPort(best.Port))
	}
	return f.edit(label, steps...)
}

// parentDomainFix helps who wrote the server's name, xmpp.example.org, where
// the account's domain, example.org, belongs.
func parentDomainFix(f *facts) *FindingFix {
	first, parent, _ := strings.Cut(f.reading.Host, ".")
	if f.Spec.Origins.Domain.Source != urlspec.FromHost || !strings.Contains(parent, ".") {
		return nil
	}
	switch strings.ToLower(first) {
	case "xmpp", "jabber", "chat", "im", "talk", "mail", "c2s", "ejabberd", "prosody":
	default:
		return nil
	}
	server := f.reading.TCPHost
	return f.edit(fmt.Sprintf("log in at %s, connect to %s", parent, server),
		func(s urlspec.Spec) urlspec.Fix { return s.SetHost(parent) }, setParam("xmpp", server))
}

// bestSRV is the SRV record a client that honours them would try first: of the
// kind our mode needs if there is one, lowest priority, highest weight.
func (f *facts) bestSRV() (xmppcore.SRVRecord, bool) {
	var best xmppcore.SRVRecord
	found := false
	if f.DNS == nil {
		return best, false
	}
	fits := func(r xmppcore.SRVRecord) bool {
		return strings.Contains(r.Service, "xmpps") == (f.reading.Mode == urlspec.ModeTLS)
	}
	for _, r := range f.DNS.SRV {
		r.Target = strings.TrimSuffix(r.Target, ".")
		if r.Target == "" {
			continue
		}
		better := fits(r) && !fits(best) ||
			fits(r) == fits(best) && (r.Priority < best.Priority || r.Priority == best.Priority && r.Weight > best.Weight)
		if !found || better {
			best, found = r, true
		}
	}
	return best, found
}

func (f *facts) onlyDotSRV() bool {
	if f.DNS == nil || len(f.DNS.SRV) == 0 {
		return false
	}
	for _, r := range f.DNS.SRV {
		if strings.TrimSuffix(r.Target, ".") != "" {
			return false
		}
	}
	return true
}

// endpoint is the host and port that the reading connects to.
func (f *facts) endpoint() string { return joinHostPort(f.reading.TCPHost, f.reading.Port) }

func (f *facts) waiting() string {
	if f.failure.Waiting == "" {
		return "an answer"
	}
	return f.failure.Waiting
}

// said is the peer's condition and text, for the end of a sentence.
func (f *facts) said() string {
	switch {
	case f.failure.Condition == "":
		return strings.TrimSuffix(f.failure.Text, ".") + "."
	case f.failure.Text == "":
		return f.failure.Condition + "."
	}
	return f.failure.Condition + " (" + strings.TrimSuffix(f.failure.Text, ".") + ")."
}

// standardPort is Apprise's default port for a mode.
func standardPort(m urlspec.Mode) int {
	if m == urlspec.ModeTLS {
		return 5223
	}
	return 5222
}
