// Package fact has the rows, label and text, in which the model says what it
// knows, and the types of the JSON lines.
//
// A [Fact] is one row: a label, a text, and how good that is. [Rows] gathers them
// and makes every text safe to show. The screen, the lines and the report paint
// rows and add signs, colours and columns, but no words.
//
//	var rows fact.Rows
//	rows.Heading("room", "ops@conference.example.org")
//	rows.Judged(event.OK, "join", "joined as pager")
//	rows.Value("role", "participant")
package fact

import (
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Fact is one row of what is known of a thing: a certificate, a room, a login.
// The model says what is so, once and in one order; the screen, the lines of a
// pipe and the report only paint it, each in its own look.
type Fact struct {
	// Role says what kind of row it is.
	Role Role
	// Label names the row in a word or two: "issuer", "valid until". It is empty
	// where the row goes on with the one above, and on a heading that is a title
	// and names no thing.
	Label string
	// Text is the value, one sentence or less, safe to show, without a full stop.
	Text string
	// State says how good it is, for the painter's sign and colour; empty where
	// it is neither good nor bad. That something is wrong the text says as well.
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

// Rows gathers facts. Texts come from servers as well: each is made safe here.
// A row without a text is left out.
type Rows []Fact

// add adds a row.
func (r *Rows) add(role Role, state event.State, label, text string) {
	if text != "" {
		*r = append(*r, Fact{Role: role, Label: wire.Safe(label), Text: wire.Safe(text), State: state})
	}
}

// Value is a row that is neither good nor bad, judged one that is.
func (r *Rows) Value(label, text string)                     { r.add(RoleValue, "", label, text) }
func (r *Rows) Judged(state event.State, label, text string) { r.add(RoleValue, state, label, text) }

// Title is a heading that names no thing, heading one that names the thing that
// the rows below it are about.
func (r *Rows) Title(text string)          { r.add(RoleHeading, "", "", text) }
func (r *Rows) Heading(label, text string) { r.add(RoleHeading, "", label, text) }

// resultLabel is the label of a sum.
const resultLabel = "result"

func (r *Rows) Sum(state event.State, text string) { r.add(RoleSum, state, resultLabel, text) }
func (r *Rows) Bytes(label, text string)           { r.add(RoleBytes, "", label, text) }

// WithReason adds a reason to a text, where one is known.
func WithReason(text, reason string) string {
	if reason == "" {
		return text
	}
	return text + ": " + reason
}
