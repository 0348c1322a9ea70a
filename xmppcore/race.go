package xmppcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// staggerDelay is how long an attempt runs alone before the next address is
// tried beside it: RFC 8305 section 5's Connection Attempt Delay.
const staggerDelay = 250 * time.Millisecond

// dialer tries the addresses of one host.
type dialer struct {
	dest     destination
	rec      *recorder
	endpoint endpoint
	proxy    string // host and port of the proxy in use
	beside   *aside
	stagger  time.Duration
}

// attempt is the outcome of one connection attempt.
type attempt struct {
	address string
	conn    net.Conn
	err     error
	waited  time.Duration
}

// race starts an attempt at each address, the next one when 250 ms have passed
// or the one before has failed, and keeps the first connection. Attempts that it
// overtook go on beside the session, where there is an aside: Apprise, which tries
// one address after the other, waits for them. Without one they end, and race
// returns when every attempt has ended.
func (d *dialer) race(ctx context.Context, addresses []string) (net.Conn, endpoint, *event.Failure) {
	racing, stop := d.attempts(ctx)
	handedOver := false
	defer func() {
		if !handedOver {
			stop()
		}
	}()
	link := context.AfterFunc(ctx, stop)
	defer link()
	results := make(chan attempt)
	timer := time.NewTimer(d.stagger)
	defer timer.Stop()
	running, next := 0, 0
	begin := func() {
		address := addresses[next]
		next++
		running++
		d.rec.item(event.StageTCP, address, event.Start, "connecting to "+address, d.data(address, nil), nil)
		began := time.Now()
		go func() {
			conn, err := d.endpoint.open(racing, address)
			results <- attempt{address, conn, err, time.Since(began)}
		}()
		timer.Reset(d.stagger)
	}
	begin()
	var winner attempt
	var failures []*event.Failure
	for running > 0 && !handedOver {
		select {
		case <-timer.C:
			if next < len(addresses) && winner.conn == nil && ctx.Err() == nil {
				begin()
			}
		case a := <-results:
			running--
			switch {
			case a.err == nil && winner.conn == nil:
				winner = a
				if handedOver = d.beside != nil && running > 0; handedOver {
					link()
					d.goOn(racing, stop, results, running)
				} else {
					stop()
				}
				d.rec.item(event.StageTCP, a.address, event.OK, "connected to "+a.address, d.data(a.address, a.conn), nil)
			case winner.conn != nil:
				if a.conn != nil {
					a.conn.Close()
				}
				d.giveUp(a)
			default:
				f := d.endpoint.fail(ctx, a.err, a.waited)
				failures = append(failures, f)
				d.rec.item(event.StageTCP, a.address, event.Warn, f.Sentence(), d.data(a.address, nil), f)
				if next < len(addresses) && ctx.Err() == nil {
					begin()
				}
			}
		}
	}
	if winner.conn == nil {
		f := worst(failures)
		return nil, endpoint{}, d.rec.fail(f.Sentence(), d.data("", nil), f)
	}
	d.endpoint.Address = winner.address
	d.rec.ok(event.StageTCP, "connected to "+winner.address, d.data(winner.address, winner.conn))
	if d.beside != nil && d.beside.thorough {
		d.tryRest(ctx, addresses[next:])
	}
	return winner.conn, d.endpoint, nil
}

// attempts is the context of all attempts. Beside the session it outlives ctx, but
// not the time for connecting.
func (d *dialer) attempts(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	switch {
	case d.beside == nil:
		return context.WithCancel(ctx)
	case limited:
		return context.WithDeadline(d.beside.ctx, deadline)
	}
	return context.WithCancel(d.beside.ctx)
}

// goOn waits for the attempts that were overtaken, beside the session.
func (d *dialer) goOn(racing context.Context, stop context.CancelFunc, results <-chan attempt, running int) {
	d.beside.begin(func(context.Context) {
		defer stop()
		for range running {
			d.overtaken(racing, <-results)
		}
	})
}

// overtaken tells what became of an attempt that another one overtook.
func (d *dialer) overtaken(racing context.Context, a attempt) {
	var f *event.Failure
	text := "answered too, but another address was faster"
	switch {
	case a.conn != nil:
		a.conn.Close()
		d.rec.item(event.StageTCP, a.address, event.OK, text, d.data(a.address, nil), nil)
		return
	case !errors.Is(racing.Err(), context.Canceled):
		f = d.endpoint.fail(racing, a.err, a.waited)
		text = f.Sentence()
	case a.waited < d.stagger: // too short a time to tell
		d.giveUp(a)
		return
	default:
		f = &event.Failure{Stage: event.StageTCP, Cause: event.CauseTimeout, Waiting: event.WaitTCP,
			Waited: a.waited.Seconds()}
		text = fmt.Sprintf("had not answered when the run ended, %.3g s later", f.Waited)
	}
	d.rec.item(event.StageTCP, a.address, event.Warn, text, d.data(a.address, nil), f)
}

// tryRest tries the addresses that were not needed, beside the session. Apprise may
// get them in another order the next time, and does not come past one that is silent.
// One that is refused, or has no route, it leaves for the next.
func (d *dialer) tryRest(ctx context.Context, addresses []string) {
	for _, address := range addresses {
		trying, stop := d.attempts(ctx)
		d.rec.item(event.StageTCP, address, event.Start, "trying "+address+" too, beside the session", d.data(address, nil),
			nil)
		d.beside.linger(func(context.Context) {
			defer stop()
			began := time.Now()
			conn, err := d.endpoint.open(trying, address)
			a := attempt{address, conn, err, time.Since(began)}
			if err != nil && trying.Err() == nil {
				if f := d.endpoint.fail(trying, err, a.waited); f.Cause != event.CauseTimeout {
					d.rec.item(event.StageTCP, address, event.Skip, f.Sentence(), d.data(address, nil), nil)
					return
				}
			}
			d.overtaken(trying, a)
		})
	}
}

func (d *dialer) giveUp(a attempt) {
	d.rec.item(event.StageTCP, a.address, event.Skip, "given up, another address was faster", d.data(a.address, nil), nil)
}

func (d *dialer) data(address string, conn net.Conn) event.TCP {
	data := event.TCP{Host: wire.Safe(d.dest.Host), Port: d.dest.Port, Address: address, Proxy: d.proxy}
	if conn != nil && conn.LocalAddr() != nil {
		data.Local = conn.LocalAddr().String()
	}
	return data
}

// worst sums up the failures of all addresses: the cause that tells most about
// the server, with the details of every attempt.
func worst(failures []*event.Failure) *event.Failure {
	order := []event.Cause{event.CauseCancelled, event.CauseOwnLimit, event.CauseProxy, event.CauseRefused,
		event.CauseClosed, event.CauseTimeout, event.CauseUnreachable}
	best := slices.MinFunc(failures, func(a, b *event.Failure) int {
		return slices.Index(order, a.Cause) - slices.Index(order, b.Cause)
	})
	sum := *best
	var details []string
	for _, f := range failures {
		if f.Detail != "" && !slices.Contains(details, f.Detail) {
			details = append(details, f.Detail)
		}
	}
	sum.Detail = strings.Join(details, "; ")
	return &sum
}

// tcpFailure says why a connection was not made.
func tcpFailure(ctx context.Context, err error, waited time.Duration) *event.Failure {
	f := &event.Failure{Stage: event.StageTCP, Cause: event.CauseUnreachable, Detail: wire.Safe(err.Error())}
	var timeout net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return &event.Failure{Stage: event.StageTCP, Cause: event.CauseCancelled}
	case ownLimit(err):
		return ownFailure(event.StageTCP, err)
	case errors.Is(err, syscall.ECONNREFUSED):
		f.Cause = event.CauseRefused
	case errors.Is(err, syscall.ECONNRESET):
		f.Cause = event.CauseClosed
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		f.Cause, f.Waiting, f.Waited = event.CauseTimeout, event.WaitTCP, waited.Seconds()
	}
	return f
}
