package inspect

import (
	"cmp"
	"fmt"
	"strings"

	"xmppscope/model/fact"
	"xmppscope/xmppcore/event"
)

// Facts are the rows of a certificate: whether it is valid, for which names, how
// long, each certificate of the chain, and who trusts it.
func (r Report) Facts() []fact.Fact {
	var f fact.Rows
	f.Sum(r.judgement())
	if len(r.Chain) == 0 {
		return f
	}
	f.Title("Names it could be asked for")
	for _, n := range r.Names {
		state, answer := event.Skip, "no"
		switch {
		case n.Match != "":
			state, answer = event.OK, "yes, by "+n.Match
		case n.Required:
			state = event.Fail
		}
		f.Judged(state, n.What, n.Name+": "+answer+"; "+n.Note)
	}
	f.Value("names", cmp.Or(strings.Join(r.Presented, ", "), "the certificate has none"))
	r.Validity.facts(&f)
	for i, l := range r.Chain {
		f.Heading("certificate", fmt.Sprintf("Certificate %d of %d as sent", i+1, len(r.Chain)))
		l.facts(&f)
	}
	r.trustFacts(&f)
	return f
}

// judgement says whether a session may go on with the certificate, and why not.
func (r Report) judgement() (event.State, string) {
	switch {
	case len(r.Chain) == 0 && r.Failure == nil:
		return event.Fail, "there was no certificate"
	case len(r.Chain) == 0:
		return event.Fail, "there was no certificate: " + r.Failure.Sentence()
	case r.Valid && r.Validity.State == EndsSoon:
		return event.Warn, "valid for the JID domain, but it ends soon"
	case r.Problem == "" && r.Validity.State != ValidNow:
		return Certified(r.Valid, string(r.Validity.State))
	}
	return Certified(r.Valid, r.Problem)
}

// Certified says whether a certificate is valid for the JID domain, by an
// authority that this machine trusts.
func Certified(valid bool, problem string) (event.State, string) {
	if valid {
		return event.OK, "valid for the JID domain"
	}
	return event.Fail, fact.WithReason("not valid", problem)
}

func (v Validity) facts(f *fact.Rows) {
	from, until := v.NotBefore, v.NotAfter
	switch v.State {
	case Unreadable:
	case NotYetValid:
		f.Judged(event.Fail, "valid from", from+": not yet valid")
		f.Value("valid until", until)
	case Expired:
		f.Value("valid from", from)
		f.Judged(event.Fail, "valid until", until+": expired, over for "+event.Count(-v.Days, "day"))
	case EndsSoon:
		f.Value("valid from", from)
		f.Judged(event.Warn, "valid until", until+": ends soon, "+event.Count(v.Days, "day")+" left")
	default:
		f.Value("valid from", from)
		f.Value("valid until", until+", "+event.Count(v.Days, "day")+" left")
	}
}

func (l ChainLink) facts(f *fact.Rows) {
	f.Value("subject", l.Subject)
	f.Value("issuer", l.Issuer)
	if l.Key != "" {
		f.Value("key", l.Key+", signed with "+l.Signature+", until "+l.NotAfter)
	}
	f.Judged(event.Fail, "problem", l.Note)
	f.Bytes("SHA-256", Colons(l.SHA256))
	f.Bytes("of its key", l.SPKI)
}

func (r Report) trustFacts(f *fact.Rows) {
	f.Title("Who trusts it")
	if r.Trust.System {
		f.Judged(event.OK, "here", "this machine trusts its authority")
	} else {
		f.Judged(event.Fail, "here", fact.WithReason("this machine does not trust its authority", r.Trust.Why))
	}
	if r.MissingIssuer != "" {
		f.Judged(event.Warn, "missing", "the certificate of the issuer "+r.MissingIssuer+" was not sent")
		for _, url := range r.IssuerURLs {
			f.Value("", "it can be fetched from "+url)
		}
	}
	f.Value("Apprise", "that it trusts it is "+string(r.Trust.Certifi)+": "+r.Trust.Because)
	f.Value("to know", r.Trust.Test)
}
