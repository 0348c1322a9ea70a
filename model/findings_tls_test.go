package model

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"

	"xmppscope/xmppcore/event"
)

// wrongTLS is a handshake that ended with a certificate that was not accepted.
func wrongTLS(change func(*event.TLS)) event.TLS {
	d := plainTLS()
	d.Verified = false
	change(&d)
	return d
}

// issued is a certificate of example.test, as the only one that the server
// sent.
func issued(change func(*x509.Certificate)) []event.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	leaf := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "example.test"}, DNSNames: []string{"example.test"},
		NotBefore: from, NotAfter: from.AddDate(0, 3, 0)}
	change(leaf)
	issuer := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "issuer"}}
	der, err := x509.CreateCertificate(rand.Reader, leaf, issuer, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return []event.Certificate{{Subject: "CN=example.test", Issuer: "CN=issuer", DER: der}}
}

// fromPublicAuthority adds what every public authority puts into a certificate.
func fromPublicAuthority(c *x509.Certificate) {
	c.IssuingCertificateURL = []string{"http://issuer.test/ca.der"}
	c.ExtraExtensions = []pkix.Extension{{Id: []int(oidSCT), Value: []byte{0x04, 0x02, 0x00, 0x00}}}
}

func fromPrivateAuthority(*x509.Certificate) {}

// tlsCases are starttls, the handshake and the certificate.
func tlsCases() []findingCase {
	handshake := func(f event.Failure, d event.TLS) []event.Event {
		return then(upTo(event.StageSTARTTLS), failed(event.StageTLS, d, f))
	}
	none := event.TLS{Reference: "example.test"}
	wrong := func(c event.Cause, change func(*event.TLS)) []event.Event {
		return handshake(because(c), wrongTLS(change))
	}
	other := func(d *event.TLS) { d.Names = []string{"other.test"} }
	clear := event.Features{Mechanisms: []string{"SCRAM-SHA-1"}}
	return []findingCase{
		{code: "starttls-not-offered", name: "no offer, port in the URL", url: "xmpps://alice:PW@example.test:5222/bob",
			events: then(upTo(event.StageStream), failed(event.StageSTARTTLS, clear, because(event.CauseNoSTARTTLS)))},
		{code: "starttls-refused", name: "failure in place of proceed",
			events: then(upTo(event.StageStream), failed(event.StageSTARTTLS, clear, because(event.CauseSTARTTLSRefused)))},
		{code: "starttls-injected", name: "bytes before the handshake",
			events: then(upTo(event.StageStream), failed(event.StageSTARTTLS, clear, event.Failure{Cause: event.CauseBadXML,
				Injected: true, Detail: "bytes were put between the server's consent to TLS and the handshake; somebody may be tampering"}))},
		{code: "starttls-port", name: "direct TLS on 5222", url: "xmpps://alice:PW@example.test:5222/bob?mode=tls",
			events: then(upTo(event.StageTCP), failed(event.StageTLS, none, because(event.CauseNotTLS)))},
		{code: "tls-version", name: "TLS 1.0 only", events: handshake(because(event.CauseTLSVersion), none)},
		{code: "alpn-refused", name: "a web server on 443", url: "xmpps://alice:PW@example.test:443/bob?mode=tls",
			events: then(upTo(event.StageTCP), failed(event.StageTLS, none, event.Failure{Cause: event.CauseTLS, Alert: event.AlertProtocol, Detail: "remote error: tls: no application protocol"}))},
		{code: "tls-name-unknown", name: "no certificate for the name", url: "xmpps://alice:PW@xmpp.example.test/bob?mode=tls",
			events: then(upTo(event.StageTCP), failed(event.StageTLS, none, event.Failure{Cause: event.CauseTLS, Alert: event.AlertName, Detail: "remote error: tls: unrecognized name"}))},
		{code: "tls-failed", name: "an alert", events: handshake(event.Failure{Cause: event.CauseTLS, Detail: "remote error: tls: handshake failure"}, none)},
		{code: "tls-closed", name: "hung up in the handshake", events: handshake(event.Failure{Cause: event.CauseClosed, Waiting: "the TLS handshake"}, none)},
		{code: "host-not-domain", name: "the server's name as host", url: "xmpps://alice:PW@xmpp.example.test/bob",
			events: wrong(event.CauseCertName, func(d *event.TLS) { d.Reference, d.Names = "xmpp.example.test", []string{"example.test"} })},
		{code: "certificate-for-server-name", name: "split domain", url: "xmpps://alice:PW@example.test/bob?xmpp=xmpp.hoster.test",
			events: wrong(event.CauseCertName, func(d *event.TLS) { d.Names = []string{"*.hoster.test"} })},
		{code: "certificate-common-name", name: "no alternative names",
			events: wrong(event.CauseCertName, func(d *event.TLS) { d.Names, d.Subject = nil, "CN=Example.test,O=Example" })},
		{code: "certificate-name", name: "another domain's", events: wrong(event.CauseCertName, other)},
		{code: "certificate-name", name: "another domain's, and verify= by accident", url: "xmpps://alice:PW@example.test/bob?verify=maybe",
			events: wrong(event.CauseCertName, other)},
		{code: "certificate-self-signed", name: "its own issuer",
			events: wrong(event.CauseCertAuthority, func(d *event.TLS) {
				d.Chain = []event.Certificate{{Subject: "CN=example.test", Issuer: "CN=example.test"}}
			})},
		{code: "certificate-chain-incomplete", name: "the leaf alone, of a public authority",
			events: wrong(event.CauseCertAuthority, func(d *event.TLS) { d.Chain = issued(fromPublicAuthority) })},
		{code: "certificate-unknown-authority", name: "a private authority",
			events: wrong(event.CauseCertAuthority, func(d *event.TLS) { d.Chain, d.Issuer = issued(fromPrivateAuthority), "CN=issuer" })},
		{code: "certificate-expired", name: "expired", events: wrong(event.CauseCertExpired, func(*event.TLS) {})},
		{code: "certificate-not-yet-valid", name: "from tomorrow", events: wrong(event.CauseCertNotYetValid, func(*event.TLS) {})},
		{code: "certificate-invalid", name: "not for servers",
			events: handshake(event.Failure{Cause: event.CauseCertOther, Detail: "x509: certificate specifies an incompatible key usage"}, wrongTLS(other))},
	}
}
