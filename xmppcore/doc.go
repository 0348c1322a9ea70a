// Package xmppcore is the network: it takes a [Job], connects, logs in, joins
// rooms and sends, and tells a [event.Trace] what it sees as it sees it.
//
// go-xmpp speaks the protocol, but shows nothing of what it does and cannot be
// interrupted. So the session hands it a loopback relay whose other end is a
// socket we dialled ourselves (relay.go), reads the mechanisms with a short
// probe of its own before login (probe.go), and watches the decrypted stream
// through a decoder (sub-package wire) that turns bytes into typed elements.
//
// Reading order: event.go (what is told), job.go (what is asked), run.go (the
// order of things), plan.go and dial.go (where to connect), relay.go, probe.go,
// session.go, rooms.go, evidence.go. Beyond one session: notify.go (further
// attempts), notify_temporary.go (after what), notify_keeper.go (one session
// for many notifications). Beside a run stands the exploration of all
// ways to a server, without a login: matrix.go (what a cell is), the places,
// visits, grades and logins in matrix_*.go.
package xmppcore
