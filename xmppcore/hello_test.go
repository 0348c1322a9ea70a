package xmppcore

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// heard is a connection from which a ClientHello is read again.
type heard struct {
	net.Conn
	hello []byte
}

func (h *heard) Read(p []byte) (int, error) {
	if len(h.hello) == 0 {
		return 0, io.EOF
	}
	n := copy(p, h.hello)
	h.hello = h.hello[n:]
	return n, nil
}

func (h *heard) Write(p []byte) (int, error) { return len(p), nil }

// understood is what Go's own server reads in a ClientHello.
func understood(t *testing.T, conn net.Conn) *tls.ClientHelloInfo {
	t.Helper()
	record := make([]byte, 5)
	if _, err := io.ReadFull(conn, record); err != nil {
		return nil
	}
	body := make([]byte, int(record[3])<<8|int(record[4]))
	if _, err := io.ReadFull(conn, body); err != nil {
		return nil
	}
	var info *tls.ClientHelloInfo
	stop := errors.New("enough")
	_ = tls.Server(&heard{conn, append(record, body...)}, &tls.Config{
		GetConfigForClient: func(i *tls.ClientHelloInfo) (*tls.Config, error) { info = i; return nil, stop },
	}).Handshake()
	if info == nil {
		t.Error("Go does not understand the ClientHello")
	}
	return info
}

// serverHello answers a ClientHello with a suite, and, as a HelloRetryRequest has it, a
// group that is not 0 (RFC 8446 4.1.3).
func serverHello(suite, group uint16) []byte {
	body := append([]byte{3, 3}, make([]byte, 32+1)...) // no session
	body = append(body, byte(suite>>8), byte(suite), 0)
	if group != 0 {
		body = append(body, 0, 6, 0, 51, 0, 2, byte(group>>8), byte(group))
	}
	message := append([]byte{2, 0, 0, byte(len(body))}, body...)
	return append([]byte{22, 3, 3, 0, byte(len(message))}, message...)
}

// picky serves handshakes: it answers what takes finds in the ClientHello, and with the
// alert handshake_failure where that is nothing.
func picky(t *testing.T, takes func(*tls.ClientHelloInfo) []byte) (port int) {
	t.Helper()
	return loopbacktest.Listen(t, func(conn net.Conn) {
		info := understood(t, conn)
		if info == nil {
			return
		}
		answer := takes(info)
		if answer == nil {
			answer = []byte{21, 3, 3, 0, 2, 2, 40}
		}
		_, _ = conn.Write(answer)
		_, _ = io.Copy(io.Discard, conn)
	})
}

// TestLacking: a server that ends our handshake for want of an algorithm is asked which
// one it wants.
func TestLacking(t *testing.T) {
	t.Parallel()
	suite := func(wanted uint16) func(*tls.ClientHelloInfo) []byte {
		return func(i *tls.ClientHelloInfo) []byte {
			if slices.Contains(i.CipherSuites, wanted) {
				return serverHello(wanted, 0)
			}
			return nil
		}
	}
	group := func(wanted tls.CurveID) func(*tls.ClientHelloInfo) []byte {
		return func(i *tls.ClientHelloInfo) []byte {
			if slices.Contains(i.SupportedCurves, wanted) {
				return serverHello(tls.TLS_AES_128_GCM_SHA256, uint16(wanted))
			}
			return nil
		}
	}
	signature := func(wanted tls.SignatureScheme, suite uint16) func(*tls.ClientHelloInfo) []byte {
		return func(i *tls.ClientHelloInfo) []byte {
			if slices.Contains(i.SignatureSchemes, wanted) {
				return serverHello(suite, 0)
			}
			return nil
		}
	}
	for name, test := range map[string]struct {
		takes func(*tls.ClientHelloInfo) []byte
		want  event.Lacking
	}{
		"RSA":     {suite(tls.TLS_RSA_WITH_AES_128_CBC_SHA), event.Lacking{Kind: event.LackCipher, Name: "AES128-SHA"}},
		"DHE":     {suite(0x009e), event.Lacking{Kind: event.LackCipher, Name: "DHE-RSA-AES128-GCM-SHA256"}},
		"CBC":     {suite(0xc028), event.Lacking{Kind: event.LackCipher, Name: "ECDHE-RSA-AES256-SHA384"}},
		"X448":    {group(30), event.Lacking{Kind: event.LackCurve, Name: "X448"}},
		"FFDHE":   {group(257), event.Lacking{Kind: event.LackCurve, Name: "ffdhe3072"}},
		"Ed448":   {signature(0x0808, tls.TLS_AES_128_GCM_SHA256), event.Lacking{Kind: event.LackKey, Name: "Ed448"}},
		"RSA-PSS": {signature(0x0809, tls.TLS_AES_128_GCM_SHA256), event.Lacking{Kind: event.LackKey, Name: "RSA-PSS"}},
		"Ed448 12": {signature(0x0808, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
			event.Lacking{Kind: event.LackKey, Name: "Ed448"}},
		"X448 12": {func(i *tls.ClientHelloInfo) []byte {
			if slices.Contains(i.SupportedCurves, 30) {
				return serverHello(tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 0)
			}
			return nil
		}, event.Lacking{Kind: event.LackCurve, Name: "X448"}},
		"X448 behind a warning": {func(i *tls.ClientHelloInfo) []byte {
			if slices.Contains(i.SupportedCurves, 30) {
				return append([]byte{21, 3, 3, 0, 2, 1, 112}, serverHello(tls.TLS_AES_128_GCM_SHA256, 30)...)
			}
			return nil
		}, event.Lacking{Kind: event.LackCurve, Name: "X448"}},
		"nothing": {func(*tls.ClientHelloInfo) []byte { return nil }, event.Lacking{Kind: event.LackAll}},
	} {
		for _, login := range []bool{false, true} {
			reading := urlspec.Parse("xmpps://alice:pw@localhost/bob?mode=tls&xmpp=127.0.0.1").Reading
			reading.Port = picky(t, test.takes)
			err := Run(t.Context(), Job{Reading: reading, NoLogin: !login}, event.Trace{})
			var failure *event.Failure
			if !errors.As(err, &failure) || failure.Alert != event.AlertNothing || failure.Lacking == nil ||
				*failure.Lacking != test.want {
				t.Errorf("%s, login %v: %v, %+v", name, login, err, failure)
			}
		}
	}
}

// TestLackingUnknown: a server that ends the second handshake for another reason does
// not show what it wants.
func TestLackingUnknown(t *testing.T) {
	t.Parallel()
	reading := urlspec.Parse("xmpps://alice:pw@localhost/bob?mode=tls&xmpp=127.0.0.1").Reading
	reading.Port = picky(t, func(i *tls.ClientHelloInfo) []byte {
		if slices.Contains(i.SupportedCurves, 30) {
			return []byte{21, 3, 3, 0, 2, 2, 80} // internal_error
		}
		return nil
	})
	err := Run(t.Context(), Job{Reading: reading}, event.Trace{})
	var failure *event.Failure
	if !errors.As(err, &failure) || failure.Alert != event.AlertNothing || failure.Lacking != nil {
		t.Errorf("%v, %+v", err, failure)
	}
}

// TestHello: the hello that goes out in place of ours names the server and the protocol
// as ours does.
func TestHello(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []*tls.ClientHelloInfo
	reading := urlspec.Parse("xmpps://alice:pw@localhost/bob?mode=tls&xmpp=127.0.0.1").Reading
	reading.Port = picky(t, func(i *tls.ClientHelloInfo) []byte {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, i)
		return nil
	})
	_ = Run(t.Context(), Job{Reading: reading}, event.Trace{})
	if len(seen) != 2 {
		t.Fatalf("%d handshakes", len(seen))
	}
	for i, info := range seen {
		if info.ServerName != "localhost" || !slices.Equal(info.SupportedProtos, []string{"xmpp-client"}) ||
			!slices.Equal(info.SupportedVersions, []uint16{tls.VersionTLS13, tls.VersionTLS12}) {
			t.Errorf("handshake %d: %+v", i, info)
		}
	}
	if all := openSSL(); !slices.Equal(seen[1].CipherSuites, all.suites) {
		t.Errorf("ciphers %x", seen[1].CipherSuites)
	}
	for _, suite := range tls.CipherSuites() { // what Go offers, so do we
		if !slices.Contains(ours.suites, suite.ID) {
			t.Errorf("%s is missing", suite.Name)
		}
	}
}
