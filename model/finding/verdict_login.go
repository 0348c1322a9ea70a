package finding

import (
	"cmp"
	"slices"
	"strings"

	"xmppscope/model/inspect"
	"xmppscope/urlspec"
	"xmppscope/urlspec/slixmpp"
	"xmppscope/xmppcore/event"
)

// withoutReason ends the reason of a time-out: Apprise names no other.
const withoutReason = " and names no reason"

// beforeLogin judges what keeps Apprise from logging in. It is not known when
// nothing does, or when what does cannot be told.
func (f *facts) beforeLogin() Verdict {
	switch {
	case !slixmpp.Takes(f.reading.LoginJID):
		return failure("slixmpp refuses the login JID, so nothing is sent")
	case strings.HasPrefix(f.reading.TCPHost, "["):
		return failure("Apprise looks the address up with its brackets, as a name, and finds no such host; it " +
			f.timesOut())
	case f.lostBehindProxy():
		return unknown("we went by a proxy, and Apprise goes without one")
	case f.failure != nil && f.at(event.StageDNS, event.StageTCP):
		return failure("Apprise cannot connect; it " + f.givesUp(f.failure) + withoutReason)
	case f.silentTypes() != "":
		return failure("Apprise asks for A and AAAA records together, and the name server does not answer " +
			"the question for " + f.silentTypes() + "the host; it gives up after " + seconds(f.connectLimit()))
	case f.stuckAt() != "":
		return failure("Apprise tries one address after the other, and " + f.stuckAt() + ", which comes first, " +
			"does not answer; it gives up after " + seconds(f.connectLimit()))
	}
	if v := f.tooSlowToConnect(); v.Known() {
		return v
	}
	if f.reading.Mode == urlspec.ModeNone {
		return f.withoutTLS()
	}
	if v := f.ofHandshake(); v.Known() || f.failure != nil && f.at(event.StageTLS) {
		return v
	}
	if other := f.unnamedService(); other != nil {
		return f.ofOtherService(other)
	}
	if v := f.ofBinding(); v.Known() {
		return v
	}
	return f.ofLogin()
}

// lostBehindProxy reports whether a run by a SOCKS proxy has heard nothing of the server.
// Some proxies, such as ssh -D, say that they are connected before they are.
func (f *facts) lostBehindProxy() bool {
	return f.failure != nil && f.TCP != nil && f.TCP.Proxy != "" && (f.at(event.StageDNS, event.StageTCP) ||
		f.Stream == nil && f.TLS == nil && (f.failure.Cause == event.CauseClosed || f.failure.Cause == event.CauseTimeout))
}

// withoutTLS judges mode=none: slixmpp 1.17 gives no password without TLS.
func (f *facts) withoutTLS() Verdict {
	switch {
	case f.Features == nil:
		return f.ofConnection()
	case len(f.Features.Mechanisms) > 0:
		return falseSuccess("slixmpp gives no password without TLS: it sends nothing and hangs up")
	}
	return failure("the server offers no login without TLS, so Apprise " + f.timesOut() + withoutReason)
}

// ofConnection judges a stream that did not come to its features.
func (f *facts) ofConnection() Verdict {
	if f.failure == nil {
		return unknown("the run was not to go further")
	}
	switch f.failure.Cause {
	case event.CauseProxyHeader:
		if f.reading.Mode == urlspec.ModeTLS {
			return failure("the port wants a proxy's header first, so Apprise " + f.timesOut() + withoutReason)
		}
		return either("the port wants a proxy's header first and hangs up, so nothing is sent")
	case event.CauseClosed:
		return either("the server hangs up before the login, so nothing is sent")
	case event.CauseStreamError:
		return either("the server ends the stream with " + f.failure.Condition + ", so nothing is sent")
	case event.CauseServerPort:
		return either("the port is for other servers and turns clients away, so nothing is sent")
	case event.CauseBadXML:
		if f.failure.Injected {
			return f.unclear()
		}
		return either("what the server says is no XML, so nothing is sent")
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
		return failure("the server says nothing, so Apprise " + f.givesUp(f.failure) + withoutReason)
	}
	return f.unclear()
}

// unclear is the verdict on a failure of which it is not known what Apprise makes
// of it.
func (f *facts) unclear() Verdict {
	return unknown("nobody has seen what Apprise makes of this failure (" + string(f.failure.Cause) + ")")
}

// ofHandshake judges STARTTLS and TLS.
func (f *facts) ofHandshake() Verdict {
	if f.failure != nil {
		switch f.failure.Cause {
		case event.CauseNotTLS:
			return failure("the port does not start with TLS, so Apprise " + f.timesOut() + withoutReason)
		case event.CauseNoSTARTTLS:
			return f.ofConnection()
		case event.CauseSTARTTLSRefused:
			return falseSuccess("the server refuses TLS and hangs up, so nothing is sent")
		case event.CauseClientCertificate, event.CauseTLS, event.CauseTLSVersion:
			return f.ofRefusedHandshake()
		case event.CauseClosed, event.CauseNotXMPP, event.CauseStreamError, event.CauseProxyHeader:
			if f.at(event.StageTLS) {
				return f.ofRefusedHandshake()
			}
		}
		if f.at(event.StageStream, event.StageSTARTTLS, event.StageTLS, event.StageFeatures) {
			switch f.failure.Cause {
			case event.CauseTimeout, event.CauseClosed, event.CauseStreamError, event.CauseNotXMPP, event.CauseServerPort,
				event.CauseProxyHeader:
				return f.ofConnection()
			case event.CauseBadXML:
				if !f.failure.Restricted {
					return f.ofConnection()
				}
			}
		}
	}
	switch {
	case f.TLS == nil:
		return Verdict{}
	case !f.reading.Verify && f.certificateRefused():
		return delivers("with this verify= Apprise checks no certificate, and we do")
	case !f.reading.Verify:
		return Verdict{}
	}
	if f.commonNameTaken() {
		return delivers("Python takes the certificate's common name, which no longer counts for us")
	}
	if why := f.distrusted(); why != "" {
		return f.brokenHandshake(why)
	}
	if f.failure != nil && f.failure.Cause == event.CauseCertAuthority && f.at(event.StageTLS) {
		return delivers("Apprise trusts the certificate's authority, which this machine does not")
	}
	return Verdict{}
}

// certificateRefused reports whether our run ended at the server's certificate.
func (f *facts) certificateRefused() bool {
	if f.failure == nil {
		return false
	}
	switch f.failure.Cause {
	case event.CauseCertName, event.CauseCertAuthority, event.CauseCertExpired, event.CauseCertNotYetValid,
		event.CauseCertOther:
		return true
	}
	return false
}

// brokenHandshake is the verdict on a TLS handshake that Apprise does not get
// through, by the way it came there.
func (f *facts) brokenHandshake(why string) Verdict {
	if f.reading.Mode == urlspec.ModeTLS {
		return failure("the handshake fails (" + why + "), so Apprise " + f.timesOut() + withoutReason)
	}
	return falseSuccess(why + ", so slixmpp hangs up and nothing is sent")
}

// distrusted says why Apprise does not take the server's certificate: it goes by
// the account's domain, and by certifi's authorities. It is "" when nothing is
// wrong with it, as far as can be told.
func (f *facts) distrusted() string {
	if f.failure != nil && f.at(event.StageTLS) {
		switch f.failure.Cause {
		case event.CauseCertName:
			return "the certificate is not valid for " + f.reading.StreamTo
		case event.CauseCertExpired, event.CauseCertNotYetValid, event.CauseCertOther:
			return "the certificate is not valid"
		case event.CauseCertAuthority:
			return f.foreignAuthority("neither this machine nor Apprise's own list (certifi) trusts the certificate's authority")
		}
		return ""
	}
	if why := inspect.PythonRefuses(f.TLS); why != "" {
		return "Python refuses the certificate, because " + why
	}
	if f.TLS.Reference != "" && len(f.TLS.Names) > 0 && !inspect.NameMatches(f.TLS.Names, f.TLS.Reference) {
		return "the certificate names " + f.reading.StreamTo + " in a way that Python does not know"
	}
	if f.Trust.OfThisMachine() {
		return ""
	}
	return f.foreignAuthority("the certificate's authority is trusted here and is not in Mozilla's list")
}

// foreignAuthority is why where Apprise does not trust the certificate's authority,
// else "".
func (f *facts) foreignAuthority(why string) string {
	untrusted := f.TLS.NotMozilla
	if f.Trust.OfThisMachine() {
		untrusted = f.TLS.Untrusted
	}
	if untrusted == "" {
		return ""
	}
	return why
}

// ofBinding judges what channel binding does to slixmpp's login. It binds by
// tls-unique on TLS 1.2, since Python has no other type, and not at all on TLS 1.3
// (flag "n"). With scramplus=no it says "y": that it could, and that the server
// cannot.
func (f *facts) ofBinding() Verdict {
	if f.Features == nil || !f.Features.Encrypted {
		return Verdict{}
	}
	if f.refusesFlagY() {
		return failure("scramplus=no makes slixmpp claim that the server lacks channel binding; " +
			"this server offers it, so it must refuse the login (RFC 5802 section 6). Without scramplus=no Apprise logs in")
	}
	if f.lacksUnique() {
		return failure("slixmpp binds the login by tls-unique on TLS 1.2, which the server does not list " +
			"(it lists " + strings.Join(f.Features.Bindings, ", ") + ") and must refuse")
	}
	return Verdict{}
}

// ofLogin judges a login that we were refused, or could not try.
func (f *facts) ofLogin() Verdict {
	if f.failure == nil || f.loggedIn() {
		return unknown("the run was not to go further")
	}
	if f.failure.Restricted {
		return delivers("slixmpp passes over comments and processing instructions, which stopped us")
	}
	switch f.failure.Cause {
	case event.CauseChannelBinding:
		return f.ofRefusedBinding()
	case event.CauseIterations:
		return unknown("slixmpp sets no bounds to the SCRAM iterations, and nobody has seen how long it takes for these")
	case event.CauseAuth:
		return failure("the server refuses the login (" + cmp.Or(f.failure.Condition, "no reason given") + ")")
	case event.CauseNoPassword:
		return failure("the URL has no password; Apprise sends an empty one, which servers refuse")
	case event.CauseNoMechanisms:
		return failure("the server offers no login, so Apprise " + f.timesOut() + withoutReason)
	case event.CauseNoCommonMechanism:
		return f.ofMechanisms()
	case event.CauseServerProof:
		return falseSuccess("the server does not prove that it knows the password, so slixmpp hangs up")
	case event.CauseMechanismList:
		return delivers("slixmpp does not look whether the list of logins was altered")
	case event.CauseBind:
		return failure("the server gives it no resource, so Apprise " + f.timesOut() + withoutReason)
	}
	return f.ofConnection()
}

// ofMechanisms judges a list of logins of which we know none.
func (f *facts) ofMechanisms() Verdict {
	switch {
	case f.Features == nil:
		return f.unclear()
	case slices.Contains(f.Features.Mechanisms, "DIGEST-MD5"):
		return delivers("slixmpp logs in with DIGEST-MD5, which we do not speak")
	case len(f.Features.Mechanisms) == 0:
		return failure("the server offers its logins by XEP-0388 alone, which slixmpp does not look at, so Apprise " +
			f.timesOut() + withoutReason)
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
