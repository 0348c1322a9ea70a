package inspect

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"time"

	"xmppscope/model/fact"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/certificate"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Report is a server's certificate against all that it could be
// asked for. It is the JSON line of the command cert.
type Report struct {
	V    int           `json:"v"`
	Type fact.LineType `json:"type"`
	URL  string        `json:"url,omitempty"` // redacted
	// Valid says that it is valid now for the JID domain, by an authority that
	// this machine trusts: that a session may go on. Problem says why not.
	Valid   bool   `json:"valid"`
	Problem string `json:"problem,omitempty"`
	// Version is the TLS version of the handshake.
	Version string `json:"version,omitempty"`
	// Names are the names that were looked for, the JID domain first.
	Names []NameCheck `json:"names"`
	// Presented are the names in the certificate.
	Presented []string    `json:"presented,omitempty"`
	Validity  Validity    `json:"validity"`
	Chain     []ChainLink `json:"chain"`
	// MissingIssuer is the issuer whose certificate was not sent, where that
	// keeps the chain from being verified; IssuerURLs are where the certificate
	// says that it can be fetched.
	MissingIssuer string   `json:"missing_issuer,omitempty"`
	IssuerURLs    []string `json:"issuer_urls,omitempty"`
	Trust         Trust    `json:"trust"`
	// PEM is the chain as sent; it is set only on request.
	PEM string `json:"pem,omitempty"`
	// Failure is what ended the run before or at the handshake.
	FailedStage event.Stage    `json:"failed_stage,omitempty"`
	Failure     *event.Failure `json:"failure,omitempty"`
}

// NameCheck is one name that was looked for in the certificate.
type NameCheck struct {
	// What is "JID domain", "TCP host" or "room service".
	What string `json:"what"`
	Name string `json:"name"`
	// Match is the name in the certificate that is valid for it, empty when
	// none is.
	Match string `json:"match,omitempty"`
	// Required is true for the JID domain alone (RFC 6120 13.7.2.1).
	Required bool   `json:"required"`
	Note     string `json:"note"`
}

// Validity is the time in which the certificate is valid.
type Validity struct {
	State     ValidityState `json:"state"`
	NotBefore string        `json:"not_before"`
	NotAfter  string        `json:"not_after"`
	// Days are the whole days left; negative when it is over.
	Days int `json:"days_left"`
}

// ValidityState is how now stands to the time in which a certificate is valid.
type ValidityState string

// The states of a validity.
const (
	ValidNow    ValidityState = "valid"
	EndsSoon    ValidityState = "ends soon"
	Expired     ValidityState = "expired"
	NotYetValid ValidityState = "not yet valid"
	Unreadable  ValidityState = "unreadable"
)

// A certificate of 90 days is renewed with 30 days left; two weeks before its
// end something is wrong with that.
const (
	day  = 24 * time.Hour
	soon = 14 * day
)

// ChainLink is one certificate as sent, the server's own first.
type ChainLink struct {
	Subject string `json:"subject"`
	Issuer  string `json:"issuer"`
	// SHA256 is the fingerprint of the certificate, SPKI of its public key
	// (RFC 7469 2.4, and the TLSA record 3 1 1), both lower-case hex.
	SHA256     string `json:"sha256"`
	SPKI       string `json:"spki_sha256,omitempty"`
	Key        string `json:"key,omitempty"`       // "RSA 2048", "ECDSA P-256"
	Signature  string `json:"signature,omitempty"` // "SHA256-RSA"
	NotAfter   string `json:"not_after"`
	SelfSigned bool   `json:"self_signed,omitempty"`
	// Note says what is wrong with its dates or its place in the chain.
	Note string `json:"note,omitempty"`
}

// Trust is who trusts the certificate's authority. This machine's answer comes
// from the handshake. Apprise's Python trusts the set of its certifi package
// alone, which nobody but that Python can look into: mostly it is Mozilla's list.
type Trust struct {
	// System is true when an authority of this machine vouches for it; Why
	// says what is missing otherwise.
	System bool   `json:"system"`
	Why    string `json:"why,omitempty"`
	// Certifi says whether Apprise's certifi trusts it: never more than a guess.
	Certifi Guess  `json:"certifi"`
	Because string `json:"because"`
	// Test is how to find out, on the machine where Apprise runs.
	Test string `json:"test"`
}

// Guess is how probable a thing is that cannot be seen from here.
type Guess string

// The guesses.
const (
	GuessLikely   Guess = "likely"
	GuessUnlikely Guess = "unlikely"
	GuessUnknown  Guess = "unknown"
)

// certifiTest shows the chain check as Apprise does it.
const certifiTest = `with the Python that runs Apprise: SSL_CERT_FILE="$(python3 -m certifi)" xmppscope cert URL`

// Certificate judges the certificate of a handshake. now is the time to judge by.
// Every text in the report is safe to show.
func Certificate(t event.TLS, reading urlspec.Reading, now time.Time) Report {
	r := Report{V: 1, Type: fact.LineCertificate, Valid: t.Verified,
		Problem: wire.Safe(t.Problem), Version: t.Version, Names: []NameCheck{}, Presented: t.Names, Chain: []ChainLink{},
		Trust: trustIn(t)}
	var chain []*x509.Certificate
	for _, c := range t.Chain {
		cert, err := x509.ParseCertificate(c.DER)
		if err != nil { // the handshake parsed it, so this is a report without DER
			cert = nil
		}
		chain = append(chain, cert)
		r.Chain = append(r.Chain, link(c, cert, now))
	}
	if len(chain) == 0 || chain[0] == nil {
		r.Valid, r.Validity.State = false, Unreadable
		return r
	}
	r.Names = checkNames(chain[0], reading)
	r.Validity = validity(chain[0], now)
	r.Valid = r.Valid && (r.Validity.State == ValidNow || r.Validity.State == EndsSoon)
	r.joinChain(t, chain)
	return r
}

// checkNames looks for the JID domain, the host that TCP goes to, and the room
// services of the targets.
func checkNames(cert *x509.Certificate, reading urlspec.Reading) []NameCheck {
	domain := NameCheck{What: "JID domain", Name: wire.Safe(reading.StreamTo), Required: true,
		Note: "the name that has to match (RFC 6120 13.7.2.1)"}
	domain.Match, _ = certificate.MatchDomain(cert, reading.StreamTo)
	if _, asHost := certificate.MatchHost(cert, reading.StreamTo); domain.Match != "" && !asHost {
		domain.Note += "; it matches by a kind of name that XMPP knows and Apprise's Python does not"
	}
	list := []NameCheck{domain}
	if !strings.EqualFold(urlspec.Unbracket(reading.TCPHost), urlspec.Unbracket(reading.StreamTo)) {
		host := NameCheck{What: "TCP host", Name: wire.Safe(reading.TCPHost),
			Note: "not asked for: what counts is the JID domain"}
		host.Match, _ = certificate.MatchHost(cert, reading.TCPHost)
		if host.Match != "" && domain.Match == "" {
			host.Note = "the certificate names the host, but clients ask for the JID domain"
		}
		list = append(list, host)
	}
	var services []string
	for _, target := range reading.Targets {
		service := urlspec.DomainOf(target.JID)
		if target.Kind != urlspec.Groupchat || service == "" || slices.Contains(services, service) {
			continue
		}
		services = append(services, service)
		room := NameCheck{What: "room service", Name: wire.Safe(service),
			Note: "not asked for by clients; other servers ask for it when their users join"}
		room.Match, _ = certificate.MatchDomain(cert, service)
		list = append(list, room)
	}
	return list
}

func validity(cert *x509.Certificate, now time.Time) Validity {
	left := cert.NotAfter.Sub(now)
	v := Validity{State: ValidNow, Days: int(left / day),
		NotBefore: cert.NotBefore.UTC().Format(time.RFC3339), NotAfter: cert.NotAfter.UTC().Format(time.RFC3339)}
	switch {
	case left < 0:
		v.State = Expired
		v.Days-- // a part of a day past is a day past
	case now.Before(cert.NotBefore):
		v.State = NotYetValid
	case left < soon:
		v.State = EndsSoon
	}
	return v
}

// link describes one certificate. cert is nil when it cannot be read.
func link(c event.Certificate, cert *x509.Certificate, now time.Time) ChainLink {
	l := ChainLink{Subject: wire.Safe(c.Subject), Issuer: wire.Safe(c.Issuer), SHA256: c.SHA256, NotAfter: c.NotAfter}
	if cert == nil {
		return l
	}
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	l.SPKI = hex.EncodeToString(sum[:])
	l.Key, l.Signature = keyName(cert), cert.SignatureAlgorithm.String()
	l.SelfSigned = signedBy(cert, cert)
	if state := validity(cert, now).State; state == Expired || state == NotYetValid {
		l.Note = string(state)
	}
	return l
}

// joinChain checks that each certificate was signed by the next, and finds
// what is missing at the end.
func (r *Report) joinChain(t event.TLS, chain []*x509.Certificate) {
	for i, cert := range chain {
		switch {
		case cert == nil:
			return
		case i == len(chain)-1:
			if r.Chain[i].SelfSigned || t.Untrusted == "" {
				return // complete, or this machine has the rest
			}
		case signedBy(cert, chain[i+1]):
			continue
		default:
			r.Chain[i].Note = "it was not signed by the certificate that follows"
		}
		r.MissingIssuer = r.Chain[i].Issuer
		for _, u := range cert.IssuingCertificateURL {
			r.IssuerURLs = append(r.IssuerURLs, wire.Safe(u))
		}
		return
	}
}

func signedBy(cert, issuer *x509.Certificate) bool {
	return issuer != nil && string(cert.RawIssuer) == string(issuer.RawSubject) &&
		issuer.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil
}

// trustIn says who trusts the authority, and how far that is known.
func trustIn(t event.TLS) Trust {
	trust := Trust{System: len(t.Chain) > 0 && t.Untrusted == "", Why: t.Untrusted, Test: certifiTest}
	switch {
	case len(t.Chain) == 0:
		trust.Certifi = GuessUnknown
		trust.Because = "there is no certificate"
	case t.NotMozilla == "":
		trust.Certifi = GuessLikely
		trust.Because = "its authority is in Mozilla's list, which certifi is where pip or Docker installed it"
	default:
		trust.Certifi = GuessUnlikely
		trust.Because = "its authority is not in Mozilla's list, which certifi is where pip or Docker installed it; " +
			"on Debian and its kin certifi is that machine's own list"
	}
	return trust
}

// Colons writes a fingerprint as other tools do: "AB:CD:…".
func Colons(hex string) string {
	var parts []string
	for i := 0; i+2 <= len(hex); i += 2 {
		parts = append(parts, strings.ToUpper(hex[i:i+2]))
	}
	return strings.Join(parts, ":")
}

// PEM writes a chain as text (RFC 7468), the server's certificate first.
func PEM(chain []event.Certificate) string {
	var b strings.Builder
	for _, c := range chain {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.DER}))
	}
	return b.String()
}

// keyName says the kind and size of a certificate's key.
func keyName(cert *x509.Certificate) string {
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", key.Size()*8)
	case *ecdsa.PublicKey:
		return "ECDSA " + key.Curve.Params().Name
	}
	return cert.PublicKeyAlgorithm.String()
}
