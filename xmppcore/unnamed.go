package xmppcore

import (
	"context"
	"slices"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// reached notes that the handshake of the login has succeeded. With direct TLS the
// server was named a protocol (XEP-0368 section 3), and the same place is asked once
// more without, beside the session. That the server answered with the name says
// nothing of that: a multiplexer that ends TLS answers with it too.
func (r *run) reached() {
	if r.beside == nil || r.kept || r.asked || r.dest.Mode != urlspec.ModeTLS || r.dest.NoALPN {
		return
	}
	r.asked = true
	place := r.place
	r.beside.linger(func(ctx context.Context) {
		seen, failure := r.lookWithoutALPN(ctx, place)
		if ctx.Err() == nil {
			r.tellWithoutALPN(seen, failure)
		}
	})
}

func (r *run) tellWithoutALPN(seen event.TLS, failure *event.Failure) {
	state, text := event.OK, "a handshake that names no protocol, as Apprise's, comes to an XMPP server too"
	if failure != nil {
		state = event.Warn
		text = "to a handshake that names no protocol, as Apprise's, something else answers: " + failure.Sentence()
	}
	r.rec.item(event.StageTLS, event.WithoutALPN, state, text, seen, failure)
}

// lookWithoutALPN walks up to the features without naming a protocol. The failure is
// why a client like Apprise does not come to the account's server, nil when it does,
// or when that cannot be told.
func (r *run) lookWithoutALPN(ctx context.Context, place endpoint) (seen event.TLS, failure *event.Failure) {
	ctx, cancel := context.WithTimeout(ctx, r.connectLeft())
	defer cancel()
	q := &run{job: r.job, dest: r.dest}
	q.dest.Verify, q.dest.NoALPN, q.dest.TLS = false, true, 0 // Apprise offers both versions
	q.job.Until, q.job.NoLogin = "", true
	q.rec = newFilteredRecorder(event.Trace{Event: func(e event.Event) {
		if data, ok := e.Data.(event.TLS); ok && e.Item == "" {
			seen = data
		}
	}}, q.job, r.rec.filter)
	conn, failure := place.dial(ctx)
	if failure == nil {
		var found probed
		found, failure = q.probe(ctx, q.metered(conn))
		if found.tls != nil && r.dest.Verify {
			if wrong := newTLSCheck(q.job, q.dest).check(found.tls.PeerCertificates); wrong != nil {
				return seen, wrong
			}
		}
	}
	if failure != nil && slices.Contains([]event.Cause{event.CauseCancelled, event.CauseRefused, event.CauseUnreachable,
		event.CauseOwnLimit, event.CauseInternal, event.CauseProxy}, failure.Cause) {
		failure = nil
	}
	return seen, failure
}
