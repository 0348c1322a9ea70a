package xmppcore

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// tlsFailure says why a handshake failed, when it was not the check of the
// certificate. It reads texts as well as types, since the library hands on
// only the text.
func tlsFailure(err error) *event.Failure {
	text := err.Error()
	f := &event.Failure{Stage: event.StageTLS, Cause: event.CauseTLS, Detail: wire.Safe(text), Alert: alertIn(text)}
	contains := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(text, p) {
				return true
			}
		}
		return false
	}
	var record tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return &event.Failure{Stage: event.StageTLS, Cause: event.CauseCancelled}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		f.Cause, f.Waiting = event.CauseTimeout, event.WaitHandshake
	case contains("HTTP response to"):
		f.Cause, f.Protocol = event.CauseNotXMPP, "HTTP"
	case errors.As(err, &record) && !streamOrTLS(record.RecordHeader[:]):
		f.Cause, f.Protocol = event.CauseNotXMPP, wire.ProtocolOf(string(record.RecordHeader[:]))
		f.Detail = "it speaks " + f.Protocol
	case errors.As(err, &record), contains("first record does not look like a TLS handshake", "oversized record received"):
		f.Cause = event.CauseNotTLS
	case contains(unreadable):
		_, why, _ := strings.Cut(text, unreadable)
		f.Lacking = &event.Lacking{Kind: event.LackForm, Name: wire.Safe(strings.TrimPrefix(why, "x509: "))}
	case contains("protocol version not supported", "server selected unsupported protocol version",
		"no supported versions satisfy"):
		f.Cause = event.CauseTLSVersion
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET),
		errors.Is(err, syscall.EPIPE), contains("connection reset by peer", "broken pipe"),
		text == "EOF", strings.HasSuffix(text, ": EOF"), strings.HasSuffix(text, "unexpected EOF"):
		f.Cause, f.Waiting = event.CauseClosed, event.WaitHandshake
	}
	return f
}

// streamOrTLS reports whether the beginning of an answer to a handshake can be that of
// a port for STARTTLS, where a server answers in XML, if only to complain, or of TLS.
func streamOrTLS(answer []byte) bool {
	protocol, text := wire.ProtocolOf(string(answer)), strings.TrimLeft(string(answer), " \t\r\n")
	return protocol == "TLS" || protocol != "HTTP" && (text == "" || text[0] == '<')
}

// unreadable is how Go says that it cannot read the server's certificate.
const unreadable = "failed to parse certificate from server: "

// alertIn finds the alert with which the server ended a handshake. Go keeps the
// type of an alert to itself, so it is known by the text that Go gives it.
func alertIn(text string) event.Alert {
	for _, a := range [...]struct {
		code tls.AlertError // RFC 8446 6.2
		name event.Alert
	}{{112, event.AlertName}, {120, event.AlertProtocol}, {40, event.AlertNothing}, {71, event.AlertNothing}} {
		if strings.Contains(text, a.code.Error()) {
			return a.name
		}
	}
	return ""
}
