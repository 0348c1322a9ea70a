package wire

import "slices"

// The status codes of XEP-0045 15.6 that decide about a join.
const (
	StatusSelf        = 110 // this presence is our own
	StatusCreated     = 201 // the room did not exist and was created for us
	StatusNickChanged = 210 // the service changed our nick
	StatusBanned      = 301
	StatusNewNick     = 303
	StatusKicked      = 307
	StatusNotMember   = 321 // removed because of an affiliation change
	StatusMembersOnly = 322 // removed because the room became members-only
	StatusShutdown    = 332 // removed because the service shuts down
	StatusError       = 333 // removed because of an error
)

// Presence is a presence (RFC 6121 4) and what a room says in it (XEP-0045).
// All fields but Reason, Role and Error's are as sent; a JID or nick that is longer
// than [MaxJID] is cut.
type Presence struct {
	From, ID, Type string
	// Room is true when it carries a room's extension. An error presence that
	// answers a join may come without.
	Room bool
	// Codes are the status codes, in order.
	Codes []int
	// Role, JID and Nick are those of the occupant; Nick is the new nick of a
	// change.
	Role, JID, Nick string
	// Actor is who did it, by nick or else by JID; Reason, safe to show, is
	// why.
	Actor, Reason string
	// Moved is the room that takes the place of one that was destroyed.
	Moved string
	// Destroyed is true when the room is no more (XEP-0045 10.9); then Reason is
	// that of its end.
	Destroyed bool
	// Echoed is true for an error that repeats the extension of the join that it
	// answers, as RFC 6120 8.3.1 allows.
	Echoed bool
	Error  *StanzaError
}

// Has reports whether the presence carries a status code.
func (p Presence) Has(code int) bool { return slices.Contains(p.Codes, code) }

// AsPresence reads a presence.
func AsPresence(e *Element) (Presence, bool) {
	if !e.Is(NSClient, "presence") {
		return Presence{}, false
	}
	p := Presence{From: address(e.Attr("from")), ID: e.Attr("id"), Type: e.Attr("type"), Error: errorOf(e)}
	x := e.Child(NSMUCUser, "x")
	p.Room = x != nil
	p.Echoed = p.Error != nil && e.Child(NSMUC, "x") != nil
	p.Codes = statusCodes(x)
	item := x.Child(NSMUCUser, "item")
	p.Role, p.JID, p.Nick = safeCut(item.Attr("role"), maxToken), address(item.Attr("jid")), address(item.Attr("nick"))
	actor := item.Child(NSMUCUser, "actor")
	if p.Actor = address(actor.Attr("nick")); p.Actor == "" {
		p.Actor = address(actor.Attr("jid"))
	}
	p.Reason = safeCut(item.ChildText(NSMUCUser, "reason"), maxText)
	if destroy := x.Child(NSMUCUser, "destroy"); destroy != nil {
		p.Moved = address(destroy.Attr("jid"))
		p.Destroyed, p.Reason = true, safeCut(destroy.ChildText(NSMUCUser, "reason"), maxText)
	}
	return p, true
}

// statusCodes reads the status codes of a room's extension.
func statusCodes(x *Element) []int {
	if x == nil {
		return nil
	}
	var codes []int
	for _, c := range x.Children {
		if n := number(c.Attr("code")); n > 0 && c.Is(NSMUCUser, "status") && len(codes) < maxList {
			codes = append(codes, n)
		}
	}
	return codes
}
