package xmppcore

import (
	"fmt"
	"strings"
)

// sentence says a failure in words for the event's text. What it means and
// what to do about it is the business of findings, not of an event.
func sentence(f *Failure) string {
	s := headline(f)
	if f.Condition != "" && !strings.Contains(s, f.Condition) {
		s += ": " + f.Condition
	}
	if f.Text != "" {
		s += ` ("` + f.Text + `")`
	}
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	return s
}

func headline(f *Failure) string {
	switch f.Cause {
	case CauseTimeout:
		return fmt.Sprintf("waited %.3g s for %s, nothing came", f.Waited, f.Waiting)
	case CauseClosed:
		if f.Waiting != "" {
			return "the server closed the connection while we waited for " + f.Waiting
		}
	case CauseStreamError:
		return "the server ended the stream with " + f.Condition
	case CauseAuth:
		return "the server refused the login with " + f.Condition
	case CauseChannelBinding:
		return "the server refused the channel binding"
	case CauseRoom:
		return "could not join the room"
	case CauseBounced:
		return "the message came back"
	}
	if s := headlines[f.Cause]; s != "" {
		return s
	}
	return string(f.Cause)
}

// headlines are the causes whose sentence needs no facts.
var headlines = map[Cause]string{
	CauseCancelled:         "cancelled",
	CauseNoSuchHost:        "the name has no address",
	CauseDNS:               "the name look-up failed",
	CauseRefused:           "nothing listens on that port",
	CauseUnreachable:       "no route to that address",
	CauseProxy:             "the SOCKS proxy did not connect us",
	CauseClosed:            "the server closed the connection",
	CauseNotXMPP:           "this is not an XMPP server",
	CauseServerPort:        "this port is for other servers, not for clients",
	CauseBadXML:            "the server sent XML that is not well-formed or not allowed",
	CauseTooBig:            "a size limit was passed",
	CauseNoSTARTTLS:        "the server does not offer STARTTLS",
	CauseSTARTTLSRefused:   "the server refused STARTTLS",
	CauseNotTLS:            "this port does not speak TLS at once; it is a STARTTLS or plain port",
	CauseTLS:               "the TLS handshake failed",
	CauseTLSVersion:        "no TLS version in common",
	CauseCertName:          "the certificate is for another name",
	CauseCertAuthority:     "the certificate comes from an authority that is not trusted here",
	CauseCertExpired:       "the certificate has expired",
	CauseCertNotYetValid:   "the certificate is not valid yet",
	CauseCertOther:         "the certificate is not valid",
	CauseNoMechanisms:      "the server offers no way to log in",
	CauseNoCommonMechanism: "the server offers no login mechanism that we may use",
	CauseTLSRequired:       "the server wants TLS before the login, and mode=none does without",
	CauseCleartextPassword: "only PLAIN is left, which would send the password in clear",
	CauseServerProof:       "the server did not prove that it knows the password",
	CauseIterations:        "the server asked for an unreasonable SCRAM iteration count",
	CauseBind:              "the server did not give us a resource",
	CauseNoPassword:        "there is no password to log in with",
	CauseIllegalStanza:     "not sent, because XMPP does not allow it",
	CauseInternal:          "internal error",
}
