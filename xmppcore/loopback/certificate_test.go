package loopback

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// TestCertificates verifies each kind of certificate as a client would.
func TestCertificates(t *testing.T) {
	t.Parallel()
	for kind, want := range map[Certificate]string{
		GoodCertificate:     "<nil>",
		ExpiredCertificate:  "certificate has expired or is not yet valid",
		EarlyCertificate:    "certificate has expired or is not yet valid",
		OtherName:           "certificate is valid for other.invalid, not xmpp.test",
		HostName:            "certificate is valid for localhost, not xmpp.test",
		SelfSigned:          "certificate signed by unknown authority",
		UnknownAuthority:    "certificate signed by unknown authority",
		MissingIntermediate: "certificate signed by unknown authority",
	} {
		s := start(t, Config{Domain: "xmpp.test", Certificate: kind})
		c := dial(t, s, urlspec.ModeSTARTTLS)
		c.starttls(&tls.Config{InsecureSkipVerify: true, ServerName: "xmpp.test"})
		shown := c.tls.ConnectionState().PeerCertificates
		_, err := shown[0].Verify(x509.VerifyOptions{Roots: s.Roots(), DNSName: "xmpp.test"})
		if got := fmt.Sprint(err); len(shown) != 1 || !strings.Contains(got, want) {
			t.Errorf("kind %d: %d certificates, %s, want %s", kind, len(shown), got, want)
		}
	}
}

// TestCertificateNames lists whom the good certificate is for.
func TestCertificateNames(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Domain: "xmpp.test", Service: "rooms.xmpp.test"})
	for _, name := range []string{"xmpp.test", "rooms.xmpp.test", "localhost", "127.0.0.1", "::1"} {
		if err := s.authority.leaf.Leaf.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
	if pool := x509.NewCertPool(); !pool.AppendCertsFromPEM(s.CAPEM()) || !pool.Equal(s.Roots()) {
		t.Error("CAPEM and Roots differ")
	}
}
