package loopback

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// negotiate takes a connection from the first byte to a bound resource (RFC
// 6120 4 to 7): streams are opened anew after TLS and after login.
func (c *conn) negotiate() (*session, error) {
	for {
		if err := c.openStream(); err != nil {
			return nil, err
		}
		s, err := c.negotiateStream()
		if s != nil || err != nil {
			return s, err
		}
	}
}

// negotiateStream handles one stream up to its restart (nil, nil) or a bound
// session.
func (c *conn) negotiateStream() (*session, error) {
	for {
		e, err := c.in.element()
		if err != nil {
			return nil, err
		}
		switch {
		case e.Is(wire.NSTLS, "starttls") && c.tls == nil && c.mode == urlspec.ModeSTARTTLS:
			return nil, c.startTLS()
		case e.Is(wire.NSSASL, "auth") && c.user == nil:
			ok, err := c.authenticate(e)
			if ok || err != nil {
				return nil, err
			}
		case e.Is(wire.NSClient, "iq") && c.user != nil && e.Attr("type") == "set" && e.Child(wire.NSBind, "bind") != nil:
			s, err := c.bind(e)
			if s != nil || err != nil {
				return s, err
			}
		case c.user == nil && (e.Name.Space == wire.NSClient || e.Name.Space == wire.NSSASL):
			return nil, &streamError{condition: "not-authorized"}
		case e.Is(wire.NSClient, "iq"):
			if err := c.send(stanzaError(e, "cancel", "not-allowed", "")); err != nil {
				return nil, err
			}
		default:
			return nil, &streamError{condition: "unsupported-stanza-type"}
		}
	}
}

// openStream reads the client's stream header and answers it with ours and the
// features.
func (c *conn) openStream() error {
	if c.user != nil {
		c.in.allow(maxBytesAfterLogin)
	}
	c.headerSent = false
	header, err := c.in.header()
	if err != nil {
		return err
	}
	step := StepHeader
	switch {
	case c.user != nil:
		step = StepRestart
	case c.tls != nil && c.mode == urlspec.ModeSTARTTLS:
		step = StepEncrypted
	}
	if answered, err := c.reach(step, ""); answered || err != nil {
		return err
	}
	if err := c.writeHeader(header.Attr("from")); err != nil {
		return err
	}
	if err := c.checkHeader(header); err != nil {
		return err
	}
	if c.srv.vault.locked() {
		return c.srv.vault.lockedError()
	}
	if answered, err := c.reach(StepFeatures, ""); answered || err != nil {
		return err
	}
	return c.send(c.features())
}

// checkHeader refuses streams that are not for us (RFC 6120 4.9.3.10, 4.9.3.6).
func (c *conn) checkHeader(header *wire.Element) error {
	to := strings.ToLower(strings.TrimSuffix(header.Attr("to"), "."))
	switch {
	case header.Name.Space != wire.NSStream || header.Attr("xmlns") != wire.NSClient:
		return &streamError{condition: "invalid-namespace"}
	case header.Name.Local != "stream":
		return &streamError{condition: "bad-format"}
	case to == "" || to == c.srv.cfg.Domain:
		return nil
	}
	return &streamError{condition: "host-unknown", text: "This server does not serve " + header.Attr("to")}
}

// writeHeader opens our side of the stream.
func (c *conn) writeHeader(to string) error {
	c.headerSent = true
	header := wire.NewElement(wire.NSStream, "stream", "id", randomID(), "from", c.srv.cfg.Domain, "version", "1.0", "to", to)
	tag := strings.TrimSuffix(string(header.StreamXML()), "/>")
	return c.write(fmt.Appendf(nil, "<?xml version='1.0'?>%s xmlns='%s' xmlns:stream='%s' xml:lang='en'>",
		tag, wire.NSClient, wire.NSStream))
}

// features lists what the client may or must do next (RFC 6120 4.3.2).
func (c *conn) features() *wire.Element {
	cfg := &c.srv.cfg
	f := wire.NewElement(wire.NSStream, "features")
	if c.user != nil {
		return f.Add(
			wire.NewElement(wire.NSBind, "bind").Add(wire.NewElement(wire.NSBind, "required")),
			wire.NewElement(wire.NSSession, "session").Add(wire.NewElement(wire.NSSession, "optional")),
			limits(maxBytesAfterLogin))
	}
	if c.tls == nil && c.mode == urlspec.ModeSTARTTLS && !cfg.Faults.NoSTARTTLS {
		offer := wire.NewElement(wire.NSTLS, "starttls")
		f.Add(offer)
		if !cfg.CleartextLogin {
			offer.Add(wire.NewElement(wire.NSTLS, "required"))
		}
	}
	if mechanisms := c.mechanisms(); len(mechanisms) > 0 {
		list := wire.NewElement(wire.NSSASL, "mechanisms")
		for _, m := range mechanisms {
			list.Add(wire.NewElement(wire.NSSASL, "mechanism").AddText(m))
		}
		f.Add(list)
		f.Add(c.bindingList(mechanisms))
	}
	return f.Add(limits(maxBytesBeforeLogin))
}

// mechanisms are what this connection may log in with now.
func (c *conn) mechanisms() []string {
	cfg := &c.srv.cfg
	if cfg.Faults.NoMechanisms {
		return nil
	}
	if c.tls == nil && c.mode == urlspec.ModeSTARTTLS && !cfg.CleartextLogin && !cfg.Faults.NoSTARTTLS {
		return nil
	}
	var usable []string
	for _, m := range cfg.Mechanisms {
		plus := strings.HasSuffix(m, plusSuffix)
		switch {
		case plus && c.tls == nil:
		case plus && len(c.bindings()) == 0 && !cfg.Faults.OldEjabberd:
		case m == plainMechanism && c.tls == nil && !cfg.CleartextPLAIN:
		default:
			usable = append(usable, m)
		}
	}
	if cfg.Faults.OldEjabberd && c.tls != nil {
		usable = append(usable, tokenMechanism)
	}
	return usable
}

// tokenMechanism is what an old ejabberd offers beside -PLUS, and is known by.
// Nobody here has a token, so it is refused as an unknown mechanism is.
const tokenMechanism = "X-OAUTH2"

// bindingList announces the channel binding types (XEP-0440 3).
func (c *conn) bindingList(mechanisms []string) *wire.Element {
	plus := slices.ContainsFunc(mechanisms, func(m string) bool { return strings.HasSuffix(m, plusSuffix) })
	if !plus || c.srv.cfg.Faults.OldEjabberd {
		return nil
	}
	list := wire.NewElement(wire.NSBindings, "sasl-channel-binding")
	for _, b := range c.bindings() {
		list.Add(wire.NewElement(wire.NSBindings, "channel-binding", "type", b))
	}
	return list
}

// limits announces the largest element the server reads (XEP-0478 4).
func limits(bytes int) *wire.Element {
	return wire.NewElement(wire.NSLimits, "limits").Add(wire.NewElement(wire.NSLimits, "max-bytes").AddText(strconv.Itoa(bytes)))
}

// startTLS answers <starttls/> and does the handshake (RFC 6120 5.4).
func (c *conn) startTLS() error {
	if answered, err := c.reach(StepSTARTTLS, ""); err != nil {
		return err
	} else if !answered {
		if c.srv.cfg.Faults.RefuseSTARTTLS {
			if err := c.write(append(wire.NewElement(wire.NSTLS, "failure").StreamXML(), streamEnd...)); err != nil {
				return err
			}
			return errFaultClosed
		}
		if err := c.send(wire.NewElement(wire.NSTLS, "proceed")); err != nil {
			return err
		}
	}
	return c.handshake()
}

// bind gives the client its resource (RFC 6120 7). It returns no session when
// the request was refused and the client may try again.
func (c *conn) bind(iq *wire.Element) (*session, error) {
	if answered, err := c.reach(StepBind, iq.Attr("id")); answered || err != nil {
		return nil, err
	}
	resource := iq.Child(wire.NSBind, "bind").ChildText(wire.NSBind, "resource")
	if resource == "" {
		resource = randomID()
	}
	addr, err := parseAddress(c.user.addr.with(resource).String())
	if err != nil {
		return nil, c.send(stanzaError(iq, "modify", "bad-request", "that resource is not allowed in an address"))
	}
	c.readUntil(time.Time{})
	s := &session{hub: c.srv.hub, conn: c, addr: addr, acct: c.user}
	c.out = newOutbox()
	c.srv.wg.Go(func() {
		if err := c.out.run(c.writeNow); err != nil {
			// Nothing more can be said, so the reader need not listen either.
			c.logf("writing: %v", err)
			c.interrupt(&streamError{condition: "resource-constraint"})
		}
	})
	s.hub.enter(s)
	c.logf("bound %s", addr)
	return s, c.send(reply(iq).Add(wire.NewElement(wire.NSBind, "bind").Add(wire.NewElement(wire.NSBind, "jid").AddText(addr.String()))))
}
