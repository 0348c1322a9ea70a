package finding

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/xmppcore/event"
)

var bindingRefused = []event.Cause{event.CauseChannelBinding}

// bindingRules are the refusals of a login because of its channel binding
// (RFC 5802 section 6). Servers give them the conditions of other failures, so
// only the text says that it is the binding.
var bindingRules = []rule{
	{
		code:   "channel-binding-type",
		remedy: remedy{edit: "scramplus=no", cost: withoutBinding},
		causes: bindingRefused,
		help:   "The server does not know the type of channel binding that we used.",
		text: "A proxy that ends TLS, with another TLS version behind it, does that: " +
			"the server then knows the types of the inner connection only.",
		when: func(f *facts) bool { return f.textHas("isn't supported") },
		explain: func(f *facts) string {
			return "The server does not know the type of channel binding that we used. A proxy that ends TLS, with another " +
				"TLS version behind it, does that: the server then knows the types of the inner connection only." +
				f.appriseUnbound()
		},
		title: func(f *facts) string {
			return fmt.Sprintf("The server does not support %s.", f.bindingName())
		},
		fix: scramPlusOff,
		admin: "Let the proxy pass TLS through (haproxy: mode tcp without ssl), or give both of its sides the same " +
			"TLS version.",
	},
	{
		code:   "channel-binding-impossible",
		remedy: remedy{edit: "scramplus=no", cost: withoutBinding},
		causes: bindingRefused,
		help:   "This TLS session has nothing that a login could be bound to.",
		text: "TLS 1.2 gives keying material only with the extended master secret (RFC 9266 section 2), which this " +
			"server does not use.",
		when: func(f *facts) bool { return f.failure.Condition == "" },
		title: func(f *facts) string {
			return "The login cannot be bound to this TLS session."
		},
		fix:   scramPlusOff,
		admin: "Enable TLS 1.3, or the extended master secret (RFC 7627).",
	},
	{
		code:   "channel-binding-mismatch",
		remedy: remedy{edit: "scramplus=no", cost: "Whatever stands in between can go on reading."},
		causes: bindingRefused,
		help:   "The server's end of the TLS connection is not the one that we see: something in between ends TLS.",
		text: "It computed the type of binding that it listed, and got another value than we did. " +
			"That is what binding is for: it may be a proxy of yours, or somebody listening in. " +
			"Compare the certificate's fingerprint with the server's before you turn the protection off.",
		// Prosody's condition for a value that does not match. ejabberd says
		// not-authorized, as it does when the fault is its own.
		when: func(f *facts) bool {
			return f.condition("malformed-request") ||
				f.SASL != nil && slices.Contains(f.SASL.Bindings, f.SASL.ChannelBinding)
		},
		title: func(f *facts) string {
			return "Something between us and the server ends TLS: the channel binding does not match."
		},
		explain: func(f *facts) string {
			s := "The password was not even looked at. The server got another value for " + f.bindingName() +
				" than we did, so its TLS connection is not ours: a proxy of yours ends TLS, or somebody listens in. " +
				"Compare the certificate's fingerprint with the server's before you turn the protection off"
			if f.TLS != nil && f.TLS.SHA256 != "" {
				s += " (SHA-256 " + f.TLS.SHA256 + ")"
			}
			return s + ". scramplus=no logs us in without the binding." + f.appriseUnbound()
		},
		fix: scramPlusOff,
		admin: "Let the proxy pass TLS through; or give it the server's own certificate, and let the server use " +
			"tls-server-end-point.",
	},
	{
		code:   "channel-binding-rejected",
		remedy: remedy{edit: "scramplus=no", safe: true, cost: withoutBinding},
		causes: bindingRefused,
		help:   "The server offered a login with channel binding (SCRAM-…-PLUS) and then rejected the binding.",
		text: "ejabberd before 24.02 computes the wrong type on TLS 1.3; a proxy that ends TLS in between has the " +
			"same effect.",
		title: func(f *facts) string {
			return fmt.Sprintf("The server offered %s, then rejected the channel binding.", f.mechanism())
		},
		explain: func(f *facts) string {
			s := "The password was not even looked at. "
			switch {
			case f.TLS != nil && f.TLS.Version == "TLS 1.3":
				s += "On TLS 1.3, and without a list of binding types, this is what ejabberd before 24.02 does: " +
					"it computes tls-unique, which TLS 1.3 does not have."
			default:
				s += "Either the server is old and computes another binding, or something in between ends TLS."
			}
			return s + " scramplus=no logs in without the binding; the certificate check stays." + f.appriseUnbound()
		},
		fix:   scramPlusOff,
		admin: "Update ejabberd to 24.02 or later, or let the TLS-ending proxy pass TLS through.",
	},
	{
		code: "mechanism-list-altered",
		help: "The list of mechanisms that we saw is not the one that the server sent.",
		text: "The server signs its list (XEP-0474), and the signature does not fit: " +
			"somebody may have removed the better mechanisms on the way, or the server has a fault " +
			"(ejabberd 24 and 25 had one).",
		causes: []event.Cause{event.CauseMechanismList},
		title: func(f *facts) string {
			return "The server's list of login mechanisms was altered on the way."
		},
		explain: func(f *facts) string {
			s := "The server signs its list (XEP-0474), and the signature does not fit what reached us"
			if f.SASL != nil && len(f.SASL.Offered) > 0 {
				s += ": " + strings.Join(f.SASL.Offered, ", ")
			}
			return s + ". Somebody may have removed the better mechanisms on the way, or the server has a fault. " +
				"Nothing was sent."
		},
	},
}

// scramPlusOff leaves the channel binding out. Where the server refuses Apprise for
// that, the label says for whom it is.
func scramPlusOff(f *facts) *Fix {
	label := "add scramplus=no"
	if f.breaksApprise() {
		label = "add scramplus=no (for us; Apprise fails)"
	}
	fix := f.edit(label, SetParam("scramplus", "no"))
	if fix != nil {
		fix.oursOnly = f.breaksApprise()
	}
	return fix
}

// textHas reports whether the peer's text holds some words, whatever the case.
func (f *facts) textHas(words string) bool {
	return strings.Contains(strings.ToLower(f.failure.Text), words)
}

func (f *facts) bindingName() string {
	if f.SASL == nil || f.SASL.ChannelBinding == "" {
		return "the channel binding"
	}
	return f.SASL.ChannelBinding
}
