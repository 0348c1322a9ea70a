package certificate

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"net"
	"slices"
	"strings"

	"xmppscope/xmppcore/wire"
)

// PythonRefuses says why the Python of Apprise (3.13 or later, with OpenSSL 3) does
// not take a chain, as sent, that crypto/x509 takes for a JID domain: a clause that
// follows "because". It is empty when Python takes it too. Who trusts the authority,
// and dates, are not looked at: on these the two agree.
func PythonRefuses(sent []*x509.Certificate, domain string) string {
	if len(sent) == 0 {
		return ""
	}
	if why := pythonName(sent[0], domain); why != "" {
		return why
	}
	for i, cert := range path(sent) {
		if i > 0 && signedBy(cert, cert) {
			break // a root, which is trusted or not as it is
		}
		if why := pythonStrength(cert, i == 0); why != "" {
			return why
		}
		if why := pythonStrict(cert, i == 0); why != "" {
			return why
		}
	}
	return pythonUse(sent[0])
}

// path is the way from the leaf to the last issuer that was sent, each once.
func path(sent []*x509.Certificate) []*x509.Certificate {
	way := sent[:1:1]
	for len(way) < len(sent) {
		last := way[len(way)-1]
		next := slices.IndexFunc(sent, func(c *x509.Certificate) bool {
			return !slices.Contains(way, c) && signedBy(last, c)
		})
		if next < 0 {
			break
		}
		way = append(way, sent[next])
	}
	return way
}

func signedBy(cert, issuer *x509.Certificate) bool {
	return string(cert.RawIssuer) == string(issuer.RawSubject) &&
		(len(cert.AuthorityKeyId) == 0 || len(issuer.SubjectKeyId) == 0 ||
			string(cert.AuthorityKeyId) == string(issuer.SubjectKeyId))
}

// pythonName compares the names as OpenSSL does for a host: DNS names, of which a
// wildcard stands for one label above at least two others; addresses; and the common
// name, where there is no DNS name.
func pythonName(leaf *x509.Certificate, domain string) string {
	reference := Reference(domain)
	if ip := net.ParseIP(reference); ip != nil {
		if slices.ContainsFunc(leaf.IPAddresses, ip.Equal) {
			return ""
		}
		return "it does not name the address " + wire.Safe(reference)
	}
	named := slices.ContainsFunc(leaf.DNSNames, func(n string) bool { return pythonMatches(n, reference) })
	if named || CommonNameOnly(leaf, domain) {
		return ""
	}
	if slices.ContainsFunc(leaf.DNSNames, func(n string) bool { return wildcardFor(n, reference) }) {
		return "it names the domain by a wildcard below one label, which OpenSSL does not take"
	}
	if name, ok := MatchDomain(leaf, domain); ok {
		return fmt.Sprintf("it names the domain as %s, in a way that Python does not know", name)
	}
	return "it does not name " + wire.Safe(domain)
}

func pythonMatches(name, reference string) bool {
	return strings.EqualFold(name, reference) || wildcardFor(name, reference) && strings.Count(name, ".") >= 2
}

// wildcardFor reports whether a name is a wildcard that stands for the first label of
// the reference.
func wildcardFor(name, reference string) bool {
	wild, ok := strings.CutPrefix(name, "*.")
	_, rest, _ := strings.Cut(reference, ".")
	return ok && rest != "" && strings.EqualFold(wild, rest)
}

// CommonNameOnly reports whether a certificate names a domain as its common name and
// has no DNS name; of several common names any will do. RFC 9525 lets it no longer
// count; OpenSSL does, and so does Python.
func CommonNameOnly(leaf *x509.Certificate, domain string) bool {
	return len(leaf.DNSNames) == 0 && slices.ContainsFunc(leaf.Subject.Names, func(n pkix.AttributeTypeAndValue) bool {
		name, _ := n.Value.(string)
		return n.Type.Equal(oidCommonName) && pythonMatches(name, Reference(domain))
	})
}

// leastRSA is the shortest RSA key that OpenSSL counts as 112 bits strong. It rounds
// what NIST SP 800-56B appendix D computes.
const leastRSA = 1963

// pythonStrength holds keys and signatures to OpenSSL's security level 2: 112 bits.
func pythonStrength(cert *x509.Certificate, leaf bool) string {
	whose := whose(cert, leaf)
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		if key.N.BitLen() < leastRSA {
			return fmt.Sprintf("%s has an RSA key of %d bits, too weak for OpenSSL", whose, key.N.BitLen())
		}
	case *ecdsa.PublicKey:
		if key.Curve.Params().BitSize < 224 {
			return whose + " has a key that is too weak for OpenSSL"
		}
	}
	switch cert.SignatureAlgorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return fmt.Sprintf("%s is signed with %s, too weak for OpenSSL", whose, cert.SignatureAlgorithm)
	}
	return ""
}

// emptySequence is a list of nothing in DER.
const emptySequence = "\x30\x00"

func whose(cert *x509.Certificate, leaf bool) string {
	if leaf {
		return "it"
	}
	return fmt.Sprintf("the certificate of the issuer %q", wire.Safe(cert.Subject.String()))
}

var (
	oidKey              = asn1.ObjectIdentifier{2, 5, 29, 14}
	oidNames            = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidIssuerKey        = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidCommonName       = asn1.ObjectIdentifier{2, 5, 4, 3}
	oidBasicConstraints = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidKeyUsage         = asn1.ObjectIdentifier{2, 5, 29, 15}
)

// pythonStrict are the rules of RFC 5280 that VERIFY_X509_STRICT adds, which Python
// sets since 3.13.
func pythonStrict(cert *x509.Certificate, leaf bool) string {
	whose := whose(cert, leaf)
	has := func(oid asn1.ObjectIdentifier) (there, critical bool) {
		for _, e := range cert.Extensions {
			if e.Id.Equal(oid) {
				return true, e.Critical
			}
		}
		return false, false
	}
	usage, _ := has(oidKeyUsage)
	_, critical := has(oidBasicConstraints)
	names, criticalNames := has(oidNames)
	_, criticalIssuer := has(oidIssuerKey)
	_, criticalKey := has(oidKey)
	switch {
	case names && len(cert.Subject.Names) == 0 && !criticalNames:
		return whose + " has no subject, and names that are not marked critical, on which Python insists"
	case slices.ContainsFunc(cert.Extensions, func(e pkix.Extension) bool {
		return e.Id.Equal(oidNames) && string(e.Value) == emptySequence
	}):
		return whose + " has an empty list of names"
	case criticalIssuer || criticalKey:
		return whose + " has the identifier of a key marked critical, which Python does not take"
	case len(cert.AuthorityKeyId) == 0 && string(cert.RawIssuer) != string(cert.RawSubject):
		return whose + " lacks the identifier of its issuer's key, on which Python insists"
	case cert.IsCA && len(cert.SubjectKeyId) == 0:
		return whose + " lacks the identifier of its key, on which Python insists"
	case cert.IsCA && !critical:
		return whose + " has basic constraints that are not marked critical, on which Python insists"
	case cert.IsCA && !usage:
		return whose + " does not say what its key is for, on which Python insists"
	case (cert.MaxPathLen > 0 || cert.MaxPathLenZero) && (!cert.IsCA || cert.KeyUsage&x509.KeyUsageCertSign == 0):
		return whose + " limits the length of a path, which only an authority may"
	case !cert.IsCA && cert.KeyUsage&x509.KeyUsageCertSign != 0:
		return whose + " has the key usage of an authority, and is none"
	}
	return ""
}

// pythonUse is what OpenSSL wants of a server's certificate: that its key may sign or
// encipher, and that it is meant for servers.
func pythonUse(leaf *x509.Certificate) string {
	const serving = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageKeyAgreement
	if leaf.KeyUsage != 0 && leaf.KeyUsage&serving == 0 {
		if leaf.IsCA {
			return "it is the certificate of an authority, not of a server"
		}
		return "its key is not for what a server does"
	}
	return ""
}
