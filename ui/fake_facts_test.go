package ui

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"math/big"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/explore"
)

// explained is a failed login with all the facts that a server gives on the
// way: its certificate, its offer, a room.
func explained(t *testing.T) script {
	t.Helper()
	sc := failing()
	for i, e := range sc.events {
		if e.State != event.OK {
			continue
		}
		switch e.Stage {
		case event.StageTLS:
			sc.events[i].Data = someTLS(t)
		case event.StageFeatures:
			sc.events[i].Data = event.Features{Encrypted: true, Mechanisms: []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN",
				"X-OAUTH2"}, Bindings: []string{"tls-exporter"}}
		}
	}
	last := &sc.events[len(sc.events)-1]
	data := last.Data.(event.SASL)
	data.Offered = append(data.Offered, "X-OAUTH2")
	data.Bindings, data.Iterations = []string{"tls-exporter"}, 4096
	data.Passed = []event.PassedOver{{Mechanism: "SCRAM-SHA-1",
		Why: "SCRAM-SHA-1-PLUS is as strong and binds the login to the connection"},
		{Mechanism: "PLAIN", Why: "it shows the password to the server"}}
	last.Data = data
	return sc
}

// joined is a send with everything that rooms and servers tell.
func joined() script {
	sc := delivered()
	for i, e := range sc.events {
		if d, ok := e.Data.(event.Room); ok {
			d.Role, d.Codes = "participant", []int{110, 100, 210}
			sc.events[i].Data = d
		}
	}
	return sc
}

// someTLS is a handshake with a certificate that is the same in every test run.
func someTLS(t *testing.T) event.TLS {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) // its signatures need no randomness
	from := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "example.test"},
		DNSNames:  []string{"example.test", "*.example.test"},
		NotBefore: from, NotAfter: from.AddDate(0, 3, 0)}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(der)
	chain := event.Certificate{Subject: "CN=example.test", Issuer: "CN=example.test", Names: template.DNSNames,
		NotBefore: from.Format(time.RFC3339), NotAfter: template.NotAfter.Format(time.RFC3339),
		SHA256: hex.EncodeToString(sum[:]), DER: der}
	return event.TLS{Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Verified: true, Reference: "example.test",
		Names:   template.DNSNames,
		Subject: chain.Subject, Issuer: chain.Issuer, NotBefore: chain.NotBefore, NotAfter: chain.NotAfter,
		SHA256: chain.SHA256, Chain: []event.Certificate{chain}}
}

// someCells are the ways to a server that has a good one and bad ones.
func someCells() []event.Cell {
	place := func(address string, port int, from ...event.Source) event.Place {
		return event.Place{Hosts: []string{"example.test"}, Address: address, Port: port, From: from}
	}
	good := func(at event.Place, mode urlspec.Mode, version string) event.Cell {
		return event.Cell{Place: at, Mode: mode, TLSVersion: version, Verified: true, SHA256: "ab",
			Mechanisms: []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"},
			Bindings:   []string{"tls-exporter"}, Plus: &event.Prediction{Mechanism: "SCRAM-SHA-1-PLUS",
				Binding: "tls-exporter"},
			NoPlus: &event.Prediction{Mechanism: "SCRAM-SHA-1"}}
	}
	bad := func(at event.Place, mode urlspec.Mode, stage event.Stage, cause event.Cause) event.Cell {
		f := &event.Failure{Stage: stage, Cause: cause}
		if cause == event.CauseTimeout {
			f.Waiting, f.Waited = event.WaitHeader, 4
		}
		return event.Cell{Place: at, Mode: mode, FailedStage: stage, Failure: f}
	}
	own, direct, web := place("192.0.2.7:5222", 5222, event.FromURL,
		event.FromSRV("_xmpp-client")), place("192.0.2.7:5223", 5223, event.FromUsual), place("192.0.2.7:443", 443,
		event.FromUsual)
	unverified := good(direct, urlspec.ModeTLS, "TLS 1.2")
	unverified.Verified, unverified.Certificate = false, &event.Failure{Stage: event.StageTLS, Cause: event.CauseCertName,
		Detail: "the certificate is for mail.example.test"}
	return []event.Cell{
		good(own, urlspec.ModeSTARTTLS, "TLS 1.3"), good(own, urlspec.ModeSTARTTLS, "TLS 1.2"),
		bad(own, urlspec.ModeTLS, event.StageTLS, event.CauseNotTLS), bad(own, urlspec.ModeNone, event.StageFeatures,
			event.CauseTLSRequired),
		bad(direct, urlspec.ModeSTARTTLS, event.StageStream, event.CauseTimeout), good(direct, urlspec.ModeTLS,
			"TLS 1.3"), unverified,
		bad(web, "", event.StageTCP, event.CauseRefused),
	}
}

// looks is a fake exploration: its cells, and with hold it goes on until it is
// cancelled.
type looks struct {
	cells []event.Cell
	hold  bool
}

func (l looks) explore(ctx context.Context, _ explore.Job, report func(event.Cell)) ([]event.Cell, error) {
	for _, c := range l.cells {
		report(c)
	}
	if l.hold {
		<-ctx.Done()
		return l.cells, &event.Failure{Stage: event.StageClose, Cause: event.CauseCancelled}
	}
	return l.cells, nil
}

// seen lets the exploration in the topmost dialog tell what it has: n cells, or
// all with n < 0.
func (st *stage) seen(n int) {
	st.Helper()
	d, ok := st.dialogs[len(st.dialogs)-1].(*matrixDialog)
	if !ok {
		st.Fatal("the matrix is not open")
	}
	for !d.over && (n < 0 || len(d.cells) < n) {
		st.Update(d.looking.pull())
	}
}
