package model

import (
	"cmp"
	"fmt"
	"strings"

	"xmppscope/xmppcore/event"
)

// Facts are the rows of a certificate: whether it is valid, for which names, how
// long, each certificate of the chain, and who trusts it.
func (r CertificateReport) Facts() []Fact {
	var f rows
	f.sum(r.judgement())
	if len(r.Chain) == 0 {
		return f
	}
	f.title("Names it could be asked for")
	for _, n := range r.Names {
		state, answer := event.Skip, "no"
		switch {
		case n.Match != "":
			state, answer = event.OK, "yes, by "+n.Match
		case n.Required:
			state = event.Fail
		}
		f.judged(state, n.What, n.Name+": "+answer+"; "+n.Note)
	}
	f.value("names", cmp.Or(strings.Join(r.Presented, ", "), "the certificate has none"))
	r.Validity.facts(&f)
	for i, l := range r.Chain {
		f.heading("certificate", fmt.Sprintf("Certificate %d of %d as sent", i+1, len(r.Chain)))
		l.facts(&f)
	}
	r.trustFacts(&f)
	return f
}

// judgement says whether a session may go on with the certificate, and why not.
func (r CertificateReport) judgement() (event.State, string) {
	switch {
	case len(r.Chain) == 0 && r.Failure == nil:
		return event.Fail, "there was no certificate"
	case len(r.Chain) == 0:
		return event.Fail, "there was no certificate: " + r.Failure.Sentence()
	case r.Valid && r.Validity.State == EndsSoon:
		return event.Warn, "valid for the JID domain, but it ends soon"
	case r.Problem == "" && r.Validity.State != ValidNow:
		return certified(r.Valid, string(r.Validity.State))
	}
	return certified(r.Valid, r.Problem)
}

// certified says whether a certificate is valid for the JID domain, by an
// authority that this machine trusts.
func certified(valid bool, problem string) (event.State, string) {
	if valid {
		return event.OK, "valid for the JID domain"
	}
	return event.Fail, withReason("not valid", problem)
}

func (v Validity) facts(f *rows) {
	from, until := v.NotBefore, v.NotAfter
	switch v.State {
	case Unreadable:
	case NotYetValid:
		f.judged(event.Fail, "valid from", from+": not yet valid")
		f.value("valid until", until)
	case Expired:
		f.value("valid from", from)
		f.judged(event.Fail, "valid until", until+": expired, over for "+event.Count(-v.Days, "day"))
	case EndsSoon:
		f.value("valid from", from)
		f.judged(event.Warn, "valid until", until+": ends soon, "+event.Count(v.Days, "day")+" left")
	default:
		f.value("valid from", from)
		f.value("valid until", until+", "+event.Count(v.Days, "day")+" left")
	}
}

func (l ChainLink) facts(f *rows) {
	f.value("subject", l.Subject)
	f.value("issuer", l.Issuer)
	if l.Key != "" {
		f.value("key", l.Key+", signed with "+l.Signature+", until "+l.NotAfter)
	}
	f.judged(event.Fail, "problem", l.Note)
	f.bytes("SHA-256", colons(l.SHA256))
	f.bytes("of its key", l.SPKI)
}

func (r CertificateReport) trustFacts(f *rows) {
	f.title("Who trusts it")
	if r.Trust.System {
		f.judged(event.OK, "here", "this machine trusts its authority")
	} else {
		f.judged(event.Fail, "here", withReason("this machine does not trust its authority", r.Trust.Why))
	}
	if r.MissingIssuer != "" {
		f.judged(event.Warn, "missing", "the certificate of the issuer "+r.MissingIssuer+" was not sent")
		for _, url := range r.IssuerURLs {
			f.value("", "it can be fetched from "+url)
		}
	}
	f.value("Apprise", "that it trusts it is "+string(r.Trust.Certifi)+": "+r.Trust.Because)
	f.value("to know", r.Trust.Test)
}
