package stream

import (
	"cmp"
	"fmt"
	"strings"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// oldNames are the conditions that RFC 3920 had and RFC 6120 calls otherwise.
var oldNames = map[string]string{
	"xml-not-well-formed": "not-well-formed",
	"invalid-id":          "invalid-from", // of server dialback, like the other
}

// streamFailure reads a stream error (RFC 6120 4.9). A redirection is reported,
// not followed: whoever speaks here, before or without TLS, would choose our
// next peer.
func streamFailure(stage event.Stage, e wire.StreamError) *event.Failure {
	f := &event.Failure{Stage: stage, Cause: event.CauseStreamError, Condition: cmp.Or(oldNames[e.Condition], e.Condition),
		Text: e.Text}
	switch {
	case e.Condition == "see-other-host":
		f.Host = wire.Safe(e.Host)
		f.Detail = fmt.Sprintf("it sends us to %q; we do not follow", f.Host)
	case e.Condition == "invalid-namespace" && stage == event.StageStream:
		f.Cause = event.CauseServerPort
	}
	return f
}

// Unexpected is the failure for an element that has no place where it came.
func Unexpected(stage event.Stage, e *wire.Element, wanted event.Wait) *event.Failure {
	name := wire.Safe(e.Name.Local)
	return &event.Failure{Stage: stage, Cause: event.CauseBadXML,
		Detail: fmt.Sprintf("the server sent <%s> where %s belongs", name, wanted), Quoted: name}
}

// StanzaFailure is the failure that an error stanza tells of (RFC 6120 8.3).
func StanzaFailure(stage event.Stage, cause event.Cause, e *wire.StanzaError) *event.Failure {
	return &event.Failure{Stage: stage, Cause: cause, Condition: e.Condition, Type: e.Type, Text: e.Text,
		By: wire.Safe(e.By), Moved: wire.Safe(e.Moved)}
}

// namesBinding reports whether a server's own words blame the channel binding:
// RFC 5802 has an error for it, but servers send it as text.
func namesBinding(text string) bool {
	return strings.Contains(strings.ToLower(text), "channel binding")
}
