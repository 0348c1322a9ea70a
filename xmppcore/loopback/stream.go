package loopback

import (
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"xmppscope/urlspec"
)

// negotiate takes a connection from the first byte to a bound resource (RFC
// 6120 4 to 7): streams are opened anew after TLS and after login.
func (c *conn) negotiate() (*session, error) {
	for {
		in, err := c.openStream()
		if err != nil {
			return nil, err
		}
		s, err := c.negotiateStream(in)
		if s != nil || err != nil {
			return s, err
		}
	}
}

// negotiateStream handles one stream up to its restart (nil, nil) or a bound
// session.
func (c *conn) negotiateStream(in *streamReader) (*session, error) {
	for {
		e, err := in.next()
		if err != nil {
			return nil, err
		}
		switch {
		case e.is(nsTLS, "starttls") && c.tls == nil && c.mode == urlspec.ModeSTARTTLS:
			return nil, c.startTLS()
		case e.is(nsSASL, "auth") && c.user == nil:
			ok, err := c.authenticate(in, e)
			if ok || err != nil {
				return nil, err
			}
		case e.is(nsClient, "iq") && c.user != nil && e.attr("type") == "set" && e.child(nsBind, "bind") != nil:
			s, err := c.bind(in, e)
			if s != nil || err != nil {
				return s, err
			}
		case e.name.Space == nsClient && c.user == nil, c.user == nil && e.name.Space == nsSASL:
			return nil, &streamError{condition: "not-authorized"}
		case e.is(nsClient, "iq"):
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
func (c *conn) openStream() (*streamReader, error) {
	limit := maxBytesBeforeLogin
	if c.user != nil {
		limit = maxBytesAfterLogin
	}
	in := newStreamReader(c.br, limit)
	c.headerSent = false
	header, content, err := in.header()
	if err != nil {
		return nil, err
	}
	step := StepHeader
	switch {
	case c.user != nil:
		step = StepRestart
	case c.tls != nil && c.mode == urlspec.ModeSTARTTLS:
		step = StepEncrypted
	}
	if answered, err := c.reach(step, ""); answered || err != nil {
		return in, err
	}
	if err := c.writeHeader(header.attr("from")); err != nil {
		return nil, err
	}
	if err := c.checkHeader(header, content); err != nil {
		return nil, err
	}
	if c.srv.vault.locked() {
		return nil, c.srv.vault.lockedError()
	}
	if answered, err := c.reach(StepFeatures, ""); answered || err != nil {
		return in, err
	}
	return in, c.send(c.features())
}

// checkHeader refuses streams that are not for us (RFC 6120 4.9.3.10, 4.9.3.6).
func (c *conn) checkHeader(header *element, content string) error {
	to := strings.ToLower(strings.TrimSuffix(header.attr("to"), "."))
	switch {
	case header.name.Space != nsStream || content != nsClient:
		return &streamError{condition: "invalid-namespace"}
	case header.name.Local != "stream":
		return &streamError{condition: "bad-format"}
	case to == "" || to == c.srv.cfg.Domain:
		return nil
	}
	return &streamError{condition: "host-unknown", text: "This server does not serve " + header.attr("to")}
}

// writeHeader opens our side of the stream.
func (c *conn) writeHeader(to string) error {
	c.headerSent = true
	var b []byte
	b = fmt.Appendf(b, "<?xml version='1.0'?><stream:stream xmlns='%s' xmlns:stream='%s' id='%s' from='%s' version='1.0' xml:lang='en'",
		nsClient, nsStream, randomID(), c.srv.cfg.Domain)
	if to != "" {
		b = append(append(append(b, " to='"...), appendEscaped(nil, to)...), '\'')
	}
	return c.write(append(b, '>'))
}

// features lists what the client may or must do next (RFC 6120 4.3.2).
func (c *conn) features() *element {
	cfg := &c.srv.cfg
	f := newElement(nsStream, "features")
	if c.user != nil {
		return f.add(
			newElement(nsBind, "bind").add(newElement(nsBind, "required")),
			newElement(nsSession, "session").add(newElement(nsSession, "optional")),
			limits(maxBytesAfterLogin))
	}
	if c.tls == nil && c.mode == urlspec.ModeSTARTTLS && !cfg.Faults.NoSTARTTLS {
		offer := newElement(nsTLS, "starttls")
		f.add(offer)
		if !cfg.CleartextLogin {
			offer.add(newElement(nsTLS, "required"))
		}
	}
	if mechanisms := c.mechanisms(); len(mechanisms) > 0 {
		list := newElement(nsSASL, "mechanisms")
		for _, m := range mechanisms {
			list.add(newElement(nsSASL, "mechanism").addText(m))
		}
		f.add(list)
		f.add(c.bindingList(mechanisms))
	}
	return f.add(limits(maxBytesBeforeLogin))
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
func (c *conn) bindingList(mechanisms []string) *element {
	plus := slices.ContainsFunc(mechanisms, func(m string) bool { return strings.HasSuffix(m, plusSuffix) })
	if !plus || c.srv.cfg.Faults.OldEjabberd {
		return nil
	}
	list := newElement(nsBinding, "sasl-channel-binding")
	for _, b := range c.bindings() {
		list.add(newElement(nsBinding, "channel-binding", "type", b))
	}
	return list
}

// limits announces the largest element the server reads (XEP-0478 4).
func limits(bytes int) *element {
	return newElement(nsLimits, "limits").add(newElement(nsLimits, "max-bytes").addText(strconv.Itoa(bytes)))
}

// startTLS answers <starttls/> and does the handshake (RFC 6120 5.4).
func (c *conn) startTLS() error {
	if answered, err := c.reach(StepSTARTTLS, ""); err != nil {
		return err
	} else if !answered {
		if c.srv.cfg.Faults.RefuseSTARTTLS {
			if err := c.write(append(newElement(nsTLS, "failure").bytes(), streamEnd...)); err != nil {
				return err
			}
			return errFaultClosed
		}
		if err := c.send(newElement(nsTLS, "proceed")); err != nil {
			return err
		}
	}
	return c.handshake()
}

// bind gives the client its resource (RFC 6120 7). It returns no session when
// the request was refused and the client may try again.
func (c *conn) bind(in *streamReader, iq *element) (*session, error) {
	if answered, err := c.reach(StepBind, iq.attr("id")); answered || err != nil {
		return nil, err
	}
	resource := iq.child(nsBind, "bind").child(nsBind, "resource").text()
	if resource == "" {
		resource = randomID()
	}
	addr, err := parseAddress(c.user.addr.with(resource).String())
	if err != nil {
		return nil, c.send(stanzaError(iq, "modify", "bad-request", "that resource is not allowed in an address"))
	}
	c.readUntil(time.Time{})
	s := &session{hub: c.srv.hub, conn: c, in: in, addr: addr, acct: c.user}
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
	return s, c.send(reply(iq).add(newElement(nsBind, "bind").add(newElement(nsBind, "jid").addText(addr.String()))))
}

// isSyntaxError reports whether the client sent what is not XML.
func isSyntaxError(err error) bool {
	var syntax *xml.SyntaxError
	return errors.As(err, &syntax)
}
