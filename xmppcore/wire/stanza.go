package wire

import "encoding/xml"

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
	return StanzaError{
		Condition: condition,
		Type:      safeCut(inner.Attr("type"), maxToken),
		Text:      text,
		By:        inner.Attr("by"),
	}, true
}

func errorOf(e *Element) *StanzaError {
	if err, ok := AsStanzaError(e); ok {
		return &err
	}
	return nil
}

// Message is a message (RFC 6121 5). All fields but Error's are as sent.
type Message struct {
	From, To, ID, Type string
	Subject, Body      string
	// HasSubject and HasBody tell an empty one from none. A room's subject
	// message, which ends a join, has a subject and no body (XEP-0045 7.2.15).
	HasSubject, HasBody bool
	// ReceiptRequest is true when the sender wants a receipt, ReceiptFor the
	// id of the message that this one is the receipt of (XEP-0184).
	ReceiptRequest bool
	ReceiptFor     string
	// OriginID is the id that the sender gave it beside ID (XEP-0359).
	OriginID string
	// Delay is when it was sent, if it was not delivered at once (XEP-0203).
	Delay string
	// Codes are the status codes of a room (XEP-0045 15.6).
	Codes []int
	Error *StanzaError
}

// AsMessage reads a message.
func AsMessage(e *Element) (Message, bool) {
	if !e.Is(NSClient, "message") {
		return Message{}, false
	}
	m := Message{From: e.Attr("from"), To: e.Attr("to"), ID: e.Attr("id"), Type: e.Attr("type"), Error: errorOf(e)}
	if c := e.Child(NSClient, "subject"); c != nil {
		m.Subject, m.HasSubject = c.Text, true
	}
	if c := e.Child(NSClient, "body"); c != nil {
		m.Body, m.HasBody = c.Text, true
	}
	m.ReceiptRequest = e.Child(NSReceipts, "request") != nil
	m.ReceiptFor = e.Child(NSReceipts, "received").Attr("id")
	m.OriginID = e.Child(NSStanzaID, "origin-id").Attr("id")
	m.Delay = e.Child(NSDelay, "delay").Attr("stamp")
	m.Codes = statusCodes(e.Child(NSMUCUser, "x"))
	return m, true
}

// IQ is an info/query (RFC 6120 8.2.3). All fields but Error's are as sent.
type IQ struct {
	From, To, ID, Type string
	// Query is the name of the payload; zero when there is none.
	Query xml.Name
	// Ping is true for XEP-0199's request.
	Ping bool
	// JID is the full JID that the server bound (RFC 6120 7.6.1).
	JID string
	// Roster is true when it carries a roster, of Contacts items.
	Roster   bool
	Contacts int
	Error    *StanzaError
}

// AsIQ reads an info/query.
func AsIQ(e *Element) (IQ, bool) {
	if !e.Is(NSClient, "iq") {
		return IQ{}, false
	}
	q := IQ{From: e.Attr("from"), To: e.Attr("to"), ID: e.Attr("id"), Type: e.Attr("type"), Error: errorOf(e)}
	for _, c := range e.Children {
		if !c.Is(NSClient, "error") {
			q.Query = c.Name
			break
		}
	}
	q.Ping = e.Child(NSPing, "ping") != nil
	q.JID = e.Child(NSBind, "bind").ChildText(NSBind, "jid")
	if roster := e.Child(NSRoster, "query"); roster != nil {
		q.Roster = true
		for _, c := range roster.Children {
			if c.Is(NSRoster, "item") {
				q.Contacts++
			}
		}
	}
	return q, true
}
