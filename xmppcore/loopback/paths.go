package loopback

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"time"

	"xmppscope/urlspec"
)

// Paths is what lies between a client and the server. With any of it the domain has
// an address of its own in the DNS, as most have. The zero value is a straight way.
type Paths struct {
	// Web opens a port where a web server answers.
	Web bool
	// DownProxy opens a port of a proxy whose server is down: it takes connections, says
	// nothing, and hangs up.
	DownProxy bool
	// Multiplexer makes the direct TLS port one that several services share: a handshake
	// that does not name xmpp-client (ALPN) comes to a web server.
	Multiplexer bool
	// ClientCertificate demands a certificate of clients on the direct TLS port.
	ClientCertificate bool
	// DeadAddress gives the domain a first address where nothing ever answers, for
	// clients that connect by Server.Dial.
	DeadAddress bool
}

// The modes of the ports that are no ports of XMPP.
const (
	webPort  urlspec.Mode = "web"
	downPort urlspec.Mode = "down"
)

// proxyPatience is how long a proxy waits for its server.
const proxyPatience = 1200 * time.Millisecond

// extraPorts are those of the configuration beside the three of XMPP.
func (p Paths) extraPorts() []urlspec.Mode {
	var extra []urlspec.Mode
	if p.Web {
		extra = append(extra, webPort)
	}
	if p.DownProxy {
		extra = append(extra, downPort)
	}
	return extra
}

// deadAddress is in a network for documentation (RFC 3849).
var deadAddress = netip.MustParseAddr("2001:db8::1")

// addresses are those of the domain itself.
func (p Paths) addresses() []netip.Addr {
	v4 := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	switch {
	case p == Paths{}:
		return nil
	case p.DeadAddress:
		return []netip.Addr{deadAddress, v4}
	}
	return []netip.Addr{v4}
}

// records are the SRV records of a service: where the way is not straight, the best
// one leads astray, and the next one to the STARTTLS port.
func (r *Resolver) records(service string) []*net.SRV {
	straight := &net.SRV{Target: "localhost.", Port: r.starttls, Priority: 10, Weight: 5}
	astray := func(port uint16) []*net.SRV {
		return []*net.SRV{{Target: r.domain + ".", Port: port, Priority: 5, Weight: 5}}
	}
	switch client := service == "xmpp-client"; {
	case client && r.paths.DownProxy:
		return append(astray(r.down), straight)
	case client:
		return []*net.SRV{straight}
	case service != "xmpps-client" || r.paths.DownProxy:
		return nil
	case r.paths.Multiplexer, r.paths.ClientCertificate:
		return astray(r.tls)
	}
	return []*net.SRV{{Target: "localhost.", Port: r.tls, Priority: 10, Weight: 5}}
}

// Dial is the network as clients of this server's world see it: net.Dialer, but that
// a dead address says nothing.
func (s *Server) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if to, err := netip.ParseAddrPort(address); err == nil && to.Addr() == deadAddress {
		<-ctx.Done()
		return nil, &net.OpError{Op: "dial", Net: network, Err: ctx.Err()}
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// serveOther plays a port that is none of XMPP. served is false for those that are.
func (c *conn) serveOther() (served bool, err error) {
	switch c.mode {
	case webPort:
		return true, c.answerAsWeb(c.raw)
	case downPort:
		timer := time.NewTimer(proxyPatience)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-c.server.ctx.Done():
		}
		return true, errFaultClosed
	}
	return false, nil
}

// answerAsWeb reads a little and answers as a web server does that is not spoken to in
// HTTP.
func (c *conn) answerAsWeb(conn net.Conn) error {
	_, _ = conn.Read(make([]byte, 4096))
	if _, err := io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"); err != nil {
		return fmt.Errorf("web: %w", err)
	}
	return errFaultClosed
}

// multiplexed reports whether the handshake leads to the web server.
func (c *conn) multiplexed() bool {
	return c.server.config.Paths.Multiplexer && c.mode == urlspec.ModeTLS && !c.namesXMPP
}

// shape changes the server side of TLS to what the paths want.
func (p Paths) shape(config *tls.Config, c *conn) {
	if c.mode != urlspec.ModeTLS {
		return
	}
	if p.ClientCertificate {
		config.ClientAuth = tls.RequireAnyClientCert
	}
	if p.Multiplexer { // it ends TLS and answers with the name of the protocol, as haproxy does
		config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			c.namesXMPP = slices.Contains(hello.SupportedProtos, "xmpp-client")
			return nil, nil
		}
	}
}
