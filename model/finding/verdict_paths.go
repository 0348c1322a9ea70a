package finding

import (
	"slices"

	"xmppscope/model/inspect"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// ofRefusedHandshake judges a handshake that the server ended, or that came to
// nothing. What slixmpp makes of it depends on the mode alone: a failure of direct
// TLS is waited out, one after STARTTLS ends the session without a complaint.
func (f *facts) ofRefusedHandshake() Verdict {
	because := "the handshake fails"
	switch {
	case f.failure.Cause == event.CauseClientCertificate:
		because = "the server demands a client certificate, which an Apprise URL cannot carry"
		if f.reading.Mode == urlspec.ModeTLS && f.TLS != nil && f.TLS.Version == "TLS 1.3" {
			return either(because + "; it hangs up before the login")
		}
	case f.failure.Cause == event.CauseNotXMPP:
		because = "another service answers the handshake"
	case f.failure.Cause == event.CauseTLSVersion:
		because = "Python speaks no TLS version that the server knows"
	case f.failure.Cause == event.CauseTLS && f.failure.Alert == event.AlertProtocol:
		return either("Apprise sends no ALPN and comes to the service that answers without; that is no XMPP server, " +
			"and hangs up")
	case f.lacks(event.LackAll):
		because = "the server takes no algorithm that Apprise's OpenSSL offers"
	case f.failure.Cause == event.CauseTLS && f.failure.Lacking != nil && f.failure.Lacking.Name != "" &&
		!f.lacks(event.LackForm):
		return unknown("Apprise's OpenSSL has " + f.failure.Lacking.Name + ", which we lack, so it may get through; what " +
			"comes behind that we did not see")
	case f.failure.Cause == event.CauseTLS && f.failure.Alert != event.AlertName:
		return unknown("Python's TLS is another than ours, and may get through") // OpenSSL knows algorithms that we do not
	case f.failure.Cause == event.CauseClosed:
		because = "the server hangs up in the handshake"
	}
	if f.reading.Mode == urlspec.ModeTLS {
		return failure(because + ", so Apprise " + f.timesOut() + withoutReason)
	}
	return falseSuccess(because + ", so slixmpp hangs up and nothing is sent")
}

// unnamedService is why a handshake without ALPN, as Apprise makes it, does not come to
// the account's server; nil when it does, or when nobody looked.
func (r run) unnamedService() *event.Failure {
	last, _ := r.ItemTrail(event.WithoutALPN)
	if last == nil || last.State != event.Warn {
		return nil
	}
	return last.Failure
}

// ofOtherService judges what Apprise meets where it is not brought to XMPP.
func (f *facts) ofOtherService(other *event.Failure) Verdict {
	because := "Apprise does not name the protocol in the handshake (ALPN), and something else answers then"
	if other.Stage == event.StageTLS && other.Cause != event.CauseNotXMPP {
		return failure(because + ", whose certificate is not the account's; Apprise " + f.timesOut())
	}
	return either(because + ", which hangs up before the login")
}

// commonNameTaken reports whether all that we have against the certificate is that it
// names the domain as its common name alone, which Python takes.
func (f *facts) commonNameTaken() bool {
	return f.failure != nil && f.at(event.StageTLS) && f.failure.Cause == event.CauseCertName && f.TLS.Untrusted == "" &&
		inspect.CommonNameOnly(f.TLS) && inspect.PythonRefuses(f.TLS) == "" &&
		(f.Trust.OfThisMachine() || f.TLS.NotMozilla == "")
}

// lacksUnique reports whether the server offers channel binding on TLS 1.2, and not
// by tls-unique, which is all that Python has there.
func (f *facts) lacksUnique() bool {
	return f.reading.ScramPlus && f.Features != nil && f.TLS != nil && f.TLS.Version == "TLS 1.2" &&
		slices.ContainsFunc(f.Features.Mechanisms, event.BindsChannel) &&
		len(f.Features.Bindings) > 0 && !slices.Contains(f.Features.Bindings, "tls-unique")
}

// unfitting reports whether the server's list of channel bindings is that of another
// TLS version than ours: then its connection is not ours, and something in between
// ends TLS.
func (f *facts) unfitting() bool {
	if f.Features == nil || f.TLS == nil || len(f.Features.Bindings) == 0 {
		return false
	}
	return UnfittingBindings(f.TLS.Version, f.Features.Bindings)
}

// UnfittingBindings reports whether a list of channel bindings (XEP-0440) is that of
// another TLS version: tls-unique is not defined for TLS 1.3 (RFC 9266 section 3),
// and servers that know tls-exporter list tls-unique beside it on TLS 1.2.
func UnfittingBindings(version string, bindings []string) bool {
	unique, exporter := slices.Contains(bindings, "tls-unique"), slices.Contains(bindings, "tls-exporter")
	return version == "TLS 1.3" && unique || version == "TLS 1.2" && exporter && !unique
}

// ofRefusedBinding judges a channel binding that the server refused to us. On TLS 1.3
// Python has none, so slixmpp logs in without; on TLS 1.2 it binds by tls-unique, and
// fares as we do.
func (f *facts) ofRefusedBinding() Verdict {
	if f.Features == nil || f.TLS == nil {
		return f.unclear()
	}
	unbound := slices.ContainsFunc(f.Features.Mechanisms, func(m string) bool {
		return !event.BindsChannel(m) && slices.Contains(event.Mechanisms(), m)
	})
	switch {
	case f.failure.Condition == "" && f.TLS.Version != "TLS 1.3" && !f.lacksUnique():
		return delivers("slixmpp binds the login by tls-unique, which this TLS session has")
	case f.TLS.Version != "TLS 1.3":
		return failure("slixmpp binds the login by tls-unique, and the server refuses that to it as it refuses ours")
	case unbound:
		return delivers("Python has no channel binding on TLS 1.3, so Apprise logs in without it if the password is right; " +
			"xmppscope uses it, and is refused")
	}
	return falseSuccess("the server takes only logins with channel binding, which Python does not have on TLS 1.3, " +
		"and slixmpp hangs up")
}

// appriseUnbound says, for a refused channel binding, what becomes of Apprise with the
// URL as it is and with scramplus=no, as further sentences.
func (f *facts) appriseUnbound() string {
	v := f.ofRefusedBinding()
	if !v.WouldDeliver || !f.breaksApprise() {
		return ""
	}
	return " Apprise delivers with the URL as it stands, since Python has no channel binding on TLS 1.3; with " +
		"scramplus=no it fails, because slixmpp then denies knowing of the binding that the server offers."
}

// breaksApprise reports whether scramplus=no would keep Apprise out of this server.
func (f *facts) breaksApprise() bool {
	return f.Features != nil && f.Features.Encrypted && RefusesFlagY(*f.Features)
}
