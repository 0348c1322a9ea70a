package xmppcore

import (
	"fmt"
	"strings"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// xmlDeclaration comes before a stream header.
const xmlDeclaration = "<?xml version='1.0'?>"

// streamHeader opens a stream (RFC 6120 4.7) as the library does, so that the
// probe is offered what the login will be offered. Our address goes out only
// once TLS is up (4.7.1); ejabberd offers SASL2 only to those who give it.
func streamHeader(domain, account string, encrypted bool) string {
	from := ""
	if encrypted {
		from = fmt.Sprintf("from='%s' ", escape(account))
	}
	return fmt.Sprintf("%s<stream:stream %sto='%s' xmlns='%s' xmlns:stream='%s' version='1.0'>",
		xmlDeclaration, from, escape(domain), wire.NSClient, wire.NSStream)
}

// readHeader reads the server's stream header.
func readHeader(e *wire.Element, encrypted bool) (event.Stream, *event.Failure) {
	h, ok := wire.AsHeader(e)
	switch {
	case !ok:
		return event.Stream{}, &event.Failure{Stage: event.StageStream, Cause: event.CauseNotXMPP,
			Detail: fmt.Sprintf("it sent <%s> in place of a stream", wire.Safe(e.Name.Local))}
	case h.Namespace == wire.NSServer:
		return event.Stream{}, &event.Failure{Stage: event.StageStream, Cause: event.CauseServerPort, Detail: "the stream is in the namespace " + wire.NSServer}
	case h.Namespace != wire.NSClient:
		return event.Stream{}, &event.Failure{Stage: event.StageStream, Cause: event.CauseNotXMPP,
			Detail: fmt.Sprintf("the stream is in the namespace %q, ours in %q", wire.Safe(h.Namespace), wire.NSClient)}
	}
	return event.Stream{To: wire.Safe(h.To), From: wire.Safe(h.From), ID: wire.Safe(h.ID), Encrypted: encrypted}, nil
}

// headerText says what a header told.
func headerText(d event.Stream, to string) string {
	switch {
	case d.From == "":
		return "the stream is open; the server does not say who it is"
	case !strings.EqualFold(d.From, to):
		return fmt.Sprintf("the stream is open; asked for %s, answered by %s", to, d.From)
	}
	return "the stream is open; the server is " + d.From
}

// featuresData are the features that the login depends on.
func featuresData(f wire.Features, encrypted bool) event.Features {
	return event.Features{Encrypted: encrypted, STARTTLS: f.STARTTLS, STARTTLSRequired: f.STARTTLSRequired,
		Mechanisms: f.Mechanisms, SASL2: f.SASL2, Bindings: f.Bindings, MaxBytes: f.MaxBytes}
}

// featuresText names what is offered.
func featuresText(f event.Features) string {
	var parts []string
	if !f.Encrypted && f.STARTTLS {
		parts = append(parts, "STARTTLS")
	}
	if len(f.Mechanisms) > 0 {
		parts = append(parts, strings.Join(f.Mechanisms, " "))
	}
	if len(f.SASL2) > 0 {
		parts = append(parts, "SASL2 with "+strings.Join(f.SASL2, " "))
	}
	if len(f.Bindings) > 0 {
		parts = append(parts, "bindings "+strings.Join(f.Bindings, " "))
	}
	if len(parts) == 0 {
		return "offered: nothing to log in with"
	}
	return "offered: " + strings.Join(parts, "; ")
}

// streamFailure reads a stream error. A redirection is reported, not followed:
// whoever speaks here, before or without TLS, would choose our next peer.
func streamFailure(stage event.Stage, e wire.StreamError) *event.Failure {
	f := &event.Failure{Stage: stage, Cause: event.CauseStreamError, Condition: e.Condition, Text: e.Text}
	switch {
	case e.Condition == "see-other-host":
		f.Host = wire.Safe(e.Host)
		f.Detail = fmt.Sprintf("it sends us to %q; we do not follow", f.Host)
	case e.Condition == "invalid-namespace" && stage == event.StageStream:
		f.Cause = event.CauseServerPort
	}
	return f
}

// unexpected is the failure for an element that has no place where it came.
func unexpected(stage event.Stage, e *wire.Element, wanted event.Wait) *event.Failure {
	return &event.Failure{Stage: stage, Cause: event.CauseBadXML,
		Detail: fmt.Sprintf("the server sent <%s> where %s belongs", wire.Safe(e.Name.Local), wanted)}
}

// stanzaFailure is the failure that an error stanza tells of.
func stanzaFailure(stage event.Stage, cause event.Cause, e *wire.StanzaError) *event.Failure {
	return &event.Failure{Stage: stage, Cause: cause, Condition: e.Condition, Type: e.Type, Text: e.Text, By: wire.Safe(e.By)}
}
