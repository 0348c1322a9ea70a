package model

import (
	"strings"

	"xmppscope/model/fact"
	"xmppscope/model/inspect"
)

// ConnectionFacts are the rows of what was negotiated on the way to a session.
func (r *Run) ConnectionFacts() []fact.Fact {
	var f fact.Rows
	r.tcpFacts(&f)
	r.tlsFacts(&f)
	if t := r.TLS; t != nil && (len(t.Names) > 0 || t.SHA256 != "") {
		state, text := inspect.Certified(t.Verified, t.Problem)
		f.Judged(state, "certificate", text)
		f.Value("names", strings.Join(t.Names, ", "))
		f.Value("issuer", t.Issuer)
		f.Value("valid until", t.NotAfter)
		f.Bytes("SHA-256", inspect.Colons(t.SHA256))
	}
	if r.SASL != nil {
		f.Value("mechanism", r.SASL.Used)
		f.Value("channel binding", r.SASL.ChannelBinding)
	}
	r.bindFacts(&f)
	return f
}

func (r *Run) tcpFacts(f *fact.Rows) {
	if r.TCP != nil {
		f.Value("TCP", r.TCP.Address)
		f.Value("proxy", r.TCP.Proxy)
	}
}

func (r *Run) tlsFacts(f *fact.Rows) {
	if r.TLS != nil {
		f.Value("TLS", strings.TrimSpace(r.TLS.Version+" "+r.TLS.Cipher))
	}
}

func (r *Run) bindFacts(f *fact.Rows) {
	if r.Bind != nil {
		f.Value("bound JID", r.Bind.JID)
	}
}
