package loopback

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

// Certificate is what kind of certificate the server shows.
type Certificate uint8

// The kinds of certificate. A good one is valid for the domain, the room
// service, localhost and the loopback addresses.
const (
	GoodCertificate     Certificate = iota
	ExpiredCertificate              // ended yesterday
	EarlyCertificate                // begins tomorrow
	OtherName                       // valid for other.invalid only
	HostName                        // valid for localhost and the loopback addresses, not for the domain
	SelfSigned                      // right names, its own issuer
	UnknownAuthority                // right names, from an authority that CAPEM does not hold
	MissingIntermediate             // from an intermediate authority that is not sent along
)

// identity is a certificate with its key.
type identity struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// authority is the root that a server's users must trust, and the server's own
// certificate in the form crypto/tls wants.
type authority struct {
	root identity
	leaf tls.Certificate
}

// newAuthority makes a root and one certificate of the wanted kind.
func newAuthority(kind Certificate, domain, service string) (*authority, error) {
	now := time.Now()
	root, err := newRoot("Loopback test authority", now)
	if err != nil {
		return nil, err
	}
	parent := root
	issuer := &parent
	switch kind {
	case SelfSigned:
		issuer = nil
	case UnknownAuthority:
		parent, err = newRoot("Another authority", now)
	case MissingIntermediate:
		parent, err = issue(&x509.Certificate{
			Subject: pkix.Name{CommonName: "Loopback intermediate authority"}, IsCA: true, BasicConstraintsValid: true,
			NotBefore: now.Add(-time.Hour), NotAfter: now.Add(90 * 24 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
		}, &root)
	}
	if err != nil {
		return nil, err
	}
	leaf, err := issue(template(kind, domain, service, now), issuer)
	if err != nil {
		return nil, err
	}
	return &authority{root: root, leaf: leaf.tls()}, nil
}

// template is the server's certificate before it is signed.
func template(kind Certificate, domain, service string, now time.Time) *x509.Certificate {
	t := &x509.Certificate{
		Subject:     pkix.Name{CommonName: domain},
		DNSNames:    names(domain, service, "localhost"),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		NotBefore:   now.Add(-time.Hour),
		NotAfter:    now.Add(90 * 24 * time.Hour),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	switch kind {
	case ExpiredCertificate:
		t.NotBefore, t.NotAfter = now.Add(-100*24*time.Hour), now.Add(-24*time.Hour)
	case EarlyCertificate:
		t.NotBefore, t.NotAfter = now.Add(24*time.Hour), now.Add(100*24*time.Hour)
	case OtherName:
		t.Subject.CommonName = "other.invalid"
		t.DNSNames, t.IPAddresses = []string{"other.invalid"}, nil
	case HostName:
		t.Subject.CommonName = "localhost"
		t.DNSNames = []string{"localhost"}
	}
	return t
}

// tls is the identity in the form crypto/tls wants, without its issuer.
func (id identity) tls() tls.Certificate {
	return tls.Certificate{Certificate: [][]byte{id.cert.Raw}, PrivateKey: id.key, Leaf: id.cert}
}

func newRoot(name string, now time.Time) (identity, error) {
	return issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		// Older than the certificate that expired yesterday: only one thing is wrong with that.
		NotBefore: now.Add(-365 * 24 * time.Hour), NotAfter: now.Add(365 * 24 * time.Hour),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}, nil)
}

// issue signs a template with its issuer's key, or its own when there is none.
func issue(template *x509.Certificate, issuer *identity) (identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return identity{}, fmt.Errorf("make a key: %w", err)
	}
	template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return identity{}, fmt.Errorf("make a serial number: %w", err)
	}
	if issuer == nil {
		issuer = &identity{cert: template, key: key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.cert, key.Public(), issuer.key)
	if err != nil {
		return identity{}, fmt.Errorf("sign a certificate for %q: %w", template.Subject.CommonName, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return identity{}, fmt.Errorf("read back the certificate for %q: %w", template.Subject.CommonName, err)
	}
	return identity{cert: cert, key: key}, nil
}

// names drops repeated and empty names.
func names(all ...string) []string {
	var kept []string
	seen := map[string]bool{"": true}
	for _, n := range all {
		if !seen[n] {
			kept = append(kept, n)
		}
		seen[n] = true
	}
	return kept
}

// pem is the root in PEM form.
func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.cert.Raw})
}
