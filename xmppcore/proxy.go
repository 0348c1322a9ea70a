package xmppcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"time"

	"golang.org/x/net/proxy"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// socks is a SOCKS5 proxy (RFC 1928) on the way to the server.
type socks struct {
	// address is the proxy's host and port. The URL's user and password are
	// never shown.
	address string
	dialer  proxy.ContextDialer
}

// proxyOf gives the proxy for a plan, or nil. Connections to this machine
// itself never go through one, nor do those of a job with its own Dial.
func proxyOf(job Job, p destination) (*socks, error) {
	if job.Proxy == "" || job.Dial != nil || urlspec.Loopback(p.Host) {
		return nil, nil
	}
	u, err := url.Parse(job.Proxy)
	if err != nil || u.Hostname() == "" {
		// The error of url.Parse quotes the URL, which may hold a password.
		return nil, errors.New("the proxy's URL cannot be read")
	}
	if u.Scheme != "socks5" && u.Scheme != "socks5h" {
		return nil, fmt.Errorf("the proxy's URL begins with %s://, we know socks5:// and socks5h://", u.Scheme)
	}
	d, err := proxy.FromURL(u, &net.Dialer{})
	if err != nil {
		return nil, fmt.Errorf("proxy %s: %w", u.Host, err)
	}
	dialer, ok := d.(proxy.ContextDialer)
	if !ok {
		return nil, fmt.Errorf("proxy %s: it cannot be cancelled", u.Host)
	}
	return &socks{address: wire.Safe(u.Host), dialer: dialer}, nil
}

// route is the way through the proxy.
func (s *socks) route(Job) endpoint {
	return endpoint{
		open: func(ctx context.Context, address string) (net.Conn, error) {
			return s.dialer.DialContext(ctx, "tcp", address)
		},
		fail: proxyFailure,
	}
}

// resolve leaves the look-up to the proxy, so that no name leaks past it.
func (s *socks) resolve(p destination, rec *recorder) []string {
	if _, err := netip.ParseAddr(p.Host); err != nil {
		rec.end(event.StageDNS, event.Skip, "the SOCKS proxy looks up "+p.Host, event.DNS{Host: wire.Safe(p.Host)}, nil)
	}
	return []string{net.JoinHostPort(p.Host, strconv.Itoa(p.Port))}
}

// reportProxy says whether a configured proxy is used.
func (d *dialer) reportProxy(job Job) {
	switch {
	case d.proxy != "":
		d.rec.item(event.StageTCP, "proxy", event.OK, "through the SOCKS5 proxy "+d.proxy, d.data("", nil), nil)
	case job.Proxy != "":
		d.rec.item(event.StageTCP, "proxy", event.Skip, "the SOCKS5 proxy is not used for this machine itself",
			d.data("", nil), nil)
	}
}

// proxyFailure says why the proxy gave no connection.
func proxyFailure(ctx context.Context, err error, waited time.Duration) *event.Failure {
	f := &event.Failure{Stage: event.StageTCP, Cause: event.CauseProxy, Detail: wire.Safe(err.Error())}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return &event.Failure{Stage: event.StageTCP, Cause: event.CauseCancelled}
	case ownLimit(err):
		return ownFailure(event.StageTCP, err)
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		f.Cause, f.Waiting, f.Waited = event.CauseTimeout, event.WaitProxy, waited.Seconds()
	}
	return f
}
