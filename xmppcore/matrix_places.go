package xmppcore

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// The sources of a place.
const (
	fromURL    = "URL"
	fromDomain = "JID domain"
	fromSRV    = "SRV "
	fromUsual  = "usual port"
)

// maxHosts bounds the names whose addresses are explored.
const maxHosts = 8

// candidate is a host and a port that may lead to the server.
type candidate struct {
	host string
	port int
	from string
}

// places derives where to look, the URL's own place first, and gives cells for
// the names that have no address.
func (m *matrix) places(ctx context.Context) ([]event.Place, []event.Cell) {
	candidates := m.candidates(m.srv(ctx))
	var hosts []string
	for _, c := range candidates {
		if !slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, c.host) }) && len(hosts) < maxHosts {
			hosts = append(hosts, c.host)
		}
	}
	addresses, failures := m.resolve(ctx, hosts)
	var places []event.Place
	var cells []event.Cell
	for i, host := range hosts {
		var own []candidate
		for _, c := range candidates {
			if strings.EqualFold(c.host, host) {
				own = append(own, c)
			}
		}
		if failures[i] != nil {
			cells = append(cells, event.Cell{Place: event.Place{Hosts: []string{wire.Safe(host)}, Port: own[0].port, From: []string{own[0].from}},
				FailedStage: failures[i].Stage, Failure: failures[i]})
			continue
		}
		for _, c := range own {
			for _, address := range addresses[i] {
				places = addPlace(places, c, net.JoinHostPort(address, strconv.Itoa(c.port)))
			}
		}
	}
	return places[:min(len(places), matrixPlaces)], cells
}

// addPlace adds a place, or another host or source to a place that is known.
func addPlace(places []event.Place, c candidate, address string) []event.Place {
	host := wire.Safe(c.host)
	for i := range places {
		p := &places[i]
		if p.Address != address {
			continue
		}
		if !slices.ContainsFunc(p.Hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
			p.Hosts = append(p.Hosts, host)
		}
		if !slices.Contains(p.From, c.from) {
			p.From = append(p.From, c.from)
		}
		return places
	}
	return append(places, event.Place{Hosts: []string{host}, Address: address, Port: c.port, From: []string{c.from}})
}

// candidates are all pairs of host and port, the most likely ones first.
func (m *matrix) candidates(records []event.SRVRecord) []candidate {
	ports := m.job.Ports
	if ports == nil {
		ports = []int{5222, 5223, 443}
	}
	list := []candidate{{m.plan.Host, m.plan.Port, fromURL}}
	hosts := m.hosts()
	for _, r := range records {
		if r.Target != "." {
			list = append(list, candidate{r.Target, r.Port, fromSRV + r.Service})
			hosts = append(hosts, r.Target)
		}
	}
	for _, host := range hosts {
		from := fromUsual
		if host == m.plan.Reference {
			from = fromDomain
		}
		list = append(list, candidate{host, m.plan.Port, from})
		for _, port := range ports {
			list = append(list, candidate{host, port, fromUsual})
		}
	}
	return list
}

// hosts are the names in the URL: where it connects to, its host, which xmpp=
// may have replaced, and the JID domain.
func (m *matrix) hosts() []string {
	hosts := []string{m.plan.Host}
	for _, h := range []string{urlspec.Unbracket(m.job.Reading.Host), m.plan.Reference} {
		if h != "" && !slices.ContainsFunc(hosts, func(known string) bool { return strings.EqualFold(known, h) }) &&
			(!loopback(m.plan.Host) || loopback(h)) {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// srv looks the SRV records of the JID domain up. There are none where they
// have no meaning; see adviseSRV.
func (m *matrix) srv(ctx context.Context) []event.SRVRecord {
	ctx, cancel := context.WithTimeout(ctx, m.plan.Connect)
	defer cancel()
	advice := adviseSRV(ctx, m.job.Job, m.plan, newRecorder(event.Trace{}, m.job.Job))
	defer advice.stop()
	records := advice.wait(ctx)
	slices.SortStableFunc(records, func(a, b event.SRVRecord) int { return cmp.Compare(a.Priority, b.Priority) }) // XEP-0368 mixes both kinds
	return records
}

// resolve looks all hosts up at once. Each has addresses or a failure.
func (m *matrix) resolve(ctx context.Context, hosts []string) ([][]string, []*event.Failure) {
	addresses, failures := make([][]string, len(hosts)), make([]*event.Failure, len(hosts))
	var lookups sync.WaitGroup
	for i, host := range hosts {
		lookups.Go(func() { addresses[i], failures[i] = m.lookUp(ctx, host) })
	}
	lookups.Wait()
	return addresses, failures
}

// lookUp gives the addresses of a host: itself if it is one, or when a proxy
// is to look it up.
func (m *matrix) lookUp(ctx context.Context, host string) ([]string, *event.Failure) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []string{ip.Unmap().String()}, nil
	}
	if proxied, err := proxyOf(m.job.Job, plan{Host: host}); err != nil || proxied != nil {
		return []string{host}, nil
	}
	name := host
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		name = ascii
	}
	limited, cancel := context.WithTimeout(ctx, m.plan.Connect)
	defer cancel()
	began := time.Now()
	ips, err := resolverOf(m.job.Job).LookupNetIP(limited, "ip", name)
	if err == nil && len(ips) == 0 {
		err = &net.DNSError{Err: "no address", Name: name, IsNotFound: true}
	}
	if err != nil {
		return nil, m.cut(ctx, dnsFailure(limited, err, time.Since(began)))
	}
	var out []string
	for _, ip := range interleave(ips) {
		out = append(out, ip.String())
	}
	return out, nil
}
