package model

import "strings"

// ConnectionFacts are the rows of what was negotiated on the way to a session.
func (r *Run) ConnectionFacts() []Fact {
	var f rows
	r.tcpFacts(&f)
	r.tlsFacts(&f)
	if t := r.TLS; t != nil && (len(t.Names) > 0 || t.SHA256 != "") {
		state, text := certified(t.Verified, t.Problem)
		f.judged(state, "certificate", text)
		f.value("names", strings.Join(t.Names, ", "))
		f.value("issuer", t.Issuer)
		f.value("valid until", t.NotAfter)
		f.bytes("SHA-256", colons(t.SHA256))
	}
	if r.SASL != nil {
		f.value("mechanism", r.SASL.Used)
		f.value("channel binding", r.SASL.ChannelBinding)
	}
	r.bindFacts(&f)
	return f
}

func (r *Run) tcpFacts(f *rows) {
	if r.TCP != nil {
		f.value("TCP", r.TCP.Address)
		f.value("proxy", r.TCP.Proxy)
	}
}

func (r *Run) tlsFacts(f *rows) {
	if r.TLS != nil {
		f.value("TLS", strings.TrimSpace(r.TLS.Version+" "+r.TLS.Cipher))
	}
}

func (r *Run) bindFacts(f *rows) {
	if r.Bind != nil {
		f.value("bound JID", r.Bind.JID)
	}
}
