package loopback

import "xmppscope/xmppcore/wire"

// message routes a message of a client (RFC 6121 8.5).
func (h *hub) message(from *client, e *wire.Element, to jid) {
	switch {
	case to == jid{}:
		to = from.jid.bare() // RFC 6120 10.3: to one's own account
		e.SetAttr("to", to.String())
	case to.domain == h.config.Service:
		h.roomMessage(from, e, to)
		return
	case to.domain != h.config.Domain:
		remote(from, e)
		return
	}
	a, kind := h.accounts[to.local], e.Attr("type")
	if a == nil || kind == "groupchat" {
		from.bounce(e, "cancel", "service-unavailable", "")
		return
	}
	recipients := a.recipients(to)
	if len(recipients) == 0 && (kind == "headline" || kind == "error") {
		return
	}
	h.record(a.jid, e, len(recipients) == 0)
	for _, c := range recipients {
		c.send(e)
	}
}

// recipients are the clients of an account that a message reaches: the one with
// its full JID, else all that want messages to the account.
func (a *account) recipients(to jid) []*client {
	var all []*client
	for _, c := range a.clients {
		if c.jid == to {
			return []*client{c}
		}
		if c.available && c.priority >= 0 {
			all = append(all, c)
		}
	}
	return all
}

// remote answers for every other domain: there is no server-to-server side.
func remote(from *client, e *wire.Element) {
	from.bounce(e, "cancel", "remote-server-not-found", "Server-to-server connection failed: unable to resolve service")
}

// resident is what a resident does with a stanza: it may answer requests for a
// receipt (XEP-0184).
func (h *hub) resident(c *client, e *wire.Element) {
	m, ok := wire.AsMessage(e)
	asked := e.Child(wire.NSReceipts, "request") != nil
	if !ok || !asked || !c.account.Receipts || m.ID == "" || m.Type == "error" {
		return
	}
	from, err := parseJID(m.From)
	if err != nil {
		return
	}
	receipt := wire.NewElement(wire.NSClient, "message",
		"from", c.jid.String(), "to", from.String(), "type", m.Type, "id", randomID())
	h.message(c, receipt.Add(wire.NewElement(wire.NSReceipts, "received", "id", m.ID)), from)
}
