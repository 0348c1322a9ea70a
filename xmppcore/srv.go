package xmppcore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// srvAdvice is the look-up of a domain's SRV records (RFC 6120 3.2.1, XEP-0368)
// beside the connection. Apprise never asks for them, so neither does the
// connection: they only say where the domain's owner meant clients to go. A
// nil srvAdvice knows none.
type srvAdvice struct {
	cancel context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex
	records []event.SRVRecord
}

// adviseSRV begins the look-ups and tells each result as an item of dns. It
// returns nil where SRV has no meaning: the domain is an address, or the
// connection stays on this machine; and behind a proxy, which look-ups would
// bypass. The caller must call stop.
func adviseSRV(ctx context.Context, job Job, p destination, rec *recorder) *srvAdvice {
	_, err := netip.ParseAddr(p.Reference)
	proxied, _ := proxyOf(job, p)
	if err == nil || p.Reference == "" || urlspec.Loopback(p.Host) || urlspec.Loopback(p.Reference) || proxied != nil {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	a := &srvAdvice{cancel: cancel, done: make(chan struct{})}
	var lookups sync.WaitGroup
	for _, service := range []string{"xmpp-client", "xmpps-client"} {
		lookups.Go(func() {
			_, found, err := resolverOf(job).LookupSRV(ctx, service, "tcp", p.Reference)
			if ctx.Err() != nil {
				return
			}
			a.report(rec, service, p.Reference, found, err)
		})
	}
	go func() {
		lookups.Wait()
		close(a.done)
	}()
	return a
}

// maxSRV bounds the records of one service.
const maxSRV = 32

func (a *srvAdvice) report(rec *recorder, service, domain string, found []*net.SRV, err error) {
	item := "_" + service + "._tcp." + domain
	data := event.DNS{Host: domain}
	var places []string
	slices.SortStableFunc(found, func(x, y *net.SRV) int {
		return cmp.Or(cmp.Compare(x.Priority, y.Priority), cmp.Compare(y.Weight, x.Weight),
			strings.Compare(x.Target, y.Target))
	})
	for _, r := range found[:min(len(found), maxSRV)] {
		target := strings.TrimSuffix(r.Target, ".")
		if target == "" {
			target = "."
		}
		record := event.SRVRecord{Service: "_" + service, Target: wire.Safe(target), Port: int(r.Port),
			Priority: int(r.Priority), Weight: int(r.Weight)}
		data.SRV = append(data.SRV, record)
		places = append(places, fmt.Sprintf("%s:%d", record.Target, record.Port))
	}
	a.mu.Lock()
	a.records = append(a.records, data.SRV...)
	a.mu.Unlock()
	var dns *net.DNSError
	switch {
	case len(data.SRV) == 1 && data.SRV[0].Target == ".":
		rec.item(event.StageDNS, item, event.OK, "the domain says that it has no such service (SRV target \".\")", data, nil)
	case len(data.SRV) > 0:
		rec.item(event.StageDNS, item, event.OK, "SRV, as advice: "+strings.Join(places, ", "), data, nil)
	case err == nil || errors.As(err, &dns) && dns.IsNotFound:
		rec.item(event.StageDNS, item, event.Skip, "no SRV record", data, nil)
	default:
		rec.item(event.StageDNS, item, event.Skip, "SRV look-up failed: "+wire.Safe(err.Error()), data, nil)
	}
}

// known is what has been found so far, by service and priority.
func (a *srvAdvice) known() []event.SRVRecord {
	if a == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	records := slices.Clone(a.records)
	slices.SortStableFunc(records, func(x, y event.SRVRecord) int { return strings.Compare(x.Service, y.Service) })
	return records
}

// wait is known once both look-ups have ended, or ctx has.
func (a *srvAdvice) wait(ctx context.Context) []event.SRVRecord {
	if a == nil {
		return nil
	}
	select {
	case <-a.done:
	case <-ctx.Done():
	}
	return a.known()
}

// stop ends the look-ups; nothing is told after it returns.
func (a *srvAdvice) stop() {
	if a == nil {
		return
	}
	a.cancel()
	<-a.done
}
