package modeltest

import (
	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// oddCases are answers that are easily taken for something else.
func oddCases() []Story {
	const bob, gateway = "bob@example.test", "bob@sms.example.test"
	sent := UpTo(event.StageBind)
	back := func(to string, f event.Failure) []event.Event { return Then(sent, Bounced(Chat(to, event.Written), f)) }
	join := func(f event.Failure) []event.Event { return Then(sent, Refused(Ops, f)) }
	unsure := Chat(gateway, event.Written)
	doubt := event.Failure{Cause: event.CauseBounced, Condition: "item-not-found", Unsure: true,
		Detail: "it may be about any of the 2 messages on the way to " + gateway}
	unsure.Error = &doubt
	elsewhere := event.Bind{JID: "guest@public.example.test/r1"}
	changed := Groupchat(Ops, event.Reflected)
	changed.Changed = true
	long := event.Failure{Stage: event.StageRoster, Cause: event.CauseTooBig,
		Detail: "the server's number of elements passed our limit of 65536"}
	forbidden := event.Failure{Cause: event.CauseBadXML, Restricted: true, Detail: "a comment, at byte 300 of the stream"}
	return []Story{
		{Code: "bounce-unclear", Name: "a gateway that answers without an id", Send: true,
			URL:    "xmpps://alice:PW@example.test/bob@sms.example.test",
			Events: Then(sent, Item(Failed(event.StageAck, unsure, doubt), unsure.ID)),
			Title:  "bob@sms.example.test answered with an error that names no message of ours: item-not-found.",
			Exit:   model.ExitNothing, Apprise: "false success"},
		{Code: "gateway-down", Name: "Prosody 0.12: not connected", Send: true,
			URL: "xmpps://alice:PW@example.test/bob@sms.example.test",
			Events: back(gateway, event.Failure{Condition: "remote-server-timeout", Type: "wait",
				Text: "Component unavailable"}),
			Title: "sms.example.test is not running on your server.", Exit: model.ExitNothing, Apprise: "false success"},
		{Code: "gateway-down", Name: "ejabberd: not connected", Send: true,
			URL:    "xmpps://alice:PW@example.test/bob@sms.example.test",
			Events: back(gateway, event.Failure{Condition: "remote-server-not-found", Type: "cancel"}),
			Title:  "sms.example.test is not running on your server.", Exit: model.ExitNothing, Apprise: "false success"},
		{Code: "gateway-down", Name: "a room service that is not connected", URL: OpsURL,
			Events: join(event.Failure{Condition: "service-unavailable", Type: "wait", Text: "Component unavailable"}),
			Title:  "conference.example.test is not running on your server.", Exit: model.ExitSome, Apprise: "failure"},
		{Code: "encryption-required", Name: "a user", Send: true,
			Events: back(bob, event.Failure{Condition: "policy-violation", Type: "modify",
				Text: "Please use OMEMO encryption"}),
			Title: "Messages to bob@example.test must be encrypted: policy-violation (Please use OMEMO encryption).",
			Exit:  model.ExitNothing, Apprise: "false success"},
		{Code: "too-fast", Name: "a room in slow mode", Send: true, URL: OpsURL,
			Events: Then(sent, Joined(event.Room{JID: Ops, Nick: "alice"}), Bounced(Groupchat(Ops, event.Written),
				event.Failure{Condition: "policy-violation", Type: "wait", Text: "You must wait 10 seconds"})),
			Title: "ops@conference.example.test wants us to be slower: policy-violation (You must wait 10 seconds).",
			Exit:  model.ExitNothing, Apprise: "false success"},
		{Code: "message-too-long", Name: "a room", Send: true, URL: OpsURL,
			Events: Then(sent, Joined(event.Room{JID: Ops, Nick: "alice"}), Bounced(Groupchat(Ops, event.Written),
				event.Failure{Condition: "policy-violation", Type: "modify", Text: "Message too large"})),
			Title: "The message is too long for ops@conference.example.test: policy-violation (Message too large).",
			Exit:  model.ExitNothing, Apprise: "false success"},
		{Code: "message-beyond-us", Name: "more than we send", Send: true,
			Events: Then(sent, Item(Failed(event.StageSend, Chat(bob, event.NotSent), event.Failure{Cause: event.CauseTooBig,
				Size: 5000123, Limit: 4194304, Own: true}), "id-"+bob)),
			Title: "The message has 5000123 bytes, and we send no more than 4194304.",
			Exit:  model.ExitNothing, Apprise: "false success"},
		{Code: "target-is-room", Name: "ejabberd, in its words", Send: true,
			URL: "xmpps://alice:PW@example.test/ops@halls.example.test",
			Events: back("ops@halls.example.test", event.Failure{Condition: "not-acceptable", Type: "modify",
				Text: "Only occupants are allowed to send messages to the conference"}),
			Title: "ops@halls.example.test is a room, not a user.", Exit: model.ExitNothing, Apprise: "false success",
			Fixed: "xmpps://alice:PW@example.test/%23ops@halls.example.test"},
		{Code: "target-is-room", Name: "Prosody, without a text", Send: true,
			URL:    "xmpps://alice:PW@example.test/ops@conference.example.test",
			Events: back(Ops, event.Failure{Condition: "service-unavailable", Type: "cancel"}),
			Title:  "ops@conference.example.test is a room, not a user.", Exit: model.ExitNothing, Apprise: "false success",
			Fixed: OpsURL},
		{Code: "target-unavailable", Name: "offline", Send: true,
			Events: back(bob, event.Failure{Condition: "recipient-unavailable", Type: "wait"}),
			Title:  "bob@example.test cannot be reached at the moment.", Exit: model.ExitNothing, Apprise: "false success"},
		{Code: "offline-queue-full", Name: "ejabberd", Send: true,
			Events: back(bob, event.Failure{Condition: "resource-constraint", Type: "wait",
				Text: "Your contact offline message queue is full. The message has been discarded."}),
			Title: "The server keeps no more messages for bob@example.test: resource-constraint (Your contact offline " +
				"message queue is full. The message has been discarded).",
			Exit: model.ExitNothing, Apprise: "false success"},
		{Code: "room-captcha", Name: "ejabberd", URL: OpsURL, Events: join(Because(event.CauseCaptcha)),
			Title: "ops@conference.example.test asks newcomers to prove that they are human.",
			Exit:  model.ExitSome, Apprise: "failure"},
		{Code: "room-odd-answer", Name: "no status 110", URL: OpsURL, Events: join(Because(event.CauseOddAnswer)),
			Title: "ops@conference.example.test answered without saying that we are in.",
			Exit:  model.ExitSome, Apprise: "failure"},
		{Code: "room-moved", Name: "gone, with an address", URL: OpsURL,
			Events: join(event.Failure{Condition: "gone", Type: "cancel", Moved: "new@conference.example.test"}),
			Title:  "ops@conference.example.test moved to new@conference.example.test.",
			Fixed:  "xmpps://alice:PW@example.test/%23new@conference.example.test",
			Exit:   model.ExitSome, Apprise: "failure"},
		{Code: "room-missing", Name: "gone, without one", URL: OpsURL,
			Events: join(event.Failure{Condition: "gone", Type: "cancel"}),
			Title:  "The room ops@conference.example.test does not exist.", Exit: model.ExitSome, Apprise: "failure"},
		{Code: "room-service-missing", Name: "other domains are switched off",
			URL: "xmpps://alice:PW@example.test/%23ops@conference.exmaple.test",
			Events: Then(sent, Refused("ops@conference.exmaple.test", event.Failure{Condition: "not-allowed", Type: "cancel",
				Text: "Communication with remote domains is not enabled"})),
			Title: "There is no room service called conference.exmaple.test.",
			Fixed: "xmpps://alice:PW@example.test/%23ops@conference.example.test",
			Exit:  model.ExitSome, Apprise: "failure"},
		{Code: "room-service-missing", Name: "the server names its own", URL: OpsURL,
			Events: Then(sent, Item(Failed(event.StageMUC, event.Room{JID: Ops, Nick: "alice",
				Services: []string{"conference.example.test", "rooms.example.test"},
				Error:    &event.Failure{Condition: "forbidden", Text: "Access denied by service policy"}},
				event.Failure{Cause: event.CauseRoom, Condition: "forbidden", Text: "Access denied by service policy"}), Ops)),
			Title: "There is no room service called conference.example.test.",
			Fixed: "xmpps://alice:PW@example.test/%23ops@rooms.example.test", Exit: model.ExitSome, Apprise: "failure"},
		{Code: "room-banned", Name: "at another domain, whatever services our server has",
			URL: "xmpps://alice:PW@example.test/%23ops@rooms.other.test",
			Events: Then(sent, Item(Failed(event.StageMUC, event.Room{JID: "ops@rooms.other.test", Nick: "alice",
				Services: []string{"conference.example.test"}, Error: &event.Failure{Condition: "forbidden"}},
				event.Failure{Cause: event.CauseRoom, Condition: "forbidden"}), "ops@rooms.other.test")),
			Title: "alice@example.test is banned from ops@rooms.other.test.", Exit: model.ExitSome, Apprise: "failure"},
		{Code: "forbidden-xml", Name: "a comment in the features",
			Events: Then(UpTo(event.StageTLS), Failed(event.StageFeatures, nil, forbidden)),
			Title:  "The server sent XML that XMPP forbids, and we ended the session.",
			Exit:   model.ExitConnect, Apprise: "success"},
		{Code: "own-slow", Name: "the server loses its patience",
			Events: Then(UpTo(event.StageFeatures), Failed(event.StageSASL, event.SASL{Offered: []string{"SCRAM-SHA-1"}},
				event.Failure{Cause: event.CauseOwnSlow, Detail: "the server hung up while this machine worked a key out of the " +
					"password, in 2000000 rounds"})),
			Title: "This machine was too slow for the login, and the server hung up.",
			Exit:  model.ExitLogin, Apprise: "unknown"},
		{Code: "service-port", Name: "the port of BOSH", URL: "xmpps://alice:PW@example.test:5280/bob",
			Events: Then(UpTo(event.StageTCP), Failed(event.StageStream, nil, Because(event.CauseClosed))),
			Title:  "example.test:5280 does not answer as a port for clients does.",
			Fixed:  "xmpps://alice:PW@example.test/bob", Exit: model.ExitConnect, Apprise: "either"},
		{Code: "roster-too-long", Name: "20,000 contacts", URL: "xmpps://alice:PW@example.test/bob?roster=yes",
			Events: Then(sent, event.Event{Stage: event.StageRoster, State: event.Warn, Failure: &long}),
			Title:  "The roster of alice@example.test is longer than we read.",
			Fixed:  "xmpps://alice:PW@example.test/bob", Exit: model.ExitDone, Apprise: "success"},
		{Code: "bound-elsewhere", Name: "another account", Events: UpTo(event.StageBind, elsewhere),
			Title: "We logged in as alice@example.test, and the server calls us guest@public.example.test.",
			Exit:  model.ExitDone, Apprise: "success"},
		{Code: "room-text-changed", Name: "a filter", Send: true, URL: OpsURL,
			Events: Then(sent, Joined(event.Room{JID: Ops, Nick: "alice"}), Delivered(changed)),
			Title:  "ops@conference.example.test changed the text of our message.",
			Exit:   model.ExitDone, Apprise: "success"},
		{Code: "no-common-mechanism", Name: "a domain for guests", Events: noLogin("ANONYMOUS"),
			Title: "There is no login mechanism that both sides can use.", Exit: model.ExitLogin, Apprise: "false success"},
	}
}

// noLogin is a server with these mechanisms, of which we know none.
func noLogin(mechanisms ...string) []event.Event {
	features := event.Features{Encrypted: true, Mechanisms: mechanisms}
	return Then(UpTo(event.StageFeatures, features), Failed(event.StageSASL, event.SASL{Offered: mechanisms},
		Because(event.CauseNoCommonMechanism)))
}
