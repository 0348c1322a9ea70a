package xmppcore

import (
	"crypto/rand"
	"fmt"
	"strings"
	"unicode/utf8"

	"mellium.im/xmpp/jid"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// The stanzas a session sends. They are text, not structs, because the library
// writes text, and because what goes out should be read off the page.

// newID returns an id for a stanza of ours: 128 random bits, so that nobody
// who does not see the stanza can answer it.
func newID() string { return strings.ToLower(rand.Text()) }

// messageStanza is one notification. A chat message asks for a receipt
// (XEP-0184 5.1); rooms do not get such requests (5.3). origin-id (XEP-0359)
// survives services that give reflections an id of their own.
func messageStanza(to string, kind urlspec.TargetKind, id string, m event.Message) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<message to='%s' type='%s' id='%s'>", escape(to), kind, id)
	if m.Subject != "" {
		fmt.Fprintf(&b, "<subject>%s</subject>", escape(m.Subject))
	}
	fmt.Fprintf(&b, "<body>%s</body>", escape(m.Body))
	fmt.Fprintf(&b, "<origin-id xmlns='urn:xmpp:sid:0' id='%s'/>", id)
	if kind == urlspec.Chat {
		b.WriteString("<request xmlns='urn:xmpp:receipts'/>")
	}
	b.WriteString("</message>")
	return b.String()
}

// joinStanza enters a room without its history (XEP-0045 7.2.1, 7.2.14).
func joinStanza(room, nick, id string) string {
	return fmt.Sprintf("<presence to='%s/%s' id='%s'>"+
		"<x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>",
		escape(room), escape(nick), id)
}

// leaveStanza leaves a room (XEP-0045 7.14).
func leaveStanza(room, nick string) string {
	return fmt.Sprintf("<presence to='%s/%s' type='unavailable'/>", escape(room), escape(nick))
}

// pingStanza is an XEP-0199 ping.
func pingStanza(to, id string) string {
	return fmt.Sprintf("<iq to='%s' type='get' id='%s'><ping xmlns='urn:xmpp:ping'/></iq>", escape(to), id)
}

// rosterStanza asks for the roster (RFC 6121 2.1.3).
func rosterStanza(id string) string {
	return fmt.Sprintf("<iq type='get' id='%s'><query xmlns='jabber:iq:roster'/></iq>", id)
}

// sessionStanza asks for a session (RFC 3921 3).
func sessionStanza(id string) string {
	return fmt.Sprintf("<iq type='set' id='%s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>", id)
}

// answerStanza answers what we are asked: yes to a change of the roster (RFC 6121
// 2.1.6), and that we do no such thing to all else.
func answerStanza(to, id string, yes bool) string {
	address := ""
	if to != "" {
		address = fmt.Sprintf(" to='%s'", escape(to))
	}
	if yes {
		return fmt.Sprintf("<iq%s type='result' id='%s'/>", address, escape(id))
	}
	return fmt.Sprintf("<iq%s type='error' id='%s'><error type='cancel'>"+
		"<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", address, escape(id))
}

// streamEnd closes our half of the stream (RFC 6120 4.4).
const streamEnd = "</stream:stream>"

// escape makes text fit for XML content and attributes in single quotes. A
// carriage return is written as a reference: an XML parser turns a bare one,
// such as Apprise puts between title and body, into a line feed.
func escape(s string) string { return xmlEscaper.Replace(s) }

var xmlEscaper = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&apos;", `"`, "&quot;", "\r", "&#xD;")

// illegal finds the first character that XML 1.0 (section 2.2) cannot carry in
// any form. offset counts characters from 0.
func illegal(s string) (what string, offset int, found bool) {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return fmt.Sprintf("the byte 0x%02X, which is not UTF-8,", s[i]), utf8.RuneCountInString(s[:i]), true
			}
		}
		switch {
		case r == '\t', r == '\n', r == '\r',
			r >= 0x20 && r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD, r >= 0x10000:
		default:
			return fmt.Sprintf("U+%04X", r), utf8.RuneCountInString(s[:i]), true
		}
	}
	return "", 0, false
}

// sendable says why a message must not be sent, nil when it may be. A server
// answers an illegal character by ending the stream, which would take the
// other targets along.
func sendable(m event.Message) *event.Failure {
	for _, part := range []struct{ name, text string }{{"the subject", m.Subject}, {"the body", m.Body}} {
		if what, offset, found := illegal(part.text); found {
			return &event.Failure{Stage: event.StageSend, Cause: event.CauseIllegalStanza,
				Detail: fmt.Sprintf("%s at character %d of %s cannot be written in XML", what, offset+1, part.name)}
		}
	}
	return nil
}

// bare is a JID without its resource, in the form in which servers write it
// (RFC 7622), so that answers can be matched. Text that is no JID is only
// cut and lowered.
func bare(address string) string {
	if j, err := jid.Parse(address); err == nil {
		return j.Bare().String()
	}
	cut, _, _ := strings.Cut(address, "/")
	return strings.ToLower(cut)
}

// resource is what follows the first slash of a JID.
func resource(address string) string {
	_, r, _ := strings.Cut(address, "/")
	return r
}
