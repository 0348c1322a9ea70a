package loopback

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"xmppscope/xmppcore/wire"
)

// room is a chat room (XEP-0045).
type room struct {
	Room
	jid          jid
	occupants    map[string]*occupant // by nick
	arrivals     int
	affiliations map[jid]string // by bare JID; absent is none
	temporary    bool           // ends with its last occupant
}

// occupant is somebody in a room. One who joined from several clients under one
// nick has them all; one of Room.Occupants has none.
type occupant struct {
	nick     string
	jid      jid // bare
	clients  []*client
	role     string
	presence *wire.Element // as sent, without addresses
	arrived  int
}

func (h *hub) newRoom(config Room) (*room, error) {
	j, err := named(config.Name, h.config.Service)
	if err != nil {
		return nil, err
	}
	r := &room{Room: config, jid: j, occupants: map[string]*occupant{}, affiliations: map[jid]string{}}
	for affiliation, names := range map[string][]string{"member": config.Members, "outcast": config.Banned} {
		people, err := h.people(names)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", affiliation, err)
		}
		for _, p := range people {
			r.affiliations[p] = affiliation
		}
	}
	for _, nick := range config.Occupants {
		if full, err := parseJID(j.with(nick).String()); nick == "" || err != nil || full.resource != nick {
			return nil, fmt.Errorf("the nick %q is not the resourcepart of a JID", nick)
		}
		r.add(&occupant{nick: nick, role: "participant", presence: wire.NewElement(wire.NSClient, "presence")})
	}
	return r, nil
}

func (r *room) add(o *occupant) {
	o.arrived = r.arrivals
	r.arrivals++
	r.occupants[o.nick] = o
}

// affiliation is owner, member, none or outcast (XEP-0045 5.2).
func (r *room) affiliation(bare jid) string { return cmp.Or(r.affiliations[bare], "none") }

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
	return slices.SortedFunc(maps.Values(r.occupants), func(a, b *occupant) int {
		return cmp.Compare(a.arrived, b.arrived)
	})
}

// of is the occupant that a client is, or nil.
func (r *room) of(c *client) *occupant {
	for _, o := range r.occupants {
		if slices.Contains(o.clients, c) {
			return o
		}
	}
	return nil
}

// presenceOf is an occupant's presence as one client sees it: the real JID is
// for moderators and for oneself (XEP-0045 7.2.2, a semi-anonymous room).
func (r *room) presenceOf(o *occupant, to *client, viewer *occupant, codes ...string) *wire.Element {
	p := o.presence.Clone()
	p.SetAttr("from", r.jid.with(o.nick).String())
	p.SetAttr("to", to.jid.String())
	item := wire.NewElement(wire.NSMUCUser, "item", "affiliation", r.affiliation(o.jid), "role", o.role)
	if len(o.clients) > 0 && (viewer == o || viewer.role == "moderator") {
		item.SetAttr("jid", o.clients[0].jid.String())
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
		for _, c := range viewer.clients {
			if viewer != o {
				c.send(r.presenceOf(o, c, viewer))
			}
		}
	}
}

// subjectMessage ends a join (XEP-0045 7.2.15). Without a subject it is empty.
func (r *room) subjectMessage(to jid) *wire.Element {
	subject := wire.NewElement(wire.NSClient, "subject")
	if strings.TrimSpace(r.Subject) != "" {
		subject.AddText(r.Subject)
	}
	return wire.NewElement(wire.NSClient, "message",
		"type", "groupchat", "from", r.jid.String(), "to", to.String()).Add(subject)
}

// roomMessage handles a message to the room service: only occupants speak, and
// only to everyone (XEP-0045 7.4).
func (h *hub) roomMessage(from *client, e *wire.Element, to jid) {
	r := h.rooms[to.local]
	if r == nil {
		from.bounce(e, "cancel", "item-not-found", "")
		return
	}
	switch o := r.of(from); {
	case o == nil:
		from.bounce(e, "cancel", "not-acceptable", "You are not currently connected to this chat")
	case to.resource != "" || e.Attr("type") != "groupchat":
		from.bounce(e, "modify", "bad-request", "")
	case o.role == "visitor":
		from.bounce(e, "auth", "forbidden", "You do not currently have permission to speak in this chat")
	default:
		h.reflect(r, o, e)
	}
}

// reflect gives a message to everyone in the room, its sender included.
func (h *hub) reflect(r *room, from *occupant, e *wire.Element) {
	m := addressed(e, r.jid)
	m.SetAttr("from", r.jid.with(from.nick).String())
	h.record(r.jid, m, false)
	for _, o := range r.present() {
		for _, c := range o.clients {
			c.send(addressed(m, c.jid))
		}
	}
}
