package modeltest

import (
	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// Served are answers of real servers, word for word: of Prosody 0.12 and 13 with
// Debian's modules, and of ejabberd 23.01. Most are played on the servers themselves
// too, by the tests with the build tag "servers"; some are of gateways and standards.
func Served() []Story {
	const bob, hall = "bob@example.test", "ops@hall.example.test"
	sent := UpTo(event.StageBind)
	in := Joined(event.Room{JID: Ops, Nick: "alice"})
	answer := func(condition, kind, text string) event.Failure {
		return event.Failure{Condition: condition, Type: kind, Text: text}
	}
	join := func(code, name, title, fixed string, f event.Failure) Story {
		return Story{Code: code, Name: name, URL: OpsURL, Events: Then(sent, Refused(Ops, f)), Title: title, Fixed: fixed,
			Exit: model.ExitSome, Apprise: "failure"}
	}
	say := func(code, name, title string, f event.Failure) Story {
		return Story{Code: code, Name: name, Send: true, URL: OpsURL, Events: Then(sent, in,
			Bounced(Groupchat(Ops, event.Written), f)), Title: title, Exit: model.ExitNothing, Apprise: "false success"}
	}
	write := func(code, name, to, title string, f event.Failure) Story {
		return Story{Code: code, Name: name, Send: true, URL: "xmpps://alice:PW@example.test/" + to, Events: Then(sent,
			Bounced(Chat(to, event.Written), f)), Title: title, Exit: model.ExitNothing, Apprise: "false success"}
	}
	const strangers = "Messages from strangers are rejected"
	const otr = "OTR encryption is required for conversations on this server"
	const e2e = "For security reasons, OMEMO, OTR or PGP encryption is required for conversations on this server."
	const slow = "You have exceeded the limit imposed by the slow mode in this room."
	closed := event.Failure{Cause: event.CauseRoom, Condition: "forbidden", Type: "auth",
		Text: "Access denied by service policy"}
	asRoom := Chat(hall, event.Written)
	asRoom.RoomService = true
	listed := Chat(hall, event.Written)
	listed.Listed = true
	return []Story{
		write("gateway-down", "ejabberd: a domain below ours", "bob@sms.example.test",
			"sms.example.test is not running on your server.", answer("forbidden", "auth", "Access denied by service policy")),
		write("target-forbidden", "ejabberd: mod_block_strangers", bob, "The message to bob@example.test was refused: "+
			"policy-violation ("+strangers+").", answer("policy-violation", "modify", strangers)),
		write("target-forbidden", "Prosody: mod_firewall's rules against spam", bob,
			"The message to bob@example.test was refused: policy-violation.", answer("policy-violation", "modify", "")),
		write("encryption-required", "Prosody: mod_require_otr", bob, "Messages to bob@example.test must be encrypted: "+
			"policy-violation ("+otr+").", answer("policy-violation", "modify", otr)),
		write("encryption-required", "Prosody: mod_e2e_policy", bob, "Messages to bob@example.test must be encrypted: "+
			"policy-violation (For security reasons, OMEMO, OTR or PGP encryption is required for conversations on this "+
			"server).", answer("policy-violation", "modify", e2e)),
		say("too-fast", "Prosody: mod_muc_slow_mode", "ops@conference.example.test wants us to be slower: policy-violation "+
			"(You have exceeded the limit imposed by the slow mode in this room).", answer("policy-violation", "wait", slow)),
		say("too-fast", "Prosody: mod_muc_limits", "ops@conference.example.test wants us to be slower: policy-violation "+
			"(The room is currently overactive, please try again later).",
			answer("policy-violation", "wait", "The room is currently overactive, please try again later")),
		say("too-fast", "ejabberd: min_message_interval", "ops@conference.example.test wants us to be slower: "+
			"resource-constraint (Traffic rate limit is exceeded).",
			answer("resource-constraint", "wait", "Traffic rate limit is exceeded")),
		say("message-too-long", "Prosody: mod_muc_limits", "The message is too long for ops@conference.example.test: "+
			"policy-violation (Your message is too long, please write a shorter one).",
			answer("policy-violation", "modify", "Your message is too long, please write a shorter one")),
		join("too-fast", "Prosody: mod_muc_limits, a join", "ops@conference.example.test wants us to be slower: "+
			"policy-violation (The room is currently overactive, please try again later).", "",
			answer("policy-violation", "wait", "The room is currently overactive, please try again later")),
		join("room-nick-refused", "Prosody: mod_muc_limits", "ops@conference.example.test does not allow the nick \"alice\".",
			OpsURL+"?name=alice_notify", answer("policy-violation", "modify",
				"Your nick name is too long, please use a shorter one")),
		join("room-full", "ejabberd: max_users", "ops@conference.example.test is full.", "",
			answer("resource-constraint", "wait", "Too many users in this conference")),
		join("room-refused", "ejabberd: max_user_conferences", "ops@conference.example.test refused us: "+
			"resource-constraint (You have joined too many conferences).", "",
			answer("resource-constraint", "wait", "You have joined too many conferences")),
		join("room-creation-refused", "ejabberd: access_create",
			"ops@conference.example.test does not exist, and may not be created.", "",
			answer("forbidden", "auth", "Room creation is denied by service policy")),
		{Code: "room-service-forbidden", Name: "ejabberd: access", URL: OpsURL,
			Events: Then(sent, Item(Failed(event.StageMUC, event.Room{JID: Ops, Nick: "alice", Listed: true, Echoed: true,
				Error: &closed}, closed), Ops)),
			Title: "alice@example.test may not use the rooms of conference.example.test.", Exit: model.ExitSome,
			Apprise: "false success"},
		join("room-captcha", "ejabberd: no task can be drawn",
			"ops@conference.example.test asks newcomers to prove that they are human.", "",
			answer("internal-server-error", "cancel", "Unable to generate a CAPTCHA")),
		join("room-captcha", "ejabberd: too many tasks",
			"ops@conference.example.test asks newcomers to prove that they are human.", "",
			answer("resource-constraint", "wait", "Too many CAPTCHA requests")),
		join("room-moved", "Prosody: the tombstone of a room", "ops@conference.example.test moved to "+
			"open@conference.example.test.", "xmpps://alice:PW@example.test/%23open@conference.example.test",
			event.Failure{Condition: "gone", Type: "cancel", Text: "there is more space", By: "conference.example.test",
				Moved: "open@conference.example.test"}),
		{Code: "target-captcha", Name: "XEP-0158", Send: true, Events: Then(sent,
			Item(Failed(event.StageAck, Chat(bob, event.Written), Because(event.CauseCaptcha)), "id-"+bob)),
			Title: "bob@example.test asks strangers to prove that they are human.", Exit: model.ExitNothing,
			Apprise: "false success"},
		{Code: "target-moved", Name: "gone, with an address", Send: true, Events: Then(sent, Item(Failed(event.StageAck,
			event.Delivery{To: bob, Kind: "chat", Message: 1, ID: "id-" + bob, Evidence: event.Written,
				Error: &event.Failure{Condition: "gone"}}, event.Failure{Cause: event.CauseBounced, Condition: "gone",
				Moved: "bob@new.example.test"}), "id-"+bob)),
			Title: "bob@example.test moved to bob@new.example.test.", Exit: model.ExitNothing, Apprise: "false success",
			Fixed: "xmpps://alice:PW@example.test/bob@new.example.test"},
		{Code: "target-is-room", Name: "Prosody, at a domain that says what it is", Send: true,
			URL:    "xmpps://alice:PW@example.test/ops@hall.example.test",
			Events: Then(sent, Bounced(asRoom, answer("service-unavailable", "cancel", ""))),
			Title:  "ops@hall.example.test is a room, not a user.", Exit: model.ExitNothing, Apprise: "false success",
			Fixed: "xmpps://alice:PW@example.test/%23ops@hall.example.test"},
		{Code: "target-forbidden", Name: "ejabberd: a service that is closed to us", Send: true,
			URL:    "xmpps://alice:PW@example.test/ops@hall.example.test",
			Events: Then(sent, Bounced(listed, answer("forbidden", "auth", "Access denied by service policy"))),
			Title:  "The message to ops@hall.example.test was refused: forbidden (Access denied by service policy).",
			Exit:   model.ExitNothing, Apprise: "false success"},
	}
}
