package modeltest

import (
	"time"

	"xmppscope/model"
)

// Path is a situation of the laboratory of names and paths (package pathtest):
// what lies between a URL and its server, and what is to be said of it. Its
// domains are those of testdata/paths/lab.zone. The password is alice-pw.
type Path struct {
	// Name is that of the recorded run.
	Name string
	URL  string
	// Resolving is how the resolver misbehaves.
	Resolving Resolving
	// Proxy is ALL_PROXY.
	Proxy string
	// Code is the first finding, empty when there is none; Also are the codes of
	// those that follow it.
	Code string
	Also []string
	// Fixed is the URL after the first fix, empty without one.
	Fixed string
	Exit  model.ExitCode
	// Apprise is the verdict, as in [Story]; Real what the real Apprise did:
	// "success", "failure" or "either", and "delivered" where the message arrived.
	Apprise, Real string
}

// Resolving is how a resolver misbehaves.
type Resolving struct {
	SlowSRV                    time.Duration // later than everything else
	FailSRV, DropSRV, DropAAAA bool
}

// Paths are the situations, in the order of their causes: names, addresses,
// multiplexers and proxies.
func Paths() []Path {
	const slow = 400 * time.Millisecond
	return []Path{
		{Name: "split-domain", URL: "xmpps://alice:alice-pw@split.lab/bob"},
		{Name: "own-host", URL: "xmpps://alice:alice-pw@apex.lab/bob"},
		{Name: "dead-ipv4-first", URL: "xmpps://alice:alice-pw@dead4.lab/bob"},
		{Name: "dead-ipv6-first", URL: "xmpps://alice:alice-pw@dead6.lab/bob"},
		{Name: "dead-ipv4-last", URL: "xmpps://alice:alice-pw@dead4live6.lab/bob"},
		{Name: "refused-ipv6-first", URL: "xmpps://alice:alice-pw@refused6.lab/bob"},
		{Name: "no-route-ipv6-first", URL: "xmpps://alice:alice-pw@noroute6.lab/bob"},
		{Name: "all-dead", URL: "xmpps://alice:alice-pw@alldead.lab/bob"},
		{Name: "srv-late", URL: "xmpps://alice:alice-pw@late.lab/bob", Resolving: Resolving{SlowSRV: slow}},
		{Name: "stranger-does-not-serve", URL: "xmpps://alice:alice-pw@stranger.lab/bob",
			Resolving: Resolving{SlowSRV: slow}},
		{Name: "stranger-certificate", URL: "xmpps://alice:alice-pw@strangertls.lab/bob?mode=tls",
			Resolving: Resolving{SlowSRV: slow}},
		{Name: "stranger-web", URL: "xmpps://alice:alice-pw@strangerweb.lab:443/bob?mode=tls"},
		{Name: "several-dead", URL: "xmpps://alice:alice-pw@several.lab/bob"},
		{Name: "srv-port-0", URL: "xmpps://alice:alice-pw@port0.lab/bob"},
		{Name: "srv-address", URL: "xmpps://alice:alice-pw@iptarget.lab/bob"},
		{Name: "srv-declines", URL: "xmpps://alice:alice-pw@declined.lab/bob"},
		{Name: "srv-not-asked", URL: "xmpps://alice:alice-pw@unasked.lab/bob", Resolving: Resolving{FailSRV: true}},
		{Name: "srv-never-answered", URL: "xmpps://alice:alice-pw@unasked.lab/bob", Resolving: Resolving{DropSRV: true}},
		{Name: "aaaa-dropped", URL: "xmpps://alice:alice-pw@apex.lab/bob", Resolving: Resolving{DropAAAA: true}},
		{Name: "name-completed", URL: "xmpps://alice:alice-pw@short/bob"},
		{Name: "name-completed-by-wildcard", URL: "xmpps://alice:alice-pw@jabber.wild/bob"},
		{Name: "host-name-as-domain", URL: "xmpps://alice:alice-pw@www.plan.lab/bob"},
		{Name: "alpn-nginx", URL: "xmpps://alice:alice-pw@alpn.lab:443/bob?mode=tls"},
		{Name: "alpn-sslh-same-certificate", URL: "xmpps://alice:alice-pw@sslh.lab:443/bob?mode=tls"},
		{Name: "sni-haproxy", URL: "xmpps://alice:alice-pw@sni.lab:443/bob?mode=tls"},
		{Name: "sni-haproxy-in-clear", URL: "xmpps://alice:alice-pw@sni.lab:443/bob"},
		{Name: "web-443", URL: "xmpps://alice:alice-pw@webonly.lab:443/bob?mode=tls"},
		{Name: "web-80-with-tls", URL: "xmpps://alice:alice-pw@web.lab:80/bob?mode=tls"},
		{Name: "direct-tls", URL: "xmpps://alice:alice-pw@p13.lab/bob?mode=tls"},
		{Name: "ends-tls13", URL: "xmpps://alice:alice-pw@ends.lab/bob?mode=tls"},
		{Name: "ends-tls13-scramplus-no", URL: "xmpps://alice:alice-pw@ends.lab/bob?mode=tls&scramplus=no"},
		{Name: "ends-tls12-before-13", URL: "xmpps://alice:alice-pw@ends.lab:5226/bob?mode=tls"},
		{Name: "ends-tls13-before-12", URL: "xmpps://alice:alice-pw@ends.lab:5227/bob?mode=tls"},
		{Name: "ends-tls-before-ejabberd-26", URL: "xmpps://alice:alice-pw@ends26.lab/bob?mode=tls"},
		{Name: "ends-tls-stunnel", URL: "xmpps://alice:alice-pw@stunnel.lab/bob?mode=tls"},
		{Name: "ejabberd-23-tls13", URL: "xmpps://alice:alice-pw@e23.lab/bob"},
		{Name: "client-certificate-haproxy-tls13", URL: "xmpps://alice:alice-pw@demands.lab/bob?mode=tls"},
		{Name: "client-certificate-haproxy-tls12", URL: "xmpps://alice:alice-pw@demands.lab:5224/bob?mode=tls"},
		{Name: "client-certificate-optional", URL: "xmpps://alice:alice-pw@demands.lab:5225/bob?mode=tls"},
		{Name: "client-certificate-stunnel", URL: "xmpps://alice:alice-pw@stunnel.lab:5224/bob?mode=tls"},
		{Name: "backend-down", URL: "xmpps://alice:alice-pw@header.lab:5227/bob"},
		{Name: "backend-down-direct-tls", URL: "xmpps://alice:alice-pw@header.lab:5228/bob?mode=tls"},
		{Name: "proxy-header-starttls", URL: "xmpps://alice:alice-pw@header.lab/bob"},
		{Name: "proxy-header-direct-tls", URL: "xmpps://alice:alice-pw@header.lab/bob?mode=tls"},
		{Name: "proxy-header-expected", URL: "xmpps://alice:alice-pw@header.lab:5224/bob?mode=tls"},
		{Name: "only-rsa-key-exchange", URL: "xmpps://alice:alice-pw@odd.lab/bob?mode=tls"},
		{Name: "only-x448", URL: "xmpps://alice:alice-pw@odd.lab:5224/bob?mode=tls"},
		{Name: "socks", URL: "xmpps://alice:alice-pw@apex.lab/bob", Proxy: "socks5h://198.51.100.70:1080"},
		{Name: "socks-capitals", URL: "xmpps://alice:alice-pw@apex.lab/bob", Proxy: "SOCKS5H://198.51.100.70:1080"},
		{Name: "socks-dead", URL: "xmpps://alice:alice-pw@apex.lab/bob", Proxy: "socks5h://198.51.100.70:9"},
		{Name: "socks-password", URL: "xmpps://alice:alice-pw@apex.lab/bob", Proxy: "socks5h://u:wrong@198.51.100.70:1081"},
		{Name: "socks-target-refused", URL: "xmpps://alice:alice-pw@apex.lab:9/bob", Proxy: "socks5h://198.51.100.70:1080"},
		{Name: "socks-name-unknown", URL: "xmpps://alice:alice-pw@nosuch.lab/bob", Proxy: "socks5h://198.51.100.70:1080"},
		{Name: "socks-is-web", URL: "xmpps://alice:alice-pw@apex.lab/bob", Proxy: "socks5h://198.51.100.80:80"},
		{Name: "socks4", URL: "xmpps://alice:alice-pw@apex.lab/bob", Proxy: "socks4://198.51.100.70:1080"},
		{Name: "xmpp-brackets", URL: "xmpps://alice:alice-pw@apex.lab/bob?xmpp=[2001:db8:1::12]"},
		{Name: "xmpp-ipv6", URL: "xmpps://alice:alice-pw@apex.lab/bob?xmpp=2001:db8:1::12"},
	}
}
