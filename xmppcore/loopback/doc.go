// Package loopback is a small real XMPP server in one process, for the demo
// and for tests: what net/http/httptest is to net/http. It listens on loopback
// only and makes its own certificate authority in memory.
//
// [Start] opens three ports: one that offers STARTTLS, one that speaks TLS from
// the first byte, and one that knows no TLS at all. Behind them is one domain
// with accounts, a chat room service, and nothing else: there is no
// server-to-server side, so every other domain bounces. Stock clients log in to
// it and send.
//
//	s, err := loopback.Start(loopback.Config{})
//	…
//	defer s.Close()
//	// alice@localhost, password "alice-pw", at 127.0.0.1:s.STARTTLSPort()
//	m, err := s.WaitMessage(ctx, "bob@localhost")
//
// [Faults] make it misbehave on purpose, and [Worlds] lists ready-made broken
// worlds for the demo, each with the URL to open and the edit that cures it.
//
// Reading order, from the wire inwards: element.go and reader.go (XML), conn.go
// (one TCP connection), stream.go (headers, features, STARTTLS), auth.go and
// binding.go (SASL), session.go (stanzas of one bound client), hub.go (who is
// online, and routing), message.go, presence.go, roster.go and query.go (what a
// server does with each stanza), room.go and its neighbours (XEP-0045),
// authority.go (certificates), faults.go and worlds.go.
package loopback
