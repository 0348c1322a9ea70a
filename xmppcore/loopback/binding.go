package loopback

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"slices"

	"github.com/xdg-go/scram"
)

// The channel binding types (RFC 5929, RFC 9266).
const (
	bindingExporter = "tls-exporter"
	bindingEndPoint = "tls-server-end-point"
	bindingUnique   = "tls-unique"
)

// bindings are the channel binding types that this connection can have: none
// without TLS, no tls-unique on TLS 1.3 (RFC 9266 3).
func (c *conn) bindings() []string {
	if c.tls == nil {
		return nil
	}
	types := c.srv.cfg.Bindings
	if c.srv.cfg.Faults.OldEjabberd {
		types = []string{bindingUnique}
	}
	var usable []string
	for _, b := range types {
		if b == bindingUnique && c.tls.Version >= tls.VersionTLS13 {
			continue
		}
		usable = append(usable, b)
	}
	return usable
}

// bindingData is what the server believes the binding of this connection to be.
// Behind a TLS-terminating proxy that is the binding of another connection.
func (c *conn) bindingData(kind string) (scram.ChannelBinding, error) {
	faults := c.srv.cfg.Faults
	if faults.OldEjabberd && c.tls.Version >= tls.VersionTLS13 {
		// It takes whatever type the client names and compares tls-unique.
		return foreignBinding(kind)
	}
	if !slices.Contains(c.bindings(), kind) {
		return scram.ChannelBinding{}, fmt.Errorf("channel binding %q asked, we know %q", kind, c.bindings())
	}
	switch {
	case faults.Proxy:
		return foreignBinding(kind)
	case kind == bindingEndPoint:
		// Our certificate is the peer's as the client sees it.
		return scram.NewTLSServerEndpointBinding(&tls.ConnectionState{PeerCertificates: []*x509.Certificate{c.srv.authority.leaf.Leaf}})
	case kind == bindingUnique:
		return scram.NewTLSUniqueBinding(c.tls.TLSUnique), nil
	default:
		return scram.NewTLSExporterBinding(c.tls)
	}
}

// foreignBinding is the binding of a connection that is not the client's.
func foreignBinding(kind string) (scram.ChannelBinding, error) {
	data := make([]byte, 32)
	if _, err := rand.Read(data); err != nil {
		return scram.ChannelBinding{}, fmt.Errorf("make binding data: %w", err)
	}
	return scram.ChannelBinding{Type: scram.ChannelBindingType(kind), Data: data}, nil
}
