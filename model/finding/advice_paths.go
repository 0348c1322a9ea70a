package finding

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"xmppscope/model/inspect"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// pathAdvice is what is worth saying of names and paths, whether or not the run
// found its way: it is there for Apprise, or for the next run.
var pathAdvice = []rule{
	{
		code: "address-dead", severity: urlspec.Warning, stage: event.StageTCP,
		help: "The host has several addresses, and one of them does not answer.",
		text: "We try the next one beside it after 0.25 s. Apprise tries one address after the other, in the order of its " +
			"resolver, and gives up at the first that says nothing: where that comes first, it never connects.",
		when: func(f *facts) bool { return wholeRun(f) && len(f.deadAddresses()) > 0 },
		title: func(f *facts) string {
			return fmt.Sprintf("%s of %s did not answer; %s did.", strings.Join(f.deadAddresses(), ", "), f.reading.TCPHost,
				f.TCP.Address)
		},
		fix: func(f *facts) *Fix {
			at, err := netip.ParseAddrPort(f.TCP.Address)
			if err != nil || f.TCP.Proxy != "" {
				return nil
			}
			return f.edit("connect to the address that answered: xmpp="+at.Addr().String(), setHost(at.Addr().String()))
		},
		remedy: remedy{edit: "name the address that answered: xmpp=", cost: "The URL has to follow when the address " +
			"changes."},
		admin: "Take the address out of DNS, or let the server answer there.",
	},
	{
		code: "dns-half-answered", severity: urlspec.Warning, stage: event.StageDNS,
		help: "The name server answers the question for one type of address, A or AAAA, and not the one for the other.",
		text: "Some old resolvers and firewalls drop it. We asked for each alone; programs that ask for both, as Apprise " +
			"does, wait until it is too late.",
		when: func(f *facts) bool {
			return wholeRun(f) && f.silentTypes() != "" && f.DNS != nil && len(f.DNS.Addresses) > 0
		},
		title: func(f *facts) string {
			return fmt.Sprintf("The name server did not answer the question for %s%s.", f.silentTypes(), f.reading.TCPHost)
		},
		admin: "Let the resolver, or the firewall before it, answer questions for both types, if only that there are " +
			"no such records.",
	},
	{
		code: "name-completed", severity: urlspec.Warning, stage: event.StageDNS,
		help: "The host is no whole name: a search domain of this machine was added to it.",
		text: "On another machine it is another host, or none. Its SRV records were asked for the name as it stands, " +
			"since a " +
			"JID's domain is always whole.",
		when: func(f *facts) bool { return wholeRun(f) && f.DNS != nil && f.DNS.Completed != "" },
		title: func(f *facts) string {
			return fmt.Sprintf("This machine made %s of %s.", f.DNS.Completed, f.reading.TCPHost)
		},
	},
	{
		code: "alpn-multiplexer", severity: urlspec.Warning, stage: event.StageTLS,
		help: "The port belongs to several services, and we come to XMPP because our handshake names it (ALPN); Apprise's " +
			"does not, and comes to another one.",
		text: "XEP-0368 wants clients to name xmpp-client in the handshake. Apprise names nothing. Another port that " +
			"is for " +
			"XMPP alone, 5222 with STARTTLS or 5223 with mode=tls, serves both.",
		when: func(f *facts) bool { return wholeRun(f) && f.Features != nil && f.unnamedService() != nil },
		title: func(f *facts) string {
			return fmt.Sprintf("%s brings Apprise to another service: %s.", f.endpoint(),
				strings.TrimRight(f.unnamedService().Brief(), "."))
		},
		fix:    nextPlace,
		remedy: remedy{edit: "connect to the other server of the SRV records: xmpp=, port and mode"},
		admin: "Let the multiplexer bring handshakes for the account's domain to XMPP by the server name (SNI), or open " +
			"another port.",
	},
	{
		code: "tls-ends-between", severity: urlspec.Warning, stage: event.StageFeatures,
		help: "The server lists the channel bindings of another TLS version than ours: something in between ends TLS.",
		text: "A server lists what its own connection has (XEP-0440). It is a proxy of yours, or somebody who listens in: " +
			"compare the certificate's fingerprint with the server's.",
		when: func(f *facts) bool { return wholeRun(f) && f.unfitting() },
		title: func(f *facts) string {
			return fmt.Sprintf("Something between us and the server ends TLS: on %s it lists %s.", f.TLS.Version,
				strings.Join(f.Features.Bindings, ", "))
		},
		admin: "Let the proxy pass TLS through, or give both of its sides the same TLS version.",
	},
	{
		code: "certificate-refused-by-apprise", severity: urlspec.Warning, stage: event.StageTLS,
		help: "The certificate is good for us, and Apprise's Python does not take it.",
		text: "Python's OpenSSL is stricter than Go in some points: the strength of keys, wildcards right below a " +
			"top-level " +
			"name, what the certificates of authorities must say.",
		when: func(f *facts) bool {
			return wholeRun(f) && f.reading.Verify && f.TLS != nil && f.TLS.Verified && inspect.PythonRefuses(f.TLS) != ""
		},
		title: func(f *facts) string {
			return "Apprise's Python does not take the certificate, because " + inspect.PythonRefuses(f.TLS) + "."
		},
		admin: "Get a certificate that names the domain as a DNS name, with an RSA key of 2048 bits or P-256, from an " +
			"authority that keeps to RFC 5280.",
	},
	{
		code: "srv-unanswered", severity: urlspec.Info, stage: event.StageDNS,
		help: "The name server gave no answer to the question for SRV records.",
		text: "So it is not known whether the domain's server is elsewhere than where the URL connects to.",
		when: func(f *facts) bool {
			return wholeRun(f) && f.failure != nil && len(f.unasked()) > 0 &&
				(connecting(f) || f.at(event.StageStream, event.StageSTARTTLS, event.StageTLS, event.StageFeatures))
		},
		title: func(f *facts) string {
			return fmt.Sprintf("Whether SRV records of %s point elsewhere could not be asked.", f.reading.StreamTo)
		},
	},
	{
		code: "srv-port-zero", severity: urlspec.Warning, stage: event.StageDNS,
		help:  "An SRV record of the domain names a server with port 0, where nothing can listen.",
		text:  "RFC 2782 has the target \".\" for a service that is not there. Clients that follow the record fail.",
		when:  func(f *facts) bool { return wholeRun(f) && f.srvWith(zeroPort) != nil },
		title: func(f *facts) string { return srvTitle(f, zeroPort, "with port 0") },
		admin: "DNS: give the record the server's port, or the target \".\" if there is none.",
	},
	{
		code: "srv-address", severity: urlspec.Warning, stage: event.StageDNS,
		help: "An SRV record of the domain has an address as its target, where only a name may stand.",
		text: "RFC 2782 wants a name that has A or AAAA records. Clients look the address up as a name, and find nothing.",
		when: func(f *facts) bool {
			return wholeRun(f) && (f.srvWith(addressTarget) != nil || f.DNS != nil && len(f.DNS.Invalid) > 0)
		},
		title: func(f *facts) string {
			if f.srvWith(addressTarget) == nil {
				return fmt.Sprintf("An SRV record of %s (%s) names an address, or what is no host name.", f.reading.StreamTo,
					f.DNS.Invalid[0])
			}
			return srvTitle(f, addressTarget, "by its address, not by a name")
		},
		admin: "DNS: give the server a name with an A or AAAA record, and the SRV record that name.",
	},
}

func zeroPort(r event.SRVRecord) bool { return r.Port == 0 && strings.TrimSuffix(r.Target, ".") != "" }

func addressTarget(r event.SRVRecord) bool {
	_, err := netip.ParseAddr(strings.TrimSuffix(r.Target, "."))
	return err == nil
}

// srvWith is the first SRV record of a kind, or nil.
func (f *facts) srvWith(kind func(event.SRVRecord) bool) *event.SRVRecord {
	if f.DNS == nil {
		return nil
	}
	for _, r := range f.DNS.SRV {
		if kind(r) {
			return &r
		}
	}
	return nil
}

func srvTitle(f *facts, kind func(event.SRVRecord) bool, how string) string {
	r := f.srvWith(kind)
	return fmt.Sprintf("An SRV record of %s (%s) names %s %s.", f.reading.StreamTo, r.Service, r.Target, how)
}

// attempts are the addresses that were tried and how each of them answered: the
// newest event of each.
func (r run) attempts() map[string]event.Event {
	newest := map[string]event.Event{}
	for _, e := range r.Current() {
		if _, err := netip.ParseAddrPort(e.Item); err == nil && e.Stage == event.StageTCP {
			newest[e.Item] = e
		}
	}
	return newest
}

func silent(e event.Event) bool {
	return e.State == event.Warn && e.Failure != nil && e.Failure.Cause == event.CauseTimeout
}

// deadAddresses are those that did not answer although another one did.
func (r run) deadAddresses() []string {
	if r.TCP == nil || r.TCP.Address == "" || !r.Passed(event.StageTCP) {
		return nil
	}
	var dead []string
	for address, e := range r.attempts() {
		if silent(e) {
			dead = append(dead, address)
		}
	}
	slices.Sort(dead)
	return dead
}

// onThisMachine reports whether the connection goes to an address of this machine,
// which the system's resolver puts first (RFC 6724 rule 9).
func (r run) onThisMachine() bool {
	to, err1 := netip.ParseAddrPort(r.TCP.Address)
	from, err2 := netip.ParseAddrPort(r.TCP.Local)
	return err1 == nil && err2 == nil && to.Addr().Is4() && to.Addr() == from.Addr()
}

// stuckAt is the address at which Apprise never comes further, "" when it comes to
// one that answers. It takes the addresses in the order of the resolver, all of
// one family before those of the other, and its time for connecting ends while it
// waits for one that says nothing.
func (r run) stuckAt() string {
	if r.DNS == nil || r.TCP == nil || len(r.deadAddresses()) == 0 {
		return ""
	}
	tried := map[string]event.Event{}
	for address, e := range r.attempts() {
		if at, err := netip.ParseAddrPort(address); err == nil {
			tried[at.Addr().String()] = e
		}
	}
	order := slices.Clone(r.DNS.Addresses) // families in turns, the first one of the resolver first
	v6 := func(address string) bool { return strings.Contains(address, ":") }
	slices.SortStableFunc(order, func(a, b string) int {
		switch {
		case v6(a) == v6(b):
			return 0
		case v6(a) == v6(order[0]):
			return -1
		}
		return 1
	})
	for _, address := range order {
		switch e, known := tried[address]; {
		case known && silent(e) && (v6(address) || !r.onThisMachine()):
			return address
		case known && e.State == event.OK:
			return ""
		}
	}
	return ""
}
