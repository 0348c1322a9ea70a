package model

import (
	"fmt"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// deliveryRules are the failures of a message to one target.
func deliveryRules() []rule {
	toRoom := func(f *facts) bool { return f.delivery != nil && f.delivery.Kind == string(urlspec.Groupchat) }
	toUser := func(f *facts) bool { return f.delivery != nil && !toRoom(f) }
	return []rule{
		{
			code:  "room-no-voice",
			help:  "The room is moderated, and the account may listen but not speak.",
			when:  func(f *facts) bool { return toRoom(f) && f.condition("forbidden") },
			title: func(f *facts) string { return fmt.Sprintf("%s may not speak in %s.", f.bareLogin(), f.delivery.To) },
			admin: "Give the account voice: make it a member, or grant voice in the room.",
		},
		{
			code:  "room-not-joined",
			help:  "The room says that we are not in it: it threw us out, or never let us in.",
			when:  func(f *facts) bool { return toRoom(f) && f.condition("not-acceptable") },
			title: func(f *facts) string { return fmt.Sprintf("%s says that we are not in the room.", f.delivery.To) },
		},
		{
			code: "room-not-reflected",
			help: "The room did not send our own message back, so nothing shows that it took it.",
			when: func(f *facts) bool { return toRoom(f) && f.failure.Cause == xmppcore.CauseTimeout },
			title: func(f *facts) string {
				return fmt.Sprintf("%s did not send our message back within %.3g s.", f.delivery.To, f.failure.Waited)
			},
		},
		{
			code: "target-missing",
			help: "The server sent the message back: there is no such user, or none that can take it now and no storage for later. Apprise reports success here.",
			when: func(f *facts) bool {
				return toUser(f) && f.condition("service-unavailable", "item-not-found", "recipient-unavailable")
			},
			title: func(f *facts) string { return fmt.Sprintf("There is no user %s.", f.delivery.To) },
			explain: func(f *facts) string {
				return "The server sent the message back (" + f.failure.Condition + "): the user does not exist, blocks us, or is offline on a server that stores nothing. Check the spelling of the target. Apprise reports success here."
			},
		},
		{
			code: "target-server-missing",
			help: "The server of the target could not be reached from your server.",
			when: func(f *facts) bool {
				return f.delivery != nil && f.condition("remote-server-not-found", "remote-server-timeout")
			},
			title: func(f *facts) string {
				return fmt.Sprintf("Your server cannot reach %s.", domainOf(f.delivery.To))
			},
			explain: func(f *facts) string {
				return "The message came back: " + f.said() + " Check the domain of the target."
			},
		},
		{
			code: "target-forbidden",
			help: "The server does not allow messages to this target: federation is switched off, or the user takes no messages from strangers.",
			when: func(f *facts) bool {
				return f.delivery != nil && f.condition("not-allowed", "forbidden", "not-authorized", "subscription-required", "policy-violation", "registration-required")
			},
			title: func(f *facts) string {
				return fmt.Sprintf("The message to %s was refused: %s", f.delivery.To, f.said())
			},
		},
		{
			code: "no-acknowledgement",
			help: "The message was written, but the server answered nothing after it, so nothing shows that it took it.",
			when: func(f *facts) bool {
				return f.failure.Cause == xmppcore.CauseTimeout && (f.delivery != nil || f.at(xmppcore.StageAck))
			},
			title: func(f *facts) string {
				return fmt.Sprintf("Nothing shows that the server took the message: we waited %.3g s.", f.failure.Waited)
			},
		},
		{
			code:   "illegal-message",
			help:   "The message or a JID holds something that XMPP cannot carry, so we did not send it. slixmpp would refuse it too, skip all later targets, and Apprise would still report success.",
			causes: []xmppcore.Cause{xmppcore.CauseIllegalStanza},
			title:  func(f *facts) string { return "This cannot be sent: " + f.failure.Detail },
		},
		{
			code: "bounced",
			help: "The message came back with an error.",
			when: func(f *facts) bool { return f.delivery != nil && f.failure.Cause == xmppcore.CauseBounced },
			title: func(f *facts) string {
				return fmt.Sprintf("The message to %s came back: %s", f.delivery.To, f.said())
			},
		},
	}
}

// lastRules catch what no other rule explains.
func lastRules() []rule {
	return append(streamErrorRules(),
		rule{
			code:   "internal-error",
			help:   "This is a fault of xmppscope or of a library it uses, not of your URL. Please report it.",
			causes: []xmppcore.Cause{xmppcore.CauseInternal},
			title:  func(f *facts) string { return "xmppscope failed: " + f.failure.Detail },
		},
		rule{
			code:  "failed",
			help:  "The run failed in a way that has no name of its own yet.",
			title: func(f *facts) string { return "The run failed: " + f.failure.Error() },
		})
}
