package xmppcore

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
)

// proxyHeader is the header of the PROXY protocol for a connection of whose client the
// proxy says nothing (version 1, section 2.1, which haproxy publishes).
const proxyHeader = "PROXY UNKNOWN\r\n"

// lookCloser looks once more at a port that ended a handshake or greeting in a way that
// has several reasons, and gives the failure with the reason that it found.
func (r *run) lookCloser(ctx context.Context, f *event.Failure) *event.Failure {
	g := *f
	if f.Cause == event.CauseTLS && f.Alert == event.AlertNothing {
		g.Lacking = r.lacking(ctx)
		return &g
	}
	silent := f.Cause == event.CauseClosed || f.Cause == event.CauseTimeout
	if !silent || r.place.open == nil || r.counts.in.Load() > 0 || ctx.Err() != nil ||
		f.Stage != event.StageStream && f.Stage != event.StageTLS {
		return f
	}
	var looks sync.WaitGroup
	if f.Cause == event.CauseClosed {
		looks.Go(func() { g.Unprompted = r.hangsUpUnprompted(ctx) })
	}
	proxied := r.wantsHeader(ctx)
	looks.Wait()
	if proxied {
		return &event.Failure{Stage: f.Stage, Cause: event.CauseProxyHeader}
	}
	return &g
}

// A connection on which nobody says anything counts as one that waits for us when it has
// lasted four times as long as it took to open, within these bounds.
const (
	leastUnprompted = 150 * time.Millisecond
	mostUnprompted  = 500 * time.Millisecond
)

// hangsUpUnprompted reports whether the other side ends a connection on which we say
// nothing at once. A server waits for its clients to begin. Who does not has somebody
// else to listen to: a proxy whose server is down, or chokes on the proxy's header.
func (r *run) hangsUpUnprompted(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, r.grace())
	defer cancel()
	began := time.Now()
	conn, failure := r.place.dial(ctx)
	if failure != nil {
		return false
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	wait := min(max(4*time.Since(began), leastUnprompted), mostUnprompted)
	_ = conn.SetReadDeadline(time.Now().Add(wait)) // without one, ctx ends it
	n, err := conn.Read(make([]byte, 1))
	return n == 0 && (errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET))
}

// wantsHeader looks once more at a port that did not say a byte before it hung up, or
// our time was over: one behind a load balancer may want that one's header first, and
// hangs up on clients whatever they speak. It is only asked whether it answers then, so
// nothing goes out but the header and the greeting.
func (r *run) wantsHeader(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, r.grace())
	defer cancel()
	conn, failure := r.place.dial(ctx)
	if failure != nil {
		return false
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	_, err := io.WriteString(conn, proxyHeader)
	return err == nil && r.welcomes(ctx, conn)
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
