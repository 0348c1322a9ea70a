package urlspec

import (
	"fmt"

	"xmppscope/urlspec/slixmpp"
)

// checkUser covers user and password.
func (c *checker) checkUser() {
	user := c.written("user")
	switch {
	case c.checkUserParam(user):
		return
	case !c.faults.has(badUser):
		c.checkLoginJID()
	case c.unfinished() && user == nil:
		at := c.netloc.end()
		c.add("user-missing", at, at, "There is no “@” yet: after user and password come an “@” and the host.", nil)
	case user != nil && user.Value == "":
		c.addParam("user-missing", user, "user= is empty and replaces the user, so Apprise refuses the URL.",
			c.fixRemoveParam("user"))
	case user != nil:
		c.add("user-invalid", user.ValueStart, user.ValueEnd, fmt.Sprintf("%s is no user of a JID; Apprise "+
			"refuses the URL.", c.value(user)), nil)
	case c.user.s == "":
		at := c.netloc.start()
		c.add("user-missing", at, at, "There is no user: Apprise needs user:password@ before the host, and "+
			"refuses the URL without.", nil)
	default:
		c.addPart("user-invalid", c.user,
			fmt.Sprintf("%s is no user of a JID (no blanks, one “@” at most and not at an end, no “%%” in a resource); "+
				"Apprise refuses the URL.", c.quotedPart(c.user)), nil)
	}
	// Behind a whole JID the password looks like a port.
	behindJID := c.hasPort && c.hidden(c.lexed.port.start(), c.lexed.port.end())
	if c.values.Password == "" && !c.faults.has(badUser) && !c.unfinished() && !behindJID {
		at := c.user
		if c.user.s == "" {
			at = c.netloc
		}
		c.addPart("password-missing", at,
			"There is no password: Apprise sends an empty one. It belongs after a “:” behind the user.", nil)
	}
}

// checkLoginJID finds a login JID that Apprise takes and slixmpp refuses.
func (c *checker) checkLoginJID() {
	why, taken := illegalJID(c.login, c.values.Host), true
	if !c.faults.has(badUser) && c.values.Host != "" {
		taken = slixmpp.Takes(c.login.String(c.values.Host)) // also where Apprise refuses the URL for another reason
	}
	if why == "" && taken || c.faults.has(badHost) {
		return
	}
	m := c.user.extent()
	if p := c.written("user"); p != nil {
		m = p.value()
	}
	plain := c.login
	plain.local, plain.domain = seen(plain.local), seen(plain.domain)
	if plain != c.login && illegalJID(plain, c.values.Host) == "" &&
		c.unseenIn(m, Error, "No JID has it, so the login fails.") {
		return
	}
	message := "The login JID breaks the rules of XMPP (" + why + "): Apprise takes it, but slixmpp refuses it and " +
		"nothing is sent."
	switch {
	case taken:
		message = "The login JID breaks the rules of XMPP (" + why + "): Apprise and its slixmpp take it, and the " +
			"server will " +
			"most likely refuse it."
	case why == "":
		message = "XMPP allows the login JID (RFC 7622), but Apprise's slixmpp goes by an older rule (RFC 6122): it " +
			"refuses it, " +
			"and nothing is sent."
	}
	c.add("user-illegal-jid", m.start, m.end, message, nil)
}

// checkUserParam finds the password in user=, behind a “:” as it would stand before
// the host.
func (c *checker) checkUserParam(p *Param) bool {
	if p == nil || c.values.Password != "" || !c.hidden(p.ValueStart, p.ValueEnd) {
		return false
	}
	sign, after := firstSign(c.text[p.ValueStart:p.ValueEnd], ":")
	if sign <= 0 || after == p.ValueEnd-p.ValueStart {
		return false
	}
	from, to := p.ValueStart+sign, p.ValueStart+after
	c.add("password-separator", from, to, "user= takes the user alone: to Apprise the password that probably stands "+
		"behind the “:” is a part of the name. It belongs in password=.",
		replace("write &password=", from, to, "&password="))
	return true
}

// fixRemoveParam is RemoveParam as a fix.
func (c *checker) fixRemoveParam(name string) *Fix {
	f := c.lexed.removeParam(c.text, name)
	return &f
}

// fixSetParam is SetParam as a fix.
func (c *checker) fixSetParam(name, value string) *Fix {
	f := c.lexed.setParam(c.text, name, value)
	return &f
}
