package wire

import (
	"cmp"
	"encoding/xml"
	"net/url"
	"strings"
)

// StanzaError is an error stanza's <error/> (RFC 6120 8.3).
type StanzaError struct {
	// Condition is the defined condition, such as "item-not-found".
	Condition string
	// Type is auth, cancel, continue, modify or wait.
	Type string
	// Text is the server's explanation, safe to show.
	Text string
	// By is the JID of the entity that made the error, as sent.
	By string
	// Moved is the JID that the conditions gone and redirect name, as sent.
	Moved string
}

// AsStanzaError reads the error of a message, presence or IQ of type error.
func AsStanzaError(e *Element) (StanzaError, bool) {
	if e == nil || e.Attr("type") != "error" || e.Name.Space != NSClient && e.Name.Space != NSServer {
		return StanzaError{}, false
	}
	inner := e.Child(e.Name.Space, "error")
	if inner == nil {
		return StanzaError{Condition: "undefined-condition"}, true
	}
	condition, text := conditionOf(inner, NSStanzaErrors)
	if old := oldCodes[inner.Attr("code")]; condition == "undefined-condition" && old != "" {
		condition = old
		if text == "" {
			text = safeCut(strings.TrimSpace(inner.Text), maxText)
		}
	}
	moved := ""
	if condition == "gone" || condition == "redirect" {
		moved = jidOf(inner.ChildText(NSStanzaErrors, condition))
	}
	return StanzaError{
		Moved:     moved,
		Condition: condition,
		Type:      safeCut(inner.Attr("type"), maxToken),
		Text:      text,
		By:        address(inner.Attr("by")),
	}, true
}

// oldCodes are the conditions that the numbers of errors before XMPP 1.0 stand for, by
// which some gateways still answer (XEP-0086).
var oldCodes = map[string]string{
	"302": "gone", "400": "bad-request", "401": "not-authorized", "402": "payment-required", "403": "forbidden",
	"404": "item-not-found", "405": "not-allowed", "406": "not-acceptable", "407": "registration-required",
	"408": "remote-server-timeout", "409": "conflict", "500": "internal-server-error",
	"501": "feature-not-implemented", "502": "service-unavailable", "503": "service-unavailable",
	"504": "remote-server-timeout", "510": "service-unavailable",
}

// jidOf is the address in an xmpp: URI (RFC 5122), or the text itself.
func jidOf(uri string) string {
	uri = strings.TrimPrefix(strings.TrimSpace(uri), "xmpp:")
	uri, _, _ = strings.Cut(uri, "?")
	if decoded, err := url.PathUnescape(uri); err == nil {
		uri = decoded
	}
	return address(uri)
}

func errorOf(e *Element) *StanzaError {
	if err, ok := AsStanzaError(e); ok {
		return &err
	}
	return nil
}

// Message is a message (RFC 6121 5). All fields but Error's are as sent; a JID that
// is longer than [MaxJID] is cut.
type Message struct {
	From, To, ID, Type string
	Subject, Body      string
	// ReceiptFor is the id of the message that this one is the receipt of
	// (XEP-0184).
	ReceiptFor string
	// OriginID is the id that the sender gave it beside ID (XEP-0359).
	OriginID string
	// Delay is when it was sent, if it was not delivered at once (XEP-0203, or its
	// forerunner XEP-0091).
	Delay string
	// Carbon is true for a copy of what another client of the account got or sent
	// (XEP-0280), if the account is who it comes from.
	Carbon bool
	// Captcha is true for a task that only a person can do, before something else
	// is allowed, and CaptchaFor is the id of that, if it says so (XEP-0158 3).
	Captcha    bool
	CaptchaFor string
	Error      *StanzaError
}

// AsMessage reads a message.
func AsMessage(e *Element) (Message, bool) {
	if !e.Is(NSClient, "message") {
		return Message{}, false
	}
	m := Message{From: address(e.Attr("from")), To: address(e.Attr("to")), ID: e.Attr("id"), Type: e.Attr("type"),
		Error: errorOf(e)}
	m.Subject, m.Body = e.ChildText(NSClient, "subject"), e.ChildText(NSClient, "body")
	m.ReceiptFor = e.Child(NSReceipts, "received").Attr("id")
	m.OriginID = e.Child(NSStanzaID, "origin-id").Attr("id")
	m.Delay = cmp.Or(e.Child(NSDelay, "delay").Attr("stamp"), e.Child(NSOldDelay, "x").Attr("stamp"))
	if captcha := e.Child(NSCaptcha, "captcha"); captcha != nil {
		m.Captcha = true
		if form := captcha.Child(NSForm, "x"); form != nil {
			for _, c := range form.Children {
				if c.Is(NSForm, "field") && c.Attr("var") == "sid" {
					m.CaptchaFor = c.ChildText(NSForm, "value")
				}
			}
		}
	}
	m.Carbon = e.Child(NSCarbons, "received") != nil || e.Child(NSCarbons, "sent") != nil
	return m, true
}

// IQ is an info/query (RFC 6120 8.2.3). All fields but Error's are as sent; a From
// that is longer than [MaxJID] is cut.
type IQ struct {
	From, ID, Type string
	// Query is the name of what is asked or answered.
	Query xml.Name
	// JID is the full JID that the server bound (RFC 6120 7.6.1), however long.
	JID string
	// Items are the entities that an answer of service discovery names (XEP-0030 4),
	// as sent, and Rooms is true when one says that it has rooms (XEP-0045 6.1).
	Items []string
	Rooms bool
	// Contacts counts the items of the roster that it carries.
	Contacts int
	Error    *StanzaError
}

// AsIQ reads an info/query.
func AsIQ(e *Element) (IQ, bool) {
	if !e.Is(NSClient, "iq") {
		return IQ{}, false
	}
	q := IQ{From: address(e.Attr("from")), ID: e.Attr("id"), Type: e.Attr("type"), Error: errorOf(e)}
	for _, c := range e.Children {
		if c.Name.Local != "error" {
			q.Query = c.Name
			break
		}
	}
	q.JID = e.Child(NSBind, "bind").ChildText(NSBind, "jid")
	if items := e.Child(NSDiscoItems, "query"); items != nil {
		for _, c := range items.Children {
			if jid := address(c.Attr("jid")); c.Is(NSDiscoItems, "item") && jid != "" && len(q.Items) < maxList {
				q.Items = append(q.Items, jid)
			}
		}
	}
	if info := e.Child(NSDiscoInfo, "query"); info != nil {
		for _, c := range info.Children {
			q.Rooms = q.Rooms || c.Is(NSDiscoInfo, "identity") && c.Attr("category") == "conference" && c.Attr("type") == "text"
		}
	}
	if roster := e.Child(NSRoster, "query"); roster != nil {
		for _, c := range roster.Children {
			if c.Is(NSRoster, "item") {
				q.Contacts++
			}
		}
	}
	return q, true
}
