package finding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// escapes reminds of what breaks a password in a URL.
const escapes = "In a URL, the characters @ : / ? # % of a password are written %40 %3A %2F %3F %23 %25."

var loginRefused = []event.Cause{event.CauseAuth}

// loginRules are the failures of features, sasl and bind, except those of the
// channel binding.
var loginRules = []rule{
	{
		code:   "tls-required",
		remedy: remedy{edit: "mode=starttls", safe: true},
		help:   "The server accepts a login only after TLS, and mode=none does without.",
		text:   "It offers no mechanism before TLS. mode=starttls turns TLS on, on the same port.",
		causes: []event.Cause{event.CauseTLSRequired},
		title:  func(f *facts) string { return "The server accepts no login without TLS." },
		fix:    (*facts).useSTARTTLS,
	},
	{
		code: "legacy-login",
		help: "The server knows only the login of old servers (XEP-0078), which came before SASL.",
		text: "Neither we nor Apprise speak it. It was replaced in 2004, and sends the password in a form that is easily " +
			"taken. Use another server, or have this one updated.",
		when: func(f *facts) bool {
			return f.failure.Cause == event.CauseNoMechanisms && f.Features != nil && f.Features.Legacy ||
				f.failure.Cause == event.CauseTimeout && f.failure.Waiting == event.WaitFeatures && f.Stream != nil && f.Stream.Old
		},
		title: func(f *facts) string {
			return "The server is too old: it offers no login but that of XEP-0078."
		},
		explain: func(f *facts) string {
			how := "It offers jabber:iq:auth and no mechanism of SASL."
			if f.failure.Cause == event.CauseTimeout {
				how = "It opened the stream without a version, as servers before XMPP 1.0 do, and such servers name no features " +
					"and know no SASL."
			}
			return how + " Neither we nor Apprise speak the login of XEP-0078, which was replaced in 2004 and sends the " +
				"password in a form that is easily taken. Apprise waits until its time is over."
		},
		admin: "Enable SASL, or update the server (Prosody: modules saslauth and tls; every ejabberd in use has both).",
	},
	{
		code: "no-mechanisms",
		help: "The server offers no way to log in at all.",
		text: "Its features hold no mechanism, with TLS as without. Behind a proxy that ends TLS, the server may still " +
			"wait for STARTTLS.",
		causes: []event.Cause{event.CauseNoMechanisms},
		title:  func(f *facts) string { return "The server offers no login mechanism." },
		admin: "Check the virtual host's authentication (Prosody: authentication; ejabberd: auth_method). " +
			"Behind a TLS proxy, let the inner port take logins without STARTTLS (Prosody: c2s_require_encryption = false; " +
			"ejabberd: starttls_required: false).",
	},
	{
		code:   "channel-binding-required",
		remedy: remedy{edit: "take scramplus=no out", safe: true},
		help:   "The server offers only mechanisms with channel binding (-PLUS), and scramplus=no forbids them.",
		text:   "Without the parameter the login uses them.",
		causes: []event.Cause{event.CauseNoCommonMechanism},
		when: func(f *facts) bool {
			return !f.reading.ScramPlus && f.SASL != nil && slices.ContainsFunc(f.SASL.Offered, event.BindsChannel)
		},
		title: func(f *facts) string { return "The server insists on channel binding, and scramplus=no forbids it." },
		fix:   func(f *facts) *Fix { return f.edit("remove scramplus=no", RemoveParam("scramplus")) },
	},
	{
		code:   "no-common-mechanism",
		help:   "The server offers only mechanisms that we do not know, or may not use on this connection.",
		text:   "We know SCRAM with SHA-512, SHA-256 and SHA-1, each with and without -PLUS, and PLAIN inside TLS.",
		causes: []event.Cause{event.CauseNoCommonMechanism},
		title:  func(f *facts) string { return "There is no login mechanism that both sides can use." },
		explain: func(f *facts) string {
			offered := "nothing"
			if f.SASL != nil && len(f.SASL.Offered) > 0 {
				offered = strings.Join(f.SASL.Offered, ", ")
			}
			return "The server offers " + offered + "; we know " + strings.Join(event.Mechanisms(), ", ") +
				". PLAIN is for TLS only, and -PLUS needs a channel binding that both sides know." + f.meaningOfList()
		},
		admin: "Enable SCRAM-SHA-1 or SCRAM-SHA-256 (Prosody: authentication = \"internal_hashed\"; " +
			"ejabberd: disable_sasl_mechanisms).",
	},
	{
		code:   "cleartext-password",
		remedy: remedy{edit: "mode=starttls", safe: true},
		help:   "The only login left would send the password readable by everybody on the way.",
		text:   "That is PLAIN without TLS. We use it only on loopback, or with --allow-cleartext-password.",
		causes: []event.Cause{event.CauseCleartextPassword},
		title:  func(f *facts) string { return "The only login left would send the password in clear, so we stopped." },
		fix:    (*facts).useSTARTTLS,
		admin:  "Prosody: c2s_require_encryption = true; ejabberd: starttls_required: true.",
	},
	{
		code:   "password-missing",
		help:   "The URL has no password.",
		text:   "Apprise would send an empty one, which servers refuse.",
		causes: []event.Cause{event.CauseNoPassword},
		title:  func(f *facts) string { return "There is no password to log in with." },
	},
	{
		code: "wrong-password", causes: loginRefused, password: true,
		help: "The account exists, and the password is wrong.",
		text: "Prosody tells the two apart, by its text. " + escapes,
		when: func(f *facts) bool {
			return f.condition("not-authorized") && strings.Contains(f.failure.Text, "doesn't match")
		},
		title: func(f *facts) string { return fmt.Sprintf("Wrong password for %s.", f.bareLogin()) },
		explain: func(f *facts) string {
			return "The server knows the account and says that the password does not match. " + escapes
		},
		admin: "Set a new password: prosodyctl passwd JID.",
	},
	{
		code: "unknown-account", causes: loginRefused,
		help: "The server refuses the login without a word, as Prosody does for an account that it does not know.",
		text: "For a wrong password it says more. Check the user name and the account's domain.",
		when: func(f *facts) bool {
			return f.condition("not-authorized") && f.failure.Text == "" && f.scram()
		},
		title: func(f *facts) string { return fmt.Sprintf("%s probably does not exist on this server.", f.bareLogin()) },
		explain: func(f *facts) string {
			return "The server refused the login without a text. Prosody does so for an account that it does not know; " +
				"for a wrong password it says more. Check the user name, and that the account's domain is " +
				f.reading.StreamTo + "."
		},
		admin: "Create the account: prosodyctl adduser JID, ejabberdctl register USER HOST PASSWORD.",
	},
	{
		code: "user-name-characters", causes: loginRefused,
		help: "The server cannot read a user name that holds a , or =.",
		text: "SCRAM wants the two escaped (RFC 5802 section 5.1), which we do; this server does not undo it.",
		when: func(f *facts) bool {
			return f.condition("malformed-request") && strings.ContainsAny(f.bareLogin(), ",=")
		},
		title: func(f *facts) string { return "The user name holds a , or = that this server cannot read." },
	},
	{
		code: "account-disabled", causes: loginRefused, when: failedWith("account-disabled", "credentials-expired"),
		help:  "The account exists, but its operator has disabled it, or its credentials have expired.",
		text:  "No edit of the URL helps.",
		title: func(f *facts) string { return "The account cannot be used: " + f.said() },
		admin: "Prosody 13: prosodyctl shell user enable JID; ejabberd: ejabberdctl unban_account USER HOST.",
	},
	{
		code: "login-later", causes: loginRefused, when: failedWith("temporary-auth-failure"),
		help:  "The server cannot check logins at the moment.",
		text:  "User and password may be right. Try again later.",
		title: func(f *facts) string { return "The server cannot check logins right now: " + f.said() },
		admin: "Look at the authentication's backend (LDAP, SQL).",
	},
	{
		code:   "mechanism-refused",
		remedy: remedy{edit: "mode=starttls", safe: true},
		causes: loginRefused, when: failedWith("encryption-required", "mechanism-too-weak", "invalid-mechanism"),
		help: "The server refuses the login mechanism on this connection, although it offered it.",
		text: "That is a rule of its own, usually about TLS.",
		title: func(f *facts) string {
			return fmt.Sprintf("The server refuses %s here: %s", f.mechanism(), f.said())
		},
		fix: func(f *facts) *Fix {
			if f.reading.Mode != urlspec.ModeNone {
				return nil
			}
			return f.useSTARTTLS()
		},
	},
	{
		code: "login-refused", causes: loginRefused, password: true,
		help:  "The server refuses user name and password together.",
		text:  "It does not say which one is wrong, as ejabberd never does. " + escapes,
		title: func(f *facts) string { return fmt.Sprintf("The server refused the login of %s.", f.bareLogin()) },
		explain: func(f *facts) string {
			return "It said: " + f.said() + " Check both user name and password. " + escapes
		},
		admin: "Look at the server's log; ejabberd: ejabberdctl check_account USER HOST.",
	},
	{
		code:   "server-proof",
		help:   "The server did not prove that it knows the password, as SCRAM demands of it.",
		text:   "Something other than your server may be answering. We ended the session, and nothing was sent.",
		causes: []event.Cause{event.CauseServerProof},
		title:  func(f *facts) string { return "The server did not prove that it knows the password." },
		explain: func(f *facts) string {
			return "What was wrong: " + cmp.Or(f.failure.Detail, "its proof") + ". Something other than your server may be " +
				"answering. We ended the session, and nothing was sent."
		},
	},
	{
		code:   "scram-iterations",
		help:   "The server demands a number of SCRAM iterations that no honest server would.",
		text:   "We take 1 to 2,000,000: fewer make no sense, more would keep this machine busy for hours.",
		causes: []event.Cause{event.CauseIterations},
		title:  func(f *facts) string { return "The server demands an impossible number of SCRAM iterations." },
		explain: func(f *facts) string {
			return "Each iteration costs this machine time: " + strings.TrimRight(f.failure.Detail, ".") + "."
		},
		admin: "Prosody: scram_iterations; ejabberd keeps 4096.",
	},
	{
		code:   "illegal-login",
		help:   "The login JID breaks the rules for JIDs (RFC 7622), which Apprise does not check.",
		text:   "slixmpp, which does the talking for Apprise, refuses it too.",
		causes: []event.Cause{event.CauseIllegalStanza},
		when:   func(f *facts) bool { return f.at(event.StageSASL) },
		title:  func(f *facts) string { return fmt.Sprintf("%s is not a legal JID.", f.reading.LoginJID) },
		explain: func(f *facts) string {
			return strings.TrimRight(f.failure.Detail, ".") + ". slixmpp, which does the talking for Apprise, refuses it too."
		},
	},
	{
		code:   "bind-refused",
		remedy: remedy{edit: "leave the resource out of the user part", safe: true},
		help:   "The login worked, but the server gave us no resource to use (RFC 6120 section 7).",
		text:   "It may limit the sessions of an account, or not like the resource in the URL.",
		causes: []event.Cause{event.CauseBind},
		title:  func(f *facts) string { return "The server refused to bind a resource: " + f.said() },
		fix:    (*facts).dropResource,
		admin:  "Prosody: mod_limits or a session limit; ejabberd: the shaper rule max_user_sessions.",
	},
}

func (f *facts) mechanism() string {
	if f.SASL == nil || f.SASL.Used == "" {
		return "the mechanism"
	}
	return f.SASL.Used
}

func (f *facts) scram() bool {
	return f.SASL != nil && strings.HasPrefix(f.SASL.Used, "SCRAM-")
}

// bareLogin is the login JID without its resource.
func (f *facts) bareLogin() string {
	bare, _, _ := strings.Cut(f.reading.LoginJID, "/")
	return bare
}
