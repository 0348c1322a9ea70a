package finding

import (
	"cmp"
	"fmt"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

var (
	unanswered = []event.Cause{event.CauseTimeout}
	unwritable = []event.Cause{event.CauseIllegalStanza}
)

func toRoom(f *facts) bool { return f.delivery != nil && f.delivery.Kind == string(urlspec.Groupchat) }

func toUser(f *facts) bool { return f.delivery != nil && !toRoom(f) }

// deliveryRules are the failures of a message to one target.
var deliveryRules = []rule{
	{
		code: "illegal-target", causes: unwritable,
		help: "The target breaks the rules for JIDs (RFC 7622), which Apprise does not check.",
		text: "We did not send to it. Apprise does: the server answers jid-malformed, and Apprise reports success and goes " +
			"on with the next target. The local part may not hold \" & ' / : < > or a blank.",
		when: func(f *facts) bool { return f.delivery != nil && !legalJID(f.delivery.To) },
		title: func(f *facts) string {
			return fmt.Sprintf("%s is not a legal JID, so nothing was sent to it.", f.delivery.To)
		},
	},
	{
		code: "illegal-character", causes: unwritable,
		help: "The message holds a character that XML cannot carry.",
		text: "Sent all the same, it would make the server end the stream, and take every later target along.",
		when: func(f *facts) bool { return f.delivery != nil },
		title: func(f *facts) string {
			return "The message cannot be sent: " + strings.TrimRight(f.failure.Detail, ".") + "."
		},
	},
	{
		code: "message-beyond-us", causes: []event.Cause{event.CauseTooBig},
		help: "The message is longer than xmppscope sends.",
		text: "Nothing is wrong with the server, which was not asked. Apprise has no such limit; most servers take less.",
		when: func(f *facts) bool { return f.failure.Own },
		title: func(f *facts) string {
			return fmt.Sprintf("The message has %d bytes, and we send no more than %d.", f.failure.Size, f.failure.Limit)
		},
	},
	{
		code: "message-too-big", causes: []event.Cause{event.CauseTooBig},
		help: "The message is longer than the server says it takes (XEP-0478), so we did not send it.",
		text: "Apprise would send it, and the server would hang up. Apprise splits only at 32768 characters, and only with " +
			"overflow=split.",
		when: func(f *facts) bool { return f.failure.Limit > 0 },
		title: func(f *facts) string {
			return fmt.Sprintf("The message has %d bytes, and the server takes %d.", f.failure.Size, f.failure.Limit)
		},
		admin: "Prosody: c2s_stanza_size_limit.",
	},
	{
		code: "room-no-voice",
		help: "The room is moderated, and the account may listen but not speak.",
		text: "Members and those whom a moderator gave voice may speak.",
		when: func(f *facts) bool { return toRoom(f) && f.condition("forbidden") },
		title: func(f *facts) string {
			return fmt.Sprintf("%s may not speak in %s.", f.bareLogin(), f.delivery.To)
		},
		admin: "Make the account a member of the room, or let newcomers speak (ejabberd: members_by_default).",
	},
	{
		code:  "room-not-joined",
		help:  "The room says that we are not in it.",
		text:  "It let us in before, so it must have thrown us out without a word.",
		when:  func(f *facts) bool { return toRoom(f) && f.condition("not-acceptable") },
		title: func(f *facts) string { return fmt.Sprintf("%s says that we are not in the room.", f.delivery.To) },
	},
	{
		code: "room-not-reflected", causes: unanswered,
		help: "The room did not send our own message back, so nothing shows that it took it.",
		text: "Every room sends a message to all its occupants, the sender included (XEP-0045 section 7.4).",
		when: toRoom,
		title: func(f *facts) string {
			return fmt.Sprintf("%s did not send our message back within %.3g s.", f.delivery.To, f.failure.Waited)
		},
	},
	{
		code: "receipt-missing", causes: unanswered,
		help: "The server took the message, and no receipt came, which was asked for.",
		text: "A receipt comes from the other side's program (XEP-0184). Nobody may be there to send one, or the program " +
			"sends none, or only to the contacts of its user. It may still come once somebody reads the message.",
		when: func(f *facts) bool { return toUser(f) && f.failure.Waiting == event.WaitReceipt },
		title: func(f *facts) string {
			return fmt.Sprintf("The server took the message to %s, and no receipt came within %.3g s.", f.delivery.To,
				f.failure.Waited)
		},
	},
	{
		code:   "target-is-room",
		remedy: remedy{edit: "write # before the room", cost: "We join it then, and show up there."},
		help:   "The target is a room, and the URL names it as if it were a user.",
		text: "A room takes messages only from who is in it. With # before the name Apprise joins it first: " +
			"/#room@SERVICE, or %23 for the #.",
		when: func(f *facts) bool {
			if !toUser(f) {
				return false
			}
			inWords := f.says("occupant", "not in the room") && f.condition("not-acceptable", "not-allowed", "forbidden",
				"bad-request")
			return inWords || f.looksLikeRoom() &&
				f.condition("not-acceptable", "item-not-found", "bad-request", "service-unavailable") ||
				f.delivery.RoomService && f.condition("not-allowed", "forbidden", "feature-not-implemented")
		},
		title: func(f *facts) string { return fmt.Sprintf("%s is a room, not a user.", f.delivery.To) },
		explain: func(f *facts) string {
			return "It answered: " + f.said() + " A room takes messages only from who is in it. With # before the name " +
				"Apprise joins it first."
		},
		fix: func(f *facts) *Fix {
			room, _, _ := strings.Cut(f.delivery.To, "/")
			return f.replace(urlspec.Chat, f.delivery.To, "#"+room)
		},
	},
	{
		code: "target-captcha", causes: []event.Cause{event.CauseCaptcha},
		help: "The user's server holds back messages of strangers until they do a task that a person must do (a CAPTCHA).",
		text: "Neither Apprise nor xmppscope can do it. The user's contacts need not.",
		when: toUser,
		title: func(f *facts) string {
			return fmt.Sprintf("%s asks strangers to prove that they are human.", f.delivery.To)
		},
		explain: func(f *facts) string {
			return "Until then the message is held back, and Apprise cannot do that. " + f.delivery.To + " has to add " +
				f.bareLogin() + " to the contacts, who need no proof; roster= does not help."
		},
		admin: "Let the account be a contact of the user's, or take the CAPTCHA off (XEP-0158).",
	},
	{
		code:   "target-moved",
		remedy: remedy{edit: "write the new address", cost: "It is another account or room then."},
		help:   "The account or room is gone, and its server says where it went.",
		text:   "Whoever runs the server gave the new address. Write it if you trust them.",
		when:   func(f *facts) bool { return f.delivery != nil && f.failure.Moved != "" },
		title:  func(f *facts) string { return fmt.Sprintf("%s moved to %s.", f.delivery.To, f.failure.Moved) },
		fix: func(f *facts) *Fix {
			address, _, _ := strings.Cut(f.failure.Moved, "/")
			if !legalJID(address) || !strings.Contains(address, "@") || address == f.delivery.To {
				return nil
			}
			if toRoom(f) {
				return f.replace(urlspec.Groupchat, f.delivery.To, "#"+address)
			}
			return f.replace(urlspec.Chat, f.delivery.To, address)
		},
	},
	{
		code: "target-unavailable", when: func(f *facts) bool { return toUser(f) && f.condition("recipient-unavailable") },
		help: "The user is there, and cannot be reached now.",
		text: "The account exists and takes no messages while it is offline, or not from us. Try again later.",
		title: func(f *facts) string {
			return fmt.Sprintf("%s cannot be reached at the moment.", f.delivery.To)
		},
		admin: "Enable offline storage (Prosody: module offline; ejabberd: mod_offline).",
	},
	{
		code: "offline-queue-full",
		when: func(f *facts) bool { return toUser(f) && f.condition("resource-constraint") },
		help: "The server keeps no more messages for this user, who has been away too long.",
		text: "The user must log in once with a client, which empties the queue; or the operator raises the limit.",
		title: func(f *facts) string {
			return fmt.Sprintf("The server keeps no more messages for %s: %s", f.delivery.To, f.said())
		},
		admin: "ejabberd: max_user_offline_messages of the access rules, mod_offline; Prosody: storage quotas of offline.",
	},
	{
		code: "target-missing",
		help: "The server sent the message back: there is no such user, or none that can take it.",
		text: "The user does not exist, blocks us, or is offline on a server that stores nothing. " +
			"Check the spelling of the target.",
		when: func(f *facts) bool {
			return toUser(f) && f.condition("service-unavailable", "item-not-found", "gone")
		},
		title: func(f *facts) string { return fmt.Sprintf("There is probably no user %s.", f.delivery.To) },
		explain: func(f *facts) string {
			return "The message came back: " + f.said() + " The user does not exist, blocks us, or is offline on a server " +
				"that stores nothing. Check the spelling of the target."
		},
		admin: "Create the account, or enable offline storage (Prosody: module offline; ejabberd: mod_offline).",
	},
	{
		code: "target-server-missing",
		help: "The target's server could not be reached from the account's server.",
		text: "Check the domain of the target.",
		when: func(f *facts) bool {
			return f.delivery != nil && f.condition("remote-server-not-found", "remote-server-timeout")
		},
		title: func(f *facts) string {
			return fmt.Sprintf("Your server cannot reach %s.", urlspec.DomainOf(f.delivery.To))
		},
		explain: func(f *facts) string {
			return "The message came back: " + f.said() + " Check the domain of the target."
		},
		admin: "Check the SRV and address records of the domain, and that port 5269 is open in both directions.",
	},
	{
		code: "target-forbidden",
		help: "The server does not allow messages to this target.",
		text: "Messages to other servers are switched off, or the user takes none from strangers. roster= does not help.",
		when: func(f *facts) bool {
			return f.delivery != nil && f.condition("not-allowed", "forbidden", "not-authorized", "subscription-required",
				"policy-violation", "registration-required")
		},
		title: func(f *facts) string {
			return fmt.Sprintf("The message to %s was refused: %s", f.delivery.To, f.said())
		},
		explain: func(f *facts) string {
			switch {
			case f.foreign():
				return "Your server exchanges no messages with " + f.service() + ". No edit of the URL helps."
			case f.says("stranger", "contact", "roster", "subscri"):
				return "The user takes messages from contacts only. They have to add the account to their contacts; " +
					"roster= does not help."
			}
			return "A rule of the server, or of the user's, keeps the message from this target, such as one against strangers " +
				"or against spam. roster= does not help."
		},
		admin: "Prosody: the module s2s, or mod_block_strangers; ejabberd: s2s_access, mod_block_strangers.",
	},
	{
		code: "no-acknowledgement", causes: unanswered,
		help: "The message was written, but the server answered nothing after it, so nothing shows that it took it.",
		text: "We ping the server behind each message, and every live server answers, if only with an error (XEP-0199).",
		when: func(f *facts) bool { return f.delivery != nil || f.at(event.StageAck) },
		title: func(f *facts) string {
			return fmt.Sprintf("Nothing shows that the server took the message: we waited %.3g s.", f.failure.Waited)
		},
		admin: "Look into the server's log at this time: it read the message, and did not answer the ping behind it.",
	},
	{
		code: "bounced",
		help: "The message came back with an error.",
		text: "Its condition and text are all that is known.",
		when: func(f *facts) bool { return f.delivery != nil },
		title: func(f *facts) string {
			return fmt.Sprintf("The message to %s came back: %s", f.delivery.To, f.said())
		},
	},
}

// lastRules catch what no other rule explains.
var lastRules = []rule{
	{
		code: "silent-server",
		help: "The connection stands, but the server did not say what it had to in time.",
		text: "It may be overloaded, or the port may belong to another service. " +
			"rto= gives each answer more time, cto= the connection.",
		causes: []event.Cause{event.CauseTimeout},
		title: func(f *facts) string {
			return fmt.Sprintf("The server went silent: we waited %.3g s for %s.",
				f.failure.Waited, cmp.Or(string(f.failure.Waiting), "an answer"))
		},
		admin: "Look into the server's log at this time, and check that the port belongs to the XMPP server.",
	},
	{
		code:   "server-closed",
		help:   "The server ended the connection without giving a reason.",
		text:   "Its log may say more.",
		causes: []event.Cause{event.CauseClosed},
		title: func(f *facts) string {
			if f.failure.Waiting != "" {
				return fmt.Sprintf("The server hung up while we waited for %s.", f.failure.Waiting)
			}
			return fmt.Sprintf("The server hung up without a reason, %s.", whileAt(f.failure.Stage))
		},
		admin: "The server's log at this time usually says why.",
	},
	{
		code:   "forbidden-xml",
		help:   "The server sent XML that is well-formed, and that XMPP forbids: a comment or a processing instruction.",
		text:   "RFC 6120 section 11.1 forbids it, so we ended the session. Apprise does not mind.",
		causes: []event.Cause{event.CauseBadXML},
		when:   func(f *facts) bool { return f.failure.Restricted },
		title:  func(f *facts) string { return "The server sent XML that XMPP forbids, and we ended the session." },
		explain: func(f *facts) string {
			return "What it sent: " + cmp.Or(strings.TrimRight(f.failure.Detail, "."), "a comment") + ". RFC 6120 " +
				"section 11.1 forbids it. Apprise's parser passes over it."
		},
		admin: "Find what writes into the stream: a proxy, or a module of the server.",
	},
	{
		code:   "bad-xml",
		help:   "What the server sent is not the XML that XMPP allows.",
		text:   "It is broken, or of a kind that is forbidden (RFC 6120 section 11). We ended the session.",
		causes: []event.Cause{event.CauseBadXML},
		title:  func(f *facts) string { return "The server sent XML that is not allowed, and we ended the session." },
		explain: func(f *facts) string {
			return "What is wrong with it: " + cmp.Or(strings.TrimRight(f.failure.Detail, "."), "it cannot be read") + "."
		},
	},
	{
		code:   "too-big",
		help:   "The server sent more than a stanza may hold.",
		text:   "We ended the session to protect this machine.",
		causes: []event.Cause{event.CauseTooBig},
		title:  func(f *facts) string { return "The server sent an element without end, and we ended the session." },
	},
	{
		code:   "internal-error",
		help:   "This is a fault of xmppscope or of a library it uses, not of your URL.",
		text:   "Please report it.",
		causes: []event.Cause{event.CauseInternal},
		title:  func(f *facts) string { return "xmppscope failed: " + strings.TrimRight(f.failure.Detail, ".") + "." },
	},
	{
		code:  "failed",
		help:  "The run failed in a way that has no name of its own yet.",
		text:  "Please report it.",
		when:  func(f *facts) bool { return f.failure != nil },
		title: func(f *facts) string { return "The run failed: " + f.failure.Error() + "." },
	},
}

// whileAt says what was going on at a stage, for the end of a sentence.
func whileAt(s event.Stage) string {
	switch s {
	case event.StageSASL, event.StageBind:
		return "in the middle of the login"
	case event.StageMUC:
		return "while we joined the rooms"
	case event.StageSend:
		return "while we were sending"
	case event.StageAck:
		return "before it confirmed the message"
	}
	return "at the stage " + string(s)
}
