package loopback

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"slices"

	"github.com/xdg-go/scram"
)

// The channel-binding types (RFC 5929, RFC 9266).
const (
	bindingExporter = "tls-exporter"
	bindingEndPoint = "tls-server-end-point"
	bindingUnique   = "tls-unique"
)

// bindings are the channel-binding types that this connection can have: none
// without TLS, no tls-unique on TLS 1.3 (RFC 9266 3).
func (c *conn) bindings() []string {
	if c.tls == nil {
		return nil
	}
	types := c.server.config.Bindings
	if c.server.config.Faults.OldEjabberd {
		types = []string{bindingUnique}
	}
	return slices.DeleteFunc(slices.Clone(types), func(b string) bool {
		return b == bindingUnique && c.tls.Version >= tls.VersionTLS13
	})
}

// bindingData is what the server believes the binding of this connection to be.
func (c *conn) bindingData(kind string) (scram.ChannelBinding, error) {
	faults := c.server.config.Faults
	switch {
	case faults.OldEjabberd && c.tls.Version >= tls.VersionTLS13:
		// It takes whatever type the client names and compares tls-unique.
		return foreignBinding(kind), nil
	case !slices.Contains(c.bindings(), kind):
		return scram.ChannelBinding{}, fmt.Errorf("channel binding %q asked, we know %q", kind, c.bindings())
	case faults.Proxy:
		return foreignBinding(kind), nil
	case kind == bindingEndPoint:
		// Our certificate is the peer's as the client sees it.
		return scram.NewTLSServerEndpointBinding(&tls.ConnectionState{
			PeerCertificates: []*x509.Certificate{c.server.authority.leaf.Leaf}})
	case kind == bindingUnique:
		return scram.NewTLSUniqueBinding(c.tls.TLSUnique), nil
	default:
		return scram.NewTLSExporterBinding(c.tls)
	}
}

// foreignBinding is the binding of a connection that is not the client's.
func foreignBinding(kind string) scram.ChannelBinding {
	data := make([]byte, 32)
	_, _ = rand.Read(data) // never fails (crypto/rand since Go 1.24)
	return scram.ChannelBinding{Type: scram.ChannelBindingType(kind), Data: data}
}
