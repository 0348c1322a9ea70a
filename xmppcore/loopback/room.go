package loopback

import (
	"cmp"
	"maps"
	"slices"
)

// room is a chat room (XEP-0045).
type room struct {
	Room
	addr         address
	occupants    map[string]*occupant // by nick
	arrivals     int
	affiliations map[string]string // by bare JID; absent is none
	subject      string
	subjectBy    string // the nick, empty when the room itself
	history      []*element
	kept         bool // stays when the last occupant leaves
}

// occupant is somebody in a room. One who joined from several clients under one
// nick has several sessions; one that only takes a nick has none.
type occupant struct {
	nick     string
	addr     address // bare
	sessions []*session
	role     string
	presence *element // as sent, without address
	arrived  int
}

func (h *hub) newRoom(r Room) (*room, error) {
	addr, err := parseAddress(r.Name + "@" + h.cfg.Service)
	if err != nil {
		return nil, err
	}
	rm := &room{
		Room: r, addr: addr, subject: r.Subject, kept: true,
		occupants: map[string]*occupant{}, affiliations: map[string]string{},
	}
	for affiliation, jids := range map[string][]string{"owner": r.Owners, "member": r.Members, "outcast": r.Banned} {
		for _, j := range jids {
			bare, err := h.named(j)
			if err != nil {
				return nil, err
			}
			rm.affiliations[bare.String()] = affiliation
		}
	}
	for _, nick := range r.Occupants {
		rm.occupants[nick] = &occupant{nick: nick, role: "participant", presence: newElement(nsClient, "presence"), arrived: rm.arrivals}
		rm.arrivals++
	}
	return rm, nil
}

// affiliation is owner, admin, member, none or outcast (XEP-0045 5.2).
func (r *room) affiliation(bare address) string {
	return cmp.Or(r.affiliations[bare.String()], "none")
}

// role is what somebody becomes on entering (XEP-0045 5.1.2).
func (r *room) role(affiliation string) string {
	switch {
	case affiliation == "owner", affiliation == "admin":
		return "moderator"
	case affiliation == "none" && r.Moderated:
		return "visitor"
	}
	return "participant"
}

// present are the occupants in the order in which they came.
func (r *room) present() []*occupant {
	return slices.SortedFunc(maps.Values(r.occupants), func(a, b *occupant) int { return cmp.Compare(a.arrived, b.arrived) })
}

// of is the occupant that a session is, or nil.
func (r *room) of(s *session) *occupant {
	for _, o := range r.occupants {
		if slices.Contains(o.sessions, s) {
			return o
		}
	}
	return nil
}

// presenceOf is an occupant's presence as one client sees it: the real address
// is for moderators and for oneself (XEP-0045 7.2.2, a semi-anonymous room).
func (r *room) presenceOf(o *occupant, to *session, viewer *occupant, codes ...string) *element {
	p := o.presence.copy()
	p.setAttr("from", r.addr.with(o.nick).String())
	p.setAttr("to", to.addr.String())
	item := newElement(nsMUCUser, "item", "affiliation", r.affiliation(o.addr), "role", o.role)
	if len(o.sessions) > 0 && (viewer == o || viewer != nil && viewer.role == "moderator") {
		item.setAttr("jid", o.sessions[0].addr.String())
	}
	x := newElement(nsMUCUser, "x").add(item)
	if viewer == o {
		codes = append(slices.Clip(codes), "110")
	}
	for _, code := range codes {
		x.add(newElement(nsMUCUser, "status", "code", code))
	}
	return p.add(x)
}

// announce tells everyone in the room about an occupant.
func (r *room) announce(o *occupant, codes ...string) {
	for _, viewer := range r.present() {
		for _, s := range viewer.sessions {
			s.send(r.presenceOf(o, s, viewer, codes...))
		}
	}
}

// gone takes an occupant out and tells everyone, itself included. change edits
// the item of the presence: a new nick, a reason.
func (r *room) gone(o *occupant, change func(item *element), codes ...string) {
	o.presence = newElement(nsClient, "presence", "type", "unavailable")
	o.role = "none"
	for _, viewer := range r.present() {
		for _, s := range viewer.sessions {
			p := r.presenceOf(o, s, viewer, codes...)
			if change != nil {
				change(p.child(nsMUCUser, "x").child(nsMUCUser, "item"))
			}
			s.send(p)
		}
	}
	delete(r.occupants, o.nick)
}

// roomPresence handles presence to the room service.
func (h *hub) roomPresence(s *session, e *element, to address) {
	kind := e.attr("type")
	r := h.rooms[to.local]
	switch {
	case kind == "error" || kind != "" && kind != "unavailable":
		return
	case to.local == "":
		s.bounce(e, "cancel", "service-unavailable", "")
	case kind == "unavailable":
		if r != nil {
			h.leaveRoom(s, r)
		}
	case to.resource == "":
		if h.cfg.Wording == Ejabberd {
			s.bounce(e, "modify", "jid-malformed", "Nickname can't be empty")
		} else {
			s.bounce(e, "cancel", "service-unavailable", "")
		}
	default:
		h.enterRoom(s, r, e, to)
	}
}

// leaveRoom is an occupant's own leaving (XEP-0045 7.14).
func (h *hub) leaveRoom(s *session, r *room) {
	o := r.of(s)
	if o == nil {
		return
	}
	if len(o.sessions) > 1 {
		// The nick stays in the room with the other client.
		o.sessions = slices.DeleteFunc(o.sessions, func(x *session) bool { return x == s })
		s.send(newElement(nsClient, "presence", "type", "unavailable", "from", r.addr.with(o.nick).String(), "to", s.addr.String()).add(
			newElement(nsMUCUser, "x").add(
				newElement(nsMUCUser, "item", "affiliation", r.affiliation(o.addr), "role", "none"),
				newElement(nsMUCUser, "status", "code", "110"))))
		return
	}
	r.gone(o, nil)
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

// Kick takes a nick out of a room, as a moderator would (XEP-0045 8.2). It
// reports whether the nick was there.
func (s *Server) Kick(room, nick, reason string) bool {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	r := s.hub.rooms[room]
	if r == nil || r.occupants[nick] == nil {
		return false
	}
	s.hub.kick(r, r.occupants[nick], "", reason)
	return true
}

func (h *hub) kick(r *room, o *occupant, by, reason string) {
	h.remove(r, o, by, reason, "307")
}

// remove is a kick or a ban.
func (h *hub) remove(r *room, o *occupant, by, reason, code string) {
	r.gone(o, func(item *element) {
		if by != "" {
			item.add(newElement(nsMUCUser, "actor", "nick", by))
		}
		if reason != "" {
			item.add(newElement(nsMUCUser, "reason").addText(reason))
		}
	}, code)
	h.closeIfEmpty(r)
}
