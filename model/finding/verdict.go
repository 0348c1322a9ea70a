package finding

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/inspect"
	"xmppscope/urlspec"
	"xmppscope/urlspec/slixmpp"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Verdict is what Apprise 2.1.0 with slixmpp 1.17 would have made of the same
// situation. Its result is that no SASL failure was seen and that the session
// ended in time, whatever else happened: so it reports success for much that
// never arrived.
type Verdict struct {
	WouldReport AppriseResult `json:"would_report"`
	// WouldDeliver says whether every message would reach every target, as far
	// as evidence goes.
	WouldDeliver bool `json:"would_deliver"`
	// DeliversTo are the targets that would get the messages, when not all do.
	DeliversTo []string `json:"delivers_to,omitempty"`
	Because    string   `json:"because"`
	// partly is true when other targets may get the messages, which a check
	// cannot tell.
	partly bool
}

// AppriseResult is what Apprise reports of a notification.
type AppriseResult string

// What Apprise reports. Where the server hangs up before the login, a race
// between two of slixmpp's tasks decides: of 48 runs 31 failed.
const (
	ReportsSuccess AppriseResult = "success"
	ReportsFailure AppriseResult = "failure"
	ReportsEither  AppriseResult = "either"
)

// FalseSuccess reports whether Apprise would claim what is not so.
func (v Verdict) FalseSuccess() bool { return v.WouldReport == ReportsSuccess && !v.WouldDeliver }

// Sentence is the verdict in one sentence, without a full stop.
func (v Verdict) Sentence() string {
	text := "Apprise would report " + string(v.WouldReport)
	if v.WouldReport == ReportsEither {
		text = "Apprise would report either success or failure"
	}
	switch {
	case v.WouldDeliver:
		text += " and deliver to every target"
	case len(v.DeliversTo) > 0:
		text += " and deliver only to " + strings.Join(v.DeliversTo, ", ")
	case v.partly:
		text += " and not deliver to every target"
	case v.FalseSuccess():
		text += " without delivering"
	default:
		text += " and deliver nothing"
	}
	return text + ": " + v.Because
}

// Fact is the verdict as a row.
func (v Verdict) Fact() fact.Fact {
	state := event.OK
	if !v.WouldDeliver {
		state = event.Warn
	}
	return fact.Fact{Label: "verdict", Text: wire.Safe(v.Sentence()), State: state}
}

// Apprise predicts what Apprise 2.1.0 would have reported in this situation;
// known is false when the run says too little to tell. After a check, it is
// about what a send would do, as far as the check can know.
//
// Apprise makes another attempt only after one that it takes for a failure, so
// what it takes for a success is its verdict on the whole run.
func Apprise(r *model.Run) (verdict Verdict, known bool) {
	if !r.Done {
		return Verdict{}, false
	}
	for _, earlier := range r.Earlier {
		switch v, known := (run{Run: earlier, edits: &editor{}}).judge(); {
		case known && v.FalseSuccess():
			v.Because += "; so it makes no other attempt"
			return v, true
		case known && v.WouldReport == ReportsEither:
			v.Because += "; where that counts as a success, it makes no other attempt"
			return v, true
		}
	}
	return (run{Run: r, edits: &editor{}}).judge()
}

// judge is the verdict on the newest attempt.
func (r run) judge() (verdict Verdict, known bool) {
	f := r.about(r.Failure, nil)
	if !f.reading.Accepted {
		return Verdict{WouldReport: ReportsFailure,
			Because: "Apprise does not accept this URL, so it loads nothing and sends nothing"}, true
	}
	if r.Failure != nil {
		switch r.Failure.Cause {
		case event.CauseCancelled, event.CauseInternal, event.CauseOwnLimit:
			return Verdict{}, false
		}
	}
	if f.reading.Keepalive {
		verdict, known = failure("with keepalive=yes Apprise 2.1.0 fails to connect, whatever the server")
	} else if verdict, known = f.beforeLogin(); !known && f.loggedIn() {
		verdict, known = f.afterLogin()
	}
	if known && math.IsInf(float64(f.reading.CTO), 0) {
		verdict.WouldReport = ReportsFailure
		verdict.Because = "cto= is infinite, which ends in an error of Python's (OverflowError) even where the message " +
			"arrives"
	}
	if known && f.reading.Optional && verdict.WouldReport != ReportsSuccess {
		verdict.WouldReport = ReportsSuccess
		verdict.Because += "; optional=yes turns the failure into a success"
	}
	return verdict, known
}

// The forms of a verdict. Reasons are clauses that follow a colon, without a
// full stop.
func failure(because string) (Verdict, bool) {
	return Verdict{WouldReport: ReportsFailure, Because: because}, true
}

// either is for a server that hangs up before the login.
func either(because string) (Verdict, bool) {
	return Verdict{WouldReport: ReportsEither, Because: because}, true
}

func falseSuccess(because string) (Verdict, bool) {
	return Verdict{WouldReport: ReportsSuccess,
		Because: because + "; it takes the end of the connection for the end of its work"}, true
}

// beforeLogin judges what keeps Apprise from logging in. known is false when
// nothing does, or when what does cannot be told.
func (f *facts) beforeLogin() (Verdict, bool) {
	switch {
	case !slixmpp.Takes(f.reading.LoginJID):
		return failure("slixmpp refuses the login JID, so nothing is sent")
	case strings.HasPrefix(f.reading.TCPHost, "["):
		return failure("it looks the address up with its brackets, as a name, and finds no such host; it " + f.timesOut())
	case f.failure != nil && f.at(event.StageDNS, event.StageTCP):
		if f.TCP != nil && f.TCP.Proxy != "" || f.failure.Cause == event.CauseProxy {
			return Verdict{}, false // Apprise goes without the proxy
		}
		if f.failure.Cause == event.CauseTimeout {
			return failure("it cannot connect; it " + f.connectLimit() + ", without the reason")
		}
		return failure("it cannot connect; it " + f.timesOut() + ", without the reason")
	case f.silentTypes() != "":
		return failure("it asks for A and AAAA records together, and the name server does not answer " +
			"the question for " + f.silentTypes() + "the host; it " + f.connectLimit())
	case f.stuckAt() != "":
		return failure("it tries one address after the other, and " + f.stuckAt() + ", which comes first, does not answer; " +
			"it " + f.connectLimit())
	case f.reading.Mode == urlspec.ModeNone:
		return f.withoutTLS()
	}
	if v, known := f.ofHandshake(); known {
		return v, true
	}
	if other := f.unnamedService(); other != nil {
		return f.ofOtherService(other)
	}
	if f.Features != nil && f.Features.Encrypted && f.refusesFlagY() {
		return failure("scramplus=no makes slixmpp claim that the server lacks channel binding; " +
			"this server offers it, so it must refuse the login (RFC 5802 section 6). Without scramplus=no Apprise logs in")
	}
	if f.lacksUnique() {
		return failure("slixmpp binds the login by tls-unique on TLS 1.2, which the server does not list " +
			"(it lists " + strings.Join(f.Features.Bindings, ", ") + ") and must refuse")
	}
	return f.ofLogin()
}

// withoutTLS judges mode=none: slixmpp 1.17 gives no password without TLS.
func (f *facts) withoutTLS() (Verdict, bool) {
	switch {
	case f.Features == nil:
		return f.ofConnection()
	case len(f.Features.Mechanisms) > 0:
		return falseSuccess("slixmpp gives no password without TLS: it sends nothing and hangs up")
	}
	return failure("the server offers no login without TLS, so it " + f.timesOut() + ", without the reason")
}

// ofConnection judges a stream that did not come to its features.
func (f *facts) ofConnection() (Verdict, bool) {
	if f.failure == nil {
		return Verdict{}, false
	}
	switch f.failure.Cause {
	case event.CauseProxyHeader:
		if f.reading.Mode == urlspec.ModeTLS {
			return failure("the port wants a proxy's header first, so it " + f.timesOut() + ", without the reason")
		}
		return either("the port wants a proxy's header first and hangs up, so nothing is sent")
	case event.CauseClosed:
		return either("the server hangs up before the login, so nothing is sent")
	case event.CauseStreamError:
		return either("the server ends the stream with " + f.failure.Condition + ", so nothing is sent")
	case event.CauseNotXMPP:
		switch {
		case expectsTLS(f):
			return either("the port wants TLS from the first byte and hangs up, so nothing is sent")
		case f.failure.Protocol == "SSH":
			return falseSuccess("the port speaks SSH and hangs up, so nothing is sent")
		}
		return either("another service answers and hangs up, so nothing is sent")
	case event.CauseNoSTARTTLS:
		return falseSuccess("the server offers no STARTTLS, and slixmpp gives no password without TLS")
	case event.CauseTimeout:
		return failure("the server says nothing, so it " + f.timesOut() + ", without the reason")
	}
	return Verdict{}, false
}

// ofHandshake judges STARTTLS and TLS.
func (f *facts) ofHandshake() (Verdict, bool) {
	if f.failure != nil {
		switch f.failure.Cause {
		case event.CauseNotTLS:
			return failure("the port does not start with TLS, so it " + f.timesOut() + ", without the reason")
		case event.CauseNoSTARTTLS:
			return f.ofConnection()
		case event.CauseSTARTTLSRefused:
			return falseSuccess("the server refuses TLS and hangs up, so nothing is sent")
		case event.CauseClientCertificate, event.CauseTLS, event.CauseTLSVersion:
			return f.ofRefusedHandshake()
		case event.CauseTimeout, event.CauseClosed, event.CauseStreamError, event.CauseNotXMPP,
			event.CauseProxyHeader:
			if f.at(event.StageTLS) && f.failure.Cause != event.CauseTimeout {
				return f.ofRefusedHandshake()
			}
			if f.at(event.StageStream, event.StageSTARTTLS, event.StageTLS, event.StageFeatures) {
				return f.ofConnection()
			}
		}
	}
	if !f.reading.Verify || f.TLS == nil {
		return Verdict{}, false
	}
	if f.commonNameTaken() {
		return Verdict{WouldReport: ReportsSuccess, WouldDeliver: true, Because: "Python takes the certificate's " +
			"common name, " +
			"which no longer counts for us; as far as the run came"}, true
	}
	v, known := f.ofCertificate()
	if known && f.reading.Mode == urlspec.ModeTLS {
		return failure("the handshake fails (" + v.Because + "), so it " + f.timesOut() + ", without the reason")
	}
	if known {
		return falseSuccess(v.Because + ", so slixmpp hangs up and nothing is sent")
	}
	return v, known
}

// ofCertificate says why Apprise does not take the server's certificate: it goes
// by the account's domain, and by certifi's authorities. known is false when
// nothing is wrong with it, as far as can be told.
func (f *facts) ofCertificate() (Verdict, bool) {
	wrong := func(because string) (Verdict, bool) { return Verdict{Because: because}, true }
	if f.failure != nil && f.at(event.StageTLS) {
		switch f.failure.Cause {
		case event.CauseCertName:
			return wrong("the certificate is not valid for " + f.reading.StreamTo)
		case event.CauseCertExpired, event.CauseCertNotYetValid, event.CauseCertOther:
			return wrong("the certificate is not valid")
		case event.CauseCertAuthority:
			because := "the certificate's authority is not trusted"
			if !inspect.SelfSigned(f.TLS) && inspect.AuthorityOf(f.TLS) != inspect.AuthorityPrivate {
				because += " here, and most likely not by Apprise's own list (certifi) either"
			}
			return wrong(because)
		}
		return Verdict{}, false
	}
	switch {
	case inspect.PythonRefuses(f.TLS) != "":
		return wrong("Python refuses the certificate, because " + inspect.PythonRefuses(f.TLS))
	case f.TLS.Reference != "" && len(f.TLS.Names) > 0 && !inspect.NameMatches(f.TLS.Names, f.TLS.Reference):
		return wrong("the certificate names " + f.reading.StreamTo + " in a way that Python does not know")
	case inspect.AuthorityOf(f.TLS) == inspect.AuthorityPrivate:
		return wrong("the certificate probably comes from a private authority. " +
			"Apprise trusts its own list (certifi) and not what this machine trusts")
	}
	return Verdict{}, false
}

// ofLogin judges a login that we were refused, or could not try.
func (f *facts) ofLogin() (Verdict, bool) {
	if f.failure == nil || f.loggedIn() {
		return Verdict{}, false
	}
	if f.failure.Restricted {
		return Verdict{WouldReport: ReportsSuccess, WouldDeliver: true,
			Because: "slixmpp passes over comments and processing instructions, which stopped us; as far as the run came"}, true
	}
	if v, known := f.ofConnection(); known && f.at(event.StageFeatures, event.StageSASL, event.StageBind) {
		return v, true
	}
	switch f.failure.Cause {
	case event.CauseAuth:
		return failure("the server refuses the login (" + cmp.Or(f.failure.Condition, "no reason given") + ")")
	case event.CauseNoPassword:
		return failure("the URL has no password; Apprise sends an empty one, which servers refuse")
	case event.CauseNoMechanisms:
		return failure("the server offers no login, so it " + f.timesOut() + ", without the reason")
	case event.CauseNoCommonMechanism:
		return f.ofMechanisms()
	case event.CauseChannelBinding:
		return f.ofRefusedBinding()
	}
	return Verdict{}, false
}

// ofMechanisms judges a list of logins of which we know none.
func (f *facts) ofMechanisms() (Verdict, bool) {
	switch {
	case f.Features == nil:
		return Verdict{}, false
	case slices.Contains(f.Features.Mechanisms, "DIGEST-MD5"):
		return Verdict{WouldReport: ReportsSuccess, WouldDeliver: true,
			Because: "slixmpp logs in with DIGEST-MD5, which we do not speak"}, true
	case len(f.Features.Mechanisms) == 0:
		return failure("the server offers its logins by XEP-0388 alone, which slixmpp does not look at, so it " +
			f.timesOut() + ", without the reason")
	}
	return falseSuccess("slixmpp speaks none of the logins that the server offers, and hangs up")
}

// refusesFlagY predicts the answer to scramplus=no.
func (f *facts) refusesFlagY() bool {
	return !f.reading.ScramPlus && f.Features != nil && f.Features.Encrypted && RefusesFlagY(*f.Features)
}

// RefusesFlagY predicts whether a server with these features refuses the GS2
// flag "y", which slixmpp sends with scramplus=no: the client could bind, and
// believes that the server cannot. A server that offers -PLUS must refuse that
// (RFC 5802 section 6). Prosody and ejabberd 26 do; ejabberd 23 does not look,
// and is known by X-OAUTH2 beside -PLUS without a list of binding types.
func RefusesFlagY(features event.Features) bool {
	offered := slices.Concat(features.Mechanisms, features.SASL2)
	careless := len(features.Bindings) == 0 && slices.Contains(offered, "X-OAUTH2")
	return slices.ContainsFunc(offered, event.BindsChannel) && !careless
}

// loggedIn reports whether the login went through, resource included.
func (r run) loggedIn() bool {
	return r.Passed(event.StageSASL) && !r.failed(event.StageBind)
}

// budget is the time of an Apprise session in seconds: at least five.
func (f *facts) budget() float64 {
	cto := float64(f.reading.CTO)
	if math.IsNaN(cto) {
		return 5
	}
	return max(5, cto)
}

// connectLimit is what Apprise does where it does not come to a connection: a third
// of its time is for that, three seconds at least and fifteen at most.
func (f *facts) connectLimit() string {
	limit := min(max(float64(f.budget())/3, 3), 15)
	return fmt.Sprintf("gives up after %s s", strings.TrimSuffix(fmt.Sprintf("%.2f", limit), ".00"))
}

// timesOut is what Apprise then does, for the middle of a sentence.
func (f *facts) timesOut() string {
	return fmt.Sprintf("gives up when its %s s are over", strings.TrimSuffix(fmt.Sprintf("%.2f", f.budget()), ".00"))
}
