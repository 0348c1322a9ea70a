package finding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// roomSays is true of a room that answered with one of the conditions.
func roomSays(conditions ...string) func(*facts) bool {
	return func(f *facts) bool { return f.room != nil && f.condition(conditions...) }
}

// roomRules are the failures of entering a room (XEP-0045 section 7.2) and of
// staying in it.
var roomRules = []rule{
	{
		code: "illegal-room", causes: []event.Cause{event.CauseIllegalStanza},
		help:  "The room's address or the nick holds something that XMPP cannot carry.",
		text:  "Apprise does not enter it either, reports success, and goes on with the next target.",
		when:  func(f *facts) bool { return f.room != nil },
		title: func(f *facts) string { return fmt.Sprintf("%s cannot be entered.", f.room.JID) },
		explain: func(f *facts) string {
			return "It was not sent: " + strings.TrimRight(f.failure.Detail, ".") + ". Apprise does not enter it either, " +
				"reports success, and goes on with the next target."
		},
	},
	{
		code: "room-captcha",
		help: "The room lets newcomers in only after a task that a person must do (a CAPTCHA).",
		text: "Neither Apprise nor xmppscope can do it. Members of the room need not.",
		when: func(f *facts) bool {
			return f.room != nil && (f.failure.Cause == event.CauseCaptcha ||
				f.failure.Cause == event.CauseRoom && f.says("captcha"))
		},
		title: func(f *facts) string {
			return fmt.Sprintf("%s asks newcomers to prove that they are human.", f.room.JID)
		},
		explain: func(f *facts) string {
			said := ""
			if f.failure.Condition != "" {
				said = "It said: " + f.said() + " "
			}
			return said + "Apprise cannot do that task, and waits until its time is over. The room's owner has to make " +
				f.bareLogin() + " a member, which needs no proof."
		},
		admin: "Make the account a member of the room, or take the CAPTCHA off (ejabberd: captcha_protected).",
	},
	{
		code: "room-odd-answer", causes: []event.Cause{event.CauseOddAnswer},
		help: "The room answered the join, and did not say that the answer is about us (status 110).",
		text: "XEP-0045 section 7.2.2 wants that mark. Apprise waits for it until its time is over.",
		when: func(f *facts) bool { return f.room != nil },
		title: func(f *facts) string {
			return fmt.Sprintf("%s answered without saying that we are in.", f.room.JID)
		},
		admin: "The room service has to send status 110 with a newcomer's own presence; a newer version does.",
	},
	{
		code:   "room-moved",
		remedy: remedy{edit: "write the room's new address", cost: "It is another room then."},
		help:   "The room is gone, and says where it went.",
		text:   "Whoever runs the room gave the new address. Write it if you trust them.",
		when:   func(f *facts) bool { return f.room != nil && f.failure.Moved != "" },
		title:  func(f *facts) string { return fmt.Sprintf("%s moved to %s.", f.room.JID, f.failure.Moved) },
		fix: func(f *facts) *Fix {
			room, _, _ := strings.Cut(f.failure.Moved, "/")
			if !legalJID(room) || !strings.Contains(room, "@") || room == f.room.JID {
				return nil
			}
			return f.replaceRoom("#" + room)
		},
	},
	{
		code:   "room-without-service",
		remedy: remedy{edit: "write the room with its service, #room@conference.HOST", cost: "It is another room then."},
		help:   "The room's address is at a domain that has no room service.",
		text: "#room without a domain joins room@HOST, but rooms live at a service of their own, usually " +
			"conference.HOST. The host itself does not answer, or answers with an error.",
		when: func(f *facts) bool {
			return f.room != nil && strings.EqualFold(urlspec.DomainOf(f.room.JID), f.reading.Host) &&
				(f.failure.Cause == event.CauseTimeout || f.condition("service-unavailable", "jid-malformed",
					"remote-server-not-found", "feature-not-implemented", "item-not-found"))
		},
		title: func(f *facts) string {
			return fmt.Sprintf("%s is no room: %s has no room service.", f.room.JID, f.reading.Host)
		},
		explain: func(f *facts) string {
			how := "answered " + f.failure.Condition
			if f.failure.Cause == event.CauseTimeout {
				how = "did not answer"
			}
			return fmt.Sprintf("%s %s. #room without a domain joins room@%s, but rooms live at a service of their own, which "+
				"is usually called conference.%s.",
				f.reading.Host, how, f.reading.Host, f.reading.Host)
		},
		fix: func(f *facts) *Fix {
			return f.otherService()
		},
		admin: "Prosody: Component \"conference.DOMAIN\" \"muc\"; ejabberd: mod_muc.",
	},
	{
		code:   "room-service-missing",
		remedy: remedy{edit: "write the room service of the account's server", cost: "It is another room then."},
		when: func(f *facts) bool {
			return f.room != nil && (f.condition("remote-server-not-found", "remote-server-timeout") || f.foreign())
		},
		help: "There is no room service of that name, or the server cannot reach it.",
		text: "Check what follows the @ of the room; the service is often conference.DOMAIN, muc.DOMAIN or rooms.DOMAIN.",
		title: func(f *facts) string {
			return fmt.Sprintf("There is no room service called %s.", urlspec.DomainOf(f.room.JID))
		},
		explain: func(f *facts) string {
			if len(f.room.Services) > 0 {
				return "The server said: " + f.said() + " Check what follows the @ of the room; your server names " +
					strings.Join(f.room.Services, ", ") + " as its service for rooms."
			}
			return "The server said: " + f.said() + " Check what follows the @ of the room; " +
				"the service is often called conference." + f.reading.StreamTo + " or muc." + f.reading.StreamTo + "."
		},
		fix: func(f *facts) *Fix {
			return f.otherService()
		},
		admin: "Prosody: Component \"conference.DOMAIN\" \"muc\"; ejabberd: mod_muc, option hosts.",
	},
	{
		code: "room-password", when: roomSays("not-authorized"),
		help:  "The room wants a password, and an Apprise URL cannot carry one.",
		text:  "The room's owner can make it members-only and the account a member instead.",
		title: func(f *facts) string { return fmt.Sprintf("%s wants a password.", f.room.JID) },
		explain: func(f *facts) string {
			return "An Apprise URL cannot carry a room password. The room's owner can make the room members-only and " +
				f.bareLogin() + " a member instead; or use another room."
		},
		admin: "In the room's configuration: take the password off, set members-only, add the account as a member.",
	},
	{
		code: "room-members-only", when: roomSays("registration-required"),
		help:  "Only members may enter the room.",
		text:  "The room's owner has to add the account; no edit of the URL helps.",
		title: func(f *facts) string { return fmt.Sprintf("%s lets only members in.", f.room.JID) },
		explain: func(f *facts) string {
			return "The room's owner has to add " + f.bareLogin() + " to its members. No edit of the URL helps."
		},
		admin: "Add the account to the room's members (ejabberd: ejabberdctl set_room_affiliation ROOM SERVICE USER " +
			"HOST member).",
	},
	{
		code: "room-service-forbidden",
		help: "The room service does not serve this account.",
		text: "That is a rule of the service for all its rooms, and no ban from one of them.",
		when: func(f *facts) bool {
			return f.room != nil && f.condition("forbidden", "not-allowed") && f.says("access denied by service policy")
		},
		title: func(f *facts) string {
			return fmt.Sprintf("%s may not use the rooms of %s.", f.bareLogin(), f.service())
		},
		admin: "ejabberd: access of mod_muc.",
	},
	{
		code: "room-creation-refused",
		when: func(f *facts) bool {
			return f.room != nil && (f.condition("not-allowed") || f.condition("forbidden") && f.says("creation"))
		},
		help:  "The room does not exist, and this account may not create one.",
		text:  "Check the room's name.",
		title: func(f *facts) string { return fmt.Sprintf("%s does not exist, and may not be created.", f.room.JID) },
		admin: "Create the room; or let users do so (Prosody: restrict_room_creation = false; ejabberd: access_create).",
	},
	{
		code: "room-banned", when: roomSays("forbidden"),
		help:  "The account is banned from the room.",
		text:  "Only the room's administrators can lift that.",
		title: func(f *facts) string { return fmt.Sprintf("%s is banned from %s.", f.bareLogin(), f.room.JID) },
		admin: "Lift the ban in the room's list of outcasts.",
	},
	{
		code:   "room-nick-conflict",
		remedy: remedy{edit: "another nick: name=", safe: true, cost: otherNickShows},
		when:   roomSays("conflict"),
		help:   "Somebody else in the room uses the nick.",
		text: "The default nick is the user part, which a person with the same account name has too. name= sets another: " +
			"letters, digits and _.",
		title: func(f *facts) string {
			return fmt.Sprintf("The nick %q is already taken in %s.", f.room.Nick, f.room.JID)
		},
		fix: otherNick,
	},
	{
		code:   "room-nick-refused",
		remedy: remedy{edit: "another nick: name=", safe: true, cost: otherNickShows},
		when: func(f *facts) bool {
			return f.room != nil && (f.condition("not-acceptable") || f.condition("policy-violation") && f.says("nick"))
		},
		help: "The room does not allow the nick: it is too long, reserved for somebody, or each member's is fixed.",
		text: "name= sets another: letters, digits and _.",
		title: func(f *facts) string {
			return fmt.Sprintf("%s does not allow the nick %q.", f.room.JID, f.room.Nick)
		},
		explain: func(f *facts) string {
			return "The room said: " + f.said() + " The nick is too long, reserved for somebody, or each member's is fixed. " +
				"name= sets another: letters, digits and _."
		},
		fix: otherNick,
	},
	{
		code: "room-missing", when: roomSays("item-not-found", "gone"),
		help:  "The room does not exist, or is locked until its owner has set it up.",
		text:  "Check the room's name.",
		title: func(f *facts) string { return fmt.Sprintf("The room %s does not exist.", f.room.JID) },
		admin: "Create the room, and make it persistent.",
	},
	{
		code: "room-full",
		help: "The room has as many occupants as it takes.",
		text: "Try again later.",
		when: func(f *facts) bool {
			return f.room != nil && f.condition("service-unavailable") && f.failure.Type == "wait" || f.crowded()
		},
		title: func(f *facts) string {
			return fmt.Sprintf("%s is full.", f.room.JID)
		},
		admin: "Raise the room's limit of occupants.",
	},
	{
		code: "room-silent", causes: []event.Cause{event.CauseTimeout},
		help: "The room did not answer the join within the time that rto= gives it.",
		text: "Its service may be slow, or not exist on a server that does not say so.",
		when: func(f *facts) bool { return f.room != nil },
		title: func(f *facts) string {
			return fmt.Sprintf("%s did not answer within %.3g s.", f.room.JID, f.failure.Waited)
		},
		explain: func(f *facts) string {
			s := "Its service may be slow, or not exist on a server that does not say so."
			if len(f.room.Services) > 0 {
				s += " Your server names " + strings.Join(f.room.Services, ", ") + " as its service for rooms, and not " +
					f.service() + "."
			}
			return s
		},
	},
	{
		code: "room-removed", causes: []event.Cause{event.CauseRoom},
		help: "The room let us in and then removed us.",
		text: "What was sent to it afterwards did not arrive.",
		when: func(f *facts) bool { return f.room != nil && f.failure.Removed },
		title: func(f *facts) string {
			return fmt.Sprintf("%s removed us: %s.", f.room.JID,
				cmp.Or(strings.TrimRight(f.failure.Detail, "."), "it does not say why"))
		},
		explain: func(f *facts) string {
			s := "It let us in first. What was sent to it afterwards did not arrive."
			if f.failure.Text != "" {
				s += " The reason it gave: " + f.failure.Text
			}
			return s
		},
	},
	{
		code: "room-refused",
		help: "The room refused to let us in.",
		text: "Its condition and text are all that it says.",
		when: func(f *facts) bool { return f.room != nil },
		title: func(f *facts) string {
			return fmt.Sprintf("%s refused us: %s", f.room.JID, f.said())
		},
	},
}

// replaceRoom writes another address in the place of the failed room.
func (f *facts) replaceRoom(text string) *Fix { return f.replace(urlspec.Groupchat, f.room.JID, text) }

// replace writes another address in the place of a target.
func (f *facts) replace(kind urlspec.TargetKind, jid, text string) *Fix {
	if f.enough() { // to look for it takes time too
		return nil
	}
	for i, t := range f.reading.Targets {
		if t.Kind == kind && t.JID == jid && t.Start < t.End {
			return f.edit("write "+text, func(s urlspec.Spec) urlspec.Fix { return s.ReplaceTarget(i, text) })
		}
	}
	return nil
}

// otherService writes the room at the service that the account's server has, or
// probably has; never at the one that has just failed.
func (f *facts) otherService() *Fix {
	local, _, _ := strings.Cut(f.room.JID, "@")
	for _, service := range append(slices.Clone(f.room.Services), "conference."+f.reading.StreamTo) {
		if !strings.EqualFold(service, f.service()) && legalJID(local+"@"+service) {
			return f.replaceRoom("#" + local + "@" + service)
		}
	}
	return nil
}

// looksLikeRoom reports whether the URL's own check takes the target for a room.
func (f *facts) looksLikeRoom() bool {
	if f.edits.unmarked == nil { // once for all targets: there can be thousands
		f.edits.unmarked = map[string]bool{}
		at := map[int]bool{}
		for _, p := range f.Spec.Problems {
			if p.Code == "room-unmarked" {
				at[p.Start] = true
			}
		}
		for _, t := range f.reading.Targets {
			if at[t.Start] {
				f.edits.unmarked[t.JID] = true
			}
		}
	}
	return f.delivery.RoomService || f.edits.unmarked[f.delivery.To]
}

// otherNick proposes a nick that is probably free.
func otherNick(f *facts) *Fix {
	if f.reading.Keepalive {
		return nil // Apprise ignores name= then
	}
	nick := freshNick(f.room.Nick)
	if f.says("long") {
		nick = nick[:min(len(nick), shortNick)]
	}
	return f.edit("use another nick: name="+nick, SetParam("name", nick))
}

// shortNick is as long as a nick may be where others are too long: Prosody's
// mod_muc_limits takes 23 bytes.
const shortNick = 12

// crowded is true of a room that has as many occupants as it takes, in ejabberd's
// words.
func (f *facts) crowded() bool {
	return f.room != nil && f.condition("resource-constraint") && f.says("too many users")
}

// freshNick makes another nick that name= accepts: letters, digits and _.
func freshNick(nick string) string {
	local, _, _ := strings.Cut(nick, "@")
	return cleanNick(local) + "_notify"
}

func cleanNick(nick string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, nick)
}
