package xmppcore

import (
	"context"
	"crypto/tls"
	"net"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// probed is what a probe found out: all that the choice of a mechanism needs.
type probed struct {
	features event.Features
	// tls is the state of the encrypted connection, nil in mode none.
	tls *tls.ConnectionState
}

// probe walks up to the login and turns round:
//
//	we                        server
//	<stream:stream>           <stream:stream> <stream:features>
//	<starttls/>               <proceed/>             mode starttls
//	ClientHello               … Finished             modes starttls, tls
//	<stream:stream>           <stream:stream> <stream:features>
//	</stream:stream>
//
// It exists because the library tells nothing of all this and chooses a
// mechanism by itself. The probe sends no credentials.
type probe struct {
	run     *run
	watch   *watch
	conn    net.Conn // the TLS connection once there is one
	decoder wire.Decoder
	items   []wire.Item
	wrong   error // what followed the items
	found   probed
}

// probe opens the stream over conn, which it closes.
func (r *run) probe(ctx context.Context, conn net.Conn) (probed, *event.Failure) {
	w, stop := newWatch(ctx, func() { conn.Close() })
	defer stop()
	p := &probe{run: r, watch: w, conn: conn}
	defer p.leave()
	if failure := p.walk(); failure != nil {
		w.rest()
		return p.found, failure
	}
	return p.found, nil
}

// walk takes the steps of the mode, until the run has seen enough.
func (p *probe) walk() *event.Failure {
	r := p.run
	if r.plan.Mode == urlspec.ModeTLS {
		if f := p.handshake(); f != nil || r.isLast(event.StageTLS) {
			return f
		}
	}
	if f := p.open(event.StageStream, "opening a stream to "+r.plan.Domain); f != nil || r.isLast(event.StageStream) {
		return f
	}
	if r.plan.Mode == urlspec.ModeSTARTTLS {
		if f := p.startTLS(); f != nil || r.isLast(event.StageSTARTTLS) {
			return f
		}
		if f := p.handshake(); f != nil || r.isLast(event.StageTLS) {
			return f
		}
		if f := p.open(event.StageFeatures, "asking for the features under TLS"); f != nil {
			return f
		}
	}
	r.rec.ok(event.StageFeatures, featuresText(p.found.features), p.found.features)
	return nil
}

// open opens a stream: both headers and the server's features. They belong
// together, since a server that does not want us says so after its header. The
// features before TLS are worth nothing once it is up (RFC 6120 5.4.3.3).
func (p *probe) open(stage event.Stage, text string) *event.Failure {
	p.run.rec.start(stage, text)
	encrypted := p.found.tls != nil
	if f := p.send(stage, event.WaitHeader, streamHeader(p.run.plan.Domain, p.run.account(), encrypted)); f != nil {
		return f
	}
	item, f := p.next(stage, event.WaitHeader)
	if f != nil {
		return f
	}
	if item.Kind != wire.Open {
		return p.give(unexpected(stage, item.Element, "a stream header"))
	}
	header, f := readHeader(item.Element, encrypted)
	if f != nil {
		f.Stage = stage
		return p.give(f)
	}
	if item, f = p.next(stage, event.WaitFeatures); f != nil {
		return f
	}
	features, ok := wire.AsFeatures(item.Element)
	if !ok {
		return p.give(unexpected(stage, item.Element, event.WaitFeatures))
	}
	p.found.features = featuresData(features, encrypted)
	p.run.rec.ok(event.StageStream, headerText(header, p.run.plan.Domain), header)
	return nil
}

// startTLS asks for TLS (RFC 6120 5.4.2). A server that does not offer it, or
// refuses, or puts bytes between its consent and the handshake, is a failure:
// the next step is never to go on in clear.
func (p *probe) startTLS() *event.Failure {
	p.run.rec.start(event.StageSTARTTLS, "asking for TLS")
	if !p.found.features.STARTTLS {
		return p.give(&event.Failure{Stage: event.StageSTARTTLS, Cause: event.CauseNoSTARTTLS, Detail: featuresText(p.found.features)})
	}
	if f := p.send(event.StageSTARTTLS, event.WaitConsent, "<starttls xmlns='"+wire.NSTLS+"'/>"); f != nil {
		return f
	}
	item, f := p.next(event.StageSTARTTLS, event.WaitConsent)
	if f != nil {
		return f
	}
	if f := consent(item, p.decoder.Offset()); f != nil {
		return p.give(f)
	}
	p.decoder.Reset()
	p.run.rec.ok(event.StageSTARTTLS, consentText(p.found.features), p.found.features)
	return nil
}

// consent reads the answer to <starttls/>; offset is how far the server has
// written.
func consent(item wire.Item, offset int64) *event.Failure {
	failure, refused := wire.AsFailure(item.Element)
	switch {
	case refused && failure.TLS:
		f := &event.Failure{Stage: event.StageSTARTTLS, Cause: event.CauseSTARTTLSRefused, Text: failure.Text}
		if failure.Condition != "undefined-condition" {
			f.Condition = failure.Condition
		}
		return f
	case !item.Element.Is(wire.NSTLS, "proceed"):
		return unexpected(event.StageSTARTTLS, item.Element, "<proceed/>")
	case item.End != offset:
		return &event.Failure{Stage: event.StageSTARTTLS, Cause: event.CauseBadXML, Injected: true,
			Detail: "bytes were put between the server's consent to TLS and the handshake; somebody may be tampering"}
	}
	return nil
}

func consentText(offered event.Features) string {
	if offered.STARTTLSRequired {
		return "the server agrees to TLS, and requires it"
	}
	return "the server agrees to TLS"
}

// handshake puts TLS over the connection.
func (p *probe) handshake() *event.Failure {
	r := p.run
	r.rec.start(event.StageTLS, "TLS handshake, expecting a certificate for "+r.plan.Reference)
	p.watch.expect(event.StageTLS, event.WaitHandshake, r.connectLeft())
	check := newTLSCheck(r.job, r.plan)
	conn := tls.Client(p.conn, check.config(r.plan.Mode == urlspec.ModeTLS))
	err := conn.Handshake()
	data, failure := check.result(err)
	switch {
	case p.watch.given() != nil:
		failure = p.watch.given()
	case failure == nil && err != nil:
		failure = p.watch.judge(event.StageTLS, err)
	}
	if failure != nil {
		return r.rec.fail(failure.Sentence(), data, failure)
	}
	p.conn = conn
	state := conn.ConnectionState()
	p.found.tls = &state
	r.tellTLS(data)
	return nil
}

// next reads up to the next item. A stream error is a failure wherever it
// comes.
func (p *probe) next(stage event.Stage, waiting event.Wait) (wire.Item, *event.Failure) {
	p.watch.expect(stage, waiting, p.run.plan.Answer)
	buf := make([]byte, 16<<10)
	for len(p.items) == 0 {
		if p.wrong != nil {
			return wire.Item{}, p.give(p.watch.judge(stage, p.wrong))
		}
		n, err := p.conn.Read(buf)
		p.items, p.wrong = p.decoder.Feed(buf[:n])
		if p.wrong == nil && err != nil {
			p.wrong = err
			if end := p.decoder.End(); end != nil { // such as a greeting cut short
				p.wrong = end
			}
		}
	}
	item := p.items[0]
	p.items = p.items[1:]
	p.run.rec.element(true, item)
	if e, ok := wire.AsStreamError(item.Element); ok {
		return item, p.give(streamFailure(stage, e))
	}
	if item.Kind == wire.Close {
		return item, p.give(&event.Failure{Stage: stage, Cause: event.CauseClosed, Waiting: waiting, Detail: "it ended the stream"})
	}
	return item, nil
}

func (p *probe) send(stage event.Stage, waiting event.Wait, text string) *event.Failure {
	p.watch.expect(stage, waiting, p.run.plan.Answer)
	if _, err := p.conn.Write([]byte(text)); err != nil {
		return p.give(p.watch.judge(stage, err))
	}
	p.run.rec.xml(false, wire.Safe(strings.TrimPrefix(text, xmlDeclaration)))
	return nil
}

// give tells the failure and passes it on. A verdict given earlier, such as a
// cancellation, is the true reason.
func (p *probe) give(f *event.Failure) *event.Failure {
	if v := p.watch.given(); v != nil {
		f = v
	}
	return p.run.rec.fail(f.Sentence(), p.found.data(f.Stage), f)
}

// data is what is known of a failed stage.
func (p probed) data(stage event.Stage) event.Data {
	if stage == event.StageSTARTTLS || stage == event.StageFeatures {
		return p.features
	}
	return nil
}

// leave ends the stream without waiting for an answer, and the connection.
func (p *probe) leave() {
	if p.watch.given() == nil {
		p.watch.expect(event.StageClose, event.WaitGoodbye, p.run.plan.Answer)
		_, _ = p.conn.Write([]byte(streamEnd))
	}
	p.conn.Close()
}
