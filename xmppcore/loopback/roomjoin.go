package loopback

import (
	"slices"
	"strings"

	"xmppscope/xmppcore/wire"
)

// roomPresence handles presence to the room service.
func (h *hub) roomPresence(s *session, e *wire.Element, to address) {
	kind := e.Attr("type")
	r := h.rooms[to.local]
	switch {
	case kind == "unavailable" && r != nil:
		h.leaveRoom(s, r)
	case kind != "":
		return
	case to.local == "" || to.resource == "":
		s.bounce(e, "cancel", "service-unavailable", "")
	default:
		h.enterRoom(s, r, e, to)
	}
}

// enterRoom is joining (XEP-0045 7.2). Whoever is in the room already joins
// anew, under another nick or the same one.
func (h *hub) enterRoom(s *session, r *room, e *wire.Element, to address) {
	presence := e.Clone()
	presence.Children = slices.DeleteFunc(presence.Children, func(c *wire.Element) bool {
		return c.Is(wire.NSMUC, "x") || c.Is(wire.NSMUCUser, "x")
	})
	for _, a := range []string{"id", "from", "to"} {
		presence.SetAttr(a, "")
	}
	created := false
	if r == nil {
		if r = h.createRoom(s, e, to); r == nil {
			return
		}
		created = true
	}
	if !h.admit(s, r, e, to.resource) {
		h.closeIfEmpty(r)
		return
	}
	nick, codes := to.resource, []string(nil)
	if created {
		codes = append(codes, "201")
	}
	if h.cfg.Faults.OtherNick != "" {
		nick, codes = h.cfg.Faults.OtherNick, append(codes, "210")
	}
	o := r.occupants[nick]
	if o == nil {
		o = &occupant{nick: nick, addr: s.acct.addr, role: r.role(r.affiliation(s.acct.addr)), arrived: r.arrivals}
		r.arrivals++
	}
	o.presence = presence
	if !slices.Contains(o.sessions, s) {
		o.sessions = append(o.sessions, s)
	}
	for _, other := range r.present() {
		if other != o {
			s.send(r.presenceOf(other, s, o))
		}
	}
	r.occupants[nick], h.rooms[r.addr.local] = o, r
	r.announce(o)
	s.send(r.presenceOf(o, s, o, codes...))
	s.send(r.subjectMessage(s.addr))
	h.logf("%s joined %s as %s", s.addr, r.addr, nick)
	h.notify()
}

// createRoom makes a room for its first occupant (XEP-0045 10.1), or says why
// not.
func (h *hub) createRoom(s *session, e *wire.Element, to address) *room {
	if h.cfg.FixedRooms {
		s.bounce(e, "cancel", "not-allowed", "Room creation is restricted")
		return nil
	}
	r, err := h.newRoom(Room{Name: to.local})
	if err != nil {
		s.bounce(e, "modify", "jid-malformed", "")
		return nil
	}
	r.kept = false
	r.affiliations[s.acct.addr.String()] = "owner"
	h.rooms[to.local] = r
	return r
}

// admit checks whether somebody may join (XEP-0045 7.2.5 to 7.2.8), and says
// why not.
func (h *hub) admit(s *session, r *room, e *wire.Element, nick string) bool {
	refuse := func(kind, condition string) bool {
		s.bounce(e, kind, condition, "")
		return false
	}
	affiliation := r.affiliation(s.acct.addr)
	password := e.Child(wire.NSMUC, "x").ChildText(wire.NSMUC, "password")
	switch holder := r.occupants[nick]; {
	case affiliation == "outcast":
		return refuse("auth", "forbidden")
	case r.MembersOnly && affiliation == "none":
		return refuse("auth", "registration-required")
	case r.Password != "" && password != r.Password:
		return refuse("auth", "not-authorized")
	case holder != nil && holder.addr != s.acct.addr:
		return refuse("cancel", "conflict")
	}
	if o := r.of(s); o != nil && o.nick != nick {
		h.leaveRoom(s, r)
	}
	return true
}

// subjectMessage ends a join (XEP-0045 7.2.15). Without a subject it is empty.
func (r *room) subjectMessage(to address) *wire.Element {
	subject := wire.NewElement(wire.NSClient, "subject")
	if strings.TrimSpace(r.Subject) != "" {
		subject.AddText(r.Subject)
	}
	return wire.NewElement(wire.NSClient, "message", "type", "groupchat", "from", r.addr.String(), "to", to.String()).Add(subject)
}

// leaveRoom takes a client out of a room and tells everyone, itself included
// (XEP-0045 7.14).
func (h *hub) leaveRoom(s *session, r *room) {
	o := r.of(s)
	if o == nil {
		return
	}
	if len(o.sessions) > 1 {
		// The nick stays in the room with the other client.
		o.sessions = slices.DeleteFunc(o.sessions, func(x *session) bool { return x == s })
		s.send(wire.NewElement(wire.NSClient, "presence", "type", "unavailable", "from", r.addr.with(o.nick).String(), "to", s.addr.String()).Add(
			wire.NewElement(wire.NSMUCUser, "x").Add(
				wire.NewElement(wire.NSMUCUser, "item", "affiliation", r.affiliation(o.addr), "role", "none"),
				wire.NewElement(wire.NSMUCUser, "status", "code", "110"))))
		return
	}
	o.presence, o.role = wire.NewElement(wire.NSClient, "presence", "type", "unavailable"), "none"
	s.send(r.presenceOf(o, s, o))
	r.announce(o)
	delete(r.occupants, o.nick)
	h.logf("%s left %s", s.addr, r.addr)
	h.closeIfEmpty(r)
}

// leaveRooms is what losing the connection does.
func (h *hub) leaveRooms(s *session) {
	for _, r := range h.rooms {
		h.leaveRoom(s, r)
	}
}

// closeIfEmpty drops a temporary room with its last occupant.
func (h *hub) closeIfEmpty(r *room) {
	if len(r.occupants) == 0 && !r.kept {
		delete(h.rooms, r.addr.local)
	}
	h.notify()
}
