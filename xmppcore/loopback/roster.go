package loopback

import (
	"cmp"
	"maps"
	"slices"
)

// contact is a roster item (RFC 6121 2.1.2).
type contact struct {
	jid          address
	name         string
	groups       []string
	subscription string // "", from, to, both; "" is none
	asking       bool   // our request to subscribe is pending
	request      bool   // theirs is
	listed       bool   // it is on the roster, not only a pending request
}

// visible reports whether the item belongs into a roster result.
func (c *contact) visible() bool { return c.listed || c.subscription != "" || c.asking }

func (c *contact) item() *element {
	subscription := c.subscription
	if subscription == "" {
		subscription = "none"
	}
	item := newElement(nsRoster, "item", "jid", c.jid.String(), "name", c.name, "subscription", subscription)
	if c.asking {
		item.setAttr("ask", "subscribe")
	}
	for _, g := range c.groups {
		item.add(newElement(nsRoster, "group").addText(g))
	}
	return item
}

// contacts are the roster items in a fixed order.
func (a *account) contacts() []*contact {
	return slices.SortedFunc(maps.Values(a.roster), func(x, y *contact) int {
		return cmp.Compare(x.jid.String(), y.jid.String())
	})
}

// contact is the item for a bare JID, made when there is none.
func (a *account) contact(jid address) *contact {
	c := a.roster[jid.String()]
	if c == nil {
		c = &contact{jid: jid}
		a.roster[jid.String()] = c
	}
	return c
}

// rosterQuery answers roster get and set (RFC 6121 2.1.3, 2.1.5).
func (h *hub) rosterQuery(s *session, iq, query *element) {
	if iq.attr("type") == "get" {
		s.interested = true
		list := newElement(nsRoster, "query")
		for _, c := range s.acct.contacts() {
			if c.visible() {
				list.add(c.item())
			}
		}
		s.send(reply(iq).add(list))
		return
	}
	item := query.child(nsRoster, "item")
	if item == nil {
		s.bounce(iq, "modify", "bad-request", "")
		return
	}
	jid, err := parseAddress(item.attr("jid"))
	if err != nil {
		s.bounce(iq, "modify", "jid-malformed", "")
		return
	}
	s.send(reply(iq))
	if item.attr("subscription") == "remove" {
		h.removeContact(s, jid.bare())
		return
	}
	c := s.acct.contact(jid.bare())
	c.listed, c.name, c.groups = true, item.attr("name"), nil
	for _, g := range item.children() {
		c.groups = append(c.groups, g.text())
	}
	h.push(s.acct, c.item())
}

// removeContact ends both subscriptions and drops the item (RFC 6121 2.5).
func (h *hub) removeContact(s *session, jid address) {
	if _, ok := s.acct.roster[jid.String()]; !ok {
		return
	}
	if jid.domain == h.cfg.Domain {
		for _, kind := range []string{"unsubscribe", "unsubscribed"} {
			h.subscription(s, newElement(nsClient, "presence", "type", kind), jid)
		}
	}
	delete(s.acct.roster, jid.String())
	h.push(s.acct, newElement(nsRoster, "item", "jid", jid.String(), "subscription", "remove"))
}

// push tells the clients that asked for the roster of a change (RFC 6121 2.1.6).
func (h *hub) push(a *account, item *element) {
	for _, s := range a.sessions {
		if s.interested {
			s.send(newElement(nsClient, "iq", "type", "set", "id", randomID(), "to", s.addr.String()).add(
				newElement(nsRoster, "query").add(item)))
		}
	}
}

// subscription handles subscribe, subscribed, unsubscribe and unsubscribed
// between local accounts (RFC 6121 3).
func (h *hub) subscription(s *session, e *element, to address) {
	kind := e.attr("type")
	other := h.accounts[to.local]
	if to.domain != h.cfg.Domain {
		h.remote(s, e, to)
		return
	}
	stanza := newElement(nsClient, "presence", "type", kind, "id", e.attr("id"),
		"from", s.acct.addr.String(), "to", to.String())
	if other == nil || other == s.acct {
		if kind == "subscribe" && other == nil {
			h.direct(newElement(nsClient, "presence", "type", "unsubscribed", "from", to.String()), s.acct.addr)
		}
		return
	}
	mine, theirs := s.acct.contact(to), other.contact(s.acct.addr)
	switch kind {
	case "subscribe":
		mine.asking, mine.listed, theirs.request = true, true, true
		if other.Resident {
			theirs.listed = true
			defer h.subscription(other.sessions[0], newElement(nsClient, "presence", "type", "subscribed"), s.acct.addr)
		}
	case "subscribed":
		if !mine.request {
			return // nobody asked
		}
		mine.request, theirs.asking = false, false
		mine.subscription, theirs.subscription = grant(mine.subscription, "from"), grant(theirs.subscription, "to")
		h.push(other, theirs.item())
		defer func() {
			for _, online := range s.acct.sessions {
				if online.available {
					h.direct(online.presence, other.addr)
				}
			}
		}()
	case "unsubscribe":
		mine.asking, theirs.request = false, false
		mine.subscription, theirs.subscription = revoke(mine.subscription, "to"), revoke(theirs.subscription, "from")
	case "unsubscribed":
		mine.request, theirs.asking = false, false
		mine.subscription, theirs.subscription = revoke(mine.subscription, "from"), revoke(theirs.subscription, "to")
		h.push(other, theirs.item())
	}
	h.push(s.acct, mine.item())
	h.direct(stanza, to)
}

// grant adds a direction to a subscription state.
func grant(state, direction string) string {
	if state == "" || state == direction {
		return direction
	}
	return "both"
}

// revoke takes a direction from a subscription state.
func revoke(state, direction string) string {
	switch state {
	case direction:
		return ""
	case "both":
		if direction == "to" {
			return "from"
		}
		return "to"
	}
	return state
}
