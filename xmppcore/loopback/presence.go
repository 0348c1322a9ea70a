package loopback

import (
	"strconv"
	"strings"

	"xmppscope/xmppcore/wire"
)

// presence handles a presence stanza of a local client. One that is for an
// account gets no answer, as on real servers when nobody is there: joining
// room@domain, without the service, ends in silence.
func (h *hub) presence(from *session, e *wire.Element, to address) {
	kind := e.Attr("type")
	switch {
	case to == address{} && kind == "":
		h.becomeAvailable(from, e)
	case to == address{} && kind == "unavailable":
		h.becomeUnavailable(from, e)
		h.leaveRooms(from)
	case to == address{} || to.domain == h.cfg.Domain:
	case to.domain == h.cfg.Service:
		h.roomPresence(from, e, to)
	case kind == "" || kind == "unavailable":
		remote(from, e)
	}
}

// becomeAvailable is initial presence or a change of it (RFC 6121 4.2, 4.4).
func (h *hub) becomeAvailable(s *session, e *wire.Element) {
	s.available, s.priority = true, 0
	if p, err := strconv.Atoi(strings.TrimSpace(e.ChildText(wire.NSClient, "priority"))); err == nil {
		s.priority = p
	}
	s.acct.broadcast(e)
	h.notify()
}

// becomeUnavailable ends a client's availability (RFC 6121 4.5).
func (h *hub) becomeUnavailable(s *session, e *wire.Element) {
	if !s.available {
		return
	}
	e.SetAttr("from", s.addr.String())
	s.acct.broadcast(e)
	s.available = false
	h.notify()
}

// broadcast tells the account's own clients of the presence of one of them.
func (a *account) broadcast(e *wire.Element) {
	for _, s := range a.sessions {
		if s.available {
			s.send(addressed(e, a.addr))
		}
	}
}

// addressed is a copy of a stanza with another to.
func addressed(e *wire.Element, to address) *wire.Element {
	c := e.Clone()
	c.SetAttr("to", to.String())
	return c
}
