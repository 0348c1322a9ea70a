package loopback

import (
	"cmp"
	"maps"
	"slices"

	"xmppscope/xmppcore/wire"
)

// room is a chat room (XEP-0045).
type room struct {
	Room
	addr         address
	occupants    map[string]*occupant // by nick
	arrivals     int
	affiliations map[string]string // by bare JID; absent is none
	kept         bool              // stays when the last occupant leaves
}

// occupant is somebody in a room. One who joined from several clients under one
// nick has several sessions; one that only takes a nick has none.
type occupant struct {
	nick     string
	addr     address // bare
	sessions []*session
	role     string
	presence *wire.Element // as sent, without address
	arrived  int
}

func (h *hub) newRoom(r Room) (*room, error) {
	addr, err := parseAddress(r.Name + "@" + h.cfg.Service)
	if err != nil {
		return nil, err
	}
	rm := &room{
		Room: r, addr: addr, kept: true,
		occupants: map[string]*occupant{}, affiliations: map[string]string{},
	}
	for affiliation, jids := range map[string][]string{"member": r.Members, "outcast": r.Banned} {
		for _, j := range jids {
			bare, err := h.named(j)
			if err != nil {
				return nil, err
			}
			rm.affiliations[bare.String()] = affiliation
		}
	}
	for _, nick := range r.Occupants {
		rm.occupants[nick] = &occupant{nick: nick, role: "participant", presence: wire.NewElement(wire.NSClient, "presence"), arrived: rm.arrivals}
		rm.arrivals++
	}
	return rm, nil
}

// affiliation is owner, member, none or outcast (XEP-0045 5.2).
func (r *room) affiliation(bare address) string {
	return cmp.Or(r.affiliations[bare.String()], "none")
}

// role is what somebody becomes on entering (XEP-0045 5.1.2).
func (r *room) role(affiliation string) string {
	switch {
	case affiliation == "owner":
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
func (r *room) presenceOf(o *occupant, to *session, viewer *occupant, codes ...string) *wire.Element {
	p := o.presence.Clone()
	p.SetAttr("from", r.addr.with(o.nick).String())
	p.SetAttr("to", to.addr.String())
	item := wire.NewElement(wire.NSMUCUser, "item", "affiliation", r.affiliation(o.addr), "role", o.role)
	if len(o.sessions) > 0 && (viewer == o || viewer.role == "moderator") {
		item.SetAttr("jid", o.sessions[0].addr.String())
	}
	x := wire.NewElement(wire.NSMUCUser, "x").Add(item)
	if viewer == o {
		codes = append(slices.Clip(codes), "110")
	}
	for _, code := range codes {
		x.Add(wire.NewElement(wire.NSMUCUser, "status", "code", code))
	}
	return p.Add(x)
}

// announce tells the other occupants about one.
func (r *room) announce(o *occupant) {
	for _, viewer := range r.present() {
		for _, s := range viewer.sessions {
			if viewer != o {
				s.send(r.presenceOf(o, s, viewer))
			}
		}
	}
}

// roomMessage handles a message to the room service: only occupants speak, and
// only to everyone (XEP-0045 7.4).
func (h *hub) roomMessage(s *session, e *wire.Element, to address) {
	kind := e.Attr("type")
	r := h.rooms[to.local]
	switch {
	case kind == "error":
		return
	case r == nil:
		s.bounce(e, "cancel", "item-not-found", "")
		return
	case r.of(s) == nil:
		s.bounce(e, "cancel", "not-acceptable", "You are not currently connected to this chat")
		return
	case to.resource != "" || kind != "groupchat":
		s.bounce(e, "modify", "bad-request", "")
		return
	}
	h.reflect(s, r, e)
}

// reflect gives a message to everyone in the room, its sender included.
func (h *hub) reflect(s *session, r *room, e *wire.Element) {
	o := r.of(s)
	if o.role == "visitor" {
		s.bounce(e, "auth", "forbidden", "You do not currently have permission to speak in this chat")
		return
	}
	m := e.Clone()
	m.SetAttr("from", r.addr.with(o.nick).String())
	m.SetAttr("to", r.addr.String())
	h.record(r.addr, m, false)
	for _, other := range r.present() {
		for _, receiver := range other.sessions {
			receiver.send(addressed(m, receiver.addr))
		}
	}
}
