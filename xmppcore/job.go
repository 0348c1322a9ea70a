package xmppcore

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Job is what a run is to do. Reading is the only field that must be set.
type Job struct {
	// Reading says where to connect, as whom, and whom to write to. Its
	// deadlines are CTO (connecting: dns, tcp, tls) and RTO (every answer).
	Reading urlspec.Reading
	// Secrets are further texts that must not show, beside the password of the
	// reading and its own [urlspec.Reading.Secrets]: what may be a password in the
	// URL, and what was derived from it, such as a host that is the second half of
	// one. A run connects all the same.
	Secrets []string
	// Messages are sent to every target in order. None makes the run a check:
	// it joins the rooms, leaves them again, and sends nothing.
	Messages []event.Message
	// Need is the rung that each target must reach as far as its kind can, where that
	// is more than what counts as success by itself: [event.Received]. It is waited
	// for as long as for every answer, RTO.
	Need event.Evidence
	// Receipts is how long receipts that nothing depends on are waited for (XEP-0184),
	// after the server's answer. Nil means one more round trip, as that answer took
	// it, and 150 ms at most; over a session that is kept, not at all.
	Receipts *time.Duration
	// Until ends a check after this stage; empty means all of them.
	Until event.Stage
	// NoLogin ends a check before SASL.
	NoLogin bool
	// AllowCleartextPassword permits PLAIN without TLS beyond loopback.
	AllowCleartextPassword bool
	// Roots are the trusted authorities; nil means the system's, which honour
	// SSL_CERT_FILE.
	Roots *x509.CertPool
	// Lookup resolves host names; nil means the system's resolver.
	Lookup Resolver
	// Dial opens a TCP connection to an IP address; nil means net.Dialer, or
	// the SOCKS5 proxy of Proxy.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Proxy is a socks5:// URL, usually ALL_PROXY; empty means none.
	Proxy string
	// NoProxy lists the hosts that are reached without it, as NO_PROXY does.
	NoProxy string
}

// Resolver is the part of net.Resolver that a run needs.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
}
