package loopback

import "xmppscope/xmppcore/wire"

// iq answers an iq of a client (RFC 6120 8.2.3). The server answers for itself
// and for the client's account; nobody else answers anything.
func (h *hub) iq(from *client, e *wire.Element, to jid) {
	kind := e.Attr("type")
	if kind != "get" && kind != "set" {
		return // an answer, and we ask nothing
	}
	if e.Attr("id") == "" || len(e.Children) != 1 {
		from.bounce(e, "modify", "bad-request", "")
		return
	}
	payload := e.Children[0]
	items, info := payload.Is(wire.NSDiscoItems, "query"), payload.Is(wire.NSDiscoInfo, "query")
	switch {
	case kind == "get" && items && to == jid{domain: h.config.Domain} && h.config.Service != "": // XEP-0030 4
		from.send(result(e).Add(wire.NewElement(wire.NSDiscoItems, "query").Add(
			wire.NewElement(wire.NSDiscoItems, "item", "jid", h.config.Service))))
	case kind == "get" && info && to == jid{domain: h.config.Service}: // XEP-0045 6.1
		from.send(result(e).Add(wire.NewElement(wire.NSDiscoInfo, "query").Add(
			wire.NewElement(wire.NSDiscoInfo, "identity", "category", "conference", "type", "text"))))
	case to != jid{} && to.domain != h.config.Domain && to.domain != h.config.Service:
		remote(from, e)
	case to != jid{} && to != from.account.jid && to != jid{domain: h.config.Domain}:
		from.bounce(e, "cancel", "service-unavailable", "")
	case kind == "get" && payload.Is(wire.NSPing, "ping"):
		from.send(result(e))
	case payload.Is(wire.NSSession, "session"):
		from.send(result(e)) // RFC 3921 3: does nothing since RFC 6121
	case kind == "get" && payload.Is(wire.NSRoster, "query"):
		from.send(result(e).Add(from.account.roster()))
	default:
		from.bounce(e, "cancel", "service-unavailable", "")
	}
}

// roster is the account's contacts (RFC 6121 2.1.4).
func (a *account) roster() *wire.Element {
	list := wire.NewElement(wire.NSRoster, "query")
	for _, contact := range a.contacts {
		list.Add(wire.NewElement(wire.NSRoster, "item", "jid", contact.String(), "subscription", "both"))
	}
	return list
}
