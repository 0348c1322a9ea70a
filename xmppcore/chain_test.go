package xmppcore

import (
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"xmppscope/xmppcore/certificate"
	"xmppscope/xmppcore/certificate/chaintest"
	"xmppscope/xmppcore/event"
)

// chainVerdict is what we say of a chain: the cause, and a part of the words.
type chainVerdict struct {
	cause event.Cause
	says  string
}

// chainVerdicts are those that are not simply taken, by the names of the chains.
func chainVerdicts() map[string]chainVerdict {
	name := func(says string) chainVerdict { return chainVerdict{event.CauseCertName, says} }
	authority := func(says string) chainVerdict { return chainVerdict{event.CauseCertAuthority, says} }
	other := func(says string) chainVerdict { return chainVerdict{event.CauseCertOther, says} }
	return map[string]chainVerdict{
		"final dot":                                 name("valid for tls.lab., not"),
		"wildcard for what is below":                name("valid for *.tls.lab"),
		"wildcard in part of a label":               name("valid for t*.lab"),
		"common name alone":                         name("only as common name"),
		"common name beside another name":           name("valid for other.lab"),
		"common name beside an address":             name("only as common name"),
		"common name beside a mail address":         name("only as common name"),
		"wildcard as common name":                   name("names no host"),
		"SRV-ID of servers":                         name("_xmpp-server.tls.lab (SRV)"),
		"XmppAddr beside another name":              {},
		"URI":                                       name("names no host"),
		"mail address":                              name("names no host"),
		"name of the server":                        name("valid for host.tls.lab"),
		"another name":                              name("valid for other.lab"),
		"no name at all":                            name("names no host"),
		"intermediate not sent":                     authority(`issuer "CN=int", which is not trusted here and was not sent`),
		"intermediate not sent, with its address":   authority("was not sent"),
		"wrong intermediate":                        authority(`issuer "CN=int" was not sent; what was sent, of "CN=int2"`),
		"private authority":                         authority(`issuer "CN=private", which is not trusted here`),
		"private authority, root sent":              authority(`authority "CN=private", which is not trusted here`),
		"private authority behind an intermediate":  authority(`issuer "CN=root2", which is not trusted`),
		"private root behind an intermediate, sent": authority(`authority "CN=root2", which is not trusted`),
		"self-signed":                               authority("signed by itself"),
		"self-signed authority":                     authority("signed by itself"),
		"expired":                                   {event.CauseCertExpired, "the certificate expired on 2021-01-01"},
		"not yet valid":                             {event.CauseCertNotYetValid, "only from 2098-01-01"},
		"expired intermediate":                      {event.CauseCertExpired, `"CN=expired-int" expired on 2021-01-01`},
		"intermediate not yet " +
			"valid": {event.CauseCertNotYetValid, `"CN=future-int" is valid only from 2098-01-01`},
		"expired, with an expired intermediate": {event.CauseCertExpired, "the certificate expired on 2021-01-01"},
		"expired, another name":                 {event.CauseCertExpired, "valid for other.lab"},
		"signed with SHA-1":                     other("signed with ECDSA-SHA1"),
		"intermediate signed with SHA-1":        other(`"CN=sha1-int" is signed with ECDSA-SHA1`),
		"signed with SHA-1 by RSA":              other("signed with SHA1-RSA"),
		"signed with MD5":                       other("signed with MD5-RSA"),
		"for clients only":                      other("incompatible key usage"),
		"unknown critical extension":            other("unhandled critical extension"),
		"path too long":                         other("too many intermediates"),
		"issuer is no authority":                authority("parent certificate cannot sign"),
		"expired, of a private authority":       {event.CauseCertExpired, `issuer "CN=private"`},
		"expired, self-signed":                  {event.CauseCertExpired, "signed by itself"},
		"expired, intermediate not sent":        {event.CauseCertExpired, `issuer "CN=int"`},
		"expired intermediate, another name":    name(`valid for other.lab, not for tls.lab; the certificate of the issuer`),
		"not yet valid, with an expired " +
			"intermediate": {event.CauseCertNotYetValid, `"CN=expired-int" expired on 2021-01-01`},
		"expired intermediate, not sent":        authority(`issuer "CN=expired-int", which is not trusted`),
		"wildcard alone":                        name("valid for *, not"),
		"wildcard behind the first label":       name("valid for tls.*, not"),
		"address alone":                         name("valid for 198.51.100.60, not"),
		"empty list of names, common name":      name("only as common name"),
		"upper case common name":                name("only as common name"),
		"common name with a final dot":          name("names no host"),
		"two common names":                      name("only as common name"),
		"two common names, the other way round": name("only as common name"),
		"common name of another":                name("names no host"),
		"weak intermediate, another name":       name("valid for other.lab"),
		"name constraints nc-outside":           other("not permitted"),
		"name constraints nc-excluded":          other("excluded"),
	}
}

// TestChains judges the recorded chains, and holds the forecast of Apprise's Python to
// what that Python said. Where the two sides differ, something says why.
func TestChains(t *testing.T) {
	const least = 60
	verdicts := chainVerdicts()
	judged := 0
	for _, c := range chaintest.Load(t) {
		sent, readable := parseChain(t, c)
		judged++
		if !readable {
			continue
		}
		root, err := x509.ParseCertificate(c.Root)
		if err != nil {
			t.Fatal(err)
		}
		roots := x509.NewCertPool()
		roots.AddCert(root)
		check := newTLSCheck(Job{Roots: roots}, destination{Reference: chaintest.Domain})
		check.now = func() time.Time { return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC) }
		f := check.check(sent)
		want := verdicts[c.Name]
		delete(verdicts, c.Name)
		switch {
		case f == nil && want.cause != "":
			t.Errorf("%s: taken, want %s", c.Name, want.cause)
		case f != nil && (f.Cause != want.cause || !strings.Contains(f.Detail, want.says)):
			t.Errorf("%s: %s: %s, want %s: %s", c.Name, f.Cause, f.Detail, want.cause, want.says)
		}
		refuses := certificate.PythonRefuses(sent, chaintest.Domain)
		if f != nil && f.Cause != event.CauseCertName || c.Python == "NO_SHARED_CIPHER" {
			continue // for its dates and its authority Python refuses it too; or it is no matter of the chain
		}
		if (refuses == "") != (c.Python == "") {
			t.Errorf("%s: Python says %q, and we forecast %q", c.Name, c.Python, refuses)
		}
	}
	for name := range verdicts {
		t.Errorf("there is no chain %q", name)
	}
	if judged < least {
		t.Errorf("only %d chains", judged)
	}
}

func parseChain(t *testing.T, c chaintest.Chain) (sent []*x509.Certificate, readable bool) {
	t.Helper()
	for _, der := range c.Sent {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, false
		}
		sent = append(sent, cert)
	}
	return sent, sent[0].PublicKey != nil
}
