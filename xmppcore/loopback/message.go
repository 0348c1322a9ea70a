package loopback

import "xmppscope/xmppcore/wire"

// message routes a message of a local client (RFC 6121 8.5).
func (h *hub) message(from *session, e *wire.Element, to address) {
	switch {
	case to == address{}:
		to = from.addr.bare() // RFC 6120 10.3: to one's own account
		e.SetAttr("to", to.String())
	case to.domain == h.cfg.Service:
		h.roomMessage(from, e, to)
		return
	case to.domain != h.cfg.Domain:
		remote(from, e)
		return
	}
	acct, kind := h.accounts[to.local], e.Attr("type")
	if acct == nil || kind == "groupchat" {
		from.bounce(e, "cancel", "service-unavailable", "")
		return
	}
	takers := h.takers(acct, to)
	if len(takers) == 0 && (kind == "headline" || kind == "error") {
		return
	}
	h.record(acct.addr, e, len(takers) == 0)
	for _, s := range takers {
		s.send(e)
	}
}

// takers are the clients of an account that a message reaches: the one with
// its full JID, else all that want messages to the account.
func (h *hub) takers(acct *account, to address) []*session {
	if s := h.session(to); s != nil {
		return []*session{s}
	}
	var takers []*session
	for _, s := range acct.sessions {
		if s.available && s.priority >= 0 {
			takers = append(takers, s)
		}
	}
	return takers
}

// remote answers for every other domain: there is no server-to-server side.
func remote(from *session, e *wire.Element) {
	from.bounce(e, "cancel", "remote-server-not-found", "Server-to-server connection failed: unable to resolve service")
}

// resident is what a resident does with a stanza: where it is to, it answers
// requests for a receipt (XEP-0184).
func (h *hub) resident(s *session, e *wire.Element) {
	if !s.acct.Receipts || e.Name.Local != "message" || e.Attr("type") == "error" {
		return
	}
	from, err := parseAddress(e.Attr("from"))
	if err != nil || e.Child(wire.NSReceipts, "request") == nil || e.Attr("id") == "" {
		return
	}
	h.message(s, wire.NewElement(wire.NSClient, "message", "from", s.addr.String(), "to", from.String(), "type", e.Attr("type"),
		"id", randomID()).Add(wire.NewElement(wire.NSReceipts, "received", "id", e.Attr("id"))), from)
}
