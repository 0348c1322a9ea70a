// Package stream follows a client's XMPP stream, from its bytes alone.
//
// A [Follower] is fed with chunks: which direction, when, which bytes. It knows
// no connection and no clock, so the bytes can come from a session of ours,
// from a recording, or from another program's log. It decodes both directions,
// knows how far the stream has come (TLS, login, resource, RFC 6120 sections 4
// to 7), and tells its listeners each [Step]: the server offered features, the
// client began a login, a room answered.
//
// It reads, and has no opinion: what a step means for a session (a deadline, an
// event to tell, a reason to stop before an answer goes out) is the listeners'
// business. The only failures that it finds itself are those that any reader
// would: an error of the stream, a refusal, an element where it has no place.
//
// TLS goes by unseen: a follower is given what is inside it. The consent to
// STARTTLS says that it begins, the client's next stream header that it stands.
package stream
