// Package xmppcore is the network: it takes a [Job], connects, logs in, joins
// rooms and sends, and tells an [event.Trace] what it sees as it sees it.
//
//	job := xmppcore.Job{Reading: urlspec.Parse(url).Reading, Messages: []event.Message{{Body: "hello"}}}
//	err := xmppcore.Run(ctx, job, event.Trace{Event: func(e event.Event) { fmt.Println(e.Stage, e.Text) }})
//
// [Run] does a job once, [Notify] again after failures that can pass, and a
// [Keeper] sends many notifications over one session. A [Prober] looks at single
// ways to a server; package explore looks at all of them.
//
// # How a login works
//
// go-xmpp speaks the protocol, but shows nothing of what it does and cannot be
// interrupted. So a login hands it a loopback relay, whose other end is a socket
// that we dialled ourselves, and taps the decrypted stream, which a follower
// (package stream) reads from its bytes. The follower has three listeners: the
// narrator tells the events, the clock keeps the deadlines, and the guard ends
// the session at an element that the library would handle badly. Where the
// library would choose another mechanism than we do, a probe, a connection of
// our own that ends before the login, finds out which one to tell it.
//
// Begin to read at run.go, which has the order of things; then login.go,
// session.go and evidence.go.
//
// # What it does not do
//
// It does not say what a failure means or what helps (package finding does), it
// never sends a message that had evidence again, and it sends no password in
// clear unless the job allows it.
package xmppcore
