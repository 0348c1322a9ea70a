package xmppcore

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// resolverOf is the job's resolver, or the system's.
func resolverOf(job Job) Resolver {
	if job.Lookup != nil {
		return job.Lookup
	}
	return system{net.DefaultResolver}
}

// system is the system's resolver. A JID domain is a whole name, to which no search
// domain of this machine is to be added: its SRV records are asked for with the dot
// at its end.
type system struct{ *net.Resolver }

func (s system) LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error) {
	return s.Resolver.LookupSRV(ctx, service, proto, strings.TrimSuffix(name, ".")+".")
}

// LookupCNAME gives the name itself for one that this machine's own file of hosts
// knows: of a name that is there with a longer one before it, net gives that one, as if
// somebody had been asked.
func (s system) LookupCNAME(ctx context.Context, host string) (string, error) {
	file := net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("nobody else is to be asked")
	}}
	if _, err := file.LookupNetIP(ctx, "ip", host); err == nil {
		return host, nil
	}
	return s.Resolver.LookupCNAME(ctx, host)
}

// How long a look-up of both types of addresses may take before each is asked for
// alone, and how long the one that is answered then waits for the other. RFC 8305
// section 3 wants less patience, but it is the rare case, and a slow answer is
// better than a wrong warning.
const (
	patience  = 500 * time.Millisecond
	otherType = 1500 * time.Millisecond
)

// answer is what one look-up of addresses gave.
type answer struct {
	kind string // "A", "AAAA", or both when it is empty
	ips  []netip.Addr
	err  error
}

// lookUp looks the addresses of a name up. Where the name server answers only one
// of the two types, which makes the look-up of both end with nothing, unanswered
// names the other one.
func lookUp(ctx context.Context, resolver Resolver, name string) (ips []netip.Addr, unanswered []string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	answers := make(chan answer, 3)
	var lookups sync.WaitGroup
	defer lookups.Wait()
	defer cancel()
	ask := func(network, kind string) {
		lookups.Go(func() {
			ips, err := resolver.LookupNetIP(ctx, network, name)
			if err == nil && len(ips) == 0 {
				err = &net.DNSError{Err: "no address", Name: name, IsNotFound: true}
			}
			answers <- answer{kind, ips, err}
		})
	}
	ask("ip", "")
	timer := time.NewTimer(patience)
	defer timer.Stop()
	asked := false
	alone := map[string]answer{}
	for {
		select {
		case a := <-answers:
			if a.kind == "" {
				if a.err == nil || len(alone) == 0 {
					return a.ips, nil, a.err
				}
				return apart(alone, a.err)
			}
			if !isTimeout(a.err) {
				alone[a.kind] = a
			}
			switch {
			case len(alone) == 2:
				return apart(alone, nil)
			case a.err == nil:
				timer.Reset(otherType)
			}
		case <-timer.C:
			if asked {
				return apart(alone, context.DeadlineExceeded)
			}
			asked = true
			ask("ip4", "A")
			ask("ip6", "AAAA")
		}
	}
}

// apart is the answer from those to single types, of which there is at least one.
// err is why there is nothing, when no address was found.
func apart(alone map[string]answer, err error) (ips []netip.Addr, unanswered []string, _ error) {
	for _, kind := range []string{"AAAA", "A"} {
		a, answered := alone[kind]
		switch {
		case !answered:
			unanswered = append(unanswered, kind)
		case a.err == nil:
			ips = append(ips, a.ips...)
		case len(alone) == 2:
			err = a.err
		}
	}
	if len(ips) > 0 {
		err = nil
	}
	return ips, unanswered, err
}

func isTimeout(err error) bool {
	timeout, ok := err.(interface{ Timeout() bool })
	return ok && timeout.Timeout()
}
