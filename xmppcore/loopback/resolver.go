package loopback

import (
	"context"
	"net"
	"net/netip"
	"strings"
)

// Resolver is the DNS as a server's clients see it. localhost has an address,
// and so has the server's name, "xmpp." and its domain. The domain itself has
// none but with Config.Paths, only SRV records that lead to localhost; the domain "localhost" has no
// SRV records, as in the real DNS. Nothing else exists.
type Resolver struct {
	domain              string
	starttls, tls, down uint16
	paths               Paths
}

// Resolver returns the DNS that leads to this server.
func (s *Server) Resolver() *Resolver {
	return &Resolver{domain: s.config.Domain, starttls: uint16(s.STARTTLSPort()), tls: uint16(s.TLSPort()),
		down: uint16(s.ports[downPort]), paths: s.config.Paths}
}

// LookupNetIP is net.Resolver's: addresses of a host.
func (r *Resolver) LookupNetIP(_ context.Context, network, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	v4, v6 := netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()
	switch name := strings.ToLower(strings.TrimSuffix(host, ".")); {
	case name == r.domain && name != "localhost" && r.paths.addresses() != nil && network == "ip":
		return r.paths.addresses(), nil
	case name != "localhost" && name != "xmpp."+r.domain:
		return nil, notFound(host)
	case network == "ip4":
		return []netip.Addr{v4}, nil
	case network == "ip6":
		return []netip.Addr{v6}, nil
	}
	return []netip.Addr{v4, v6}, nil
}

// LookupSRV is net.Resolver's: the records of RFC 6120 3.2.1 and XEP-0368.
func (r *Resolver) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	full := "_" + service + "._" + proto + "." + name
	if proto != "tcp" || r.domain == "localhost" || !strings.EqualFold(strings.TrimSuffix(name, "."), r.domain) {
		return "", nil, notFound(full)
	}
	records := r.records(service)
	if records == nil {
		return "", nil, notFound(full)
	}
	return full + ".", records, nil
}

func notFound(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}
