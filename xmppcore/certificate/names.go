package certificate

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cryptobyte_asn1 "golang.org/x/crypto/cryptobyte/asn1"

	"xmppscope/xmppcore/wire"
)

// Names are the identifiers that a certificate presents (RFC 6120 13.7.1.2).
// crypto/x509 reads the first two kinds; the others are otherNames of the
// subject alternative name extension.
type Names struct {
	DNS  []string
	IP   []string
	SRV  []string // SRV-ID (RFC 4985): "_xmpp-client.example.com"
	XMPP []string // XmppAddr (RFC 6120 13.7.1.4): "example.com"
}

var (
	oidSAN      = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidXMPPAddr = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 5}
	oidSRVName  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 7}
)

// IsSAN reports whether an extension is the subject alternative name (RFC 5280
// 4.2.1.6).
func IsSAN(oid asn1.ObjectIdentifier) bool { return oid.Equal(oidSAN) }

// Presented reads a certificate's names. What it cannot read it leaves out.
func Presented(cert *x509.Certificate) Names {
	n := Names{DNS: cert.DNSNames}
	for _, ip := range cert.IPAddresses {
		n.IP = append(n.IP, ip.String())
	}
	for _, e := range cert.Extensions {
		if !IsSAN(e.Id) {
			continue
		}
		general := cryptobyte.String(e.Value)
		if !general.ReadASN1(&general, cryptobyte_asn1.SEQUENCE) {
			continue
		}
		for !general.Empty() {
			var name cryptobyte.String
			var tag cryptobyte_asn1.Tag
			if !general.ReadAnyASN1(&name, &tag) {
				break
			}
			if tag == cryptobyte_asn1.Tag(0).ContextSpecific().Constructed() {
				n.addOther(name)
			}
		}
	}
	return n
}

// addOther reads OtherName ::= SEQUENCE { type-id OID, value [0] EXPLICIT ANY }
// (RFC 5280 4.2.1.6).
func (n *Names) addOther(name cryptobyte.String) {
	var oid asn1.ObjectIdentifier
	var value, text cryptobyte.String
	var tag cryptobyte_asn1.Tag
	if !name.ReadASN1ObjectIdentifier(&oid) ||
		!name.ReadASN1(&value, cryptobyte_asn1.Tag(0).ContextSpecific().Constructed()) ||
		!value.ReadAnyASN1(&text, &tag) {
		return
	}
	switch {
	case oid.Equal(oidXMPPAddr) && tag == cryptobyte_asn1.UTF8String:
		n.XMPP = append(n.XMPP, string(text))
	case oid.Equal(oidSRVName) && tag == cryptobyte_asn1.IA5String:
		n.SRV = append(n.SRV, string(text))
	}
}

// Match reports whether one of the names is the reference, a JID domain. DNS
// names may have a wildcard as their whole first label (RFC 9525 6.3); the
// others are compared as they are.
func (n Names) Match(leaf *x509.Certificate, reference string) bool {
	if leaf.VerifyHostname(reference) == nil {
		return true
	}
	same := func(name string) bool { return Reference(name) == reference }
	service := func(name string) bool {
		label, domain, _ := strings.Cut(name, ".")
		return (strings.EqualFold(label, "_xmpp-client") || strings.EqualFold(label, "_xmpps-client")) && same(domain)
	}
	return slices.ContainsFunc(n.XMPP, same) || slices.ContainsFunc(n.SRV, service)
}

// All lists the names for showing: DNS names and addresses bare, the others
// with their kind.
func (n Names) All() []string {
	var out []string
	for _, list := range [][]string{n.DNS, n.IP} {
		for _, name := range list {
			out = append(out, wire.Safe(name))
		}
	}
	for _, name := range n.SRV {
		out = append(out, wire.Safe(name)+" (SRV)")
	}
	for _, name := range n.XMPP {
		out = append(out, wire.Safe(name)+" (XMPP)")
	}
	return out
}
