package loopback

import (
	"slices"
	"strconv"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// features lists what the client may or must do next (RFC 6120 4.3.2).
func (c *conn) features() *wire.Element {
	f := wire.NewElement(wire.NSStream, "features")
	if c.user != nil {
		return f.Add(
			wire.NewElement(wire.NSBind, "bind").Add(wire.NewElement(wire.NSBind, "required")),
			wire.NewElement(wire.NSSession, "session").Add(wire.NewElement(wire.NSSession, "optional")),
			limits(c.server.config.MaxBytes))
	}
	if c.offersTLS() {
		offer := wire.NewElement(wire.NSTLS, "starttls")
		if c.needsTLS() {
			offer.Add(wire.NewElement(wire.NSTLS, "required"))
		}
		f.Add(offer)
	}
	if mechanisms := c.mechanisms(); len(mechanisms) > 0 {
		list := wire.NewElement(wire.NSSASL, "mechanisms")
		for _, m := range mechanisms {
			list.Add(wire.NewElement(wire.NSSASL, "mechanism").AddText(m))
		}
		f.Add(list, c.bindingList(mechanisms))
	}
	return f.Add(limits(maxBytesBeforeLogin))
}

// offersTLS reports whether STARTTLS is offered now.
func (c *conn) offersTLS() bool {
	return c.tls == nil && c.mode == urlspec.ModeSTARTTLS && !c.server.config.Faults.NoSTARTTLS
}

// needsTLS reports whether nobody logs in before STARTTLS.
func (c *conn) needsTLS() bool { return c.offersTLS() && !c.server.config.CleartextLogin }

// bindingList announces the channel-binding types (XEP-0440 3), nil where there
// is nothing to announce.
func (c *conn) bindingList(mechanisms []string) *wire.Element {
	if !slices.ContainsFunc(mechanisms, isPlus) || c.server.config.Faults.OldEjabberd {
		return nil
	}
	list := wire.NewElement(wire.NSBindings, "sasl-channel-binding")
	for _, b := range c.bindings() {
		list.Add(wire.NewElement(wire.NSBindings, "channel-binding", "type", b))
	}
	return list
}

// limits announces the largest element that the server reads (XEP-0478 4).
func limits(bytes int) *wire.Element {
	return wire.NewElement(wire.NSLimits, "limits").Add(
		wire.NewElement(wire.NSLimits, "max-bytes").AddText(strconv.Itoa(bytes)))
}
