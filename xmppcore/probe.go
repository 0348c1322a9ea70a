package xmppcore

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
	"xmppscope/xmppcore/wire"
)

// probed is what a probe found out: all that the choice of a mechanism needs.
type probed struct {
	features event.Features
	// tls is the state of the encrypted connection, nil in mode none. It is
	// early when it was seen before the handshake was over.
	tls   *tls.ConnectionState
	early bool
}

// probe goes as far as the login, and stops before it:
//
//	we                        server
//	<stream:stream>           <stream:stream> <stream:features>
//	<starttls/>               <proceed/>             mode starttls
//	ClientHello               … Finished             modes starttls, tls
//	<stream:stream>           <stream:stream> <stream:features>
//	</stream:stream>
//
// It is there for runs that end before the login, for the exploration of all
// ways, and for logins where the library would choose another mechanism than
// we. It sends no credentials. What it writes and reads goes through the same
// follower as a login, with the same listeners but the guard.
type probe struct {
	run      *run
	watch    *watch
	conn     net.Conn // the TLS connection once there is one
	check    *tlsCheck
	follow   *stream.Follower
	narrator narrator
	// answer is the step that is read for, answered true once it has come.
	answer   stream.Kind
	answered bool
	found    probed
}

// probe opens the stream over conn, which it closes.
func (r *run) probe(ctx context.Context, conn net.Conn) (probed, *event.Failure) {
	w, stop := newWatch(ctx, func() { conn.Close() })
	defer stop()
	follow := stream.For(r.dest.Mode)
	p := &probe{run: r, watch: w, conn: conn, check: newTLSCheck(r.job, r.dest), follow: follow}
	p.narrator = narrator{run: r, check: p.check, follow: follow}
	winds := &clock{run: r, watch: w, follow: follow}
	follow.Listeners = []func(stream.Step) error{r.rec.step, p.narrator.step, winds.step, p.step}
	defer p.leave()
	p.narrator.begin()
	winds.begin()
	failure := p.walk()
	p.found.features = follow.State().Features
	if failure != nil {
		w.rest()
		return p.found, p.give(ctx, failure)
	}
	return p.found, nil
}

// step is told each step of the stream.
func (p *probe) step(s stream.Step) error {
	p.answered = p.answered || s.Kind == p.answer
	return nil
}

// walk takes the steps of the mode, until the last stage of the run.
func (p *probe) walk() *event.Failure {
	r := p.run
	if r.dest.Mode == urlspec.ModeTLS {
		if f := p.handshake(); f != nil || r.isLast(event.StageTLS) {
			return f
		}
	}
	if f := p.open(); f != nil || r.isLast(event.StageStream) {
		return f
	}
	if r.dest.Mode != urlspec.ModeSTARTTLS {
		return nil
	}
	if clear := p.follow.State().Clear; !clear.STARTTLS {
		return noSTARTTLS(event.StageSTARTTLS, clear)
	}
	if f := p.ask("<starttls xmlns='"+wire.NSTLS+"'/>", stream.Consented); f != nil || r.isLast(event.StageSTARTTLS) {
		return f
	}
	if f := p.handshake(); f != nil || r.isLast(event.StageTLS) {
		return f
	}
	return p.open()
}

// open opens a stream: both headers and the server's features. They belong
// together, since a server that does not want us says so after its header.
func (p *probe) open() *event.Failure {
	header := streamHeader(p.run.dest.Domain, p.run.account(), p.follow.State().Encrypted)
	return p.ask(header, stream.Offered)
}

// ask writes, and reads on until the answer has come.
func (p *probe) ask(text string, answer stream.Kind) *event.Failure {
	p.answer, p.answered = answer, false
	if _, err := p.conn.Write([]byte(text)); err != nil {
		return p.watch.judge(p.follow.State().Stage, err)
	}
	if f := p.feed(false, []byte(text)); f != nil {
		return f
	}
	buf := make([]byte, 16<<10)
	for !p.answered {
		n, err := p.conn.Read(buf)
		f := p.feed(true, buf[:n])
		switch {
		case p.answered: // what follows is not for us; if it matters, the next question meets it
			return nil
		case f != nil:
			return f
		case err == nil:
			continue
		}
		if end := p.follow.End(); end != nil { // such as a greeting cut short
			err = end
		}
		return p.watch.judge(p.follow.State().Stage, err)
	}
	return nil
}

// feed gives bytes to the follower. What ends the stream is a failure.
func (p *probe) feed(received bool, chunk []byte) *event.Failure {
	err := p.follow.Feed(stream.Chunk{Received: received, At: p.run.rec.now(), Bytes: chunk})
	if err == nil {
		return nil
	}
	return p.watch.ended(p.follow.State().Stage, err)
}

// handshake puts TLS over the connection.
func (p *probe) handshake() *event.Failure {
	conn := tls.Client(p.conn, p.check.config(p.run.dest.Mode == urlspec.ModeTLS))
	err := conn.Handshake()
	_, failure := p.check.result(err)
	switch {
	case p.watch.given() != nil:
		failure = p.watch.given()
	case failure == nil && err != nil:
		failure = p.watch.judge(event.StageTLS, err)
	}
	if failure != nil {
		return failure
	}
	p.conn = conn
	state := conn.ConnectionState()
	p.found.tls = &state
	p.narrator.secured()
	return nil
}

// give tells the failure and passes it on. A reason given earlier, such as a
// cancellation, is the true one.
func (p *probe) give(ctx context.Context, f *event.Failure) *event.Failure {
	if v := p.watch.given(); v != nil {
		f = v
	}
	f = p.run.lookCloser(ctx, p.run.interpret(f, p.check))
	return p.run.rec.fail(f.Sentence(), p.narrator.data(f.Stage), f)
}

// leave ends the stream without waiting for an answer, and the connection.
func (p *probe) leave() {
	if p.watch.given() == nil {
		p.watch.expect(event.StageClose, event.WaitGoodbye, p.run.dest.Answer)
		_, _ = p.conn.Write([]byte(streamEnd))
	}
	p.conn.Close()
}

// streamHeader opens a stream (RFC 6120 4.7) as the library does, so that the
// probe is offered what the login will be offered. Our address goes out only
// once TLS is up (4.7.1); ejabberd offers SASL2 only to those who give it.
func streamHeader(domain, account string, encrypted bool) string {
	from := ""
	if encrypted {
		from = fmt.Sprintf("from='%s' ", escape(account))
	}
	return fmt.Sprintf("<?xml version='1.0'?><stream:stream %sto='%s' xmlns='%s' xmlns:stream='%s' version='1.0'>",
		from, escape(domain), wire.NSClient, wire.NSStream)
}
