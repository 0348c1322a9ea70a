package xmppcore

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"time"

	"golang.org/x/net/idna"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Way is one way to a server.
type Way struct {
	// Address is the IP address and port, or a name and port behind a proxy.
	Address string
	Mode    urlspec.Mode
	// TLS is the only version that is offered, as in crypto/tls; 0 means 1.2 and
	// 1.3.
	TLS uint16
	// ScramPlus permits channel binding, and Verify checks the certificate
	// before the login. They are for logins; a look needs neither.
	ScramPlus, Verify bool
}

// Offer is what a look at a way showed.
type Offer struct {
	// Clear are the features before TLS, Features those that a login would be
	// chosen from; each nil when it was not reached.
	Clear, Features *event.Features
	TLS             event.TLS
	// Certificate is why the certificate is not valid for the JID domain, nil
	// when it is, or when none came.
	Certificate *event.Failure
	// WithoutALPN is why a handshake that names no protocol, as Apprise's is, does not
	// come to the account's server; nil when it does, and without direct TLS.
	WithoutALPN *event.Failure
	// Loopback is true when the connection does not leave this machine.
	Loopback bool
	// Plus and NoPlus predict the login with scramplus=yes and scramplus=no.
	Plus, NoPlus *event.Prediction
	// Failure is why the features were not reached.
	Failure *event.Failure
}

// Prober looks at single ways to the server of a job, and tells nobody. Package
// explore looks at all of them. What it finds is as it came: it goes through
// Shown before anybody sees it.
type Prober struct {
	job    Job
	dest   destination
	filter passwordFilter
}

// Shown is a cell that was made of what the Prober found, without the password
// and the other secrets of the job.
func (p *Prober) Shown(cell event.Cell) event.Cell { return p.filter.cell(cell) }

// NewProber is for a job whose Reading is set. The failure says why the reading
// cannot be used.
func NewProber(job Job) (*Prober, *event.Failure) {
	if !job.Reading.Accepted {
		return nil, &event.Failure{Stage: event.StageDNS, Cause: event.CauseInternal, Detail: "the reading was not accepted"}
	}
	p, failure := newDestination(job.Reading)
	if failure != nil {
		return nil, newPasswordFilter(job).failure(failure)
	}
	job.Messages, job.Until, job.NoLogin = nil, "", false
	return &Prober{job: job, dest: p, filter: newPasswordFilter(job)}, nil
}

// Host and Port are where the reading connects to, without brackets; Domain is
// the JID domain as certificates and SRV records spell it.
func (p *Prober) Host() string   { return p.dest.Host }
func (p *Prober) Port() int      { return p.dest.Port }
func (p *Prober) Domain() string { return p.dest.Reference }

// Mode and Verify are the URL's own.
func (p *Prober) Mode() urlspec.Mode { return p.dest.Mode }
func (p *Prober) Verify() bool       { return p.dest.Verify }

// SRV looks the SRV records of the JID domain up, in no order, for as long as
// connecting may take. There are none where they have no meaning: for a server
// on this machine, an address, and behind a proxy.
func (p *Prober) SRV(ctx context.Context) []event.SRVRecord {
	ctx, cancel := context.WithTimeout(ctx, p.dest.Connect)
	defer cancel()
	advice := adviseSRV(ctx, p.job, p.dest, newFilteredRecorder(event.Trace{}, p.job, p.filter))
	defer advice.stop()
	return advice.wait(ctx).SRV
}

// Addresses are those of a host: itself if it is one, or when a proxy is to look
// it up. left is how many more it has than a run dials.
func (p *Prober) Addresses(ctx context.Context, host string) (addresses []string, left int, f *event.Failure) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []string{ip.Unmap().String()}, 0, nil
	}
	if proxied, err := proxyOf(p.job, destination{Host: host}); err != nil || proxied != nil {
		return []string{host}, 0, nil
	}
	name := host
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		name = ascii
	}
	ctx, cancel := context.WithTimeout(ctx, p.dest.Connect)
	defer cancel()
	began := time.Now()
	ips, _, err := lookUp(ctx, resolverOf(p.job), name)
	if err != nil {
		return nil, 0, dnsFailure(ctx, err, time.Since(began))
	}
	ips, left = interleave(ips)
	for _, ip := range ips {
		addresses = append(addresses, ip.String())
	}
	return addresses, left, nil
}

// Look connects and walks up to the login, without credentials. It checks the
// certificate after the handshake and goes on whatever the result: it sends
// nothing secret.
func (p *Prober) Look(ctx context.Context, way Way) Offer {
	var offer Offer
	way.Verify = false
	r := p.run(way)
	r.rec = newFilteredRecorder(event.Trace{Event: offer.take}, r.job, p.filter)
	conn, failure := p.dial(ctx, r, way.Address)
	if failure != nil {
		offer.Failure = failure
		return offer
	}
	offer.Loopback = r.loopback
	r.place, _, _ = p.endpoint(way.Address) // which has been dialled
	found, failure := r.probe(ctx, r.metered(conn))
	if found.tls != nil {
		offer.Certificate = newTLSCheck(r.job, r.dest).check(found.tls.PeerCertificates)
	}
	if failure != nil {
		offer.Failure = failure
		return offer
	}
	offer.Features = &found.features
	offer.Plus, offer.NoPlus = predictions(found.features, r.channel(&found))
	if way.Mode == urlspec.ModeTLS {
		r.dest.Verify = p.dest.Verify
		_, offer.WithoutALPN = r.lookWithoutALPN(ctx, r.place)
	}
	return offer
}

// take collects what the events of a look tell.
func (o *Offer) take(e event.Event) {
	if e.Item != "" {
		return
	}
	switch data := e.Data.(type) {
	case event.Features:
		if e.Stage == event.StageSTARTTLS {
			o.Clear = &data
		}
	case event.TLS:
		o.TLS = data
	}
}

// Predict says which login a client without TLS would make of the features that
// a look saw before TLS.
func (p *Prober) Predict(offer Offer) (plus, noPlus *event.Prediction) {
	return predictions(*offer.Clear, channel{clearPassword: offer.Loopback || p.job.AllowCleartextPassword})
}

// predictions are the logins that features lead to, with channel binding and
// without.
func predictions(features event.Features, ch channel) (plus, noPlus *event.Prediction) {
	predict := func(scramPlus bool) *event.Prediction {
		ch.scramPlus = scramPlus
		data, failure := choose(features, ch)
		return &event.Prediction{Mechanism: data.Predicted, Binding: data.ChannelBinding, Failure: failure}
	}
	return predict(true), predict(false)
}

// LogIn logs in once, and leaves.
func (p *Prober) LogIn(ctx context.Context, way Way) event.LoginTry {
	r := p.run(way)
	r.job.Until = event.StageBind
	attempt := event.LoginTry{ScramPlus: way.ScramPlus}
	r.rec = newFilteredRecorder(event.Trace{Event: func(e event.Event) {
		switch data := e.Data.(type) {
		case event.TLS:
			attempt.TLSVersion = data.Version
		case event.SASL:
			attempt.SASL = &data
		}
	}}, r.job, p.filter)
	failure := p.openAndLeave(ctx, r, way.Address)
	if failure == nil {
		failure = r.rec.failure()
	}
	if failure != nil {
		attempt.FailedStage, attempt.Failure = failure.Stage, r.rec.filter.failure(failure)
	}
	attempt.OK = failure == nil
	return attempt
}

// openAndLeave takes a run to its session and ends it.
func (p *Prober) openAndLeave(ctx context.Context, r *run, address string) *event.Failure {
	conn, failure := p.dial(ctx, r, address)
	if failure != nil {
		return failure
	}
	to, _, failure := p.endpoint(address)
	if failure != nil {
		conn.Close()
		return failure
	}
	s, failure := r.open(ctx, conn, to)
	if s != nil {
		s.close(ctx)
	}
	return failure
}

// run is a run along a way.
func (p *Prober) run(way Way) *run {
	r := &run{job: p.job, dest: p.dest}
	r.job.Reading.Mode, r.job.Reading.ScramPlus = way.Mode, way.ScramPlus
	r.dest.Mode, r.dest.TLS, r.dest.Verify = way.Mode, way.TLS, way.Verify
	return r
}

// dial connects a run to an address, within the time for connecting.
func (p *Prober) dial(ctx context.Context, r *run, address string) (net.Conn, *event.Failure) {
	began := time.Now()
	dialling, cancel := context.WithTimeout(ctx, p.dest.Connect)
	defer cancel()
	to, proxied, failure := p.endpoint(address)
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

// endpoint is the way to an address: direct, or through the proxy.
func (p *Prober) endpoint(address string) (to endpoint, proxied bool, failure *event.Failure) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return to, false, &event.Failure{Stage: event.StageTCP, Cause: event.CauseInternal, Detail: err.Error()}
	}
	port, _ := strconv.Atoi(service) // NO_PROXY may name one
	proxy, err := proxyOf(p.job, destination{Host: host, Port: port})
	switch {
	case err != nil:
		return to, false, &event.Failure{Stage: event.StageTCP, Cause: event.CauseProxy, Proxy: event.ProxyURL,
			Detail: wire.Safe(err.Error())}
	case proxy != nil:
		to = proxy.route(p.job)
	default:
		to = direct(p.job)
	}
	to.Address = address
	return to, proxy != nil, nil
}
