package wire

import "strings"

// Header is a stream header (RFC 6120 4.7). Its fields are as sent; one that is
// longer than [MaxJID] is cut.
type Header struct {
	To, From, ID string
	// Version is empty before XMPP 1.0 (4.7.5).
	Version string
	// Namespace is the content namespace: NSClient, or NSServer on a port
	// meant for servers.
	Namespace string
}

// AsHeader reads the element of an [Open] item. It is false when the outermost
// element is no XMPP stream, as for <html>.
func AsHeader(e *Element) (Header, bool) {
	if !e.Is(NSStream, "stream") {
		return Header{}, false
	}
	return Header{To: address(e.Attr("to")), From: address(e.Attr("from")), ID: address(e.Attr("id")),
		Version:   safeCut(e.Attr("version"), maxToken),
		Namespace: address(e.Attr("xmlns"))}, true
}

// StreamError is <stream:error/> (RFC 6120 4.9). It ends the stream.
type StreamError struct {
	// Condition is the defined condition, such as "host-unknown", or
	// "undefined-condition" when the server named none.
	Condition string
	// Text is the server's explanation, safe to show.
	Text string
	// Host is where <see-other-host/> points, as sent; cut at [MaxJID].
	Host string
}

// AsStreamError reads a stream error.
func AsStreamError(e *Element) (StreamError, bool) {
	if !e.Is(NSStream, "error") {
		return StreamError{}, false
	}
	condition, text := conditionOf(e, NSStreamErrors)
	return StreamError{
		Condition: condition,
		Text:      text,
		Host:      address(strings.TrimSpace(e.ChildText(NSStreamErrors, "see-other-host"))),
	}, true
}

// conditionOf reads what all XMPP errors have in common: an empty element that
// names the condition, and a text. The text of SASL2 is in no namespace of the
// condition (XEP-0388 2.6.2), so text counts in any.
func conditionOf(e *Element, space string) (condition, text string) {
	condition = "undefined-condition"
	found := false
	for _, c := range e.Children {
		switch {
		case c.Name.Local == "text":
			if text == "" {
				text = safeCut(strings.TrimSpace(c.Text), maxText)
			}
		case c.Name.Space == space && !found:
			condition, found = safeCut(c.Name.Local, maxToken), true
		}
	}
	return condition, text
}
