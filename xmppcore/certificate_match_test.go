package xmppcore

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"testing"

	"xmppscope/xmppcore/certificate"
)

func TestMatch(t *testing.T) {
	root := newIssuer(t, "Test Root", nil, nil)
	leaf := func(change func(*x509.Certificate)) *x509.Certificate {
		cert, err := x509.ParseCertificate(root.leaf(t, change).Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return cert
	}
	dns := leaf(func(c *x509.Certificate) {
		c.DNSNames, c.IPAddresses = []string{"xn--mnchen-3ya.test", "*.example.test"}, []net.IP{net.IPv6loopback}
	})
	xmpp := leaf(func(c *x509.Certificate) {
		c.DNSNames, c.ExtraExtensions = nil,
			[]pkix.Extension{otherNames(t, false, []string{"example.test"}, []string{"_xmpp-client.corp.test"})}
	})
	for _, test := range []struct {
		host         string
		cert         *x509.Certificate
		host1, jid   string // the names that match, by kind
		isHost, isID bool
	}{
		{"im.example.test", dns, "*.example.test", "*.example.test", true, true},
		{"example.test", dns, "", "", false, false},
		{"münchen.test", dns, "xn--mnchen-3ya.test", "xn--mnchen-3ya.test", true, true},
		{"[::1]", dns, "::1", "::1", true, true},
		{"127.0.0.1", dns, "", "", false, false},
		{"example.test", xmpp, "", "example.test (XMPP)", false, true},
		{"corp.test", xmpp, "", "_xmpp-client.corp.test (SRV)", false, true},
		{"other.test", xmpp, "", "", false, false},
	} {
		if name, ok := certificate.MatchHost(test.cert, test.host); name != test.host1 || ok != test.isHost {
			t.Errorf("MatchHost(%s): %q, %v", test.host, name, ok)
		}
		if name, ok := certificate.MatchDomain(test.cert, test.host); name != test.jid || ok != test.isID {
			t.Errorf("MatchDomain(%s): %q, %v", test.host, name, ok)
		}
	}
}
