package loopback

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// streamEnd closes a stream.
const streamEnd = "</stream:stream>"

// streamError is a condition of RFC 6120 4.9.3 that ends the stream.
type streamError struct{ condition, text string }

func (e *streamError) Error() string { return "stream error " + e.condition }

func (e *streamError) element() *wire.Element {
	err := wire.NewElement(wire.NSStream, "error").Add(wire.NewElement(wire.NSStreamErrors, e.condition))
	if e.text != "" {
		err.Add(wire.NewElement(wire.NSStreamErrors, "text").AddText(e.text))
	}
	return err
}

// negotiate takes a connection from the first byte to a bound resource (RFC
// 6120 4 to 7): streams are opened anew after TLS and after the login.
func (c *conn) negotiate() (*client, error) {
	for {
		if err := c.openStream(); err != nil {
			return nil, err
		}
		bound, err := c.negotiateStream()
		if bound != nil || err != nil {
			return bound, err
		}
	}
}

// negotiateStream handles one stream up to its restart (nil, nil) or a bound
// client.
func (c *conn) negotiateStream() (*client, error) {
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
		case c.user == nil && (e.Name.Space == wire.NSClient || e.Name.Space == wire.NSSASL):
			return nil, &streamError{condition: "not-authorized"}
		case e.Is(wire.NSClient, "iq") && e.Attr("type") == "set" && e.Child(wire.NSBind, "bind") != nil:
			bound, err := c.bind(e)
			if bound != nil || err != nil {
				return bound, err
			}
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
	step := StepHeader
	switch {
	case c.user != nil:
		step = StepRestart
		c.in.allow(c.server.config.MaxBytes)
	case c.tls != nil && c.mode == urlspec.ModeSTARTTLS:
		step = StepEncrypted
	}
	c.headerSent = false
	header, err := c.in.header()
	if err != nil {
		return err
	}
	if answered, err := c.faultAt(step, ""); answered || err != nil {
		return err
	}
	if err := c.writeHeader(header.Attr("from")); err != nil {
		return err
	}
	if err := c.checkHeader(header); err != nil {
		return err
	}
	if err := c.server.lockedOut(); err != nil {
		return err
	}
	if answered, err := c.faultAt(StepFeatures, ""); answered || err != nil {
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
	case to != "" && to != c.server.config.Domain:
		return &streamError{condition: "host-unknown", text: "This server does not serve " + header.Attr("to")}
	}
	return nil
}

// writeHeader opens our side of the stream.
func (c *conn) writeHeader(to string) error {
	c.headerSent = true
	header := wire.NewElement(wire.NSStream, "stream",
		"id", randomID(), "from", c.server.config.Domain, "version", "1.0", "to", to)
	tag := strings.TrimSuffix(string(header.StreamXML()), "/>")
	return c.write(fmt.Appendf(nil, "<?xml version='1.0'?>%s xmlns='%s' xmlns:stream='%s' xml:lang='en'>",
		tag, wire.NSClient, wire.NSStream))
}

// startTLS answers <starttls/> and does the handshake (RFC 6120 5.4).
func (c *conn) startTLS() error {
	answered, err := c.faultAt(StepSTARTTLS, "")
	switch {
	case err != nil:
		return err
	case answered:
	case c.server.config.Faults.RefuseSTARTTLS:
		if err := c.send(wire.NewElement(wire.NSTLS, "failure")); err != nil {
			return err
		}
		return errStreamEnd
	default:
		if err := c.send(wire.NewElement(wire.NSTLS, "proceed")); err != nil {
			return err
		}
	}
	return c.handshake()
}

// bind gives the client its resource (RFC 6120 7). It returns no client when
// the request was refused and may be made again.
func (c *conn) bind(iq *wire.Element) (*client, error) {
	if answered, err := c.faultAt(StepBind, iq.Attr("id")); answered || err != nil {
		return nil, err
	}
	resource := iq.Child(wire.NSBind, "bind").ChildText(wire.NSBind, "resource")
	if resource == "" {
		resource = randomID()
	}
	full, err := parseJID(c.user.jid.with(resource).String())
	if err != nil {
		return nil, c.send(stanzaError(iq, "modify", "bad-request", "that resource is not allowed in a JID"))
	}
	c.readUntil(time.Time{})
	c.startWriter()
	bound := &client{hub: c.server.hub, conn: c, jid: full, account: c.user}
	bound.hub.enter(bound)
	c.logf("bound %s", full)
	return bound, c.send(result(iq).Add(wire.NewElement(wire.NSBind, "bind").Add(
		wire.NewElement(wire.NSBind, "jid").AddText(full.String()))))
}
