package finding

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// peer is the address that a failure of a room or a delivery is about, empty for
// other failures.
func (f *facts) peer() string {
	switch {
	case f.room != nil:
		return f.room.JID
	case f.delivery != nil:
		return f.delivery.To
	}
	return ""
}

// service is the domain of that address.
func (f *facts) service() string { return urlspec.DomainOf(f.peer()) }

// ofOurs reports whether that domain is below the account's, where the server's
// own components live.
func (f *facts) ofOurs() bool {
	return strings.HasSuffix(strings.ToLower(f.service()), "."+strings.ToLower(f.reading.StreamTo))
}

// says is true of an answer with a word in its text.
func (f *facts) says(words ...string) bool { return slices.ContainsFunc(words, f.textHas) }

// foreign is true of an answer that our server gives for a domain that it does not
// know and may not ask: Prosody without s2s, ejabberd by its s2s_access. ejabberd has
// the same words for its own room service, where that is closed to the account.
func (f *facts) foreign() bool {
	if !f.condition("not-allowed", "forbidden") {
		return false
	}
	if f.says("remote domain", "remote server", "s2s", "federat") {
		return true
	}
	known := f.room != nil && f.room.Listed || f.delivery != nil && (f.delivery.Listed || f.delivery.RoomService)
	return f.says("access denied by service policy") && !known
}

// policyOf is true of a room or user that answered with policy-violation, or with
// another condition of its kind, and one of the words. The condition stands for any
// policy: only the text tells which.
func policyOf(words ...string) func(*facts) bool {
	return func(f *facts) bool {
		return f.peer() != "" && f.condition("policy-violation", "not-acceptable", "not-allowed", "resource-constraint") &&
			f.says(words...)
	}
}

// peerRules are what a room and a user can both answer. They stand before the rules
// of each, which know only conditions.
var peerRules = []rule{
	{
		code: "bounce-unclear", causes: []event.Cause{event.CauseBounced},
		help: "An error came from where messages went, and it does not say which message it is about.",
		text: "So none of those on the way there can be called taken. Programs that answer like this are mostly bots and " +
			"gateways whose library makes the reply without the id of the message (RFC 6120 section 8.1.3 wants it kept).",
		when: func(f *facts) bool { return f.failure.Unsure },
		title: func(f *facts) string {
			return fmt.Sprintf("%s answered with an error that names no message of ours: %s", f.peer(), f.said())
		},
		admin: "Let the gateway or bot answer with the id of the message (slixmpp: set the reply's id).",
	},
	{
		code: "gateway-down",
		help: "The address belongs to a component of the account's own server, and that is not running.",
		text: "The server knows the name, or at least the domain, and has nobody who answers for it. Nothing is wrong with " +
			"other servers, or with DNS.",
		when: func(f *facts) bool {
			return f.peer() != "" && (f.says("component unavailable", "component not connected") ||
				f.delivery != nil && f.ofOurs() && (f.condition("remote-server-not-found", "remote-server-timeout") || f.foreign()))
		},
		title: func(f *facts) string { return fmt.Sprintf("%s is not running on your server.", f.service()) },
		explain: func(f *facts) string {
			return "The server said: " + f.said() + " The address belongs to a component of the account's own server, " +
				"such as a gateway, and nothing answers for it. Check the name, or wait until it runs again."
		},
		admin: "Start the component, and look whether it is connected (Prosody: Component \"NAME\" and component_ports; " +
			"ejabberd: a listener with ejabberd_service).",
	},
	{
		code: "encryption-required",
		help: "Messages must be encrypted end to end here, which Apprise cannot do.",
		text: "The policy is that of the account's server or of the other side, and is about OMEMO, OpenPGP or OTR, not " +
			"about TLS. Use another account, room or user for notifications.",
		when: policyOf("encrypt", "omemo", "e2e"),
		title: func(f *facts) string {
			return fmt.Sprintf("Messages to %s must be encrypted: %s", f.peer(), f.said())
		},
		admin: "Take the address out of the policy (Prosody: mod_e2e_policy, e2e_policy_whitelist; mod_require_otr).",
	},
	{
		code: "too-fast",
		help: "The room or user takes only so many messages in a time.",
		text: "Wait, and send less often or in fewer parts. Apprise pauses 5.5 s between the parts of a long message.",
		when: func(f *facts) bool {
			later := f.peer() != "" && f.condition("policy-violation") && f.failure.Type == "wait"
			return !f.says("offline", "queue") && !f.crowded() && !f.says("captcha") &&
				(later || policyOf("slow", "rate", "too fast", "too often", "wait", "flood", "throttl")(f) ||
					f.delivery != nil && policyOf("too many")(f))
		},
		title: func(f *facts) string { return fmt.Sprintf("%s wants us to be slower: %s", f.peer(), f.said()) },
		admin: "Prosody: mod_muc_slow_mode, mod_limits; ejabberd: min_message_interval of the room, shaper rules.",
	},
	{
		code: "message-too-long",
		help: "The room or user takes no messages of this length.",
		text: "Send less, or a link. Apprise splits only at 32768 characters, and only with overflow=split.",
		when: func(f *facts) bool {
			return f.delivery != nil && policyOf("too large", "too long", "too big", "length", "size")(f)
		},
		title: func(f *facts) string {
			return fmt.Sprintf("The message is too long for %s: %s", f.peer(), f.said())
		},
		admin: "Raise the limit of the room or of the server's modules.",
	},
}
