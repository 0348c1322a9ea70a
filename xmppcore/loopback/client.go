package loopback

import "xmppscope/xmppcore/wire"

// client is a client that has bound a resource, or a resident. The fields after
// account are guarded by the hub's lock.
type client struct {
	hub     *hub
	conn    *conn // nil for a resident
	jid     jid   // full
	account *account

	gone      bool // the stream has ended: nothing more is sent
	available bool
	priority  int
}

// serve reads stanzas until the stream ends, and returns why it did.
func (c *client) serve() error {
	defer c.hub.leave(c)
	for {
		e, err := c.conn.in.element()
		if err != nil {
			return err
		}
		if err := c.stanza(e); err != nil {
			return err
		}
	}
}

// stanza handles one stanza of the client.
func (c *client) stanza(e *wire.Element) error {
	if e.Name.Space != wire.NSClient {
		return &streamError{condition: "unsupported-stanza-type"}
	}
	if from := e.Attr("from"); from != "" && !c.mayBe(from) {
		return &streamError{condition: "invalid-from"}
	}
	if answered, err := c.conn.faultAt(stepOf(e), e.Attr("id")); answered || err != nil {
		return err
	}
	e.SetAttr("from", c.jid.String())
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	var to jid
	if text := e.Attr("to"); text != "" {
		var err error
		if to, err = parseJID(text); err != nil {
			c.bounce(e, "modify", "jid-malformed", "")
			return nil
		}
	}
	switch e.Name.Local {
	case "message":
		c.hub.message(c, e, to)
	case "presence":
		c.hub.presence(c, e, to)
	case "iq":
		c.hub.iq(c, e, to)
	default:
		return &streamError{condition: "unsupported-stanza-type"}
	}
	return nil
}

// mayBe reports whether the client may write this from (RFC 6120 8.1.2.1).
func (c *client) mayBe(from string) bool {
	j, err := parseJID(from)
	return err == nil && (j == c.jid || j == c.jid.bare())
}

// stepOf is the step at which a fault can meet this stanza.
func stepOf(e *wire.Element) Step {
	switch {
	case e.Is(wire.NSClient, "message"):
		return StepMessage
	case e.Is(wire.NSClient, "presence") && e.Child(wire.NSMUC, "x") != nil && e.Attr("type") == "":
		return StepJoin
	case e.Child(wire.NSPing, "ping") != nil:
		return StepPing
	case e.Child(wire.NSRoster, "query") != nil:
		return StepRoster
	}
	return ""
}

// send gives the client an element. It never waits.
func (c *client) send(e *wire.Element) {
	switch {
	case c.gone:
	case c.conn == nil:
		c.hub.resident(c, e)
	case !c.conn.out.put(e.StreamXML()):
		c.conn.interrupt(&streamError{condition: "resource-constraint"})
	}
}

// bounce answers a stanza with an error, unless it is one itself (RFC 6120
// 8.3.1).
func (c *client) bounce(e *wire.Element, kind, condition, text string) {
	if e.Attr("type") != "error" {
		c.send(stanzaError(e, kind, condition, text))
	}
}

// result is the empty result of an iq.
func result(iq *wire.Element) *wire.Element {
	return wire.NewElement(wire.NSClient, "iq",
		"type", "result", "id", iq.Attr("id"), "from", iq.Attr("to"), "to", iq.Attr("from"))
}

// stanzaError is the error answer to a stanza (RFC 6120 8.3). Like Prosody's it
// does not repeat the payload.
func stanzaError(e *wire.Element, kind, condition, text string) *wire.Element {
	err := wire.NewElement(wire.NSClient, "error", "type", kind).Add(wire.NewElement(wire.NSStanzaErrors, condition))
	if text != "" {
		err.Add(wire.NewElement(wire.NSStanzaErrors, "text").AddText(text))
	}
	return wire.NewElement(wire.NSClient, e.Name.Local,
		"type", "error", "id", e.Attr("id"), "from", e.Attr("to"), "to", e.Attr("from")).Add(err)
}
