package model

import (
	"fmt"
	"strings"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// roomRules are the failures of joining a room (XEP-0045 section 7.2).
func roomRules() []rule {
	withRoom := func(conditions ...string) func(*facts) bool {
		return func(f *facts) bool {
			return f.room != nil && (len(conditions) == 0 || f.condition(conditions...))
		}
	}
	return []rule{
		{
			code: "room-without-service",
			help: "The target is #room without a domain, so Apprise joins room@HOST. Rooms live at a service of their own, usually conference.HOST; the host itself does not answer, or answers with an error.",
			when: func(f *facts) bool {
				return f.room != nil && strings.EqualFold(domainOf(f.room.JID), f.reading.Host) &&
					(f.failure.Cause == xmppcore.CauseTimeout || f.condition("service-unavailable", "jid-malformed", "remote-server-not-found", "feature-not-implemented", "item-not-found"))
			},
			title: func(f *facts) string {
				return fmt.Sprintf("%s is no room: the domain %s has no room service.", f.room.JID, f.reading.Host)
			},
			explain: func(f *facts) string {
				return fmt.Sprintf("#room without a domain joins room@%s. Rooms live at a service of their own, which is usually called conference.%s.", f.reading.Host, f.reading.Host)
			},
			fix: func(f *facts) *FindingFix {
				local, _, _ := strings.Cut(f.room.JID, "@")
				for i, t := range f.reading.Targets {
					if t.JID != f.room.JID || t.Start == t.End {
						continue
					}
					text := "#" + local + "@conference." + f.reading.Host
					return f.edit("write "+text, func(s urlspec.Spec) urlspec.Fix { return s.ReplaceTarget(i, text) })
				}
				return nil
			},
		},
		{
			code: "room-password", when: withRoom("not-authorized"),
			help:  "The room wants a password. An Apprise URL cannot carry one.",
			title: func(f *facts) string { return fmt.Sprintf("%s wants a password.", f.room.JID) },
			explain: func(f *facts) string {
				return "An Apprise URL cannot carry a room password. Let the room's owner make " + f.bareLogin() + " a member and the room members-only instead, or use another room."
			},
			admin: "Take the password off the room, and use a member list instead.",
		},
		{
			code: "room-members-only", when: withRoom("registration-required"),
			help:  "Only members may enter the room.",
			title: func(f *facts) string { return fmt.Sprintf("%s lets only members in.", f.room.JID) },
			explain: func(f *facts) string {
				return "The room's owner has to add " + f.bareLogin() + " to its members. No edit of the URL helps."
			},
			admin: "Add the account to the room's member list.",
		},
		{
			code: "room-banned", when: withRoom("forbidden"),
			help:  "The account is banned from the room.",
			title: func(f *facts) string { return fmt.Sprintf("%s is banned from %s.", f.bareLogin(), f.room.JID) },
			admin: "Lift the ban in the room's settings.",
		},
		{
			code: "room-nick-conflict", when: withRoom("conflict"),
			help: "Somebody else in the room uses the nick. Apprise reports success here although it never joined.",
			title: func(f *facts) string {
				return fmt.Sprintf("The nick %q is already taken in %s.", f.room.Nick, f.room.JID)
			},
			fix: func(f *facts) *FindingFix {
				nick := freshNick(f.room.Nick)
				return f.edit("use another nick: name="+nick, setParam("name", nick))
			},
		},
		{
			code: "room-nick-refused", when: withRoom("not-acceptable"),
			help: "The room does not allow the nick: it is reserved for somebody, or each member's is fixed.",
			title: func(f *facts) string {
				return fmt.Sprintf("%s does not allow the nick %q.", f.room.JID, f.room.Nick)
			},
			fix: func(f *facts) *FindingFix {
				nick := freshNick(f.room.Nick)
				return f.edit("use another nick: name="+nick, setParam("name", nick))
			},
		},
		{
			code: "room-service-missing", when: withRoom("remote-server-not-found", "remote-server-timeout"),
			help: "There is no room service of that name.",
			title: func(f *facts) string {
				return fmt.Sprintf("There is no room service called %s.", domainOf(f.room.JID))
			},
		},
		{
			code: "room-missing", when: withRoom("item-not-found", "gone"),
			help:  "The room does not exist, or is locked until its owner has set it up.",
			title: func(f *facts) string { return fmt.Sprintf("The room %s does not exist.", f.room.JID) },
		},
		{
			code: "room-creation-refused", when: withRoom("not-allowed"),
			help: "The room does not exist, and this account may not create one.",
			title: func(f *facts) string {
				return fmt.Sprintf("%s does not exist, and may not be created.", f.room.JID)
			},
		},
		{
			code: "room-full", when: func(f *facts) bool {
				return f.room != nil && f.condition("service-unavailable") && f.failure.Type == "wait"
			},
			help:  "The room has as many occupants as it takes.",
			title: func(f *facts) string { return fmt.Sprintf("%s is full.", f.room.JID) },
		},
		{
			code: "room-silent", when: func(f *facts) bool {
				return f.room != nil && f.failure.Cause == xmppcore.CauseTimeout
			},
			help: "The room did not answer the join within the time that rto= gives it.",
			title: func(f *facts) string {
				return fmt.Sprintf("%s did not answer within %.3g s.", f.room.JID, f.failure.Waited)
			},
		},
		{
			code: "room-refused", when: func(f *facts) bool { return f.room != nil },
			help:  "The room refused to let us in.",
			title: func(f *facts) string { return fmt.Sprintf("%s refused us: %s", f.room.JID, f.said()) },
		},
	}
}

// bareLogin is the login JID without its resource.
func (f *facts) bareLogin() string {
	bare, _, _ := strings.Cut(f.reading.LoginJID, "/")
	return bare
}

func domainOf(jid string) string {
	_, domain, _ := strings.Cut(jid, "@")
	domain, _, _ = strings.Cut(domain, "/")
	return domain
}

// freshNick makes another nick that name= accepts: letters, digits and _.
func freshNick(nick string) string {
	clean := strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, nick)
	return clean + "_notify"
}
