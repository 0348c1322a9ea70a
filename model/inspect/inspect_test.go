package inspect

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"xmppscope/model/fact"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// noon is the time of these tests.
var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// signer issues certificates.
type signer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newSigner(t *testing.T, name string, parent *signer, changes ...func(*x509.Certificate)) *signer {
	t.Helper()
	s := &signer{key: newECDSA(t)}
	draft := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(5, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	for _, change := range changes {
		change(draft)
	}
	if parent == nil {
		parent = &signer{draft, s.key}
	}
	s.cert = sign(t, draft, parent, &s.key.PublicKey)
	return s
}

func newECDSA(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func sign(t *testing.T, draft *x509.Certificate, by *signer, public any) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, draft, by.cert, public, by.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// leafBy issues a server's certificate.
func leafBy(t *testing.T, by *signer, change func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	draft := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "example.org"},
		DNSNames:  []string{"example.org", "*.example.org"},
		NotBefore: noon.AddDate(0, -1, 0), NotAfter: noon.AddDate(0, 2, 0),
		IssuingCertificateURL: []string{"http://ca.invalid/\u202emiddle.crt"}}
	if change != nil {
		change(draft)
	}
	return sign(t, draft, by, &newECDSA(t).PublicKey)
}

// handshake is the facts of a handshake that showed these certificates.
func handshake(untrusted string, certs ...*x509.Certificate) event.TLS {
	data := event.TLS{Version: "TLS 1.3", Verified: untrusted == "", Untrusted: untrusted, Problem: untrusted}
	for _, cert := range certs {
		sum := sha256.Sum256(cert.Raw)
		data.Chain = append(data.Chain, event.Certificate{Subject: cert.Subject.String(), Issuer: cert.Issuer.String(),
			Names:    cert.DNSNames,
			NotAfter: cert.NotAfter.UTC().Format(time.RFC3339), SHA256: hex.EncodeToString(sum[:]), DER: cert.Raw})
	}
	if len(certs) > 0 {
		data.Names, data.SHA256 = certs[0].DNSNames, data.Chain[0].SHA256
	}
	return data
}

func TestInspectNames(t *testing.T) {
	root := newSigner(t, "Test Root", nil)
	data := handshake("", leafBy(t, root, nil))
	for _, test := range []struct {
		url  string
		want []string // what, name, match
	}{
		{"xmpps://alice:p@example.org/bob", []string{"JID domain example.org example.org"}},
		{"xmpps://alice:p@example.org/bob?xmpp=im.example.org", []string{"JID domain example.org example.org",
			"TCP host im.example.org *.example.org"}},
		{"xmpps://alice:p@corp.test/bob?xmpp=im.example.org", []string{"JID domain corp.test ",
			"TCP host im.example.org *.example.org"}},
		{"xmpps://alice:p@example.org/%23ops@rooms.example.org/%23dev@rooms.example.org/%23x@rooms.corp.test",
			[]string{"JID domain example.org example.org", "room service rooms.example.org *.example.org",
				"room service rooms.corp.test "}},
	} {
		t.Run(test.url, func(t *testing.T) {
			reading := urlspec.Parse(test.url).Reading
			if !reading.Accepted {
				t.Fatal("not accepted")
			}
			var got []string
			for _, n := range Certificate(data, reading, noon).Names {
				got = append(got, n.What+" "+n.Name+" "+n.Match)
				if n.Required != (n.What == "JID domain") || n.Note == "" {
					t.Errorf("%+v", n)
				}
			}
			slices.Sort(got)
			slices.Sort(test.want)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestInspectValidity(t *testing.T) {
	root := newSigner(t, "Test Root", nil)
	begin := noon.AddDate(0, -1, 0)
	for _, test := range []struct {
		end   time.Time
		now   time.Time
		state ValidityState
		days  int
	}{
		{noon.Add(60 * day), noon, "valid", 60},
		{noon.Add(14 * day), noon, "valid", 14},
		{noon.Add(14*day - time.Second), noon, "ends soon", 13},
		{noon.Add(time.Hour), noon, "ends soon", 0},
		{noon, noon, "ends soon", 0},
		{noon.Add(-time.Second), noon, "expired", -1},
		{noon.Add(-36 * time.Hour), noon, "expired", -2},
		{noon.Add(60 * day), begin.Add(-time.Second), "not yet valid", 91},
	} {
		cert := leafBy(t, root, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = begin, test.end })
		v := Certificate(handshake("", cert), urlspec.Reading{StreamTo: "example.org"}, test.now).Validity
		if v.State != test.state || v.Days != test.days || v.NotAfter != test.end.Format(time.RFC3339) {
			t.Errorf("until %s at %s: %+v, want %s, %d days", test.end, test.now, v, test.state, test.days)
		}
	}
}

func TestInspectChain(t *testing.T) {
	root := newSigner(t, "Test Root", nil)
	middle := newSigner(t, "Test Intermediate", root)
	other := newSigner(t, "Other Root", nil)
	stale := newSigner(t, "Stale Intermediate", root, func(c *x509.Certificate) { c.NotAfter = noon.Add(-day) })
	byMiddle, byStale := leafBy(t, middle, nil), leafBy(t, stale, nil)
	own := &signer{key: newECDSA(t)}
	draft := &x509.Certificate{SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "example.org"},
		DNSNames: []string{"example.org"}, NotBefore: noon, NotAfter: noon.AddDate(1, 0, 0)}
	own.cert = draft
	self := sign(t, draft, own, &own.key.PublicKey)
	const unknown = "the chain ends at an issuer that is not trusted here"
	for _, test := range []struct {
		name    string
		data    event.TLS
		missing string
		urls    int
		note    bool // about the first certificate
		self    bool
	}{
		{"complete", handshake("", byMiddle, middle.cert), "", 0, false, false},
		{"an issuer that is over", handshake("", byStale, stale.cert), "", 0, false, false},
		{"complete with root", handshake("", byMiddle, middle.cert, root.cert), "", 0, false, false},
		{"this machine has the rest", handshake("", byMiddle), "", 0, false, false},
		{"no intermediate", handshake(unknown, byMiddle), "CN=Test Intermediate", 1, false, false},
		{"an unknown root", handshake(unknown, byMiddle, middle.cert), "CN=Test Root", 0, false, false},
		{"an unknown root, sent along", handshake(unknown, byMiddle, middle.cert, root.cert), "", 0, false, false},
		{"the wrong intermediate", handshake(unknown, byMiddle, other.cert), "CN=Test Intermediate", 1, true, false},
		{"signed by itself", handshake("the certificate is signed by itself", self), "", 0, false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := Certificate(test.data, urlspec.Reading{StreamTo: "example.org"}, noon)
			if r.MissingIssuer != test.missing || len(r.IssuerURLs) != test.urls || (r.Chain[0].Note != "") != test.note ||
				r.Chain[0].SelfSigned != test.self {
				t.Errorf("missing %q, at %q, first %+v", r.MissingIssuer, r.IssuerURLs, r.Chain[0])
			}
			if strings.Contains(strings.Join(r.IssuerURLs, ""), "\u202e") {
				t.Error("a bidirectional override is in the report")
			}
			for _, l := range r.Chain {
				if (l.Note == "expired") != (l.Subject == "CN=Stale Intermediate") {
					t.Errorf("note %q on %s", l.Note, l.Subject)
				}
				if len(l.SPKI) != 64 || l.Key != "ECDSA P-256" || l.Signature != "ECDSA-SHA256" || len(Colons(l.SHA256)) != 95 {
					t.Errorf("%+v", l)
				}
			}
		})
	}
}

func TestInspectTrust(t *testing.T) {
	root := newSigner(t, "Test Root", nil)
	leaf := leafBy(t, root, nil)
	private := func(untrusted string) event.TLS {
		data := handshake(untrusted, leaf)
		data.NotMozilla = "the chain ends at issuer \"Test Root\""
		return data
	}
	for _, test := range []struct {
		name    string
		data    event.TLS
		system  bool
		certifi Guess
	}{
		{"private, trusted here", private(""), true, "unlikely"},
		{"private, not trusted", private("unknown"), false, "unlikely"},
		{"public", handshake("", leaf), true, "likely"},
		{"public, not trusted here", handshake("unknown", leaf), false, "likely"},
		{"no certificate", handshake("unknown"), false, "unknown"},
	} {
		trust := Certificate(test.data, urlspec.Reading{StreamTo: "example.org"}, noon).Trust
		if trust.System != test.system || trust.Certifi != test.certifi || trust.Because == "" ||
			!strings.Contains(trust.Test, "certifi") {
			t.Errorf("%s: %+v", test.name, trust)
		}
	}
}

// TestInspectUnreadable: what no handshake would give does no harm.
func TestInspectUnreadable(t *testing.T) {
	for _, data := range []event.TLS{{}, {Chain: []event.Certificate{{Subject: "CN=\x1b[2J", DER: []byte("nonsense")}}}} {
		r := Certificate(data, urlspec.Reading{StreamTo: "example.org"}, noon)
		if r.Valid || r.Validity.State != "unreadable" || len(r.Chain) != len(data.Chain) {
			t.Errorf("%+v", r)
		}
		if len(r.Chain) > 0 && strings.Contains(r.Chain[0].Subject, "\x1b") {
			t.Errorf("an escape code is in %q", r.Chain[0].Subject)
		}
	}
}

func TestPEM(t *testing.T) {
	root := newSigner(t, "Test Root", nil)
	certs := []*x509.Certificate{leafBy(t, root, nil), root.cert}
	rest := []byte(PEM(handshake("", certs...).Chain))
	for _, want := range certs {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil || block.Type != "CERTIFICATE" ||
			!slices.Equal(block.Bytes, want.Raw) {
			t.Fatalf("%+v, want %s", block, want.Subject)
		}
	}
	if len(rest) > 0 {
		t.Errorf("%d bytes follow", len(rest))
	}
}

func TestKeyName(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if got := keyName(&x509.Certificate{PublicKey: &key.PublicKey}); got != "RSA 2048" {
		t.Errorf("RSA: %q", got)
	}
	if got := keyName(&x509.Certificate{PublicKeyAlgorithm: x509.Ed25519}); got != "Ed25519" {
		t.Errorf("Ed25519: %q", got)
	}
}

func TestCertificateFacts(t *testing.T) {
	root := newSigner(t, "Test Root", nil)
	begin := noon.AddDate(0, -1, 0)
	reading := urlspec.Parse("xmpps://alice:p@example.org/%23ops@rooms.corp.test?xmpp=im.example.org").Reading
	for _, c := range []struct {
		name      string
		untrusted string
		end, now  time.Time
		want      []string
	}{
		{"valid", "", noon.Add(60 * day), noon, []string{
			"ok result: valid for the JID domain",
			"ok JID domain: example.org: yes, by example.org; the name that has to match (RFC 6120 13.7.2.1)",
			"ok TCP host: im.example.org: yes, by *.example.org; not asked for: what counts is the JID domain",
			"skip room service: rooms.corp.test: no; not asked for by clients; other servers ask for it when their users join",
			"names: example.org, *.example.org", "valid until: 2026-07-31T12:00:00Z, 60 days left",
			"certificate: Certificate 1 of 1 as sent",
			"ok here: this machine trusts its authority"}},
		{"soon over", "", noon.Add(30 * time.Hour), noon, []string{
			"warn result: valid for the JID domain, but it ends soon",
			"warn valid until: 2026-06-02T18:00:00Z: ends soon, 1 day left"}},
		{"over", "", noon.Add(-time.Hour), noon, []string{
			"fail result: not valid: expired", "fail valid until: 2026-06-01T11:00:00Z: expired, over for 1 day",
			"fail problem: expired"}},
		{"to come", "", noon.Add(60 * day), begin.Add(-time.Hour), []string{
			"fail result: not valid: not yet valid", "fail valid from: 2026-05-01T12:00:00Z: not yet valid"}},
		{"not trusted", "no such authority", noon.Add(60 * day), noon, []string{
			"fail result: not valid: no such authority",
			"fail here: this machine does not trust its authority: no such authority",
			"warn missing: the certificate of the issuer CN=Test Root was not sent",
			`: it can be fetched from http://ca.invalid/\u202emiddle.crt`}},
	} {
		cert := leafBy(t, root, func(x *x509.Certificate) { x.NotBefore, x.NotAfter = begin, c.end })
		got := strings.Split(listed(Certificate(handshake(c.untrusted, cert), reading, c.now).Facts()), "\n")
		for _, want := range c.want {
			if !slices.Contains(got, want) {
				t.Errorf("%s: no row is %q:\n%s", c.name, want, strings.Join(got, "\n"))
			}
		}
	}
	report := Certificate(event.TLS{}, reading, noon)
	report.Failure = &event.Failure{Stage: event.StageTCP, Cause: event.CauseRefused}
	if got, want := listed(report.Facts()),
		"fail result: there was no certificate: nothing listens on that port"; got != want {
		t.Errorf("without a certificate: %q, want %q", got, want)
	}
}

// listed writes rows in lines: "state label: text".
func listed(facts []fact.Fact) string {
	var lines []string
	for _, f := range facts {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s: %s", f.State, f.Label, f.Text)))
	}
	return strings.Join(lines, "\n")
}
