package inspect

import (
	"crypto/x509"
	"slices"
	"strings"

	"xmppscope/xmppcore/certificate"
	"xmppscope/xmppcore/event"
)

// leaf is the server's certificate itself, nil when it is not known. It was
// parsed once already, so that an error only means that nothing is known.
func leaf(t *event.TLS) *x509.Certificate {
	if t == nil || len(t.Chain) == 0 {
		return nil
	}
	cert, err := x509.ParseCertificate(t.Chain[0].DER)
	if err != nil {
		return nil
	}
	return cert
}

// NameMatches reports whether one of the names of a certificate, as TLSData
// lists them, is valid for a host: a DNS name, perhaps with a wildcard as its
// first label (RFC 9525 section 6.3), or an address. Names of other kinds, such
// as SRV-ID, are marked in the list and match nothing here, as in Apprise.
func NameMatches(names []string, host string) bool {
	host = strings.Trim(strings.TrimSuffix(host, "."), "[]")
	return host != "" && slices.ContainsFunc(names, func(name string) bool {
		if wild, ok := strings.CutPrefix(name, "*."); ok {
			_, rest, _ := strings.Cut(host, ".")
			return strings.EqualFold(wild, rest)
		}
		return strings.EqualFold(name, host)
	})
}

// SelfSigned reports whether the server sent nothing but a certificate that
// names itself as issuer.
func SelfSigned(t *event.TLS) bool {
	return t != nil && len(t.Chain) == 1 && t.Chain[0].Subject == t.Chain[0].Issuer
}

// LacksIntermediate reports whether the server left out the certificate of the
// authority that signed its own: it sent only one, which says where to fetch
// the issuer's. Certificates of private authorities rarely say so.
func LacksIntermediate(t *event.TLS) bool {
	cert := leaf(t)
	return cert != nil && len(t.Chain) == 1 && !SelfSigned(t) && len(cert.IssuingCertificateURL) > 0
}

// CommonNameOnly reports whether the server's certificate names the JID domain as its
// common name alone.
func CommonNameOnly(t *event.TLS) bool {
	cert := leaf(t)
	return cert != nil && certificate.CommonNameOnly(cert, t.Reference)
}

// PrivateRoot is the authority at which the chain as sent ends, where that is one that
// signed itself and is not trusted; empty otherwise.
func PrivateRoot(t *event.TLS) string {
	if t == nil || len(t.Chain) < 2 || t.Untrusted == "" {
		return ""
	}
	for _, c := range t.Chain[1:] {
		if c.Subject == c.Issuer {
			return c.Subject
		}
	}
	return ""
}

// PythonRefuses says why Apprise's Python does not take the chain for the JID domain
// where this machine does, a clause that follows "because"; empty when it takes it.
func PythonRefuses(t *event.TLS) string {
	if leaf(t) == nil {
		return ""
	}
	var sent []*x509.Certificate
	for _, c := range t.Chain {
		cert, err := x509.ParseCertificate(c.DER)
		if err != nil {
			break
		}
		sent = append(sent, cert)
	}
	return certificate.PythonRefuses(sent, t.Reference)
}
