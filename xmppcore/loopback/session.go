package loopback

import "xmppscope/xmppcore/wire"

// session is a client that has bound a resource, or a resident. All fields
// after in are guarded by the hub's lock.
type session struct {
	hub  *hub
	conn *conn // nil for a resident
	addr address
	acct *account

	gone      bool // the stream has ended: nothing more is sent
	available bool
	priority  int
}

// serve reads stanzas until the stream ends, and returns why it did.
func (s *session) serve() error {
	defer s.hub.leave(s)
	for {
		e, err := s.conn.in.element()
		if err != nil {
			return err
		}
		if err := s.stanza(e); err != nil {
			return err
		}
	}
}

// stanza handles one stanza of the client.
func (s *session) stanza(e *wire.Element) error {
	if e.Name.Space != wire.NSClient {
		return &streamError{condition: "unsupported-stanza-type"}
	}
	if from := e.Attr("from"); from != "" && !s.mayBe(from) {
		return &streamError{condition: "invalid-from"}
	}
	if answered, err := s.conn.reach(stepOf(e), e.Attr("id")); answered || err != nil {
		return err
	}
	e.SetAttr("from", s.addr.String())
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	var to address
	if raw := e.Attr("to"); raw != "" {
		var err error
		if to, err = parseAddress(raw); err != nil {
			s.bounce(e, "modify", "jid-malformed", "")
			return nil
		}
	}
	switch e.Name.Local {
	case "message":
		s.hub.message(s, e, to)
	case "presence":
		s.hub.presence(s, e, to)
	case "iq":
		s.hub.query(s, e, to)
	default:
		return &streamError{condition: "unsupported-stanza-type"}
	}
	return nil
}

// mayBe reports whether a client may write this from (RFC 6120 8.1.2.1).
func (s *session) mayBe(from string) bool {
	addr, err := parseAddress(from)
	return err == nil && (addr == s.addr || addr == s.addr.bare())
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
func (s *session) send(e *wire.Element) {
	if s.gone {
		return
	}
	if s.conn == nil {
		s.hub.resident(s, e)
		return
	}
	if !s.conn.out.put(e.StreamXML()) {
		s.conn.interrupt(&streamError{condition: "resource-constraint"})
	}
}

// bounce answers a stanza with an error, unless it is one itself or an answer
// (RFC 6120 8.3.1).
func (s *session) bounce(e *wire.Element, kind, condition, text string) {
	switch e.Attr("type") {
	case "error":
		return
	case "result":
		if e.Name.Local == "iq" {
			return
		}
	}
	s.send(stanzaError(e, kind, condition, text))
}

// reply is the empty result of an iq.
func reply(iq *wire.Element) *wire.Element {
	return wire.NewElement(wire.NSClient, "iq", "type", "result", "id", iq.Attr("id"), "from", iq.Attr("to"), "to", iq.Attr("from"))
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
