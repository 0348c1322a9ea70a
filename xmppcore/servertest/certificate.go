//go:build servers

package servertest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Certificate is the kind of certificate that a server shows.
type Certificate string

// The kinds. All but SelfSigned are issued by the server's own authority.
const (
	// Valid names the domains and 127.0.0.1.
	Valid Certificate = ""
	// WrongName is valid for other.invalid only.
	WrongName Certificate = "wrong name"
	// Expired ended a day ago.
	Expired Certificate = "expired"
	// NotYetValid begins in a day.
	NotYetValid Certificate = "not yet valid"
	// SelfSigned is its own issuer, unknown to Server.Roots.
	SelfSigned Certificate = "self-signed"
)

// authority issues the certificates of one server.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
	// file is its certificate in PEM.
	file string
}

// newAuthority makes an authority and writes its certificate into folder.
func newAuthority(t testing.TB, folder string) *authority {
	t.Helper()
	// The authority's key is elliptic because an RSA key takes a second to
	// make; the servers' keys are RSA, which every one of them can read.
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	root := draft("servertest authority")
	root.IsCA, root.BasicConstraintsValid = true, true
	root.KeyUsage = x509.KeyUsageCertSign
	a := &authority{certificate: root, key: key, file: filepath.Join(folder, "ca.pem")}
	der := sign(t, root, root, key.Public(), key)
	if a.certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal("servertest: ", err)
	}
	writePEM(t, a.file, block("CERTIFICATE", der))
	return a
}

func (a *authority) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// issue makes a certificate of the kind and writes NAME.pem and NAME.key, and
// both in one as NAME-full.pem, into folder. It is for the usual domains and more.
func (a *authority) issue(t testing.TB, folder, name string, kind Certificate, more ...string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	leaf := draft(Domain)
	leaf.DNSNames = append([]string{Domain, PlainDomain, RoomService}, more...)
	leaf.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	leaf.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	issuer, issuerKey := a.certificate, a.key
	switch kind {
	case WrongName:
		leaf.Subject.CommonName = "other.invalid"
		leaf.DNSNames, leaf.IPAddresses = []string{"other.invalid"}, nil
	case Expired:
		leaf.NotBefore, leaf.NotAfter = leaf.NotBefore.AddDate(0, 0, -30), leaf.NotBefore.AddDate(0, 0, -1)
	case NotYetValid:
		leaf.NotBefore = leaf.NotBefore.AddDate(0, 0, 2)
	case SelfSigned:
		issuer, issuerKey = leaf, key
	}
	certificate := block("CERTIFICATE", sign(t, leaf, issuer, key.Public(), issuerKey))
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	private := block("PRIVATE KEY", der)
	base := filepath.Join(folder, name)
	writePEM(t, base+".pem", certificate)
	writePEM(t, base+".key", private)
	writePEM(t, base+"-full.pem", append(certificate, private...))
}

// draft is a certificate for name that is valid from an hour ago.
func draft(name string) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.AddDate(0, 1, 0),
	}
}

func sign(t testing.TB, leaf, issuer *x509.Certificate, public crypto.PublicKey, private crypto.Signer) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, leaf, issuer, public, private)
	if err != nil {
		t.Fatal("servertest: ", err)
	}
	return der
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func writePEM(t testing.TB, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal("servertest: ", err)
	}
}
