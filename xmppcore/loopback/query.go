package loopback

import "xmppscope/xmppcore/wire"

// query answers an iq of a local client (RFC 6120 8.2.3). The server answers
// for itself and for the client's account; nobody else answers anything.
func (h *hub) query(s *session, iq *wire.Element, to address) {
	if kind := iq.Attr("type"); kind != "get" && kind != "set" {
		return // an answer, and we ask nothing
	}
	if iq.Attr("id") == "" || len(iq.Children) != 1 {
		s.bounce(iq, "modify", "bad-request", "")
		return
	}
	payload := iq.Children[0]
	get := iq.Attr("type") == "get"
	switch {
	case to.domain != "" && to.domain != h.cfg.Domain && to.domain != h.cfg.Service:
		remote(s, iq)
	case to != address{} && to != s.acct.addr && to != address{domain: h.cfg.Domain}:
		s.bounce(iq, "cancel", "service-unavailable", "")
	case payload.Is(wire.NSPing, "ping") && get:
		s.send(reply(iq))
	case payload.Is(wire.NSSession, "session"):
		s.send(reply(iq)) // RFC 3921 3: a no-op since RFC 6121
	case payload.Is(wire.NSRoster, "query") && get:
		s.send(reply(iq).Add(s.acct.rosterResult()))
	default:
		s.bounce(iq, "cancel", "service-unavailable", "")
	}
}

// rosterResult is the account's contacts (RFC 6121 2.1.4).
func (a *account) rosterResult() *wire.Element {
	list := wire.NewElement(wire.NSRoster, "query")
	for _, jid := range a.contacts {
		list.Add(wire.NewElement(wire.NSRoster, "item", "jid", jid.String(), "subscription", "both"))
	}
	return list
}
