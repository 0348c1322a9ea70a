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

// adviseSRV begins the look-up of a domain's SRV records (RFC 6120 3.2.1, XEP-0368)
// beside the connection, and tells each result as an item of dns. Apprise never
// asks for them, so neither does the connection: they only say where the domain's
// owner meant clients to go.
//
// It returns nil where SRV has no meaning: the domain is an address, or the
// connection stays on this machine; and behind a proxy, which look-ups would
// bypass. The caller must call stop.
func adviseSRV(ctx context.Context, job Job, p destination, rec *recorder) *aside {
	_, err := netip.ParseAddr(p.Reference)
	proxied, unusable := proxyOf(job, p)
	if err == nil || unusable != nil || p.Reference == "" || urlspec.Loopback(p.Host) ||
		urlspec.Loopback(p.Reference) || proxied != nil {
		return nil
	}
	a := newAside(ctx, rec)
	var lookups sync.WaitGroup
	for _, service := range services {
		lookups.Add(1)
		a.begin(func(ctx context.Context) {
			defer lookups.Done()
			a.askSRV(ctx, job, service, p.Reference, "")
		})
	}
	if !strings.Contains(strings.TrimSuffix(p.Host, "."), ".") {
		a.begin(func(ctx context.Context) { a.askCompleted(ctx, job, p.Host) })
	}
	a.begin(func(context.Context) {
		lookups.Wait()
		close(a.advised)
	})
	return a
}

// services are those of clients: that of STARTTLS and that of direct TLS.
var services = [...]string{"xmpp-client", "xmpps-client"}

// askSRV looks one service of a domain up.
//
// below is the account's domain where it is another one.
func (a *aside) askSRV(ctx context.Context, job Job, service, domain, below string) {
	_, found, err := resolverOf(job).LookupSRV(ctx, service, "tcp", domain)
	if ctx.Err() == nil {
		a.report(service, domain, below, found, err)
	}
}

// missed tells of the services that were not answered in the time that there was.
func (a *aside) missed(domain string) {
	for _, service := range a.silent() {
		a.rec.item(event.StageDNS, "_"+service+"._tcp."+domain, event.Warn, "SRV was not answered in time",
			event.DNS{Host: domain, Unanswered: []string{"_" + service}}, nil)
	}
}

// silent are the services that have not been answered.
func (a *aside) silent() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(services[:]), func(s string) bool { return slices.Contains(a.answered, s) })
}

// parent asks for the SRV records of the domain above, where a run failed and the
// account's domain has none: people write the server's name, www.example.org, where
// the domain belongs.
func (a *aside) parent(ctx context.Context, job Job, p destination) {
	_, above, _ := strings.Cut(p.Reference, ".")
	if a == nil || !strings.Contains(above, ".") || !strings.EqualFold(job.Reading.Host, p.Domain) ||
		len(a.known().SRV) > 0 {
		return
	}
	var lookups sync.WaitGroup
	for _, service := range services {
		lookups.Go(func() { a.askSRV(ctx, job, service, above, p.Reference) })
	}
	lookups.Wait()
}

// settle waits for the advice, when the connection has failed before the login: it
// may be the reason that helps. What is asked for only then is asked for now.
func (a *aside) settle(ctx context.Context, r *run, failure *event.Failure) {
	if a == nil || failure.Cause == event.CauseCancelled {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, r.connectLeft())
	defer cancel()
	stop := context.AfterFunc(ctx, a.cancel) // what hangs must not outlast the time for it
	defer stop()
	a.wait(ctx)
	a.missed(r.dest.Reference)
	var asked sync.WaitGroup
	asked.Go(func() { a.parent(ctx, r.job, r.dest) })
	if strings.Contains(strings.TrimSuffix(r.dest.Host, "."), ".") && failure.Stage != event.StageDNS {
		asked.Go(func() { a.askCompleted(ctx, r.job, r.dest.Host) })
	}
	asked.Wait()
}

// askCompleted finds out whether a search domain of this machine made another name
// of the host, and tells it as an item of dns.
func (a *aside) askCompleted(ctx context.Context, job Job, host string) {
	resolver, ok := resolverOf(job).(interface {
		LookupCNAME(ctx context.Context, host string) (string, error)
	})
	if _, err := netip.ParseAddr(host); err == nil || !ok {
		return
	}
	canonical, err := resolver.LookupCNAME(ctx, host)
	canonical, lower := strings.ToLower(strings.TrimSuffix(canonical, ".")), strings.ToLower(host)
	if err != nil || !strings.HasPrefix(canonical, lower+".") {
		return
	}
	// With a dot at its end, no search domain is added to a name. One that leads there
	// all the same is an alias.
	whole, err := resolver.LookupCNAME(ctx, host+".")
	if ctx.Err() != nil || err == nil && strings.EqualFold(strings.TrimSuffix(whole, "."), canonical) {
		return
	}
	a.rec.item(event.StageDNS, host, event.OK, "a search domain of this machine makes "+canonical+" of it",
		event.DNS{Host: wire.Safe(host), Completed: wire.Safe(canonical)}, nil)
}

// maxSRV bounds the records of one service.
const maxSRV = 32

func (a *aside) report(service, domain, below string, found []*net.SRV, err error) {
	rec, of := a.rec, ""
	if below != "" {
		of = domain
	}
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
		record := event.SRVRecord{Service: "_" + service, Target: wire.Safe(target), Port: int(r.Port), Of: of,
			Priority: int(r.Priority), Weight: int(r.Weight)}
		data.SRV = append(data.SRV, record)
		places = append(places, fmt.Sprintf("%s:%d", record.Target, record.Port))
	}
	var dns *net.DNSError
	failed := err != nil && len(data.SRV) == 0 && !(errors.As(err, &dns) && dns.IsNotFound)
	// net has no other sign of it; the records that are valid come with the error.
	if invalid := err != nil && strings.Contains(err.Error(), "invalid names"); invalid {
		failed, data.Invalid = false, []string{"_" + service}
	}
	if failed {
		data.Unanswered = []string{"_" + service}
	}
	a.mu.Lock()
	a.records = append(a.records, data.SRV...)
	a.answered = append(a.answered, service)
	a.unanswered = append(a.unanswered, data.Unanswered...)
	a.mu.Unlock()
	switch {
	case len(data.SRV) == 1 && data.SRV[0].Target == ".":
		rec.item(event.StageDNS, item, event.OK, "the domain says that it has no such service (SRV target \".\")", data, nil)
	case len(data.SRV) > 0:
		rec.item(event.StageDNS, item, event.OK, "SRV, as advice: "+strings.Join(places, ", "), data, nil)
	case len(data.Invalid) > 0:
		rec.item(event.StageDNS, item, event.Warn, "the SRV record's target is no host name", data, nil)
	case failed:
		rec.item(event.StageDNS, item, event.Warn, "SRV could not be asked for: "+wire.Safe(err.Error()), data, nil)
	default:
		rec.item(event.StageDNS, item, event.Skip, "no SRV record", data, nil)
	}
}

// known is what has been found so far, by service and priority.
func (a *aside) known() event.DNS {
	if a == nil {
		return event.DNS{}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	known := event.DNS{SRV: slices.Clone(a.records), Unanswered: slices.Sorted(slices.Values(a.unanswered))}
	slices.SortStableFunc(known.SRV, func(x, y event.SRVRecord) int { return strings.Compare(x.Service, y.Service) })
	return known
}

// wait is known once the look-ups have ended, or ctx has. What ctx cut short could
// not be asked for.
func (a *aside) wait(ctx context.Context) event.DNS {
	if a == nil {
		return event.DNS{}
	}
	select {
	case <-a.advised:
		return a.known()
	case <-ctx.Done():
	}
	known := a.known()
	for _, service := range a.silent() {
		known.Unanswered = append(known.Unanswered, "_"+service)
	}
	return known
}
