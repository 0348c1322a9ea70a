package xmppcore

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"xmppscope/xmppcore/certificate"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// checkChain checks who signed. A leaf outside its dates is checked as of a
// day within them, so that the two questions have separate answers. The failure has
// no stage.
func checkChain(chain []*x509.Certificate, roots *x509.CertPool, now time.Time) *event.Failure {
	leaf := *chain[0]
	// A critical SAN with none but XMPP's names is foreign to crypto/x509.
	leaf.UnhandledCriticalExtensions = slices.DeleteFunc(slices.Clone(leaf.UnhandledCriticalExtensions), certificate.IsSAN)
	if now.After(leaf.NotAfter) {
		now = leaf.NotAfter
	} else if now.Before(leaf.NotBefore) {
		now = leaf.NotBefore
	}
	options := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool(), CurrentTime: now}
	for _, cert := range chain[1:] {
		options.Intermediates.AddCert(cert)
	}
	_, err := leaf.Verify(options)
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unknown):
		return untrusted(chain, err)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		return issuerDates(invalid.Cert, now)
	}
	return &event.Failure{Cause: event.CauseCertOther, Detail: err.Error()}
}

// issuerDates says which certificate of the chain is outside its dates, and which of
// the two.
func issuerDates(issuer *x509.Certificate, now time.Time) *event.Failure {
	name := wire.Safe(nameOf(issuer.Subject.String(), issuer.Subject.CommonName))
	f := &event.Failure{Cause: event.CauseCertExpired, Certificate: name,
		Detail: fmt.Sprintf("the certificate of the issuer %q expired on %s", name, rfc3339(issuer.NotAfter))}
	if now.Before(issuer.NotBefore) {
		f.Cause = event.CauseCertNotYetValid
		f.Detail = fmt.Sprintf("the certificate of the issuer %q is valid only from %s on", name, rfc3339(issuer.NotBefore))
	}
	return f
}

// untrusted says why no trusted authority vouches for a chain: the first reason on the
// way from the server's certificate up.
func untrusted(chain []*x509.Certificate, err error) *event.Failure {
	authority := func(format string, args ...any) *event.Failure {
		return &event.Failure{Cause: event.CauseCertAuthority, Detail: fmt.Sprintf(format, args...)}
	}
	if isSelfSigned(chain[0]) {
		return authority("the certificate is signed by itself")
	}
	last, used := chain[0], 1
	for {
		if weak := weakSignature(last); weak != "" {
			return &event.Failure{Cause: event.CauseCertOther, Detail: weak}
		}
		issuer := issuerIn(chain, last)
		if issuer == nil {
			break
		}
		if last.CheckSignatureFrom(issuer) != nil { // it may not sign, says the error
			return authority("%s", err)
		}
		if isSelfSigned(issuer) {
			return authority("the chain ends at the authority %q, which is not trusted here", fullName(issuer))
		}
		if last = issuer; used == len(chain) {
			break // a circle
		}
		used++
	}
	missing := wire.Safe(nameOf(last.Issuer.String(), last.Issuer.CommonName))
	switch {
	case used == len(chain) && strings.Contains(err.Error(), "possibly because of"):
		// An authority of that name is trusted, but cannot have signed this: it has
		// another key, or may not sign.
		return authority("%s", err)
	case used < len(chain):
		f := authority("the certificate of the issuer %q was not sent; what was sent, of %q, did not sign the server's",
			missing, fullName(chain[len(chain)-1]))
		f.Certificate = missing
		return f
	}
	return authority("the chain ends at issuer %q, which is not trusted here and was not sent", missing)
}

func fullName(cert *x509.Certificate) string {
	return wire.Safe(nameOf(cert.Subject.String(), cert.Subject.CommonName))
}

// issuerIn finds the certificate of the chain that signed another one.
func issuerIn(chain []*x509.Certificate, cert *x509.Certificate) *x509.Certificate {
	for _, c := range chain[1:] {
		if c != cert && string(c.RawSubject) == string(cert.RawIssuer) &&
			c.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil {
			return c
		}
	}
	return nil
}

// weakSignature says that a signature is of a kind that proves nothing any more.
func weakSignature(cert *x509.Certificate) string {
	switch cert.SignatureAlgorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return fmt.Sprintf("the certificate of %q is signed with %s, which is no longer safe", fullName(cert),
			cert.SignatureAlgorithm)
	}
	return ""
}

func isSelfSigned(cert *x509.Certificate) bool {
	return string(cert.RawIssuer) == string(cert.RawSubject) &&
		cert.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil
}
