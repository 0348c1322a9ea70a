// Package stream follows a client's XMPP stream, from its bytes alone.
//
// A [Follower] is fed with chunks: which direction, when, which bytes. It decodes
// both directions, knows how far the stream has come (TLS, login, resource, RFC
// 6120 sections 4 to 7), and tells its listeners each [Step]: the server offered
// features, the client began a login, a room answered.
//
//	follower := stream.For(urlspec.ModeSTARTTLS)
//	follower.Listeners = append(follower.Listeners, func(s stream.Step) error {
//		fmt.Println(s.Kind, follower.State().Stage)
//		return nil // an error ends the stream
//	})
//	err := follower.Feed(stream.Chunk{Received: true, Bytes: data})
//
// It knows no connection and no clock, so the bytes can come from a session of
// ours, from a recording, or from another program's log. It does not see TLS
// itself, only what is inside: the consent to STARTTLS says that TLS begins, the
// client's next stream header that it stands.
//
// It does not judge. What a step means for a session (a deadline, an event, a
// reason to stop before an answer goes out) is the listeners' business. The only
// failures that it finds itself are those that any reader would: an error of the
// stream, a refusal, an element where it has no place.
package stream
