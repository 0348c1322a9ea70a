// Package xmppcore is the network: it takes a [Job], connects, logs in, joins
// rooms and sends, and tells an [event.Trace] what it sees as it sees it.
//
// [Run] does a job once, [Notify] again after failures that can pass, and a
// [Keeper] sends many notifications over one session. A [Prober] looks at single
// ways to a server; package explore looks at all of them.
//
// go-xmpp speaks the protocol, but shows nothing of what it does and cannot be
// interrupted. So a login hands it a loopback relay whose other end is a socket
// we dialled ourselves (relay.go), and taps the decrypted stream, which a
// follower (package stream) reads from its bytes. The follower's listeners tell
// the events (narrator.go), keep the deadlines (clock.go, watch.go), and end the
// session at an element that the library would handle badly (guard.go). Where
// the library would choose another mechanism than we, a connection of our own
// that ends before the login finds out which one it must be told (probe.go).
//
// Reading order: job.go (what is asked), run.go (the order of things),
// destination.go and dial.go (where to connect), login.go, library.go,
// session.go, rooms.go, evidence.go. Then notify.go and keeper.go.
package xmppcore
