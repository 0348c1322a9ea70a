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
// worlds for the demo, each with the URL to open, the finding it leads to and
// the edit that cures it. Nothing is stored: a server forgets everything when
// it closes.
//
// Reading order, from the wire inwards:
//   - element.go, reader.go: XML as trees, read under limits.
//   - server.go, conn.go, outbox.go: the ports; one TCP connection with one
//     goroutine that reads and, after login, one that writes.
//   - stream.go: headers, features, STARTTLS, resource binding.
//   - auth.go, binding.go, vault.go: SASL, channel binding, passwords.
//   - session.go: the stanzas of one bound client.
//   - hub.go: who is online. message.go, presence.go, roster.go, query.go: what
//     a server does with each kind of stanza.
//   - room.go, roomjoin.go, roomtalk.go, roomquery.go: XEP-0045.
//   - observe.go: what tests see of it.
//   - authority.go, faults.go, resolver.go, url.go, worlds.go: certificates of
//     every kind, and worlds that are out of order.
package loopback
