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

	"xmppscope/xmppcore/wire"
)

// tlsFailure says why a handshake failed, when it was not the check of the
// certificate. It reads texts as well as types, since the library hands on
// only the text.
func tlsFailure(err error) *Failure {
	text := err.Error()
	f := &Failure{Stage: StageTLS, Cause: CauseTLS, Detail: wire.Safe(text)}
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
		return &Failure{Stage: StageTLS, Cause: CauseCancelled}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		f.Cause, f.Waiting = CauseTimeout, "the TLS handshake"
	case errors.As(err, &record), contains("first record does not look like a TLS handshake", "oversized record received"):
		f.Cause = CauseNotTLS
	case contains("protocol version not supported", "server selected unsupported protocol version", "no supported versions satisfy"):
		f.Cause = CauseTLSVersion
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		contains("connection reset by peer", "broken pipe"), text == "EOF", strings.HasSuffix(text, ": EOF"), strings.HasSuffix(text, "unexpected EOF"):
		f.Cause, f.Waiting = CauseClosed, "the TLS handshake"
	}
	return f
}
