// Package loopback is a small real XMPP server in one process, for the demo and
// for tests: what net/http/httptest is to net/http. It listens on loopback only
// and makes its own certificate authority in memory.
//
// [Start] opens three ports: one that offers STARTTLS, one that speaks TLS from
// the first byte, and one that knows no TLS at all. Behind them is one domain
// with accounts and a chat room service. Stock clients log in to it and send:
//
//	server, err := loopback.Start(loopback.Config{})
//	…
//	defer server.Close()
//	// alice@localhost, password "alice-pw", at 127.0.0.1:server.STARTTLSPort()
//	m, err := server.WaitMessage(ctx, "bob@localhost")
//
// The [Config] says who and what there is: accounts, rooms, mechanisms, channel
// bindings, TLS versions, the certificate, limits. A resident is an account that
// is always online, inside the server. [Faults], which are part of the Config,
// make the server misbehave on purpose. [Worlds] are names for Configs: broken
// servers for the demo, each with the URL to open, the finding it leads to and
// the edit that cures it.
//
// The server does what a client needs to log in and to send: RFC 6120 and what
// RFC 6121 says of messages, presence to oneself, reading the roster, the legacy
// session, pings, and of XEP-0045 joining, speaking and leaving. All else gets
// service-unavailable. There is no server-to-server side, so that every other
// domain bounces. Nothing is stored: whoever comes online later does not get what
// was sent before, and a server forgets everything when it closes.
//
// A stanza goes this way: a [Server] accepts a conn, whose reader takes elements
// out of the bytes with package wire. The conn goes through stream.go,
// features.go and sasl.go until a resource is bound. Then a client reads stanzas,
// and the hub routes each by its kind, in message.go, presence.go, iq.go, room.go
// and join.go, into the outboxes of other clients, and messages into mailboxes,
// where tests find them. What can go wrong on the way is in faults.go.
package loopback
