package loopback

import (
	"slices"

	"xmppscope/xmppcore/wire"
)

// roomPresence handles presence to the room service.
func (h *hub) roomPresence(c *client, e *wire.Element, to jid) {
	r, kind := h.rooms[to.local], e.Attr("type")
	switch {
	case kind == "unavailable" && r != nil:
		h.leaveRoom(c, r)
	case kind != "":
	case to.local == "" || to.resource == "":
		c.bounce(e, "cancel", "service-unavailable", "")
	case r == nil && h.config.FixedRooms:
		c.bounce(e, "cancel", "not-allowed", "Room creation is restricted")
	case r == nil:
		h.createRoom(c, e, to)
	case h.admit(c, r, e, to.resource):
		h.join(c, r, e, to.resource)
	}
}

// admit checks whether somebody may join (XEP-0045 7.2.5 to 7.2.8), and says
// why not.
func (h *hub) admit(c *client, r *room, e *wire.Element, nick string) bool {
	refuse := func(kind, condition string) bool {
		c.bounce(e, kind, condition, "")
		return false
	}
	affiliation, holder := r.affiliation(c.account.jid), r.occupants[nick]
	switch {
	case affiliation == "outcast":
		return refuse("auth", "forbidden")
	case r.MembersOnly && affiliation == "none":
		return refuse("auth", "registration-required")
	case r.Password != "" && r.Password != e.Child(wire.NSMUC, "x").ChildText(wire.NSMUC, "password"):
		return refuse("auth", "not-authorized")
	case holder != nil && holder.jid != c.account.jid:
		return refuse("cancel", "conflict")
	}
	return true
}

// createRoom makes a room for its first occupant, who owns it (XEP-0045 10.1).
func (h *hub) createRoom(c *client, e *wire.Element, to jid) {
	r, err := h.newRoom(Room{Name: to.local})
	if err != nil {
		c.bounce(e, "modify", "jid-malformed", "")
		return
	}
	r.temporary = true
	r.affiliations[c.account.jid] = "owner"
	h.join(c, r, e, to.resource, "201")
}

// join lets a client into a room (XEP-0045 7.2). Whoever is in it already joins
// anew, under the same nick or another one.
func (h *hub) join(c *client, r *room, e *wire.Element, nick string, codes ...string) {
	if other := h.config.Faults.OtherNick; other != "" {
		nick, codes = other, append(codes, "210")
	}
	if o := r.of(c); o != nil && o.nick != nick {
		h.leaveRoom(c, r)
	}
	h.rooms[r.jid.local] = r // which may have ended with the nick before
	o := r.occupants[nick]
	if o == nil {
		o = &occupant{nick: nick, jid: c.account.jid, role: r.role(r.affiliation(c.account.jid))}
		r.add(o)
	}
	for _, other := range r.present() {
		if other != o {
			c.send(r.presenceOf(other, c, o))
		}
	}
	if !slices.Contains(o.clients, c) {
		o.clients = append(o.clients, c)
	}
	o.presence = forRoom(e)
	r.announce(o)
	c.send(r.presenceOf(o, c, o, codes...))
	c.send(r.subjectMessage(c.jid))
	h.logf("%s joined %s as %s", c.jid, r.jid, nick)
	h.notify()
}

// forRoom is a presence as the room passes it on: what the client asked of the
// room is left out.
func forRoom(e *wire.Element) *wire.Element {
	p := e.Clone()
	p.Children = slices.DeleteFunc(p.Children, func(c *wire.Element) bool {
		return c.Is(wire.NSMUC, "x") || c.Is(wire.NSMUCUser, "x")
	})
	for _, a := range []string{"id", "from", "to"} {
		p.SetAttr(a, "")
	}
	return p
}

// leaveRoom takes a client out of a room and tells everyone, itself included
// (XEP-0045 7.14).
func (h *hub) leaveRoom(c *client, r *room) {
	o := r.of(c)
	if o == nil {
		return
	}
	left := *o
	left.role, left.clients = "none", []*client{c}
	left.presence = wire.NewElement(wire.NSClient, "presence", "type", "unavailable")
	c.send(r.presenceOf(&left, c, &left))
	o.clients = slices.DeleteFunc(o.clients, func(other *client) bool { return other == c })
	if len(o.clients) > 0 {
		return // the nick stays with the account's other client
	}
	delete(r.occupants, o.nick)
	r.announce(&left)
	h.logf("%s left %s", c.jid, r.jid)
	if len(r.occupants) == 0 && r.temporary {
		delete(h.rooms, r.jid.local)
	}
	h.notify()
}

// leaveRooms takes a client out of all rooms.
func (h *hub) leaveRooms(c *client) {
	for _, r := range h.rooms {
		h.leaveRoom(c, r)
	}
}
