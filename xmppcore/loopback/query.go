package loopback

// query answers an iq of a local client (RFC 6120 8.2.3). The server answers
// for itself and for the client's account; nobody else answers anything.
func (h *hub) query(s *session, iq *element, to address) {
	if kind := iq.attr("type"); kind != "get" && kind != "set" {
		return // an answer, and we ask nothing
	}
	payload := iq.first()
	get := iq.attr("type") == "get"
	switch {
	case iq.attr("id") == "" || len(iq.children()) != 1:
		s.bounce(iq, "modify", "bad-request", "")
	case to.domain != "" && to.domain != h.cfg.Domain && to.domain != h.cfg.Service:
		remote(s, iq)
	case to != address{} && to != s.acct.addr && to != address{domain: h.cfg.Domain}:
		s.bounce(iq, "cancel", "service-unavailable", "")
	case payload.is(nsPing, "ping") && get:
		s.send(reply(iq))
	case payload.is(nsSession, "session"):
		s.send(reply(iq)) // RFC 3921 3: a no-op since RFC 6121
	case payload.is(nsRoster, "query") && get:
		s.send(reply(iq).add(s.acct.rosterResult()))
	default:
		s.bounce(iq, "cancel", "service-unavailable", "")
	}
}

// rosterResult is the account's contacts (RFC 6121 2.1.4).
func (a *account) rosterResult() *element {
	list := newElement(nsRoster, "query")
	for _, jid := range a.contacts {
		list.add(newElement(nsRoster, "item", "jid", jid.String(), "subscription", "both"))
	}
	return list
}
