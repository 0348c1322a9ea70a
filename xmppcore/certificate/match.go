package certificate

import (
	"crypto/x509"
	"net"

	"xmppscope/xmppcore/wire"
)

// MatchHost gives the name of a certificate that is valid for a host: a DNS
// name, perhaps with a wildcard, or an address (RFC 9525). The name is safe to
// show. ok is false when none is.
func MatchHost(cert *x509.Certificate, host string) (name string, ok bool) {
	reference := Reference(host)
	for _, dns := range cert.DNSNames {
		if (&x509.Certificate{DNSNames: []string{dns}}).VerifyHostname(reference) == nil {
			return wire.Safe(dns), true
		}
	}
	if ip := net.ParseIP(reference); ip != nil {
		for _, known := range cert.IPAddresses {
			if known.Equal(ip) {
				return known.String(), true
			}
		}
	}
	return "", false
}

// MatchDomain gives the name of a certificate that is valid for a JID domain:
// one that is valid for it as a host, or one of XMPP's own kinds, SRV-ID and
// XmppAddr (RFC 6120 13.7.1.2). Apprise's Python knows the first kind only.
func MatchDomain(cert *x509.Certificate, domain string) (name string, ok bool) {
	if name, ok := MatchHost(cert, domain); ok {
		return name, true
	}
	names, reference := Presented(cert), Reference(domain)
	for _, srv := range names.SRV {
		if (Names{SRV: []string{srv}}).Match(&x509.Certificate{}, reference) {
			return wire.Safe(srv) + " (SRV)", true
		}
	}
	for _, xmpp := range names.XMPP {
		if (Names{XMPP: []string{xmpp}}).Match(&x509.Certificate{}, reference) {
			return wire.Safe(xmpp) + " (XMPP)", true
		}
	}
	return "", false
}
