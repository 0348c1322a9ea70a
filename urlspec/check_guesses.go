package urlspec

import (
	"fmt"
	"slices"
	"strings"
)

// This file covers what is right to Apprise and was probably meant otherwise.

// roomServices are the usual first labels of a room service's name.
var roomServices = [...]string{"conference", "muc", "rooms", "chat", "groups"}

// isRoomService says whether a domain is one that rooms usually live at.
func isRoomService(domain string) bool {
	label, _, found := strings.Cut(lower(domain), ".")
	return found && slices.Contains(roomServices[:], label)
}

// checkMark finds a mark of a room that marks none: alone, doubled, behind a
// backslash, or in another script. It says whether there is one.
func (c *checker) checkMark(e entry) bool {
	local := e.jid.local
	name := strings.TrimLeft(local, `\#＃`)
	if mark := local[:len(local)-len(name)]; !strings.ContainsAny(mark, "#＃") || strings.Contains(name, "%") {
		return false // an IRC channel behind a gateway, as #name%server, has one of its own
	}
	switch {
	case name == "" && e.jid.domain == "":
		if c.fragment.s != "" && c.fragment.start() == e.end {
			return false // checkFragment says it
		}
		f := c.removeTarget(c.text, extent{e.start, e.end}, e.param)
		f.Label = "remove it"
		c.offer("room-mark", extent{e.start, e.end}, "A “#” alone marks no room: Apprise writes to a user of that "+
			"name.", f)
	case name == "" || c.hidden(e.start, e.end) || !e.alone:
		return false
	default:
		text := "#" + name
		if e.jid.domain != "" {
			text += "@" + e.jid.domain
		}
		if e.jid.resource != "" {
			text += "/" + e.jid.resource
		}
		c.offer("room-mark", extent{e.start, e.end}, fmt.Sprintf("One plain “#” marks a room. To Apprise the rest is a "+
			"part of the name in %s.", c.target(e)), *replace("write "+text, e.start, e.end, quoteTarget(text, e.param)))
	}
	return true
}

// checkUnmarked finds a target that is probably a room, or only the resource of
// the one before it.
func (c *checker) checkUnmarked(e entry) {
	if e.jid.room {
		return
	}
	if isRoomService(e.jid.domain) {
		c.add("room-unmarked", e.start, e.end, fmt.Sprintf("%s is probably a room. Apprise writes to it as to a person, as "+
			"no “#” stands before it.", c.target(e)), c.markFix(e))
		return
	}
	if e.param || !e.alone || e.jid.domain != "" || !isResourceWord(e.jid.local) {
		return
	}
	for _, before := range c.lexed.targets {
		if before.end() != e.start-1 || c.hidden(before.start(), e.end) {
			continue
		}
		jid, ok := splitJID(unquote(unquote(before.s)))
		if !ok || jid.domain == "" || jid.room || jid.resource != "" {
			return
		}
		c.add("resource-as-target", e.start, e.end, fmt.Sprintf("%s is a target of its own here: Apprise writes to a user "+
			"of that name. As a resource of %s it is written behind %%252F.", c.target(e), show(jid.String(c.values.Host))),
			replace("write %252F", e.start-1, e.start, "%252F"))
		return
	}
}

// isResourceWord says whether a name is one that people give to a device, or
// clients to themselves: phone, Bobs-iPhone, Conversations.x7Qa.
func isResourceWord(s string) bool {
	s = lower(s)
	for _, word := range [...]string{"phone", "mobile", "tablet", "laptop", "desktop", "android", "ipad", "conversations",
		"gajim", "pidgin", "monal", "profanity", "movim", "converse.js"} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return slices.Contains([]string{"pc", "home", "work", "office", "web", "dino", "psi", "swift", "resource"}, s)
}

// markFix puts the mark of a room before a target.
func (c *checker) markFix(e entry) *Fix {
	if !e.alone || c.hidden(e.start, e.end) {
		return nil
	}
	return replace("write #", e.start, e.start, "#")
}

// checkNickWithoutRoom finds name= in a URL without any room.
func (c *checker) checkNickWithoutRoom() {
	if c.nickParam == nil || c.values.Keepalive || c.raised["room-unmarked"]+c.raised["room-mark"] > 0 {
		return
	}
	var only *entry
	for i := range c.entries {
		e := &c.entries[i]
		switch {
		case !e.ok || c.explains(e.start, e.end):
			continue
		case e.jid.room:
			return
		case only != nil || e.jid.resource != "":
			only = nil
		default:
			only = e
			continue
		}
		break
	}
	if only == nil {
		return
	}
	c.add("room-unmarked", only.start, only.end, fmt.Sprintf("name= is the nick in a room, and no target is marked as "+
		"one. Apprise writes to %s as to a person.", c.target(*only)), c.markFix(*only))
}

// services are the ports of an XMPP server, and of its neighbours, that are not
// for clients.
var services = [...]struct {
	port int
	what string
}{
	{80, "the port of web servers"},
	{443, "the port of web servers, where XMPP speaks TLS from the first byte if at all"},
	{5269, "for other servers"},
	{5270, "for other servers"},
	{5280, "for XMPP over HTTP (BOSH and WebSocket)"},
	{5281, "for XMPP over HTTP (BOSH and WebSocket)"},
	{5347, "for components of the server"},
	{5443, "for XMPP over HTTP (BOSH and WebSocket)"},
	{7070, "for XMPP over HTTP (BOSH and WebSocket)"},
	{7443, "for XMPP over HTTP (BOSH and WebSocket)"},
}

// checkService finds a port that is not for clients.
func (c *checker) checkService(m mapped, drop *Fix) {
	n := c.port.value
	if n == 443 && c.values.Mode == ModeTLS {
		return
	}
	for _, s := range services {
		if s.port == n {
			c.addPart("port-service", m, fmt.Sprintf("Port %d is %s. Clients use 5222, or 5223 with mode=tls.", n, s.what),
				drop)
			return
		}
	}
}
