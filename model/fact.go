package model

import "xmppscope/xmppcore/event"

// Fact is one row of what is known of a thing: a certificate, a room, a login.
// The model says what is so, once and in one order; the screen, the lines of a
// pipe and the report only paint it, each in its own look.
type Fact struct {
	// Role says what kind of row it is.
	Role Role
	// Label names the row in a word or two: "issuer", "valid until". It is empty
	// where the row goes on with the one above.
	Label string
	// Text is the value, one sentence or less, safe to show, without a full stop.
	Text string
	// State says how good it is, for the painter's sign and colour; empty where
	// it is neither good nor bad. What a state says the text says as well.
	State event.State
}

// Role is the kind of a row.
type Role uint8

// The roles.
const (
	RoleValue   Role = iota // a label and its text
	RoleHeading             // the text is the title of the rows that follow
	RoleSum                 // the text is the sum of the rows, and stands alone
	RoleBytes               // the text is bytes in hex, to be broken between any two
)
