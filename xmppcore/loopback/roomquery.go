package loopback

import (
	"maps"
	"slices"
)

// roomQuery handles an iq to the service, a room or an occupant.
func (h *hub) roomQuery(s *session, iq *element, to address) {
	if kind := iq.attr("type"); kind != "get" && kind != "set" {
		return
	}
	payload := iq.first()
	if to.local == "" {
		h.serviceQuery(s, iq, payload)
		return
	}
	r := h.rooms[to.local]
	if r == nil {
		s.bounce(iq, "cancel", "item-not-found", h.cfg.Wording.say("", "Conference room does not exist"))
		return
	}
	o := r.of(s)
	switch {
	case to.resource != "":
		h.occupantQuery(s, r, o, iq, payload, to.resource)
	case payload.is(nsDiscoInfo, "query"):
		s.send(reply(iq).add(discoInfo("conference", "text", r.title(), r.features()...)))
	case payload.is(nsDiscoItems, "query"):
		items := newElement(nsDiscoItems, "query")
		for _, x := range r.present() {
			items.add(newElement(nsDiscoItems, "item", "jid", r.addr.with(x.nick).String()))
		}
		s.send(reply(iq).add(items))
	case payload.is(nsMUCOwner, "query"):
		h.ownerQuery(s, r, iq, payload)
	case payload.is(nsMUCAdmin, "query"):
		h.adminQuery(s, r, o, iq, payload)
	default:
		s.bounce(iq, "cancel", "service-unavailable", "")
	}
}

func (h *hub) serviceQuery(s *session, iq, payload *element) {
	switch {
	case payload.is(nsDiscoInfo, "query"):
		s.send(reply(iq).add(discoInfo("conference", "text", "Chat rooms", nsDiscoInfo, nsDiscoItems, nsMUC)))
	case payload.is(nsDiscoItems, "query"):
		items := newElement(nsDiscoItems, "query")
		for _, name := range slices.Sorted(maps.Keys(h.rooms)) {
			r := h.rooms[name]
			items.add(newElement(nsDiscoItems, "item", "jid", r.addr.String(), "name", r.title()))
		}
		s.send(reply(iq).add(items))
	case payload.is(nsPing, "ping"):
		s.send(reply(iq))
	default:
		s.bounce(iq, "cancel", "service-unavailable", "")
	}
}

// occupantQuery is an iq to room/nick: the room answers the self-ping of
// XEP-0410 and passes nothing on.
func (h *hub) occupantQuery(s *session, r *room, o *occupant, iq, payload *element, nick string) {
	switch {
	case o == nil:
		s.bounce(iq, "cancel", "not-acceptable", "You are not currently connected to this chat")
	case r.occupants[nick] == nil:
		s.bounce(iq, "cancel", "item-not-found", "")
	case payload.is(nsPing, "ping") && nick == o.nick:
		s.send(reply(iq))
	default:
		s.bounce(iq, "cancel", "service-unavailable", "")
	}
}

func (r *room) title() string {
	if r.Title != "" {
		return r.Title
	}
	return r.addr.local
}

// features are what disco#info says of a room (XEP-0045 6.4).
func (r *room) features() []string {
	pick := func(is bool, yes, no string) string {
		if is {
			return yes
		}
		return no
	}
	return []string{
		nsMUC, nsDiscoInfo, nsDiscoItems, "muc_public", "muc_semianonymous",
		pick(r.kept, "muc_persistent", "muc_temporary"),
		pick(r.MembersOnly, "muc_membersonly", "muc_open"),
		pick(r.Moderated, "muc_moderated", "muc_unmoderated"),
		pick(r.Password != "", "muc_passwordprotected", "muc_unsecured"),
	}
}

// ownerQuery is the configuration form (XEP-0045 10.2): the five fields that
// change who may enter and speak.
func (h *hub) ownerQuery(s *session, r *room, iq, query *element) {
	if r.affiliation(s.acct.addr) != "owner" {
		s.bounce(iq, "auth", "forbidden", "")
		return
	}
	form := query.child(nsDataForms, "x")
	switch {
	case iq.attr("type") == "get":
		s.send(reply(iq).add(newElement(nsMUCOwner, "query").add(r.form())))
		return
	case query.child(nsMUCOwner, "destroy") != nil:
		s.send(reply(iq))
		for _, o := range r.present() {
			r.gone(o, nil)
		}
		delete(h.rooms, r.addr.local)
		h.notify()
		return
	case form == nil:
		s.bounce(iq, "modify", "bad-request", "")
		return
	case form.attr("type") == "submit":
		r.configure(form)
	}
	s.send(reply(iq))
}

// The fields of the configuration form.
const (
	fieldPersistent = "muc#roomconfig_persistentroom"
	fieldMembers    = "muc#roomconfig_membersonly"
	fieldModerated  = "muc#roomconfig_moderatedroom"
	fieldProtected  = "muc#roomconfig_passwordprotectedroom"
	fieldSecret     = "muc#roomconfig_roomsecret"
	fieldName       = "muc#roomconfig_roomname"
)

func (r *room) form() *element {
	form := newElement(nsDataForms, "x", "type", "form")
	field := func(name, kind, value string) {
		f := newElement(nsDataForms, "field", "var", name, "type", kind)
		form.add(f.add(newElement(nsDataForms, "value").addText(value)))
	}
	boolean := func(name string, on bool) { field(name, "boolean", map[bool]string{true: "1", false: "0"}[on]) }
	field("FORM_TYPE", "hidden", nsMUCConfig)
	field(fieldName, "text-single", r.Title)
	boolean(fieldPersistent, r.kept)
	boolean(fieldMembers, r.MembersOnly)
	boolean(fieldModerated, r.Moderated)
	boolean(fieldProtected, r.Password != "")
	field(fieldSecret, "text-private", r.Password)
	return form
}

func (r *room) configure(form *element) {
	on := func(v string) bool { return v == "1" || v == "true" }
	for _, f := range form.children() {
		value := f.child(nsDataForms, "value").text()
		switch f.attr("var") {
		case fieldName:
			r.Title = value
		case fieldPersistent:
			r.kept = on(value)
		case fieldMembers:
			r.MembersOnly = on(value)
		case fieldModerated:
			r.Moderated = on(value)
		case fieldSecret:
			r.Password = value
		case fieldProtected:
			if !on(value) {
				r.Password = ""
			}
		}
	}
}

// adminQuery changes roles by nick and affiliations by JID (XEP-0045 8, 9).
func (h *hub) adminQuery(s *session, r *room, o *occupant, iq, query *element) {
	trusted := slices.Contains([]string{"owner", "admin"}, r.affiliation(s.acct.addr))
	if !trusted && (o == nil || o.role != "moderator") {
		s.bounce(iq, "auth", "forbidden", "")
		return
	}
	if iq.attr("type") == "get" {
		h.adminList(s, r, iq, query)
		return
	}
	by := ""
	if o != nil {
		by = o.nick
	}
	for _, item := range query.children() {
		reason := item.child(nsMUCAdmin, "reason").text()
		target := r.occupants[item.attr("nick")]
		switch role, affiliation := item.attr("role"), item.attr("affiliation"); {
		case affiliation != "" && trusted:
			bare, err := h.named(item.attr("jid"))
			if err != nil {
				s.bounce(iq, "modify", "jid-malformed", "")
				return
			}
			h.affiliate(r, bare, affiliation, by, reason)
		case role == "none" && target != nil:
			h.kick(r, target, by, reason)
		case role != "" && target != nil:
			target.role = role
			r.announce(target)
		default:
			s.bounce(iq, "cancel", "not-allowed", "")
			return
		}
	}
	s.send(reply(iq))
}

// affiliate changes an affiliation; a ban takes its effect at once.
func (h *hub) affiliate(r *room, bare address, affiliation, by, reason string) {
	r.affiliations[bare.String()] = affiliation
	for _, o := range r.present() {
		if o.addr != bare {
			continue
		}
		if affiliation == "outcast" {
			h.remove(r, o, by, reason, "301")
			continue
		}
		o.role = r.role(affiliation)
		r.announce(o)
	}
}

func (h *hub) adminList(s *session, r *room, iq, query *element) {
	wanted := query.child(nsMUCAdmin, "item").attrOf("affiliation")
	list := newElement(nsMUCAdmin, "query")
	for _, jid := range slices.Sorted(maps.Keys(r.affiliations)) {
		if r.affiliations[jid] == wanted {
			list.add(newElement(nsMUCAdmin, "item", "jid", jid, "affiliation", wanted))
		}
	}
	s.send(reply(iq).add(list))
}
