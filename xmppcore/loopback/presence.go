package loopback

import (
	"slices"
	"strconv"
	"strings"
)

// presence handles a presence stanza of a local client.
func (h *hub) presence(from *session, e *element, to address) {
	kind := e.attr("type")
	switch {
	case to == address{}:
		switch kind {
		case "":
			h.becomeAvailable(from, e)
		case "unavailable":
			h.becomeUnavailable(from, e)
			h.leaveRooms(from)
		}
	case to.domain == h.cfg.Service:
		h.roomPresence(from, e, to)
	case kind == "subscribe" || kind == "subscribed" || kind == "unsubscribe" || kind == "unsubscribed":
		h.subscription(from, e, to.bare())
	case to.domain == h.cfg.Domain:
		// Directed presence. To an address that does not exist it vanishes, as
		// on real servers: joining room@domain without the service gets no
		// answer at all.
		h.direct(e, to)
	case kind == "" || kind == "unavailable":
		h.remote(from, e, to)
	}
}

// becomeAvailable is initial presence or a change of it (RFC 6121 4.2, 4.4).
func (h *hub) becomeAvailable(s *session, e *element) {
	initial := !s.available
	s.available, s.presence = true, e
	s.priority = 0
	if p, err := strconv.Atoi(strings.TrimSpace(e.child(nsClient, "priority").text())); err == nil {
		s.priority = p
	}
	h.broadcastPresence(s, e)
	if initial {
		h.probeContacts(s)
	}
	if s.priority >= 0 {
		h.flushOffline(s)
	}
	h.notify()
}

// becomeUnavailable ends a client's availability (RFC 6121 4.5).
func (h *hub) becomeUnavailable(s *session, e *element) {
	if !s.available {
		return
	}
	e.setAttr("from", s.addr.String())
	h.broadcastPresence(s, e)
	s.available, s.presence = false, nil
	h.notify()
}

// broadcastPresence tells the account's own clients and everyone who is
// subscribed to it.
func (h *hub) broadcastPresence(s *session, e *element) {
	h.direct(e, s.acct.addr)
	for _, c := range s.acct.contacts() {
		if c.subscription == "from" || c.subscription == "both" {
			h.direct(e, c.jid)
		}
	}
}

// probeContacts gives a client that came online the presence of those it is
// subscribed to, and the subscription requests that wait.
func (h *hub) probeContacts(s *session) {
	for _, other := range s.acct.sessions {
		if other != s && other.available {
			s.send(addressed(other.presence, s.acct.addr))
		}
	}
	for _, c := range s.acct.contacts() {
		if c.request {
			s.send(newElement(nsClient, "presence", "type", "subscribe", "from", c.jid.String(), "to", s.acct.addr.String()))
		}
		acct := h.accounts[c.jid.local]
		if acct == nil || c.jid.domain != h.cfg.Domain || c.subscription != "to" && c.subscription != "both" {
			continue
		}
		for _, other := range acct.sessions {
			if other.available {
				s.send(addressed(other.presence, s.addr))
			}
		}
	}
}

// direct gives presence to one local address, if anybody is there.
func (h *hub) direct(e *element, to address) {
	acct := h.accounts[to.local]
	if acct == nil || to.domain != h.cfg.Domain {
		return
	}
	for _, s := range slices.Clone(acct.sessions) {
		if to.resource == "" && s.available || s.addr == to {
			s.send(addressed(e, to))
		}
	}
}

// addressed is a copy of a stanza with another to.
func addressed(e *element, to address) *element {
	c := e.copy()
	c.setAttr("to", to.String())
	return c
}
