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
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// socks is a SOCKS5 proxy (RFC 1928) on the way to the server.
type socks struct {
	// address is the proxy's host and port. The URL's user and password are
	// never shown.
	address        string
	user, password string
}

// proxyOf gives the proxy for a plan, or nil. Connections to this machine
// itself never go through one, nor do those that NO_PROXY excepts, those of a job
// with its own Dial, and those where ALL_PROXY is of a kind for the web.
func proxyOf(job Job, p destination) (*socks, error) {
	if job.Proxy == "" || job.Dial != nil || urlspec.Loopback(p.Host) || excepted(job, p) {
		return nil, nil
	}
	u, err := url.Parse(job.Proxy)
	if err != nil || u.Hostname() == "" {
		// The error of url.Parse quotes the URL, which may hold a password.
		return nil, errors.New("the proxy's URL cannot be read; it has the form socks5://HOST:PORT")
	}
	switch scheme := strings.ToLower(u.Scheme); scheme {
	case "socks5", "socks5h":
	case "http", "https":
		return nil, nil
	default:
		return nil, fmt.Errorf("the proxy's URL begins with %s://, and we speak socks5:// and socks5h:// alone; "+
			"unset ALL_PROXY to connect directly", u.Scheme)
	}
	port := u.Port()
	if port == "" {
		port = "1080"
	}
	password, _ := u.User.Password()
	return &socks{address: net.JoinHostPort(u.Hostname(), port), user: u.User.Username(), password: password}, nil
}

// excepted reports whether NO_PROXY excepts the host, read as curl and Go's own
// client read it: a domain with all below it, an address, a network, or *.
func excepted(job Job, p destination) bool {
	if job.NoProxy == "" {
		return false
	}
	// Which proxy it would be does not matter here; a host without one is excepted.
	config := httpproxy.Config{HTTPSProxy: "http://proxy.invalid", NoProxy: job.NoProxy}
	host := net.JoinHostPort(p.Host, strconv.Itoa(p.Port))
	chosen, err := config.ProxyFunc()(&url.URL{Scheme: "https", Host: host})
	return err == nil && chosen == nil
}

// route is the way through the proxy.
func (s *socks) route(Job) endpoint {
	return endpoint{
		open: func(ctx context.Context, address string) (net.Conn, error) {
			return socksConnect(ctx, s.address, s.user, s.password, address)
		},
		fail: proxyFailure,
	}
}

// resolve leaves the look-up to the proxy, so that no name leaks past it.
func (s *socks) resolve(p destination, rec *recorder) []string {
	if _, err := netip.ParseAddr(p.Host); err != nil {
		rec.end(event.StageDNS, event.Skip, "the SOCKS proxy looks up "+p.Host+"; SRV records are not asked for behind "+
			"it", event.DNS{Host: wire.Safe(p.Host)}, nil)
	}
	return []string{net.JoinHostPort(p.Host, strconv.Itoa(p.Port))}
}

// reportProxy says whether a configured proxy is used.
func (d *dialer) reportProxy(job Job) {
	switch {
	case d.proxy != "":
		d.rec.item(event.StageTCP, "proxy", event.OK, "through the SOCKS5 proxy "+d.proxy, d.data("", nil), nil)
	case job.Proxy != "":
		why := "the SOCKS5 proxy is not used for this machine itself"
		switch {
		case excepted(job, d.dest):
			why = "the proxy is not used, since NO_PROXY excepts " + d.dest.Host
		case strings.HasPrefix(strings.ToLower(job.Proxy), "http"):
			why = "ALL_PROXY names a proxy for the web, which is not used for XMPP"
		}
		d.rec.item(event.StageTCP, "proxy", event.Skip, why, d.data("", nil), nil)
	}
}

// proxyFailure says why the proxy gave no connection.
func proxyFailure(ctx context.Context, err error, waited time.Duration) *event.Failure {
	f := &event.Failure{Stage: event.StageTCP, Cause: event.CauseProxy, Detail: wire.Safe(err.Error())}
	told := new(socksError)
	errors.As(err, &told)
	f.Proxy = told.fault
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return &event.Failure{Stage: event.StageTCP, Cause: event.CauseCancelled}
	case ownLimit(err):
		return ownFailure(event.StageTCP, err)
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		told.fault == event.ProxyTarget:
		f.Cause, f.Waiting, f.Waited = event.CauseTimeout, event.WaitProxy, waited.Seconds()
	case told.cause != "":
		f.Cause = told.cause
	}
	return f
}
