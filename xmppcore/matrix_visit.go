package xmppcore

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// visitor fills the cells of one place.
type visitor struct {
	*matrix
	at    event.Place
	cells []event.Cell
}

// visit is one connection and what it showed.
type visit struct {
	cell event.Cell
	// clear is the features before TLS; nil when they were not reached.
	clear *event.Features
	// loopback is true when the connection does not leave this machine.
	loopback bool
}

// explore probes the place in every mode:
//
//	starttls  TLS 1.3, and TLS 1.2 unless the first never came to TLS
//	none      no connection of its own: what STARTTLS saw before TLS
//	tls       TLS 1.3, and TLS 1.2 unless the port does not speak TLS at all
func (v *visitor) explore(ctx context.Context) {
	first := v.visit(ctx, urlspec.ModeSTARTTLS, tls.VersionTLS13)
	if first.cell.FailedStage == event.StageTCP {
		first.cell.Mode, first.cell.TLSVersion = "", ""
		v.keep(first.cell)
		return
	}
	v.bothVersions(ctx, first)
	v.keep(v.none(first))
	v.bothVersions(ctx, v.visit(ctx, urlspec.ModeTLS, tls.VersionTLS13))
}

// keep adds a cell and reports it.
func (v *visitor) keep(c event.Cell) {
	v.cells = append(v.cells, c)
	v.tell(c)
}

// bothVersions keeps a visit with TLS 1.3, and one with TLS 1.2 if that can
// differ.
func (v *visitor) bothVersions(ctx context.Context, first visit) {
	if !versionMatters(first.cell) {
		first.cell.TLSVersion = ""
		v.keep(first.cell)
		return
	}
	v.keep(first.cell)
	v.keep(v.visit(ctx, first.cell.Mode, tls.VersionTLS12).cell)
}

// versionMatters reports whether another TLS version could have another
// result: TLS was reached, and something answered that speaks it.
func versionMatters(c event.Cell) bool {
	if c.SHA256 != "" || c.Failure == nil {
		return true
	}
	return c.FailedStage == event.StageTLS && !slices.Contains([]event.Cause{event.CauseNotTLS, event.CauseTimeout, event.CauseCancelled}, c.Failure.Cause)
}

// visit connects and probes once.
func (v *visitor) visit(ctx context.Context, mode urlspec.Mode, version uint16) visit {
	out := visit{cell: event.Cell{Place: v.at, Mode: mode, TLSVersion: tls.VersionName(version)}}
	r := v.runFor(mode, version)
	trace := &factsOf{}
	r.rec = newRecorder(event.Trace{Event: trace.take}, r.job)
	conn, failure := v.dial(ctx, r)
	if failure != nil {
		out.cell.Fail(v.cut(ctx, failure))
		return out
	}
	out.loopback = r.loopback
	found, failure := r.probe(ctx, r.metered(conn))
	out.clear = trace.clear
	out.describe(trace.tls, newTLSCheck(r.job, r.plan), found)
	if failure != nil {
		out.cell.Fail(v.cut(ctx, failure))
		return out
	}
	out.offer(found.features, r.channel(&found))
	return out
}

// runFor is a run of this place in one mode and with one TLS version; 0 is
// both. It does not check certificates: the caller does, after the look.
func (v *visitor) runFor(mode urlspec.Mode, version uint16) *run {
	r := &run{job: v.job.Job, plan: v.plan}
	r.job.Reading.Mode = mode
	r.plan.Mode, r.plan.TLS, r.plan.Verify = mode, version, false
	return r
}

// dial connects a run to the place, within the time for connecting.
func (v *visitor) dial(ctx context.Context, r *run) (net.Conn, *event.Failure) {
	began := time.Now()
	dialling, cancel := context.WithTimeout(ctx, v.plan.Connect)
	defer cancel()
	to, proxied, failure := v.endpoint()
	if failure != nil {
		return nil, failure
	}
	conn, failure := to.dial(dialling)
	if failure != nil {
		if ctx.Err() != nil {
			failure = &event.Failure{Stage: event.StageTCP, Cause: event.CauseCancelled}
		}
		return nil, failure
	}
	r.connecting = time.Since(began)
	tcp, ok := conn.RemoteAddr().(*net.TCPAddr)
	r.loopback = !proxied && ok && tcp.IP.IsLoopback()
	return conn, nil
}

// endpoint is the way to the place: direct, or through the proxy.
func (v *visitor) endpoint() (to endpoint, proxied bool, failure *event.Failure) {
	host, _, err := net.SplitHostPort(v.at.Address)
	if err != nil {
		return to, false, &event.Failure{Stage: event.StageTCP, Cause: event.CauseInternal, Detail: err.Error()}
	}
	proxy, err := proxyOf(v.job.Job, plan{Host: host})
	switch {
	case err != nil:
		return to, false, &event.Failure{Stage: event.StageTCP, Cause: event.CauseProxy, Detail: err.Error()}
	case proxy != nil:
		to = proxy.route(v.job.Job)
	default:
		to = direct(v.job.Job)
	}
	to.Address = v.at.Address
	return to, proxy != nil, nil
}

// none is the cell of mode=none. STARTTLS begins the same way, so what it saw
// before TLS is what a client without TLS would see.
func (v *visitor) none(starttls visit) event.Cell {
	out := visit{cell: event.Cell{Place: v.at, Mode: urlspec.ModeNone}}
	if starttls.clear == nil {
		out.cell.Fail(starttls.cell.Failure)
	} else {
		out.offer(*starttls.clear, channel{clearPassword: starttls.loopback || v.job.AllowCleartextPassword})
	}
	return out.cell
}

// factsOf collects what a probe's events tell.
type factsOf struct {
	clear *event.Features
	tls   event.TLS
	sasl  *event.SASL
}

func (f *factsOf) take(e event.Event) {
	if e.Item != "" {
		return
	}
	switch data := e.Data.(type) {
	case event.Features:
		if e.Stage == event.StageSTARTTLS {
			f.clear = &data
		}
	case event.TLS:
		f.tls = data
	case event.SASL:
		f.sasl = &data
	}
}

// describe notes the handshake and judges its certificate.
func (v *visit) describe(data event.TLS, check *tlsCheck, found probed) {
	c := &v.cell
	c.TLS, c.SHA256, c.ALPN = data, data.SHA256, data.ALPN
	c.Verified = data.Verified
	if found.tls == nil {
		return
	}
	if f := check.check(found.tls.PeerCertificates); f != nil {
		c.Certificate = f
	}
}

// offer notes the features and what login they lead to. A cell without any
// login has the failure of the one with channel binding.
func (v *visit) offer(features event.Features, ch channel) {
	c := &v.cell
	c.Mechanisms, c.SASL2, c.Bindings = features.Mechanisms, features.SASL2, features.Bindings
	c.STARTTLSInside = ch.tls != nil && features.STARTTLS
	ch.scramPlus = true
	c.Plus = predict(features, ch)
	ch.scramPlus = false
	c.NoPlus = predict(features, ch)
	if c.Plus.Failure != nil && c.NoPlus.Failure != nil {
		c.Fail(c.Plus.Failure)
	}
}

func predict(features event.Features, ch channel) *event.Prediction {
	data, failure := choose(features, ch)
	return &event.Prediction{Mechanism: data.Predicted, Binding: data.ChannelBinding, Failure: failure}
}
