package xmppcore

import (
	"context"
	"crypto/tls"
	"io"
	"net"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
)

// proxyHeader is the header of the PROXY protocol for a connection of whose client the
// proxy says nothing (version 1, section 2.1, which haproxy publishes).
const proxyHeader = "PROXY UNKNOWN\r\n"

// suspectProxy looks once more at a port that did not say a byte before it hung up, or
// our time was over: one behind a load balancer may want that one's header first, and
// hangs up on clients whatever they speak. It is only asked whether it answers then, so
// nothing goes out but the header and the greeting.
func (r *run) suspectProxy(ctx context.Context, f *event.Failure) *event.Failure {
	silent := f.Cause == event.CauseClosed || f.Cause == event.CauseTimeout
	if !silent || r.place.open == nil || r.counts.in.Load() > 0 || ctx.Err() != nil ||
		f.Stage != event.StageStream && f.Stage != event.StageTLS {
		return f
	}
	ctx, cancel := context.WithTimeout(ctx, r.grace())
	defer cancel()
	conn, failure := r.place.dial(ctx)
	if failure != nil {
		return f
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if _, err := io.WriteString(conn, proxyHeader); err != nil {
		return f
	}
	if !r.welcomes(ctx, conn) {
		return f
	}
	return &event.Failure{Stage: f.Stage, Cause: event.CauseProxyHeader}
}

// welcomes reports whether the other side of a connection takes our greeting: it ends
// the handshake, or offers features. One to which the header was no header answers
// with an error, if at all.
func (r *run) welcomes(ctx context.Context, conn net.Conn) bool {
	if r.dest.Mode == urlspec.ModeTLS {
		config := newTLSCheck(r.job, r.dest).config(true)
		config.VerifyConnection = nil // nothing secret follows
		return tls.Client(conn, config).HandshakeContext(ctx) == nil
	}
	offered := false
	follow := stream.For(r.dest.Mode)
	follow.Listeners = []func(stream.Step) error{func(s stream.Step) error {
		offered = offered || s.Kind == stream.Offered
		return nil
	}}
	greeting := []byte(streamHeader(r.dest.Domain, "", false))
	if _, err := conn.Write(greeting); err != nil || follow.Feed(stream.Chunk{Bytes: greeting}) != nil {
		return false
	}
	buf := make([]byte, 4<<10)
	for !offered {
		n, err := conn.Read(buf)
		if follow.Feed(stream.Chunk{Received: true, Bytes: buf[:n]}) != nil || err != nil {
			return offered
		}
	}
	return true
}
