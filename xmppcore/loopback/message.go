package loopback

import (
	"slices"
	"time"
)

// message routes a message of a local client (RFC 6121 8.5).
func (h *hub) message(from *session, e *element, to address) {
	switch {
	case to == address{}:
		to = from.addr.bare() // RFC 6120 10.3: to one's own account
		e.setAttr("to", to.String())
	case to.domain == h.cfg.Service:
		h.roomMessage(from, e, to)
		return
	case to.domain != h.cfg.Domain:
		h.remote(from, e, to)
		return
	case to.local == "":
		from.bounce(e, "cancel", "service-unavailable", "")
		return
	}
	h.deliver(from, e, to)
}

// remote answers for every other domain: there is no server-to-server side.
func (h *hub) remote(from *session, e *element, to address) {
	if slices.Contains(h.cfg.Faults.SilentDomains, to.domain) {
		return
	}
	from.bounce(e, "cancel", "remote-server-not-found", h.cfg.Wording.say(
		"Server-to-server connection failed: unable to resolve service", "DNS lookup failed: enoname"))
}

// deliver hands a message to an account of ours.
func (h *hub) deliver(from *session, e *element, to address) {
	acct := h.accounts[to.local]
	if acct == nil {
		from.bounce(e, "cancel", "service-unavailable", "")
		return
	}
	kind := e.attr("type")
	var takers []*session
	if to.resource != "" {
		if s := h.session(to); s != nil {
			takers = []*session{s}
		}
	}
	if takers == nil && to.resource != "" && kind != "" && kind != "chat" && kind != "normal" {
		if kind != "headline" {
			from.bounce(e, "cancel", "service-unavailable", "")
		}
		return
	}
	if takers == nil && kind == "groupchat" {
		from.bounce(e, "cancel", "service-unavailable", "")
		return
	}
	if takers == nil {
		for _, s := range acct.sessions {
			if s.available && s.priority >= 0 {
				takers = append(takers, s)
			}
		}
	}
	if kind == "error" && len(takers) == 0 {
		return
	}
	if len(takers) == 0 && len(acct.offline) >= maxOffline {
		from.bounce(e, "cancel", "service-unavailable", "") // XEP-0160 2
		return
	}
	h.record(acct.addr, e, len(takers) == 0)
	if len(takers) == 0 {
		h.store(acct, e)
	}
	for _, s := range takers {
		s.send(e)
	}
	h.carbon(from, e, acct, takers)
}

// store keeps a message for later, as XEP-0160 says: chat and normal messages
// with something to read.
func (h *hub) store(acct *account, e *element) {
	kind := e.attr("type")
	if kind == "headline" || e.child(nsClient, "body") == nil && e.child(nsClient, "subject") == nil && receiptOf(e) == "" {
		return
	}
	stored := e.copy()
	acct.offline = append(acct.offline, stored.add(
		newElement(nsDelay, "delay", "from", h.cfg.Domain, "stamp", stamp(time.Now()))))
}

// flushOffline gives a client that came online what was kept.
func (h *hub) flushOffline(s *session) {
	for _, e := range s.acct.offline {
		s.send(e)
	}
	s.acct.offline = nil
}

// carbon copies a chat message to the other clients of both sides that asked
// for copies (XEP-0280).
func (h *hub) carbon(from *session, e *element, to *account, takers []*session) {
	if e.attr("type") != "chat" || e.child(nsCarbons, "private") != nil {
		return
	}
	wrap := func(direction string, s *session) {
		s.send(newElement(nsClient, "message", "from", s.addr.bare().String(), "to", s.addr.String(), "type", "chat").add(
			newElement(nsCarbons, direction).add(newElement(nsForward, "forwarded").add(e))))
	}
	for _, s := range from.acct.sessions {
		if s != from && s.carbons && !slices.Contains(takers, s) {
			wrap("sent", s)
		}
	}
	if to == from.acct {
		return
	}
	for _, s := range to.sessions {
		if s.carbons && !slices.Contains(takers, s) {
			wrap("received", s)
		}
	}
}

// resident is what a resident does with a stanza.
func (h *hub) resident(s *session, e *element) {
	if e.name.Local != "message" || e.attr("type") == "error" || e.attr("type") == "groupchat" {
		return
	}
	from, err := parseAddress(e.attr("from"))
	if err != nil {
		return
	}
	if s.acct.Receipts && e.child(nsReceipts, "request") != nil && e.attr("id") != "" {
		h.message(s, newElement(nsClient, "message", "from", s.addr.String(), "to", from.String(), "type", e.attr("type"),
			"id", randomID()).add(newElement(nsReceipts, "received", "id", e.attr("id"))), from)
	}
	sender := h.session(from)
	toResident := sender != nil && sender.conn == nil
	if body := e.child(nsClient, "body"); s.acct.Echo && body != nil && !toResident {
		h.message(s, newElement(nsClient, "message", "from", s.addr.String(), "to", from.String(), "type", e.attr("type"),
			"id", randomID()).add(body), from)
	}
}
