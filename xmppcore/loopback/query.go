package loopback

import (
	"runtime"
	"time"
)

// query routes an iq of a local client (RFC 6120 8.2.3, RFC 6121 8.5).
func (h *hub) query(s *session, e *element, to address) {
	kind := e.attr("type")
	asks := kind == "get" || kind == "set"
	switch {
	case asks && (e.attr("id") == "" || len(e.children()) != 1):
		s.bounce(e, "modify", "bad-request", "")
	case to == address{}, to == s.acct.addr, to == address{domain: h.cfg.Domain}:
		if asks {
			h.answer(s, e, to)
		}
	case to.domain == h.cfg.Service:
		h.roomQuery(s, e, to)
	case to.domain != h.cfg.Domain:
		h.remote(s, e, to)
	default:
		if other := h.session(to); other != nil && other.conn != nil {
			other.send(e)
			return
		}
		s.bounce(e, "cancel", "service-unavailable", "")
	}
}

// answer is the server's own answer, for itself and for the client's account.
func (h *hub) answer(s *session, iq *element, to address) {
	payload := iq.first()
	get, self := iq.attr("type") == "get", to.local == ""
	switch {
	case payload.is(nsPing, "ping") && get:
		s.send(reply(iq))
	case payload.is(nsSession, "session"):
		s.send(reply(iq)) // RFC 3921 3: a no-op since RFC 6121
	case payload.is(nsRoster, "query"):
		h.rosterQuery(s, iq, payload)
	case payload.is(nsCarbons, "enable"), payload.is(nsCarbons, "disable"):
		s.carbons = payload.name.Local == "enable"
		s.send(reply(iq))
	case payload.is(nsVersion, "query") && get:
		s.send(reply(iq).add(newElement(nsVersion, "query").add(
			newElement(nsVersion, "name").addText("xmppscope loopback"),
			newElement(nsVersion, "version").addText("1"),
			newElement(nsVersion, "os").addText(runtime.GOOS))))
	case payload.is(nsTime, "time") && get:
		s.send(reply(iq).add(newElement(nsTime, "time").add(
			newElement(nsTime, "tzo").addText("+00:00"),
			newElement(nsTime, "utc").addText(stamp(time.Now())))))
	case payload.is(nsDiscoInfo, "query") && get && payload.attr("node") == "":
		h.describe(s, iq, self)
	case payload.is(nsDiscoItems, "query") && get && payload.attr("node") == "":
		items := newElement(nsDiscoItems, "query")
		if self {
			items.add(newElement(nsDiscoItems, "item", "jid", h.cfg.Service, "name", "Chat rooms"))
		}
		s.send(reply(iq).add(items))
	default:
		s.bounce(iq, "cancel", "service-unavailable", "")
	}
}

// describe answers disco#info for the server or for an account (XEP-0030 3).
func (h *hub) describe(s *session, iq *element, server bool) {
	if !server {
		s.send(reply(iq).add(discoInfo("account", "registered", "", nsDiscoInfo, nsDiscoItems)))
		return
	}
	s.send(reply(iq).add(discoInfo("server", "im", "xmppscope loopback",
		nsDiscoInfo, nsDiscoItems, nsPing, nsVersion, nsTime, nsRoster, nsCarbons, "msgoffline")))
}

// discoInfo is the description of an entity.
func discoInfo(category, kind, name string, features ...string) *element {
	info := newElement(nsDiscoInfo, "query").add(
		newElement(nsDiscoInfo, "identity", "category", category, "type", kind, "name", name))
	for _, f := range features {
		info.add(newElement(nsDiscoInfo, "feature", "var", f))
	}
	return info
}
