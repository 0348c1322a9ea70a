package loopback

import (
	"strconv"
	"strings"

	"xmppscope/xmppcore/wire"
)

// presence handles a presence stanza of a client. One that is for an account
// gets no answer, as on real servers when nobody is there: joining room@domain,
// without the service, ends in silence.
func (h *hub) presence(from *client, e *wire.Element, to jid) {
	kind := e.Attr("type")
	switch {
	case to == jid{} && kind == "":
		h.becomeAvailable(from, e)
	case to == jid{} && kind == "unavailable":
		h.becomeUnavailable(from, e)
		h.leaveRooms(from)
	case to == jid{} || to.domain == h.config.Domain:
	case to.domain == h.config.Service:
		h.roomPresence(from, e, to)
	case kind == "" || kind == "unavailable":
		remote(from, e)
	}
}

// becomeAvailable is initial presence or a change of it (RFC 6121 4.2, 4.4).
func (h *hub) becomeAvailable(c *client, e *wire.Element) {
	c.available, c.priority = true, 0
	if p, err := strconv.Atoi(strings.TrimSpace(e.ChildText(wire.NSClient, "priority"))); err == nil {
		c.priority = p
	}
	c.account.broadcast(e)
	h.notify()
}

// becomeUnavailable ends a client's availability (RFC 6121 4.5).
func (h *hub) becomeUnavailable(c *client, e *wire.Element) {
	if !c.available {
		return
	}
	e.SetAttr("from", c.jid.String())
	c.account.broadcast(e)
	c.available = false
	h.notify()
}

// broadcast tells the account's own clients of the presence of one of them.
func (a *account) broadcast(e *wire.Element) {
	for _, c := range a.clients {
		if c.available {
			c.send(addressed(e, a.jid))
		}
	}
}

// addressed is a copy of a stanza with another to.
func addressed(e *wire.Element, to jid) *wire.Element {
	c := e.Clone()
	c.SetAttr("to", to.String())
	return c
}
