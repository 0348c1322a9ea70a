package xmppcore

import (
	"cmp"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"xmppscope/xmppcore/certificate"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// tlsCheck is one TLS handshake: its configuration, the check of the server's
// certificate, and the facts, which are kept also when the check fails. The
// library flattens the errors of a handshake to text, so the reason is taken
// from here.
type tlsCheck struct {
	dest  destination
	roots *x509.CertPool
	now   func() time.Time

	mu      sync.Mutex
	data    event.TLS
	failure *event.Failure
	state   *tls.ConnectionState
	// asked is true when the server asked for a certificate of ours.
	asked bool
}

func newTLSCheck(job Job, p destination) *tlsCheck {
	return &tlsCheck{dest: p, roots: job.Roots, now: time.Now, data: event.TLS{Reference: p.Reference}}
}

// loadRoots reads Mozilla's authorities and, where the job has none of its own, the
// system's, which takes some 2 and 10 ms, once a process, while the server says its
// first words: verify needs them. The caller must wait.
func (r *run) loadRoots() (wait func()) {
	var loading sync.WaitGroup
	if r.job.Roots == nil {
		loading.Go(func() { _, _ = x509.SystemCertPool() }) // verify tells of an error
	}
	loading.Go(func() { certificate.Mozilla() })
	return loading.Wait
}

// config is for one connection. direct says that TLS comes first, without
// STARTTLS: only then is there an ALPN protocol (XEP-0368 section 3).
func (c *tlsCheck) config(direct bool) *tls.Config {
	config := &tls.Config{
		ServerName: c.dest.Reference,
		MinVersion: tls.VersionTLS12, // RFC 9325 3.1.1
		// verify does what this turns off, and records what it finds.
		InsecureSkipVerify: true,
		VerifyConnection:   c.verify,
		// We have none to give, and a URL cannot name one; the server may go on without.
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.asked = true
			return new(tls.Certificate), nil
		},
	}
	if c.dest.TLS != 0 {
		config.MinVersion, config.MaxVersion = c.dest.TLS, c.dest.TLS
	}
	if direct && !c.dest.NoALPN {
		config.NextProtos = []string{"xmpp-client"}
	}
	return config
}

// result is what is known after the handshake, whose error is err, nil when it
// succeeded. The failure is nil when the session may go on: also with
// verify=no, when data.Problem says what was wrong.
func (c *tlsCheck) result(err error) (event.TLS, *event.Failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.failure != nil:
		return c.data, c.failure
	case err != nil:
		return c.data, tlsFailure(err)
	}
	return c.data, nil
}

// connection is the state of the handshake, nil before the server's certificate
// came. It tells which channel bindings are possible.
func (c *tlsCheck) connection() *tls.ConnectionState {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// demanded reports whether the server asked for a certificate of ours. Where it then
// ends the connection, that is why.
func (c *tlsCheck) demanded() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked
}

// verify is tls.Config.VerifyConnection.
func (c *tlsCheck) verify(state tls.ConnectionState) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = &state
	c.data = describe(state)
	c.data.Reference = c.dest.Reference
	f := c.check(state.PeerCertificates)
	if f == nil {
		c.data.Verified = true
		return nil
	}
	c.data.Problem = f.Detail
	if !c.dest.Verify {
		return nil
	}
	c.failure = f
	return f
}

// check verifies the chain and the name. All problems are in the detail; the
// cause is the first of validity, name and authority, since a certificate that
// is expired or meant for another host needs no look at who signed it.
func (c *tlsCheck) check(chain []*x509.Certificate) *event.Failure {
	if len(chain) == 0 {
		return &event.Failure{Stage: event.StageTLS, Cause: event.CauseCertOther, Detail: "the server sent no certificate"}
	}
	var found []*event.Failure
	add := func(f *event.Failure) {
		if f != nil {
			f.Stage, f.Detail = event.StageTLS, wire.Safe(f.Detail)
			found = append(found, f)
		}
	}
	now := c.now()
	add(checkDates(chain[0], now))
	add(checkName(chain[0], c.dest.Reference))
	untrusted := checkChain(chain, c.roots, now)
	if untrusted != nil && untrusted.Cause == event.CauseCertAuthority {
		c.data.Untrusted = wire.Safe(untrusted.Detail)
	}
	if f := checkChain(chain, certificate.Mozilla(), now); f != nil && f.Cause == event.CauseCertAuthority {
		c.data.NotMozilla = wire.Safe(f.Detail)
	}
	add(untrusted)
	if len(found) == 0 {
		return nil
	}
	sum := *found[0]
	details := make([]string, len(found))
	for i, f := range found {
		details[i] = f.Detail
	}
	sum.Detail = strings.Join(details, "; ")
	return &sum
}

// checkDates checks the leaf's validity.
func checkDates(leaf *x509.Certificate, now time.Time) *event.Failure {
	switch {
	case now.After(leaf.NotAfter):
		return &event.Failure{Cause: event.CauseCertExpired,
			Detail: "the certificate expired on " + rfc3339(leaf.NotAfter)}
	case now.Before(leaf.NotBefore):
		return &event.Failure{Cause: event.CauseCertNotYetValid,
			Detail: "the certificate is valid only from " + rfc3339(leaf.NotBefore) + " on"}
	}
	return nil
}

// checkName checks the leaf's names against the JID domain (RFC 6120
// 13.7.2.1).
func checkName(leaf *x509.Certificate, reference string) *event.Failure {
	names := certificate.Presented(leaf)
	if names.Match(leaf, reference) {
		return nil
	}
	list := names.All()
	detail := "the certificate is valid for " + strings.Join(firstFew(list), ", ") + ", not for " + reference
	switch {
	case certificate.CommonNameOnly(leaf, reference):
		detail = "the certificate names " + reference + " only as common name, which no longer counts (RFC 9525)"
	case len(list) == 0:
		detail = "the certificate names no host, and must name " + reference
	}
	return &event.Failure{Cause: event.CauseCertName, Detail: detail}
}

// firstFew cuts a list of names that a server chose.
func firstFew(names []string) []string {
	const few = 8
	if len(names) <= few {
		return names
	}
	return append(slices.Clone(names[:few]), fmt.Sprintf("and %d more", len(names)-few))
}

// describe gives the facts of a handshake.
func describe(state tls.ConnectionState) event.TLS {
	data := event.TLS{
		Version: tls.VersionName(state.Version),
		Cipher:  tls.CipherSuiteName(state.CipherSuite),
		ALPN:    wire.Safe(state.NegotiatedProtocol),
	}
	for _, cert := range state.PeerCertificates {
		sum := sha256.Sum256(cert.Raw)
		data.Chain = append(data.Chain, event.Certificate{
			Subject:   wire.Safe(nameOf(cert.Subject.String(), cert.Subject.CommonName)),
			Issuer:    wire.Safe(nameOf(cert.Issuer.String(), cert.Issuer.CommonName)),
			Names:     certificate.Presented(cert).All(),
			NotBefore: rfc3339(cert.NotBefore),
			NotAfter:  rfc3339(cert.NotAfter),
			SHA256:    hex.EncodeToString(sum[:]),
			DER:       cert.Raw,
		})
	}
	if len(data.Chain) > 0 {
		leaf := data.Chain[0]
		data.Names, data.Subject, data.Issuer = leaf.Names, leaf.Subject, leaf.Issuer
		data.NotBefore, data.NotAfter, data.SHA256 = leaf.NotBefore, leaf.NotAfter, leaf.SHA256
	}
	return data
}

// nameOf prefers the whole distinguished name.
func nameOf(distinguished, common string) string { return cmp.Or(distinguished, common) }

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }
