package loopback

// session is a client that has bound a resource, or a resident. All fields
// after in are guarded by the hub's lock.
type session struct {
	hub  *hub
	conn *conn // nil for a resident
	in   *streamReader
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
		e, err := s.in.next()
		if err != nil {
			return err
		}
		if err := s.stanza(e); err != nil {
			return err
		}
	}
}

// stanza handles one stanza of the client.
func (s *session) stanza(e *element) error {
	if e.name.Space != nsClient {
		return &streamError{condition: "unsupported-stanza-type"}
	}
	if from := e.attr("from"); from != "" && !s.mayBe(from) {
		return &streamError{condition: "invalid-from"}
	}
	if answered, err := s.conn.reach(stepOf(e), e.attr("id")); answered || err != nil {
		return err
	}
	e.setAttr("from", s.addr.String())
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	var to address
	if raw := e.attr("to"); raw != "" {
		var err error
		if to, err = parseAddress(raw); err != nil {
			s.bounce(e, "modify", "jid-malformed", "")
			return nil
		}
	}
	switch e.name.Local {
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
func stepOf(e *element) Step {
	switch {
	case e.is(nsClient, "message"):
		return StepMessage
	case e.is(nsClient, "presence") && e.child(nsMUC, "x") != nil && e.attr("type") == "":
		return StepJoin
	case e.child(nsPing, "ping") != nil:
		return StepPing
	case e.child(nsRoster, "query") != nil:
		return StepRoster
	}
	return ""
}

// send gives the client an element. It never waits.
func (s *session) send(e *element) {
	if s.gone {
		return
	}
	if s.conn == nil {
		s.hub.resident(s, e)
		return
	}
	if !s.conn.out.put(e.bytes()) {
		s.conn.interrupt(&streamError{condition: "resource-constraint"})
	}
}

// bounce answers a stanza with an error, unless it is one itself or an answer
// (RFC 6120 8.3.1).
func (s *session) bounce(e *element, kind, condition, text string) {
	switch e.attr("type") {
	case "error":
		return
	case "result":
		if e.name.Local == "iq" {
			return
		}
	}
	s.send(stanzaError(e, kind, condition, text))
}

// reply is the empty result of an iq.
func reply(iq *element) *element {
	return newElement(nsClient, "iq", "type", "result", "id", iq.attr("id"), "from", iq.attr("to"), "to", iq.attr("from"))
}

// stanzaError is the error answer to a stanza (RFC 6120 8.3). Like Prosody's it
// does not repeat the payload.
func stanzaError(e *element, kind, condition, text string) *element {
	err := newElement(nsClient, "error", "type", kind).add(newElement(nsStanzas, condition))
	if text != "" {
		err.add(newElement(nsStanzas, "text").addText(text))
	}
	return newElement(nsClient, e.name.Local,
		"type", "error", "id", e.attr("id"), "from", e.attr("to"), "to", e.attr("from")).add(err)
}
