package explore

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// maxHosts bounds the names whose addresses are explored.
const maxHosts = 8

// candidate is a host and a port that may lead to the server.
type candidate struct {
	host string
	port int
	from event.Source
}

// places derives where to look, the URL's own place first, and gives cells for
// the names that have no address.
func (x *exploration) places(ctx context.Context) ([]event.Place, []event.Cell) {
	candidates := x.candidates(x.srv(ctx))
	var hosts, leftOut []string
	for _, c := range candidates {
		known := func(h string) bool { return strings.EqualFold(h, c.host) }
		switch {
		case slices.ContainsFunc(hosts, known), slices.ContainsFunc(leftOut, known):
		case len(hosts) < maxHosts:
			hosts = append(hosts, c.host)
		default:
			leftOut = append(leftOut, wire.Safe(c.host))
		}
	}
	addresses, more, failures := x.resolve(ctx, hosts)
	var places []event.Place
	var cells []event.Cell
	omit := func(hosts []string, detail string, n ...any) {
		cells = append(cells, event.Cell{Place: event.Place{Hosts: hosts, From: []event.Source{}},
			FailedStage: event.StageDNS, Failure: &event.Failure{Stage: event.StageDNS, Cause: event.CauseLeftOut,
				Detail: fmt.Sprintf(detail, n...)}})
	}
	for i, host := range hosts {
		var own []candidate
		for _, c := range candidates {
			if strings.EqualFold(c.host, host) {
				own = append(own, c)
			}
		}
		if failures[i] != nil {
			cells = append(cells, event.Cell{Place: event.Place{Hosts: []string{wire.Safe(host)}, Port: own[0].port,
				From: []event.Source{own[0].from}}, FailedStage: failures[i].Stage, Failure: failures[i]})
			continue
		}
		if more[i] > 0 {
			omit([]string{wire.Safe(host)}, "it has %d more than the %d addresses that are looked at", more[i],
				len(addresses[i]))
		}
		for _, c := range own {
			for _, address := range addresses[i] {
				places = addPlace(places, c, net.JoinHostPort(address, strconv.Itoa(c.port)))
			}
		}
	}
	if len(leftOut) > 0 {
		omit(leftOut, "%s more than the %d that are looked at", event.Count(len(leftOut), "host"), maxHosts)
	}
	if over := len(places) - maxPlaces; over > 0 {
		var names []string
		for _, p := range places[maxPlaces:] {
			names = append(names, slices.DeleteFunc(slices.Clone(p.Hosts), func(h string) bool {
				return slices.Contains(names, h)
			})...)
		}
		omit(names, "%s more than the %d that are looked at", event.Count(over, "place"), maxPlaces)
		places = places[:maxPlaces]
	}
	return places, cells
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
	return append(places, event.Place{Hosts: []string{host}, Address: address, Port: c.port, From: []event.Source{c.from}})
}

// candidates are all pairs of host and port, the most likely ones first.
func (x *exploration) candidates(records []event.SRVRecord) []candidate {
	ports := x.job.Ports
	if ports == nil {
		ports = []int{5222, 5223, 443}
	}
	list := []candidate{{x.prober.Host(), x.prober.Port(), event.FromURL}}
	hosts := x.hosts()
	for _, r := range records {
		if r.Target != "." {
			list = append(list, candidate{r.Target, r.Port, event.FromSRV(r.Service)})
			hosts = append(hosts, r.Target)
		}
	}
	for _, host := range hosts {
		from := event.FromUsual
		if host == x.prober.Domain() {
			from = event.FromDomain
		}
		list = append(list, candidate{host, x.prober.Port(), from})
		for _, port := range ports {
			list = append(list, candidate{host, port, event.FromUsual})
		}
	}
	return list
}

// hosts are the names in the URL: where it connects to, its host, which xmpp=
// may have replaced, and the JID domain.
func (x *exploration) hosts() []string {
	hosts := []string{x.prober.Host()}
	for _, h := range []string{urlspec.Unbracket(x.job.Reading.Host), x.prober.Domain()} {
		if h != "" && !slices.ContainsFunc(hosts, func(known string) bool { return strings.EqualFold(known, h) }) &&
			(!urlspec.Loopback(x.prober.Host()) || urlspec.Loopback(h)) {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// srv looks the SRV records of the JID domain up, the best ones first. XEP-0368
// mixes both kinds by priority.
func (x *exploration) srv(ctx context.Context) []event.SRVRecord {
	records := x.prober.SRV(ctx)
	slices.SortStableFunc(records, func(a, b event.SRVRecord) int { return cmp.Compare(a.Priority, b.Priority) })
	return records
}

// resolve looks all hosts up at once. Each has addresses, and more of them than are
// looked at, or a failure.
func (x *exploration) resolve(ctx context.Context, hosts []string) ([][]string, []int, []*event.Failure) {
	addresses, more, failures := make([][]string, len(hosts)), make([]int, len(hosts)), make([]*event.Failure, len(hosts))
	var lookups sync.WaitGroup
	for i, host := range hosts {
		lookups.Go(func() {
			found, left, failure := x.prober.Addresses(ctx, host)
			addresses[i], more[i], failures[i] = found, left, x.cut(ctx, failure)
		})
	}
	lookups.Wait()
	return addresses, more, failures
}
