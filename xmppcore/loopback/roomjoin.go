package loopback

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// enterRoom is joining, a change of nick, or a change of presence inside a room
// (XEP-0045 7.2, 7.6, 7.7).
func (h *hub) enterRoom(s *session, r *room, e *element, to address) {
	presence := e.copy()
	presence.nodes = slices.DeleteFunc(presence.nodes, func(n node) bool {
		return n.el != nil && (n.el.is(nsMUC, "x") || n.el.is(nsMUCUser, "x"))
	})
	for _, a := range []string{"id", "from", "to"} {
		presence.setAttr(a, "")
	}
	if r != nil {
		if o := r.of(s); o != nil && e.child(nsMUC, "x") == nil {
			h.changeInRoom(s, r, o, presence, e, to.resource)
			return
		}
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
	for _, viewer := range r.present() {
		for _, v := range viewer.sessions {
			if viewer != o {
				v.send(r.presenceOf(o, v, viewer))
			}
		}
	}
	s.send(r.presenceOf(o, s, o, codes...))
	r.replay(s, e.child(nsMUC, "x").child(nsMUC, "history"))
	s.send(r.subjectMessage(s.addr))
	h.logf("%s joined %s as %s", s.addr, r.addr, nick)
	h.notify()
}

// createRoom makes a room for its first occupant (XEP-0045 10.1), or says why
// not.
func (h *hub) createRoom(s *session, e *element, to address) *room {
	switch h.cfg.Creation {
	case RoomsNotFound:
		s.bounce(e, "cancel", "item-not-found", h.cfg.Wording.say("", "Conference room does not exist"))
		return nil
	case CreateNotAllowed:
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
func (h *hub) admit(s *session, r *room, e *element, nick string) bool {
	refuse := func(kind, condition, ejabberd string) bool {
		s.bounce(e, kind, condition, h.cfg.Wording.say("", ejabberd))
		return false
	}
	affiliation := r.affiliation(s.acct.addr)
	trusted := affiliation == "owner" || affiliation == "admin"
	password := e.child(nsMUC, "x").child(nsMUC, "password").text()
	switch holder := r.occupants[nick]; {
	case affiliation == "outcast":
		return refuse("auth", "forbidden", "You have been banned from this room")
	case r.MembersOnly && affiliation == "none":
		return refuse("auth", "registration-required", "Membership is required to enter this room")
	case r.Password != "" && !trusted && password == "":
		return refuse("auth", "not-authorized", "A password is required to enter this room")
	case r.Password != "" && !trusted && password != r.Password:
		return refuse("auth", "not-authorized", "Incorrect password")
	case holder != nil && !slices.Contains(holder.sessions, s) && (holder.addr != s.acct.addr || h.cfg.Wording == Ejabberd):
		return refuse("cancel", "conflict", "That nickname is already in use by another occupant")
	}
	if o := r.of(s); o != nil && o.nick != nick {
		// A second join under another nick: the first one ends.
		h.leaveRoom(s, r)
	}
	return true
}

// changeInRoom is presence from somebody who is in the room already.
func (h *hub) changeInRoom(s *session, r *room, o *occupant, presence, e *element, nick string) {
	if nick == o.nick {
		o.presence = presence
		r.announce(o)
		return
	}
	if r.occupants[nick] != nil {
		s.bounce(e, "cancel", "conflict", h.cfg.Wording.say("", "That nickname is already in use by another occupant"))
		return
	}
	role, arrived, sessions := o.role, o.arrived, o.sessions
	r.gone(o, func(item *element) { item.setAttr("nick", nick) }, "303")
	renamed := &occupant{nick: nick, addr: o.addr, sessions: sessions, role: role, presence: presence, arrived: arrived}
	r.occupants[nick] = renamed
	r.announce(renamed)
	h.notify()
}

// maxHistory is how many messages a room keeps for newcomers.
const maxHistory = 20

// replay sends the kept messages that the newcomer wants (XEP-0045 7.2.13).
func (r *room) replay(s *session, wanted *element) {
	kept := r.history
	if n, err := strconv.Atoi(wanted.attrOf("maxstanzas")); err == nil && n >= 0 && n < len(kept) {
		kept = kept[len(kept)-n:]
	}
	if n, err := strconv.Atoi(wanted.attrOf("maxchars")); err == nil && n >= 0 {
		for len(kept) > 0 && sizeOf(kept) > n {
			kept = kept[1:]
		}
	}
	since, err := time.Parse(time.RFC3339, wanted.attrOf("since"))
	if n, e := strconv.Atoi(wanted.attrOf("seconds")); e == nil {
		since, err = time.Now().Add(-time.Duration(n)*time.Second), nil
	}
	for _, m := range kept {
		if sent, e := time.Parse(time.RFC3339, m.child(nsDelay, "delay").attrOf("stamp")); err == nil && e == nil && sent.Before(since) {
			continue
		}
		s.send(addressed(m, s.addr))
	}
}

// sizeOf is the length of messages as XML, the measure of maxchars.
func sizeOf(messages []*element) int {
	total := 0
	for _, m := range messages {
		total += len(m.String())
	}
	return total
}

// remember keeps a message for newcomers.
func (r *room) remember(m *element) {
	m = m.copy()
	m.add(newElement(nsDelay, "delay", "from", r.addr.String(), "stamp", stamp(time.Now())))
	r.history = append(r.history, m)
	if len(r.history) > maxHistory {
		r.history = r.history[1:]
	}
}

// subjectMessage ends a join (XEP-0045 7.2.15). Without a subject it is empty.
func (r *room) subjectMessage(to address) *element {
	from := r.addr
	if r.subjectBy != "" {
		from = r.addr.with(r.subjectBy)
	}
	subject := newElement(nsClient, "subject")
	if strings.TrimSpace(r.subject) != "" {
		subject.addText(r.subject)
	}
	return newElement(nsClient, "message", "type", "groupchat", "from", from.String(), "to", to.String()).add(subject)
}
