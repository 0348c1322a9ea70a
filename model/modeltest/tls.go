package modeltest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// Foreign is why a list of authorities does not vouch for a certificate.
const Foreign = "the chain ends at an issuer that is not in the list"

// wrongTLS is a handshake that ended with a certificate that was not accepted.
func wrongTLS(change func(*event.TLS)) event.TLS {
	d := PlainTLS()
	d.Verified = false
	change(&d)
	return d
}

// Issued is a certificate of example.test, as the only one that the server
// sent.
func Issued(change func(*x509.Certificate)) []event.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	leaf := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "example.test"},
		DNSNames:  []string{"example.test"},
		NotBefore: from, NotAfter: from.AddDate(0, 3, 0)}
	change(leaf)
	issuer := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "issuer"},
		SubjectKeyId: []byte{1}}
	der, err := x509.CreateCertificate(rand.Reader, leaf, issuer, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return []event.Certificate{{Subject: "CN=example.test", Issuer: "CN=issuer", DER: der}}
}

// FromPublicAuthority adds what public authorities put into a certificate: where to
// fetch the issuer.
func FromPublicAuthority(c *x509.Certificate) {
	c.IssuingCertificateURL = []string{"http://issuer.test/ca.der"}
}

// FromPrivateAuthority leaves a certificate as it is.
func FromPrivateAuthority(*x509.Certificate) {}

// handshake fails the handshake after STARTTLS.
func handshake(f event.Failure, d event.TLS) []event.Event {
	return Then(UpTo(event.StageSTARTTLS), Failed(event.StageTLS, d, f))
}

// tlsCases are starttls, and the handshake before the certificate.
func tlsCases() []Story {
	none := event.TLS{Reference: "example.test"}
	clear := event.Features{Mechanisms: []string{"SCRAM-SHA-1"}}
	return []Story{
		{Code: "starttls-not-offered", Name: "no offer, port in the URL", URL: "xmpps://alice:PW@example.test:5222/bob",
			Events: Then(UpTo(event.StageStream), Failed(event.StageSTARTTLS, clear, Because(event.CauseNoSTARTTLS))),
			Title:  "example.test:5222 offers no STARTTLS.",
			Fixed:  "xmpps://alice:PW@example.test/bob?mode=tls", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "starttls-refused", Name: "failure in place of proceed",
			Events: Then(UpTo(event.StageStream), Failed(event.StageSTARTTLS, clear, Because(event.CauseSTARTTLSRefused))),
			Title:  "The server offered STARTTLS and then refused it.",
			Fixed:  "xmpps://alice:PW@example.test/bob?mode=tls", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "starttls-injected", Name: "bytes before the handshake",
			Events: Then(UpTo(event.StageStream), Failed(event.StageSTARTTLS, clear, event.Failure{Cause: event.CauseBadXML,
				Injected: true,
				Detail:   "bytes were put between the server's consent to TLS and the handshake; somebody may be tampering"})),
			Title: "Somebody put bytes between the server's consent to TLS and the handshake.",
			Fixed: "xmpps://alice:PW@example.test/bob?mode=tls", Exit: model.ExitTLS, Apprise: "unknown"},
		{Code: "starttls-port", Name: "direct TLS on 5222", URL: "xmpps://alice:PW@example.test:5222/bob?mode=tls",
			Events: Then(UpTo(event.StageTCP), Failed(event.StageTLS, none, Because(event.CauseNotTLS))),
			Title:  "Port 5222 does not start with TLS.",
			Fixed:  "xmpps://alice:PW@example.test:5222/bob?mode=starttls", Exit: model.ExitTLS, Apprise: "failure"},
		{Code: "tls-version", Name: "TLS 1.0 only", Events: handshake(Because(event.CauseTLSVersion), none),
			Title: "The server knows only TLS versions that are no longer safe.", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "alpn-refused", Name: "a web server on 443", URL: "xmpps://alice:PW@example.test:443/bob?mode=tls",
			Events: Then(UpTo(event.StageTCP), Failed(event.StageTLS, none, event.Failure{Cause: event.CauseTLS,
				Alert: event.AlertProtocol, Detail: "remote error: tls: no application protocol"})),
			Title: "Port 443 serves TLS, but not XMPP.",
			Fixed: "xmpps://alice:PW@example.test/bob?mode=tls", Exit: model.ExitTLS, Apprise: "either"},
		{Code: "tls-name-unknown", Name: "no certificate for the name",
			URL: "xmpps://alice:PW@xmpp.example.test/bob?mode=tls",
			Events: Then(UpTo(event.StageTCP), Failed(event.StageTLS, none, event.Failure{Cause: event.CauseTLS,
				Alert: event.AlertName, Detail: "remote error: tls: unrecognized name"})),
			Title: "The server has no certificate for xmpp.example.test.",
			Fixed: "xmpps://alice:PW@example.test/bob?mode=tls&xmpp=xmpp.example.test",
			Exit:  model.ExitTLS, Apprise: "failure"},
		{Code: "tls-failed", Name: "an alert",
			Events: handshake(event.Failure{Cause: event.CauseTLS, Detail: "remote error: tls: handshake failure"}, none),
			Title:  "The TLS handshake failed: remote error: tls: handshake failure.",
			Exit:   model.ExitTLS, Apprise: "unknown"},
		{Code: "tls-nothing-common", Name: "X448 alone", URL: "xmpps://alice:PW@example.test/bob?mode=tls",
			Events: Then(UpTo(event.StageTCP), Failed(event.StageTLS, none, event.Failure{Cause: event.CauseTLS,
				Alert: event.AlertNothing, Detail: "remote error: tls: handshake failure"})),
			Title: "The server has no cipher, curve or kind of key in common with us; Apprise may get through.",
			Exit:  model.ExitTLS, Apprise: "unknown"},
		lacking("tls-nothing-common", "X448", event.LackCurve,
			"The server wants a key exchange by X448, which we do not have; Apprise may get through."),
		lacking("tls-nothing-common", "AES128-SHA", event.LackCipher,
			"The server wants the cipher AES128-SHA, which we do not have; Apprise may get through."),
		lacking("tls-nothing-common", "Ed448", event.LackKey,
			"The server's certificate has an Ed448 key, which we do not know; Apprise may get through."),
		lacking("certificate-unreadable", "negative serial number", event.LackForm,
			"We cannot read the server's certificate: negative serial number."),
		{Code: "tls-no-certificate", Name: "direct", URL: "xmpps://alice:PW@example.test/bob?mode=tls",
			Events: lacking("", "", event.LackAll, "").Events,
			Title:  "The server ends the handshake whatever algorithms it is offered: it probably has no certificate.",
			Exit:   model.ExitTLS, Apprise: "failure"},
		{Code: "tls-no-certificate", Name: "after STARTTLS",
			Events: lacking("", "", event.LackAll, "").Events,
			Title:  "The server ends the handshake whatever algorithms it is offered: it probably has no certificate.",
			Exit:   model.ExitTLS, Apprise: "false success"},
		{Code: "client-certificate-demanded", Name: "TLS 1.3, after STARTTLS",
			Events: Then(UpTo(event.StageTLS), Failed(event.StageFeatures, nil, Because(event.CauseClientCertificate))),
			Title:  "example.test:5222 demands a client certificate, which an Apprise URL cannot carry.",
			Exit:   model.ExitTLS, Apprise: "false success"},
		{Code: "client-certificate-demanded", Name: "TLS 1.3, direct", URL: "xmpps://alice:PW@example.test/bob?mode=tls",
			Events: []event.Event{PlainFacts()[0], PlainFacts()[1], OK(event.StageTLS, PlainTLS()),
				Failed(event.StageStream, nil, Because(event.CauseClientCertificate))},
			Title: "example.test:5223 demands a client certificate, which an Apprise URL cannot carry.",
			Exit:  model.ExitTLS, Apprise: "either"},
		{Code: "client-certificate-demanded", Name: "TLS 1.2, direct", URL: "xmpps://alice:PW@example.test/bob?mode=tls",
			Events: Then(UpTo(event.StageTCP), Failed(event.StageTLS, none, Because(event.CauseClientCertificate))),
			Title:  "example.test:5223 demands a client certificate, which an Apprise URL cannot carry.",
			Exit:   model.ExitTLS, Apprise: "failure"},
		{Code: "tls-closed", Name: "hung up in the handshake",
			Events: handshake(event.Failure{Cause: event.CauseClosed, Waiting: "the TLS handshake"}, none),
			Title:  "The server closed the connection during the TLS handshake.", Exit: model.ExitTLS, Apprise: "false success"},
	}
}

// issuerOutside gives a handshake an issuer with dates of its own.
func issuerOutside(d *event.TLS) {
	d.Chain = []event.Certificate{{Subject: "CN=example.test", Issuer: "CN=R3"},
		{Subject: "CN=R3", Issuer: "CN=X1", NotBefore: "2020-10-01T00:00:00Z", NotAfter: "2021-09-30T00:00:00Z"}}
}

// commonNameOnly is a certificate of a public authority without alternative names.
func commonNameOnly() []event.Certificate {
	return Issued(func(c *x509.Certificate) {
		FromPublicAuthority(c)
		c.DNSNames = nil
	})
}

// weakWildcard is a certificate that Go takes and Python does not.
func weakWildcard() event.TLS {
	d := PlainTLS()
	d.Names = []string{"*.test"}
	d.Chain = Issued(func(c *x509.Certificate) {
		FromPublicAuthority(c)
		c.DNSNames = d.Names
	})
	return d
}

// certificateCases are certificates that are not accepted.
func certificateCases() []Story {
	wrong := func(c event.Cause, change func(*event.TLS)) []event.Event {
		return handshake(Because(c), wrongTLS(change))
	}
	other := func(d *event.TLS) { d.Names = []string{"other.test"} }
	return []Story{
		{Code: "host-not-domain", Name: "the server's name as host", URL: "xmpps://alice:PW@xmpp.example.test/bob",
			Events: wrong(event.CauseCertName, func(d *event.TLS) {
				d.Reference, d.Names = "xmpp.example.test", []string{"example.test"}
			}),
			Title: "The account is probably at example.test: the certificate is for that, not for xmpp.example.test.",
			Fixed: "xmpps://alice:PW@example.test/bob?xmpp=xmpp.example.test", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-for-server-name", Name: "split domain",
			URL:    "xmpps://alice:PW@example.test/bob?xmpp=xmpp.hoster.test",
			Events: wrong(event.CauseCertName, func(d *event.TLS) { d.Names = []string{"*.hoster.test"} }),
			Title:  "The certificate is for xmpp.hoster.test, but must name the account's domain example.test.",
			Fixed:  "xmpps://alice:PW@example.test/bob?xmpp=xmpp.hoster.test&verify=no",
			Exit:   model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-common-name", Name: "no alternative names",
			Events: wrong(event.CauseCertName, func(d *event.TLS) {
				d.Names, d.Subject, d.Chain = nil, "CN=example.test,O=Example", commonNameOnly()
			}),
			Title: "The certificate names example.test only in a way that no longer counts.",
			Fixed: "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "success"},
		{Code: "certificate-wrong-intermediate", Name: "those of another authority",
			Events: handshake(event.Failure{Cause: event.CauseCertAuthority, Certificate: "CN=R11"},
				wrongTLS(func(d *event.TLS) { d.Untrusted, d.NotMozilla = Foreign, Foreign })),
			Title: "The server sent the wrong certificates behind its own: that of its issuer, CN=R11, is missing.",
			Fixed: "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-private-root", Name: "sent in whole",
			Events: wrong(event.CauseCertAuthority, func(d *event.TLS) {
				d.Untrusted, d.NotMozilla = Foreign, Foreign
				d.Chain = []event.Certificate{{Subject: "CN=example.test", Issuer: "CN=Home"},
					{Subject: "CN=Home", Issuer: "CN=Home"}}
			}),
			Title: "The chain ends at an authority that is not trusted here: CN=Home.",
			Fixed: "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-issuer-expired", Name: "an old chain",
			Events: handshake(event.Failure{Cause: event.CauseCertExpired, Certificate: "CN=R3"}, wrongTLS(issuerOutside)),
			Title:  "The certificate of the issuer CN=R3 expired on 2021-09-30.",
			Fixed:  "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-issuer-not-yet-valid", Name: "a chain of tomorrow",
			Events: handshake(event.Failure{Cause: event.CauseCertNotYetValid, Certificate: "CN=R3"}, wrongTLS(issuerOutside)),
			Title:  "The certificate of the issuer CN=R3 is not valid yet, but only from 2020-10-01.",
			Fixed:  "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-name", Name: "another domain's", Events: wrong(event.CauseCertName, other),
			Title: "The certificate does not name example.test.",
			Fixed: "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-name", Name: "another domain's, and verify= by accident",
			URL:    "xmpps://alice:PW@example.test/bob?verify=maybe",
			Events: wrong(event.CauseCertName, other),
			Title:  "The certificate does not name example.test.",
			Fixed:  "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "success"},
		{Code: "certificate-self-signed", Name: "its own issuer",
			Events: wrong(event.CauseCertAuthority, func(d *event.TLS) {
				d.Chain = []event.Certificate{{Subject: "CN=example.test", Issuer: "CN=example.test"}}
				d.Untrusted, d.NotMozilla = Foreign, Foreign
			}),
			Title: "The server's certificate is signed by itself.",
			Fixed: "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-chain-incomplete", Name: "the leaf alone, of a public authority",
			Events: wrong(event.CauseCertAuthority, func(d *event.TLS) {
				d.Chain, d.Untrusted, d.NotMozilla = Issued(FromPublicAuthority), Foreign, Foreign
			}),
			Title: "The server did not send the certificate of its issuer, CN=R11,O=Let's Encrypt.",
			Fixed: "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-unknown-authority", Name: "a private authority",
			Events: wrong(event.CauseCertAuthority, func(d *event.TLS) {
				d.Chain, d.Issuer = Issued(FromPrivateAuthority), "CN=issuer"
				d.Untrusted, d.NotMozilla = Foreign, Foreign
			}),
			Title: "The certificate's issuer is not trusted here: CN=issuer.",
			Fixed: "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-expired", Name: "expired", Events: wrong(event.CauseCertExpired, func(*event.TLS) {}),
			Title: "The certificate expired on 2026-04-01.",
			Fixed: "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-not-yet-valid", Name: "from tomorrow",
			Events: wrong(event.CauseCertNotYetValid, func(*event.TLS) {}),
			Title:  "The certificate is valid only from 2026-01-01 on.",
			Fixed:  "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "false success"},
		{Code: "certificate-invalid", Name: "not for servers",
			Events: handshake(event.Failure{Cause: event.CauseCertOther,
				Detail: "x509: certificate specifies an incompatible key usage"}, wrongTLS(other)),
			Title: "The certificate is not acceptable: x509: certificate specifies an incompatible key usage.",
			Fixed: "xmpps://alice:PW@example.test/bob?verify=no", Exit: model.ExitTLS, Apprise: "false success"},
	}
}

// lacking is a handshake that failed for want of something that we do not have.
func lacking(code, name string, kind event.Lack, title string) Story {
	f := event.Failure{Cause: event.CauseTLS, Lacking: &event.Lacking{Kind: kind, Name: name}}
	if kind != event.LackForm {
		f.Alert, f.Detail = event.AlertNothing, "remote error: tls: handshake failure"
	}
	return Story{Code: code, Name: "lacking " + name, URL: "xmpps://alice:PW@example.test/bob?mode=tls",
		Events: Then(UpTo(event.StageTCP), Failed(event.StageTLS, event.TLS{}, f)),
		Title:  title, Exit: model.ExitTLS, Apprise: "unknown"}
}
