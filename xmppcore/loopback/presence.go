package loopback

import (
	"strconv"
	"strings"
)

// presence handles a presence stanza of a local client. One that is for an
// account gets no answer, as on real servers when nobody is there: joining
// room@domain, without the service, ends in silence.
func (h *hub) presence(from *session, e *element, to address) {
	kind := e.attr("type")
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
func (h *hub) becomeAvailable(s *session, e *element) {
	s.available, s.priority = true, 0
	if p, err := strconv.Atoi(strings.TrimSpace(e.child(nsClient, "priority").text())); err == nil {
		s.priority = p
	}
	s.acct.broadcast(e)
	h.notify()
}

// becomeUnavailable ends a client's availability (RFC 6121 4.5).
func (h *hub) becomeUnavailable(s *session, e *element) {
	if !s.available {
		return
	}
	e.setAttr("from", s.addr.String())
	s.acct.broadcast(e)
	s.available = false
	h.notify()
}

// broadcast tells the account's own clients of the presence of one of them.
func (a *account) broadcast(e *element) {
	for _, s := range a.sessions {
		if s.available {
			s.send(addressed(e, a.addr))
		}
	}
}

// addressed is a copy of a stanza with another to.
func addressed(e *element, to address) *element {
	c := e.copy()
	c.setAttr("to", to.String())
	return c
}
