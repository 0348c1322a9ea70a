package stream

import (
	"time"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Chunk is some bytes of a stream, in one direction. Where they are cut does
// not matter.
type Chunk struct {
	// Received is true for what the server sent.
	Received bool
	// At is the time since the stream began, or since whatever the listeners
	// count from.
	At    time.Duration
	Bytes []byte
	// Cut says that a line feed may have stood at the end: go-xmpp's debug
	// output ends each chunk with one, its own or an added one.
	Cut bool
}

// Kind says what a step is.
type Kind uint8

// The kinds of step, in the order in which a login takes them.
const (
	Opening    Kind = iota + 1 // the client's stream header
	Greeted                    // the server's
	Offered                    // the server's features: before TLS, for the login, or after it
	AskedTLS                   // the client's <starttls/>
	Consented                  // the server's <proceed/>: the handshake follows
	Chose                      // the client's mechanism; PLAIN is not in go-xmpp's debug output
	Challenged                 // the server's SCRAM challenge
	Responded                  // the client's answer to it
	Succeeded                  // the server accepted the login
	Proved                     // the client went on: it has checked the server's signature
	Asked                      // the client's request for a resource
	Bound                      // the server's answer to it
	Present                    // the client's initial presence: the login is over
	Stanza                     // whatever comes after it, in either direction
	Ended                      // the end of the stream, in either direction
	Refused                    // an error or a refusal of the server's, or an element out of place
)

// Step is one thing that happened in a stream. What it told is in the
// follower's [State].
type Step struct {
	Kind     Kind
	Received bool
	At       time.Duration
	// Item is the element; the zero value for Proved.
	Item wire.Item
	// Failure is what ended the stream, for Refused, and for Ended when it was
	// the server who did. No further step is taken after it.
	Failure *event.Failure
}

// Position is how far a stream has come.
type Position uint8

// The positions.
const (
	Beginning Position = iota // streams and TLS, up to the features that a login is chosen from
	Choosing                  // those features are known
	InLogin                   // the challenge was answered, or needs to be
	LoggedIn                  // the server says so; the client has not gone on yet
	Proven                    // the client went on
	Ready                     // there is a resource, and initial presence was sent
)

// State is what a stream has told so far.
type State struct {
	// Position is how far it has come, Stage the stage that it is in; StageClose
	// once it is ready.
	Position Position
	Stage    event.Stage
	// Encrypted is true from the moment at which TLS begins; Securing until the
	// client's next header shows that it stands.
	Encrypted, Securing bool
	// Header is the server's newest. Clear are the features before TLS, Features
	// those that the login is chosen from.
	Header          event.Stream
	Clear, Features event.Features
	// Auth is how the client began the login, Challenge the server's answer.
	Auth      wire.Auth
	Challenge wire.Challenge
	Success   wire.Success
	// Responded is true once the client has answered the challenge.
	Responded bool
	// SASL are the facts of the login, without a prediction.
	SASL event.SASL
	// JID is our full JID, as sent; empty until it is bound.
	JID string
	// MaxBytes is the server's limit on a stanza after the login (XEP-0478), 0
	// when it names none.
	MaxBytes int
	// Session is true where the server wants a session asked for after the login
	// (RFC 3921 3).
	Session bool
	// Received counts the items that the server has sent.
	Received int
}
