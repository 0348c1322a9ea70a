package model

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// loginRules are the failures of features, sasl and bind.
func loginRules() []rule {
	auth := []xmppcore.Cause{xmppcore.CauseAuth}
	binding := []xmppcore.Cause{xmppcore.CauseChannelBinding}
	return []rule{
		{
			code:   "tls-required",
			help:   "The server accepts a login only after TLS. mode=none cannot work there; Apprise would time out without a reason.",
			causes: []xmppcore.Cause{xmppcore.CauseTLSRequired},
			title:  func(f *facts) string { return "The server accepts no login without TLS." },
			fix: func(f *facts) *FindingFix {
				return f.edit("use mode=starttls", useSTARTTLS)
			},
		},
		{
			code:   "no-mechanisms",
			help:   "The server offers no way to log in at all on this connection.",
			causes: []xmppcore.Cause{xmppcore.CauseNoMechanisms},
			title:  func(f *facts) string { return "The server offers no login mechanism." },
			admin:  "Check the authentication backend of this virtual host; behind a TLS proxy, let the inner port take logins without STARTTLS.",
		},
		{
			code:   "channel-binding-required",
			help:   "The server offers only mechanisms with channel binding (-PLUS), and scramplus=no forbids them.",
			causes: []xmppcore.Cause{xmppcore.CauseNoCommonMechanism},
			when: func(f *facts) bool {
				return !f.reading.ScramPlus && f.SASL != nil && slices.ContainsFunc(f.SASL.Offered, plus)
			},
			title: func(f *facts) string { return "The server insists on channel binding, and scramplus=no forbids it." },
			fix:   func(f *facts) *FindingFix { return f.edit("remove scramplus=no", removeParam("scramplus")) },
		},
		{
			code:   "no-common-mechanism",
			help:   "The server offers only mechanisms that we do not know, or may not use on this connection.",
			causes: []xmppcore.Cause{xmppcore.CauseNoCommonMechanism},
			title:  func(f *facts) string { return "There is no login mechanism that both sides can use." },
			explain: func(f *facts) string {
				offered := "nothing"
				if f.SASL != nil && len(f.SASL.Offered) > 0 {
					offered = strings.Join(f.SASL.Offered, ", ")
				}
				return "The server offers " + offered + "; we know SCRAM-SHA-512, SCRAM-SHA-256 and SCRAM-SHA-1, each with and without PLUS, and PLAIN inside TLS."
			},
			admin: "Enable SCRAM-SHA-1 or SCRAM-SHA-256.",
		},
		{
			code:   "cleartext-password",
			help:   "Only PLAIN is left, and without TLS it would send the password readable by everybody on the way. We do that only on loopback, or with --allow-cleartext-password.",
			causes: []xmppcore.Cause{xmppcore.CauseCleartextPassword},
			title:  func(f *facts) string { return "The only login left would send the password in clear, so we stopped." },
			fix: func(f *facts) *FindingFix {
				return f.edit("use mode=starttls", useSTARTTLS)
			},
		},
		{
			code:   "password-missing",
			help:   "The URL has no password. Apprise would send an empty one.",
			causes: []xmppcore.Cause{xmppcore.CauseNoPassword},
			title:  func(f *facts) string { return "There is no password to log in with." },
		},
		{
			code: "channel-binding-type", causes: binding,
			when: func(f *facts) bool { return strings.Contains(strings.ToLower(f.failure.Text), "isn't supported") },
			help: "The server does not know the type of channel binding that we used. A TLS-terminating proxy with another TLS version behind it does that.",
			title: func(f *facts) string {
				return fmt.Sprintf("The server does not support %s.", f.bindingName())
			},
			fix:   scramPlusOffFix,
			admin: "Let the proxy pass TLS through, or give both legs the same TLS version.",
		},
		{
			code: "channel-binding-rejected", causes: binding,
			help: "The server offered a login with channel binding (SCRAM-…-PLUS) and then rejected the binding. ejabberd before 24.02 computes the wrong type on TLS 1.3; a proxy that terminates TLS in between has the same effect.",
			title: func(f *facts) string {
				return fmt.Sprintf("The server offered %s, then rejected the channel binding.", f.mechanism())
			},
			explain: func(f *facts) string {
				s := "The password was not even looked at. "
				switch {
				case f.failure.Condition == "malformed-request":
					s += "The server computed another binding than we did, which happens when a proxy (or somebody else) terminates TLS in between. Compare the certificate's fingerprint with the server's before you turn the protection off."
				case f.TLS != nil && f.TLS.Version == "TLS 1.3" && (f.SASL == nil || len(f.SASL.Bindings) == 0):
					s += "On TLS 1.3, and without a list of binding types, this is what ejabberd before 24.02 does: it computes tls-unique, which TLS 1.3 does not have."
				default:
					s += "Either the server is old and computes another binding, or TLS is terminated in between."
				}
				return s + " scramplus=no logs in without the binding; the certificate check stays."
			},
			fix:   scramPlusOffFix,
			admin: "Update ejabberd to 24.02 or later, or take the TLS-terminating proxy away.",
		},
		{
			code: "wrong-password", causes: auth,
			when: func(f *facts) bool {
				return f.condition("not-authorized") && strings.Contains(f.failure.Text, "doesn't match")
			},
			help: "The account exists, and the password is wrong.",
			title: func(f *facts) string {
				return fmt.Sprintf("Wrong password for %s.", f.reading.LoginJID)
			},
			explain: func(f *facts) string {
				return "The server knows the account and says that the password does not match. In a URL, the characters @ : / ? # % of a password are written %40 %3A %2F %3F %23 %25."
			},
		},
		{
			code: "unknown-account", causes: auth,
			when: func(f *facts) bool {
				return f.condition("not-authorized") && f.failure.Text == "" && f.scram()
			},
			help: "The server refuses the login without a word, which Prosody does when it does not know the account.",
			title: func(f *facts) string {
				return fmt.Sprintf("%s probably does not exist on this server.", f.reading.LoginJID)
			},
			explain: func(f *facts) string {
				return "The server refused the login without a text. Prosody does so for an account that it does not know (for a wrong password it says more). Check the user name, and that the account's domain is " + f.reading.StreamTo + "."
			},
			admin: "Create the account: prosodyctl adduser, ejabberdctl register.",
		},
		{
			code: "user-name-characters", causes: auth,
			when: func(f *facts) bool {
				return f.condition("malformed-request") && strings.ContainsAny(f.reading.LoginJID, ",=")
			},
			help:  "SCRAM wants the characters , and = of a user name escaped (RFC 5802 section 5.1); the library in use does not do that.",
			title: func(f *facts) string { return "The user name holds a , or = that the login cannot carry." },
		},
		{
			code: "account-disabled", causes: auth,
			when:  func(f *facts) bool { return f.condition("account-disabled", "credentials-expired") },
			help:  "The account exists, but its operator has disabled it or its credentials have expired.",
			title: func(f *facts) string { return "The account cannot be used: " + f.said() },
		},
		{
			code: "login-later", causes: auth,
			when:  func(f *facts) bool { return f.condition("temporary-auth-failure") },
			help:  "The server cannot check logins at the moment.",
			title: func(f *facts) string { return "The server cannot check logins right now: " + f.said() },
		},
		{
			code: "mechanism-refused", causes: auth,
			when: func(f *facts) bool {
				return f.condition("encryption-required", "mechanism-too-weak", "invalid-mechanism")
			},
			help: "The server's policy refuses the login mechanism on this connection.",
			title: func(f *facts) string {
				return fmt.Sprintf("The server refuses %s here: %s", f.mechanism(), f.said())
			},
			fix: func(f *facts) *FindingFix {
				if f.reading.Mode != urlspec.ModeNone {
					return nil
				}
				return f.edit("use mode=starttls", useSTARTTLS)
			},
		},
		{
			code: "login-refused", causes: auth,
			help: "The server refuses user name and password together, and does not say which one is wrong.",
			title: func(f *facts) string {
				return fmt.Sprintf("The server refused the login of %s.", f.reading.LoginJID)
			},
			explain: func(f *facts) string {
				return "It said: " + f.said() + " Check both user name and password; in a URL, the characters @ : / ? # % of a password are written %40 %3A %2F %3F %23 %25."
			},
		},
		{
			code:   "server-proof",
			help:   "The server did not prove that it knows the password, as SCRAM demands of it. Something else than your server may be answering; nothing was sent.",
			causes: []xmppcore.Cause{xmppcore.CauseServerProof},
			title:  func(f *facts) string { return "The server did not prove that it knows the password." },
		},
		{
			code:   "scram-iterations",
			help:   "The server demands a number of SCRAM iterations that no honest server would.",
			causes: []xmppcore.Cause{xmppcore.CauseIterations},
			title:  func(f *facts) string { return "The server demands an impossible number of SCRAM iterations." },
			explain: func(f *facts) string {
				return "We take 1 to 2,000,000. " + f.failure.Detail
			},
		},
		{
			code:   "bind-refused",
			help:   "The login worked, but the server gave us no resource to use (RFC 6120 section 7).",
			causes: []xmppcore.Cause{xmppcore.CauseBind},
			title:  func(f *facts) string { return "The server refused to bind a resource: " + f.said() },
		},
	}
}

// useSTARTTLS sets mode=starttls and drops what would overrule it: with the
// xmpps scheme the mode is already STARTTLS unless mode= says otherwise.
func useSTARTTLS(s urlspec.Spec) urlspec.Fix { return s.SetParam("mode", "starttls") }

func scramPlusOffFix(f *facts) *FindingFix {
	return f.edit("add scramplus=no", setParam("scramplus", "no"))
}

func plus(mechanism string) bool { return strings.HasSuffix(mechanism, "-PLUS") }

func (f *facts) mechanism() string {
	if f.SASL == nil || f.SASL.Used == "" {
		return "the mechanism"
	}
	return f.SASL.Used
}

func (f *facts) bindingName() string {
	if f.SASL == nil || f.SASL.ChannelBinding == "" {
		return "the type of channel binding that we used"
	}
	return f.SASL.ChannelBinding
}

func (f *facts) scram() bool {
	return f.SASL != nil && strings.HasPrefix(f.SASL.Used, "SCRAM-")
}
