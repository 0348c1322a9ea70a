package xmppcore

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cryptobyte_asn1 "golang.org/x/crypto/cryptobyte/asn1"

	"xmppscope/xmppcore/event"
)

// issuer signs certificates.
type issuer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// newIssuer makes an authority, signed by parent or by itself.
func newIssuer(t *testing.T, name string, parent *issuer, change func(*x509.Certificate)) *issuer {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	if change != nil {
		change(template)
	}
	signer := &issuer{template, key}
	if parent != nil {
		signer = parent
	}
	der, err := x509.CreateCertificate(rand.Reader, template, signer.cert, key.Public(), signer.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &issuer{cert, key}
}

// leaf makes a server's certificate, with the chain that the server sends.
func (i *issuer) leaf(t *testing.T, change func(*x509.Certificate), chain ...*issuer) tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "leaf"}, DNSNames: []string{"example.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if change != nil {
		change(template)
	}
	signer := i
	if i == nil { // signed by itself
		signer = &issuer{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, signer.cert, key.Public(), signer.key)
	if err != nil {
		t.Fatal(err)
	}
	cert := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	for _, c := range chain {
		cert.Certificate = append(cert.Certificate, c.cert.Raw)
	}
	return cert
}

// otherNames is a SAN extension of XMPP's own names (RFC 5280 4.2.1.6).
func otherNames(t *testing.T, critical bool, xmpp, srv []string) pkix.Extension {
	t.Helper()
	var b cryptobyte.Builder
	b.AddASN1(cryptobyte_asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		add := func(oid asn1.ObjectIdentifier, tag cryptobyte_asn1.Tag, text string) {
			b.AddASN1(cryptobyte_asn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oid)
				b.AddASN1(cryptobyte_asn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
					b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(text)) })
				})
			})
		}
		for _, s := range xmpp {
			add(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 5}, cryptobyte_asn1.UTF8String, s)
		}
		for _, s := range srv {
			add(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 7}, cryptobyte_asn1.IA5String, s)
		}
	})
	value, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Critical: critical, Value: value}
}

// handshake connects a check to a server on loopback.
func handshake(t *testing.T, check *tlsCheck, direct bool, serve func(net.Conn) error) (event.TLS, *event.Failure) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	served := make(chan error, 1)
	go func() {
		conn, err := l.Accept()
		if err == nil {
			err = serve(conn)
			conn.Close()
		}
		served <- err
	}()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	client := tls.Client(conn, check.config(direct))
	err = client.HandshakeContext(t.Context())
	data, failure := check.result(err)
	if failure == nil && err != nil {
		t.Errorf("no failure for %v", err)
	}
	if failure == nil {
		client.Close()
	}
	conn.Close()
	<-served // its error is the other side of ours
	return data, failure
}

// serveTLS is a server's side of a handshake.
func serveTLS(config *tls.Config) func(net.Conn) error {
	return func(conn net.Conn) error {
		server := tls.Server(conn, config)
		if err := server.Handshake(); err != nil {
			return err
		}
		_, err := io.Copy(io.Discard, server)
		return err
	}
}

func TestCertificates(t *testing.T) {
	root := newIssuer(t, "Test Root", nil, nil)
	namesake := newIssuer(t, "Test Root", nil, nil)
	other := newIssuer(t, "Other Root", nil, nil)
	middle := newIssuer(t, "Test Intermediate", root, nil)
	stale := newIssuer(t, "Stale Intermediate", root, func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(-3*time.Hour), time.Now().Add(-2*time.Hour)
	})
	weak := newIssuer(t, "Not An Authority", root, func(c *x509.Certificate) { c.IsCA = false })
	narrow := newIssuer(t, "Only Example Org", root, func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"example.org"}
	})
	names := func(dns ...string) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.DNSNames = dns }
	}
	san := func(critical bool, xmpp, srv []string) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.DNSNames, c.ExtraExtensions = nil, []pkix.Extension{otherNames(t, critical, xmpp, srv)}
		}
	}
	one := func(s string) []string { return []string{s} }
	for _, test := range []struct {
		name, reference string
		cert            tls.Certificate
		cause           event.Cause // none when it is good
		detail          string
	}{
		{"good", "example.test", root.leaf(t, nil), "", ""},
		{"other case", "example.test", root.leaf(t, names("EXAMPLE.Test")), "", ""},
		{"chain", "example.test", middle.leaf(t, nil, middle), "", ""},
		{"one of many", "example.test", root.leaf(t, names("a.test", "example.test", "b.test")), "", ""},
		{"wildcard", "xmpp.example.test", root.leaf(t, names("*.example.test")), "", ""},
		{"wildcard is one label", "a.b.example.test", root.leaf(t, names("*.example.test")), event.CauseCertName,
			"valid for *.example.test, not for a.b.example.test"},
		{"wildcard is no bare domain", "example.test", root.leaf(t, names("*.example.test")), event.CauseCertName,
			"not for example.test"},
		{"partial wildcard", "xmpp.example.test", root.leaf(t, names("x*.example.test")), event.CauseCertName, ""},
		{"address", "127.0.0.1", root.leaf(t,
			func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, []net.IP{net.IPv4(127, 0, 0, 1)} }), "", ""},
		{"address 6", "::1", root.leaf(t,
			func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, []net.IP{net.IPv6loopback} }), "", ""},
		{"another address", "127.0.0.2", root.leaf(t,
			func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)} }), event.CauseCertName,
			"valid for example.test, 127.0.0.1, not for 127.0.0.2"},
		{"IDN", "xn--bcher-kva.example", root.leaf(t, names("xn--bcher-kva.example")), "", ""},
		{"XmppAddr", "example.test", root.leaf(t, san(false, one("example.test"), nil)), "", ""},
		{"XmppAddr as U-label", "xn--bcher-kva.example", root.leaf(t, san(false, one("bücher.example"), nil)), "", ""},
		{"XmppAddr alone, critical", "example.test", root.leaf(t, san(true, one("example.test"), nil)), "", ""},
		{"XmppAddr of another", "example.test", root.leaf(t, san(false, one("example.org"), nil)), event.CauseCertName,
			"example.org (XMPP)"},
		{"SRV-ID", "example.test", root.leaf(t, san(false, nil, one("_xmpp-client.example.test"))), "", ""},
		{"SRV-ID direct TLS", "example.test", root.leaf(t, san(false, nil, one("_xmpps-client.Example.Test"))), "", ""},
		{"SRV-ID for servers", "example.test", root.leaf(t, san(false, nil, one("_xmpp-server.example.test"))),
			event.CauseCertName, "_xmpp-server.example.test (SRV)"},
		{"no names", "example.test", root.leaf(t, names()), event.CauseCertName, "names no host"},
		{"common name only", "example.test", root.leaf(t,
			func(c *x509.Certificate) { c.DNSNames, c.Subject.CommonName = nil, "example.test" }), event.CauseCertName,
			"only as common name"},
		{"TCP host's name", "example.test", root.leaf(t, names("xmpp.example.test")), event.CauseCertName,
			"valid for xmpp.example.test, not for example.test"},
		{"hostile name", "example.test", root.leaf(t, san(false, one("\x1b[2J\u202e"), nil)), event.CauseCertName,
			`\u001b[2J\u202e (XMPP)`},
		{"expired", "example.test", root.leaf(t, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
		}), event.CauseCertExpired, "expired on "},
		{"not yet valid", "example.test", root.leaf(t, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(time.Hour), time.Now().Add(2*time.Hour)
		}), event.CauseCertNotYetValid, "valid only from "},
		{"self-signed", "example.test", (*issuer)(nil).leaf(t, nil), event.CauseCertAuthority, "signed by itself"},
		{"unknown authority", "example.test", other.leaf(t, nil), event.CauseCertAuthority, `ends at issuer "CN=Other Root"`},
		{"unknown authority, sent", "example.test", other.leaf(t, nil, other), event.CauseCertAuthority,
			`ends at the authority "CN=Other Root"`},
		{"missing intermediate", "example.test", middle.leaf(t, nil), event.CauseCertAuthority,
			`ends at issuer "CN=Test Intermediate", which is not trusted here and was not sent`},
		{"stale intermediate", "example.test", stale.leaf(t, nil, stale), event.CauseCertExpired, "issuer"},
		{"not an authority", "example.test", weak.leaf(t, nil, weak), event.CauseCertAuthority, "cannot sign"},
		{"same name, other key", "example.test", namesake.leaf(t, nil), event.CauseCertAuthority,
			"candidate authority certificate"},
		{"constrained authority", "example.test", narrow.leaf(t, nil, narrow), event.CauseCertOther, ""},
		{"for clients only", "example.test", root.leaf(t,
			func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), event.CauseCertOther,
			""},
		{"all at once", "example.test", (*issuer)(nil).leaf(t, func(c *x509.Certificate) {
			c.DNSNames = []string{"other.test"}
			c.NotBefore, c.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
		}), event.CauseCertExpired,
			"; the certificate is valid for other.test, not for example.test; the certificate is signed by itself"},
	} {
		roots := x509.NewCertPool()
		roots.AddCert(root.cert)
		for _, verify := range []bool{true, false} {
			check := newTLSCheck(Job{Roots: roots}, destination{Reference: test.reference, Verify: verify})
			data, failure := handshake(t, check, false, serveTLS(&tls.Config{Certificates: []tls.Certificate{test.cert}}))
			good := test.cause == ""
			switch {
			case data.Verified != good, data.Reference != test.reference, data.SHA256 == "" || data.Version != "TLS 1.3" ||
				data.NotAfter == "":
				t.Errorf("%s: data %+v", test.name, data)
			case len(data.Chain) != len(test.cert.Certificate) || string(data.Chain[0].DER) != string(test.cert.Certificate[0]):
				t.Errorf("%s: chain of %d", test.name, len(data.Chain))
			case (failure == nil) != (good || !verify):
				t.Errorf("%s, verify=%v: %v", test.name, verify, failure)
			case failure != nil && (failure.Cause != test.cause || failure.Stage != event.StageTLS ||
				!strings.Contains(failure.Detail, test.detail)):
				t.Errorf("%s: %+v, want %s %q", test.name, failure, test.cause, test.detail)
			case !good && (data.Problem == "" || !strings.Contains(data.Problem, test.detail)):
				t.Errorf("%s, verify=%v: problem %q, want %q", test.name, verify, data.Problem, test.detail)
			case good && data.Problem != "":
				t.Errorf("%s: problem %q", test.name, data.Problem)
			}
			if check.connection() == nil || len(check.connection().PeerCertificates) != len(test.cert.Certificate) {
				t.Errorf("%s: no connection state", test.name)
			}
		}
	}
}

// TestCertificateEd25519: it has no hash for tls-server-end-point, but is a
// certificate like any other.
func TestCertificateEd25519(t *testing.T) {
	root := newIssuer(t, "Test Root", nil, nil)
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(3), DNSNames: []string{"example.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, root.cert, public, root.key)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(root.cert)
	check := newTLSCheck(Job{Roots: roots}, destination{Reference: "example.test", Verify: true})
	data, failure := handshake(t, check, false,
		serveTLS(&tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: private}}}))
	if failure != nil || !data.Verified {
		t.Errorf("%+v, %v", data, failure)
	}
}

// TestHandshakeOffers: versions, server name and ALPN as the standards ask.
func TestHandshakeOffers(t *testing.T) {
	root := newIssuer(t, "Test Root", nil, nil)
	cert := root.leaf(t, func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)} })
	roots := x509.NewCertPool()
	roots.AddCert(root.cert)
	for _, test := range []struct {
		reference   string
		direct      bool
		max         uint16
		sni, answer string
		protocols   []string
	}{
		{"example.test", true, tls.VersionTLS13, "example.test", "xmpp-client", []string{"xmpp-client"}},
		{"example.test", false, tls.VersionTLS12, "example.test", "", nil},
		{"127.0.0.1", false, tls.VersionTLS13, "", "", nil},
	} {
		var hello *tls.ClientHelloInfo
		config := &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: test.max,
			NextProtos: []string{"xmpp-client"},
			GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
				hello = h
				return nil, nil
			}}
		data, failure := handshake(t, newTLSCheck(Job{Roots: roots}, destination{Reference: test.reference, Verify: true}),
			test.direct, serveTLS(config))
		if failure != nil || data.Version != tls.VersionName(test.max) || data.ALPN != test.answer || data.Cipher == "" {
			t.Errorf("%+v: %+v, %v", test, data, failure)
		}
		if hello.ServerName != test.sni || !slices.Equal(hello.SupportedProtos, test.protocols) ||
			slices.Min(hello.SupportedVersions) != tls.VersionTLS12 {
			t.Errorf("%+v: asked for %q with %q, versions %v", test, hello.ServerName, hello.SupportedProtos,
				hello.SupportedVersions)
		}
	}
}

// TestHandshakeFailures: what the other side does instead of a handshake.
func TestHandshakeFailures(t *testing.T) {
	cert := newIssuer(t, "Test Root", nil, nil).leaf(t, nil)
	hello := func(conn net.Conn) error { // the ClientHello, so that closing is no reset
		_, err := conn.Read(make([]byte, 16<<10))
		return err
	}
	says := func(text string) func(net.Conn) error {
		return func(conn net.Conn) error {
			_, err := io.WriteString(conn, text)
			return errors.Join(err, hello(conn))
		}
	}
	for _, test := range []struct {
		name  string
		cause event.Cause
		serve func(net.Conn) error
	}{
		{"XML first", event.CauseNotTLS, says("<?xml version='1.0'?><stream:stream from='example.test'>")},
		{"spaces before XML", event.CauseNotTLS, says("\r\n  <stream:stream>")},
		{"SSH", event.CauseNotXMPP, says("SSH-2.0-OpenSSH_9.2p1\r\n")},
		{"mail", event.CauseNotXMPP, says("220 mail.example.test ESMTP\r\n")},
		{"a page", event.CauseNotXMPP, says("<html><head>")},
		{"a database", event.CauseNotXMPP, says("J\x00\x00\x00\x0a8.0.36\x00")},
		{"old TLS only", event.CauseTLSVersion,
			serveTLS(&tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10,
				MaxVersion: tls.VersionTLS11})},
		{"closes", event.CauseClosed, hello},
		{"resets", event.CauseClosed, func(conn net.Conn) error {
			return errors.Join(hello(conn), conn.(*net.TCPConn).SetLinger(0))
		}},
		{"unrecognised name", event.CauseTLS,
			serveTLS(&tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
				return nil, errors.New("no such host")
			}})},
		{"half a record", event.CauseClosed, func(conn net.Conn) error {
			_, err := conn.Write([]byte{22, 3, 3, 1, 0, 2})
			return errors.Join(err, hello(conn))
		}},
	} {
		data, failure := handshake(t, newTLSCheck(Job{}, destination{Reference: "example.test", Verify: true}), true,
			test.serve)
		if failure == nil || failure.Cause != test.cause || failure.Stage != event.StageTLS {
			t.Errorf("%s: %+v", test.name, failure)
		}
		if data.Verified || data.Reference != "example.test" {
			t.Errorf("%s: data %+v", test.name, data)
		}
	}
}

// TestTLSFailureTexts: the library flattens errors; their texts must do.
func TestTLSFailureTexts(t *testing.T) {
	for text, cause := range map[string]event.Cause{
		"starttls handshake: EOF":                                                         event.CauseClosed,
		"starttls handshake: unexpected EOF":                                              event.CauseClosed,
		"read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer":               event.CauseClosed,
		"tls: first record does not look like a TLS handshake":                            event.CauseNotTLS,
		"starttls handshake: remote error: tls: protocol version not supported":           event.CauseTLSVersion,
		"tls: server selected unsupported protocol version 301":                           event.CauseTLSVersion,
		"remote error: tls: unrecognized name":                                            event.CauseTLS,
		"remote error: tls: no application protocol":                                      event.CauseTLS,
		"remote error: tls: handshake failure":                                            event.CauseTLS,
		"tls: server's certificate contains an unsupported type of public key: \u202eabc": event.CauseTLS,
	} {
		f := tlsFailure(errors.New(text))
		if f.Cause != cause || strings.Contains(f.Detail, "\u202e") {
			t.Errorf("%q: %+v, want %s", text, f, cause)
		}
	}
	timeout := &net.OpError{Op: "read", Err: errTimeout{}}
	if f := tlsFailure(timeout); f.Cause != event.CauseTimeout || f.Waiting == "" {
		t.Errorf("timeout: %+v", f)
	}
}

type errTimeout struct{}

func (errTimeout) Error() string   { return "i/o timeout" }
func (errTimeout) Timeout() bool   { return true }
func (errTimeout) Temporary() bool { return true }
