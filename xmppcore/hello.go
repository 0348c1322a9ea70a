package xmppcore

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/tls"
	"io"
	"net"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// algorithms are what a ClientHello offers, by the numbers of RFC 8446 4 and IANA.
type algorithms struct{ suites, groups, signatures []uint16 }

// The algorithms of crypto/tls, and what OpenSSL, which Apprise's Python uses, has
// beside them by default. Of its curves X25519 is the one with a share.
var (
	ours = algorithms{
		suites: []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384, tls.TLS_CHACHA20_POLY1305_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA},
		groups: []uint16{uint16(tls.X25519), uint16(tls.CurveP256), uint16(tls.CurveP384), uint16(tls.CurveP521)},
		signatures: []uint16{uint16(tls.PSSWithSHA256), uint16(tls.ECDSAWithP256AndSHA256), uint16(tls.Ed25519),
			uint16(tls.PSSWithSHA384), uint16(tls.PSSWithSHA512), uint16(tls.PKCS1WithSHA256), uint16(tls.PKCS1WithSHA384),
			uint16(tls.PKCS1WithSHA512), uint16(tls.ECDSAWithP384AndSHA384), uint16(tls.ECDSAWithP521AndSHA512)},
	}
	keyEd448 = []uint16{0x0808}
	keyPSS   = []uint16{0x0809, 0x080a, 0x080b}

	moreGroups = []numbered{{30, "X448"}, {256, "ffdhe2048"}, {257, "ffdhe3072"}}
	moreSuites = []numbered{
		{0xc023, "ECDHE-ECDSA-AES128-SHA256"}, {0xc024, "ECDHE-ECDSA-AES256-SHA384"},
		{0xc027, "ECDHE-RSA-AES128-SHA256"}, {0xc028, "ECDHE-RSA-AES256-SHA384"},
		{0x009e, "DHE-RSA-AES128-GCM-SHA256"}, {0x009f, "DHE-RSA-AES256-GCM-SHA384"},
		{0xccaa, "DHE-RSA-CHACHA20-POLY1305"}, {0x0067, "DHE-RSA-AES128-SHA256"}, {0x006b, "DHE-RSA-AES256-SHA256"},
		{0x0033, "DHE-RSA-AES128-SHA"}, {0x0039, "DHE-RSA-AES256-SHA"},
		{0x009c, "AES128-GCM-SHA256"}, {0x009d, "AES256-GCM-SHA384"}, {0x003c, "AES128-SHA256"},
		{0x003d, "AES256-SHA256"}, {0x002f, "AES128-SHA"}, {0x0035, "AES256-SHA"},
	}
)

// numbered is an algorithm and the name that OpenSSL gives it.
type numbered struct {
	number uint16
	name   string
}

// nameIn is the name of a number in a table, or "".
func nameIn(table []numbered, number uint16) string {
	for _, n := range table {
		if n.number == number {
			return n.name
		}
	}
	return ""
}

// openSSL are all that OpenSSL offers, ours first.
func openSSL() algorithms {
	all := algorithms{slices.Clone(ours.suites), slices.Clone(ours.groups),
		slices.Concat(ours.signatures, keyEd448, keyPSS)}
	for _, group := range moreGroups {
		all.groups = append(all.groups, group.number)
	}
	for _, suite := range moreSuites {
		all.suites = append(all.suites, suite.number)
	}
	return all
}

// hello is a ClientHello (RFC 8446 4.1.2) in its record. It is as ours but for what it
// offers, and leads to no session: nobody keeps the key of its share.
func hello(config *tls.Config, offer algorithms) ([]byte, error) {
	random := make([]byte, 64)
	_, _ = rand.Read(random) // never fails
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	list := func(of []uint16) func(*cryptobyte.Builder) {
		return func(b *cryptobyte.Builder) {
			for _, n := range of {
				b.AddUint16(n)
			}
		}
	}
	var versions []uint16
	for _, v := range []uint16{tls.VersionTLS13, tls.VersionTLS12} {
		if config.MaxVersion == 0 || v >= config.MinVersion && v <= config.MaxVersion {
			versions = append(versions, v)
		}
	}
	b := cryptobyte.NewBuilder(nil)
	b.AddUint8(22)      // a handshake
	b.AddUint16(0x0301) // as all do in the first record
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint8(1) // ClientHello
		b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
			b.AddUint16(tls.VersionTLS12)
			b.AddBytes(random[:32])
			b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(random[32:]) })
			b.AddUint16LengthPrefixed(list(offer.suites))
			b.AddBytes([]byte{1, 0}) // no compression
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				extension := func(number uint16, body func(*cryptobyte.Builder)) {
					b.AddUint16(number)
					b.AddUint16LengthPrefixed(body)
				}
				if net.ParseIP(config.ServerName) == nil {
					extension(0, func(b *cryptobyte.Builder) { // server_name
						b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
							b.AddUint8(0)
							b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(config.ServerName)) })
						})
					})
				}
				extension(10, func(b *cryptobyte.Builder) { b.AddUint16LengthPrefixed(list(offer.groups)) })
				extension(11, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0}) }) // ec_point_formats
				extension(13, func(b *cryptobyte.Builder) { b.AddUint16LengthPrefixed(list(offer.signatures)) })
				if len(config.NextProtos) > 0 {
					extension(16, func(b *cryptobyte.Builder) { // ALPN
						b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
							b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(config.NextProtos[0])) })
						})
					})
				}
				extension(23, func(*cryptobyte.Builder) {}) // extended_master_secret
				extension(43, func(b *cryptobyte.Builder) { b.AddUint8LengthPrefixed(list(versions)) })
				extension(45, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 1}) }) // psk_key_exchange_modes
				extension(51, func(b *cryptobyte.Builder) {                             // key_share
					b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
						b.AddUint16(uint16(tls.X25519))
						b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(key.PublicKey().Bytes()) })
					})
				})
				extension(0xff01, func(b *cryptobyte.Builder) { b.AddUint8(0) }) // renegotiation_info
			})
		})
	})
	return b.Bytes()
}

// chosen is what a server answered to a ClientHello. group is only known of TLS 1.3.
type chosen struct {
	suite, group uint16
	// taken is true when it took the hello, refused when none of the algorithms would do
	// (RFC 8446 6.2: handshake_failure, insufficient_security).
	taken, refused bool
}

// readChoice reads the answer: a ServerHello, a HelloRetryRequest, which has its form,
// or an alert.
func readChoice(from io.Reader) (c chosen) {
	kind, body := readRecord(from)
	if kind == 21 && len(body) == 2 && body[0] == 1 { // a warning, such as that it does not know the name
		kind, body = readRecord(from)
	}
	if kind == 21 && len(body) == 2 {
		c.refused = body[1] == 40 || body[1] == 71
		return c
	}
	message := cryptobyte.String(body)
	var first uint8
	var inner, session, extensions cryptobyte.String
	if kind != 22 || !message.ReadUint8(&first) || first != 2 ||
		!message.ReadUint24LengthPrefixed(&inner) || !inner.Skip(2+32) ||
		!inner.ReadUint8LengthPrefixed(&session) || !inner.ReadUint16(&c.suite) || !inner.Skip(1) {
		return c
	}
	c.taken = true
	inner.ReadUint16LengthPrefixed(&extensions)
	for !extensions.Empty() {
		var number uint16
		var extension cryptobyte.String
		if !extensions.ReadUint16(&number) || !extensions.ReadUint16LengthPrefixed(&extension) {
			break
		}
		if number == 51 {
			extension.ReadUint16(&c.group)
		}
	}
	return c
}

// readRecord reads a TLS record; its kind is 0 when there is none.
func readRecord(from io.Reader) (kind byte, body []byte) {
	header := make([]byte, 5)
	if _, err := io.ReadFull(from, header); err != nil {
		return 0, nil
	}
	body = make([]byte, int(header[3])<<8|int(header[4]))
	if _, err := io.ReadFull(from, body); err != nil {
		return 0, nil
	}
	return header[0], body
}

// swap is a connection on which another ClientHello than that of crypto/tls goes out.
// The handshake ends there.
type swap struct {
	net.Conn
	hello []byte
	sent  bool // it went out
	chosen
}

func (s *swap) Write(p []byte) (int, error) {
	if len(p) == 0 || p[0] != 22 || s.sent { // XML begins with another byte
		return s.Conn.Write(p)
	}
	s.sent = true
	if _, err := s.Conn.Write(s.hello); err != nil {
		return 0, err
	}
	s.chosen = readChoice(s.Conn)
	return 0, io.EOF
}

// greet walks up to TLS over a new connection and offers other algorithms there. ok is
// false when it did not come so far.
func (r *run) greet(ctx context.Context, offer algorithms) (s *swap, ok bool) {
	q := &run{job: r.job, dest: r.dest}
	q.dest.Verify, q.job.Until, q.job.NoLogin = false, "", true
	q.rec = newFilteredRecorder(event.Trace{}, q.job, r.rec.filter)
	greeting, err := hello(newTLSCheck(q.job, q.dest).config(q.dest.Mode == urlspec.ModeTLS), offer)
	if err != nil {
		return nil, false
	}
	conn, failure := r.place.dial(ctx)
	if failure != nil {
		return nil, false
	}
	s = &swap{Conn: conn, hello: greeting}
	_, _ = q.probe(ctx, s)
	return s, s.sent && ctx.Err() == nil
}

// hellos is how long the look for what we lack may take.
const hellos = 3 * time.Second

// lacking finds out which algorithm the server wants where it ended our handshake for
// want of one (RFC 8446 6.2): OpenSSL knows some that Go does not. Nil when it cannot
// be told.
func (r *run) lacking(ctx context.Context) *event.Lacking {
	if r.place.open == nil || ctx.Err() != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, min(hellos, r.dest.Answer))
	defer cancel()
	s, ok := r.greet(ctx, openSSL())
	switch {
	case !ok || !s.taken && !s.refused:
		return nil
	case s.refused:
		return &event.Lacking{Kind: event.LackAll}
	}
	if name := nameIn(moreSuites, s.suite); name != "" {
		return &event.Lacking{Kind: event.LackCipher, Name: name}
	}
	if name := nameIn(moreGroups, s.group); name != "" {
		return &event.Lacking{Kind: event.LackCurve, Name: name}
	}
	// What else it took does not show in the clear.
	ed448, pss, x448 := ours, ours, ours
	ed448.signatures = slices.Concat(ours.signatures, keyEd448)
	pss.signatures = slices.Concat(ours.signatures, keyPSS)
	x448.groups = slices.Concat(ours.groups, []uint16{moreGroups[0].number})
	for _, one := range []struct {
		lacking event.Lacking
		offer   algorithms
	}{
		{event.Lacking{Kind: event.LackKey, Name: "Ed448"}, ed448},
		{event.Lacking{Kind: event.LackKey, Name: "RSA-PSS"}, pss},
		{event.Lacking{Kind: event.LackCurve, Name: "X448"}, x448},
	} {
		if s, ok = r.greet(ctx, one.offer); ok && s.taken {
			return &one.lacking
		}
	}
	return nil
}
