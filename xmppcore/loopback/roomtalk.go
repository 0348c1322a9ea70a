package loopback

// roomMessage handles a message to the room service.
func (h *hub) roomMessage(s *session, e *element, to address) {
	kind := e.attr("type")
	if kind == "error" {
		return
	}
	r := h.rooms[to.local]
	if r == nil {
		s.bounce(e, "cancel", "item-not-found", h.cfg.Wording.say("", "Conference room does not exist"))
		return
	}
	o := r.of(s)
	switch {
	case o == nil && h.cfg.Wording == Ejabberd:
		s.bounce(e, "modify", "not-acceptable", "Only occupants are allowed to send messages to the conference")
	case o == nil:
		s.bounce(e, "cancel", "not-acceptable", "You are not currently connected to this chat")
	case to.resource != "" && kind == "groupchat":
		s.bounce(e, "modify", "bad-request", "")
	case to.resource != "":
		h.privateMessage(s, r, o, e, to.resource)
	case kind != "groupchat":
		s.bounce(e, "modify", "bad-request", "")
	default:
		h.talk(s, r, o, e)
	}
}

// talk reflects a message to everyone in the room (XEP-0045 7.4).
func (h *hub) talk(s *session, r *room, o *occupant, e *element) {
	if o.role == "visitor" {
		s.bounce(e, "auth", "forbidden", h.cfg.Wording.say(
			"You do not currently have permission to speak in this chat", "Visitors are not allowed to send messages to all occupants"))
		return
	}
	m := e.copy()
	m.setAttr("from", r.addr.with(o.nick).String())
	m.setAttr("to", r.addr.String())
	if e.child(nsClient, "subject") != nil && e.child(nsClient, "body") == nil {
		r.subject, r.subjectBy = e.child(nsClient, "subject").text(), o.nick
	} else if e.child(nsClient, "body") != nil {
		r.remember(m)
	}
	h.record(r.addr, m, false)
	for _, other := range r.present() {
		for _, receiver := range other.sessions {
			if receiver == s && h.cfg.Faults.NoReflection {
				continue
			}
			receiver.send(addressed(m, receiver.addr))
		}
	}
}

// privateMessage goes to one occupant (XEP-0045 7.5).
func (h *hub) privateMessage(s *session, r *room, o *occupant, e *element, nick string) {
	other := r.occupants[nick]
	if other == nil {
		s.bounce(e, "cancel", "item-not-found", h.cfg.Wording.say(
			"Recipient not in room", "Recipient is not in the conference room"))
		return
	}
	m := e.copy()
	m.setAttr("from", r.addr.with(o.nick).String())
	if m.child(nsMUCUser, "x") == nil {
		m.add(newElement(nsMUCUser, "x"))
	}
	for _, receiver := range other.sessions {
		receiver.send(addressed(m, receiver.addr))
	}
}
