package xmppcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// endpoint is where a connection was opened, so that another one can be opened
// to the very same place.
type endpoint struct {
	// Address is the IP address and port, or name and port behind a proxy.
	Address string

	open func(ctx context.Context, address string) (net.Conn, error)
	fail func(ctx context.Context, err error, waited time.Duration) *event.Failure
}

// dial opens another connection to the endpoint, without events.
func (e endpoint) dial(ctx context.Context) (net.Conn, *event.Failure) {
	began := time.Now()
	conn, err := e.open(ctx, e.Address)
	if err != nil {
		return nil, e.fail(ctx, err, time.Since(began))
	}
	return conn, nil
}

// dial looks the host up and connects, and tells the dns and tcp stages. ctx
// bounds all of it; nothing it started is left when it returns. An attempt at
// one of several addresses is an item of tcp; a failed one is a warning, since
// another may succeed. beside, which may be nil, is asked for SRV records only
// when the look-up failed and there is nothing left to delay; attempts that were
// overtaken go on there.
func dial(ctx context.Context, job Job, p destination, beside *aside,
	rec *recorder) (net.Conn, endpoint, *event.Failure) {
	if p.Port < 1 || p.Port > 65535 {
		f := &event.Failure{Stage: event.StageTCP, Cause: event.CauseUnreachable,
			Detail: fmt.Sprintf("there is no port %d", p.Port)}
		return nil, endpoint{}, rec.fail(f.Sentence(), event.TCP{Host: wire.Safe(p.Host), Port: p.Port}, f)
	}
	via := direct
	proxied, err := proxyOf(job, p)
	if err != nil {
		f := &event.Failure{Stage: event.StageTCP, Cause: event.CauseProxy, Proxy: event.ProxyURL,
			Detail: wire.Safe(err.Error())}
		return nil, endpoint{}, rec.fail(f.Sentence(), event.TCP{Host: wire.Safe(p.Host), Port: p.Port}, f)
	}
	var addresses []string
	d := &dialer{dest: p, rec: rec, beside: beside, stagger: staggerDelay}
	if proxied != nil {
		via, d.proxy = proxied.route, proxied.address
		addresses = proxied.resolve(p, rec)
	} else {
		var f *event.Failure
		if addresses, f = resolve(ctx, job, p, beside, rec); f != nil {
			return nil, endpoint{}, f
		}
	}
	d.endpoint = via(job)
	rec.start(event.StageTCP, "connecting to "+net.JoinHostPort(p.Host, strconv.Itoa(p.Port)))
	d.reportProxy(job)
	return d.race(ctx, addresses)
}

// direct is the way without a proxy.
func direct(job Job) endpoint {
	open := job.Dial
	if open == nil {
		open = new(net.Dialer).DialContext
	}
	return endpoint{
		open: func(ctx context.Context, address string) (net.Conn, error) { return open(ctx, "tcp", address) },
		fail: tcpFailure,
	}
}

// resolve gives the addresses to dial, in the order of RFC 8305 section 4. A
// literal address needs no look-up, and then there is no dns stage.
func resolve(ctx context.Context, job Job, p destination, beside *aside, rec *recorder) ([]string, *event.Failure) {
	if ip, err := netip.ParseAddr(p.Host); err == nil {
		return []string{hostPort(ip, p.Port)}, nil
	}
	rec.start(event.StageDNS, "looking up "+p.Host)
	name := p.Host
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		name = ascii
	}
	began := time.Now()
	ips, unanswered, err := lookUp(ctx, resolverOf(job), name)
	if err != nil {
		f := dnsFailure(ctx, err, time.Since(began))
		data := beside.wait(ctx)
		data.Host, data.Unanswered = wire.Safe(p.Host), append(data.Unanswered, unanswered...)
		return nil, rec.fail(f.Sentence(), data, f)
	}
	data := beside.known()
	data.Host, data.Unanswered = wire.Safe(p.Host), append(data.Unanswered, unanswered...)
	var addresses []string
	ips, data.NotTried = interleave(ips)
	for _, ip := range ips {
		data.Addresses = append(data.Addresses, ip.String())
		addresses = append(addresses, hostPort(ip, p.Port))
	}
	text := p.Host + " is " + strings.Join(data.Addresses, ", ")
	if data.NotTried > 0 {
		text += fmt.Sprintf(", and %d more, which are not tried", data.NotTried)
	}
	if len(unanswered) > 0 {
		rec.warn(event.StageDNS, text+"; its "+unanswered[0]+" records were not answered", data, nil)
	} else {
		rec.ok(event.StageDNS, text, data)
	}
	return addresses, nil
}

func hostPort(ip netip.Addr, port int) string {
	return net.JoinHostPort(ip.Unmap().String(), strconv.Itoa(port))
}

// maxAddresses bounds what a name server can make us dial.
const maxAddresses = 16

// interleave alternates the address families, beginning with the family that
// the resolver put first (RFC 8305 4), without repetitions. left is how many there are
// beyond maxAddresses.
func interleave(ips []netip.Addr) (some []netip.Addr, left int) {
	var families [2][]netip.Addr
	seen := make(map[netip.Addr]bool, len(ips))
	first := -1
	for _, ip := range ips {
		ip = ip.Unmap()
		family := 0
		if ip.Is4() {
			family = 1
		}
		if first < 0 {
			first = family
		}
		if !seen[ip] {
			seen[ip] = true
			families[family] = append(families[family], ip)
		}
	}
	var out []netip.Addr
	for i := 0; first >= 0 && (i < len(families[0]) || i < len(families[1])); i++ {
		for _, family := range []int{first, 1 - first} {
			if i < len(families[family]) {
				out = append(out, families[family][i])
			}
		}
	}
	most := min(len(out), maxAddresses)
	return out[:most], len(out) - most
}

// dnsFailure says why a look-up gave nothing.
func dnsFailure(ctx context.Context, err error, waited time.Duration) *event.Failure {
	f := &event.Failure{Stage: event.StageDNS, Cause: event.CauseDNS, Detail: wire.Safe(err.Error())}
	var dns *net.DNSError
	isDNS := errors.As(err, &dns)
	if starving := starved(); starving != nil {
		err = starving
	}
	switch {
	case context.Cause(ctx) != nil && errors.Is(ctx.Err(), context.Canceled):
		return &event.Failure{Stage: event.StageDNS, Cause: event.CauseCancelled}
	case ownLimit(err):
		return ownFailure(event.StageDNS, err)
	case isDNS && dns.IsNotFound:
		f.Cause = event.CauseNoSuchHost
	case errors.Is(err, context.DeadlineExceeded), ctx.Err() != nil, isDNS && dns.IsTimeout:
		f.Cause, f.Waiting, f.Waited = event.CauseTimeout, event.WaitNames, waited.Seconds()
	}
	return f
}
