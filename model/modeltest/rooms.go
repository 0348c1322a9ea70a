package modeltest

import (
	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// The room of the stories that need one, and its URL.
const (
	OpsURL = "xmpps://alice:PW@example.test/%23ops@conference.example.test"
	Ops    = "ops@conference.example.test"
)

// roomCases are the joins that no recording has.
func roomCases() []Story {
	in := func(f event.Failure) []event.Event { return Then(UpTo(event.StageBind), Refused(Ops, f)) }
	return []Story{
		{Code: "illegal-room", Name: "a nick that XML cannot hold", URL: OpsURL,
			Events: in(event.Failure{Cause: event.CauseIllegalStanza,
				Detail: "U+0001 at character 3 of the nick cannot be written in XML"}),
			Title: "ops@conference.example.test cannot be entered.", Exit: model.ExitSome, Apprise: "false success"},
		{Code: "room-without-service", Name: "#room without a domain, silence", URL: "xmpps://alice:PW@example.test/%23ops",
			Events: Then(UpTo(event.StageBind), Refused("ops@example.test", Silence("the room's answer to our presence"))),
			Title:  "ops@example.test is no room: example.test has no room service.",
			Fixed:  "xmpps://alice:PW@example.test/%23ops@conference.example.test", Exit: model.ExitSome, Apprise: "failure"},
		{Code: "room-without-service", Name: "#room without a domain in to=, an error",
			URL: "xmpps://alice:PW@example.test?to=bob,%23ops",
			Events: Then(UpTo(event.StageBind), Refused("ops@example.test", event.Failure{Condition: "service-unavailable",
				Type: "cancel"})),
			Title: "ops@example.test is no room: example.test has no room service.",
			Fixed: "xmpps://alice:PW@example.test?to=bob,%23ops@conference.example.test",
			Exit:  model.ExitSome, Apprise: "failure"},
		{Code: "room-nick-refused", Name: "reserved", URL: OpsURL + "?name=root",
			Events: in(event.Failure{Condition: "not-acceptable"}),
			Title:  "ops@conference.example.test does not allow the nick \"alice\".",
			Fixed:  "xmpps://alice:PW@example.test/%23ops@conference.example.test?name=alice_notify",
			Exit:   model.ExitSome, Apprise: "failure"},
		{Code: "room-missing", Name: "locked", URL: OpsURL, Events: in(event.Failure{Condition: "item-not-found"}),
			Title: "The room ops@conference.example.test does not exist.", Exit: model.ExitSome, Apprise: "failure"},
		{Code: "room-creation-refused", Name: "may not create", URL: OpsURL,
			Events: in(event.Failure{Condition: "not-allowed", Text: "Room creation is restricted"}),
			Title:  "ops@conference.example.test does not exist, and may not be created.",
			Exit:   model.ExitSome, Apprise: "failure"},
		{Code: "room-full", Name: "full", URL: OpsURL,
			Events: in(event.Failure{Condition: "service-unavailable", Type: "wait"}),
			Title:  "ops@conference.example.test is full.", Exit: model.ExitSome, Apprise: "failure"},
		{Code: "room-silent", Name: "no answer", URL: OpsURL, Events: in(Silence("the room's answer to our presence")),
			Title: "ops@conference.example.test did not answer within 4 s.", Exit: model.ExitSome, Apprise: "failure"},
		{Code: "room-silent", Name: "no answer, and cto= is long", URL: OpsURL + "?cto=30",
			Events: in(Silence("the room's answer to our presence")),
			Title:  "ops@conference.example.test did not answer within 4 s.",
			Exit:   model.ExitSome, Apprise: "false success"},
		{Code: "room-refused", Name: "a condition without a rule", URL: OpsURL,
			Events: in(event.Failure{Condition: "resource-constraint", Text: "no memory"}),
			Title:  "ops@conference.example.test refused us: resource-constraint (no memory).",
			Exit:   model.ExitSome, Apprise: "failure"},
		{Code: "room-nick-conflict", Name: "keepalive ignores name=", URL: OpsURL + "?keepalive=yes",
			Events: in(event.Failure{Condition: "conflict"}),
			Title:  "The nick \"alice\" is already taken in ops@conference.example.test.",
			Exit:   model.ExitSome, Apprise: "failure"},
		{Code: "room-no-voice", Name: "two parts of one message", Send: true, URL: OpsURL,
			Events: Then(UpTo(event.StageBind), Joined(event.Room{JID: Ops, Nick: "alice", Role: "visitor"}),
				Bounced(Groupchat(Ops, event.Written), event.Failure{Condition: "forbidden"}),
				Bounced(event.Delivery{To: Ops, Kind: "groupchat", Message: 2, ID: "second"},
					event.Failure{Condition: "forbidden"})),
			Title: "alice@example.test may not speak in ops@conference.example.test.",
			Exit:  model.ExitNothing, Apprise: "false success"},
	}
}

// deliveryCases are what became of messages, except what is recorded.
func deliveryCases() []Story {
	const bob = "bob@example.test"
	sent := UpTo(event.StageBind)
	unsent := func(to string, f event.Failure) []event.Event {
		d := Chat(to, event.NotSent)
		return Then(sent, Item(Failed(event.StageSend, d, f), d.ID), Failed(event.StageSend, nil, f))
	}
	return []Story{
		{Code: "illegal-target", Name: "a colon in the local part", Send: true,
			URL: "xmpps://alice:PW@example.test/b%3Ab@example.test/carol",
			Events: Then(unsent("b:b@example.test", event.Failure{Cause: event.CauseIllegalStanza,
				Detail: "the JID b:b@example.test breaks RFC 7622"}),
				Delivered(Chat("carol@example.test", event.Accepted))),
			Title: "b:b@example.test is not a legal JID, so nothing was sent to it.",
			Exit:  model.ExitSome, Apprise: "false success"},
		{Code: "illegal-character", Name: "a control character in the body", Send: true,
			Events: unsent(bob, event.Failure{Cause: event.CauseIllegalStanza,
				Detail: "U+0007 at character 12 of the body cannot be written in XML"}),
			Title: "The message cannot be sent: U+0007 at character 12 of the body cannot be written in XML.",
			Exit:  model.ExitNothing, Apprise: "false success"},
		{Code: "message-too-big", Name: "XEP-0478", Send: true,
			Events: unsent(bob, event.Failure{Cause: event.CauseTooBig, Size: 300123, Limit: 262144,
				Detail: "the stanza has 300123 bytes, the server takes 262144"}),
			Title: "The message has 300123 bytes, and the server takes 262144.",
			Exit:  model.ExitNothing, Apprise: "false success"},
		{Code: "room-not-reflected", Name: "no reflection", Send: true, URL: OpsURL,
			Events: Then(sent, Joined(event.Room{JID: Ops, Nick: "alice"}),
				Item(Failed(event.StageAck, Groupchat(Ops, event.Accepted), Silence("the room to reflect the message")),
					"id-"+Ops)),
			Title: "ops@conference.example.test did not send our message back within 4 s.",
			Exit:  model.ExitNothing, Apprise: "false success"},
		{Code: "receipt-missing", Name: "no receipt, which was asked for", Send: true,
			Events: Then(sent, Item(Failed(event.StageAck, event.Delivery{To: bob, Kind: "chat", Message: 1, ID: "id-" + bob,
				Evidence: event.Accepted, Need: event.Received}, Silence(event.WaitReceipt)), "id-"+bob)),
			Title: "The server took the message to bob@example.test, and no receipt came within 4 s.",
			Exit:  model.ExitNothing, Apprise: "success"},
		{Code: "target-forbidden", Name: "federation is off", Send: true, URL: "xmpps://alice:PW@example.test/bob@other.test",
			Events: Then(sent, Bounced(Chat("bob@other.test", event.Written), event.Failure{Condition: "not-allowed",
				Text: "Communication with remote domains is not enabled"})),
			Title: "The message to bob@other.test was refused: not-allowed (Communication with remote domains is not enabled).",
			Exit:  model.ExitNothing, Apprise: "false success"},
		{Code: "no-acknowledgement", Name: "the ping is not answered, for two targets", Send: true,
			URL: "xmpps://alice:PW@example.test/bob/carol",
			Events: Then(sent,
				Item(Failed(event.StageAck, Chat(bob, event.Written), Silence("the server's answer to a ping after the message")),
					"id-"+bob),
				Item(Failed(event.StageAck, Chat("carol@example.test", event.Written),
					Silence("the server's answer to a ping after the message")), "id-carol@example.test")),
			Title: "Nothing shows that the server took the message: we waited 4 s.",
			Exit:  model.ExitNothing, Apprise: "false success"},
		{Code: "bounced", Name: "a condition without a rule", Send: true,
			Events: Then(sent, Bounced(Chat(bob, event.Written), event.Failure{Condition: "undefined-condition",
				Text: "no"})),
			Title: "The message to bob@example.test came back: undefined-condition (no).",
			Exit:  model.ExitNothing, Apprise: "false success"},
		{Code: "target-missing", Name: "one of two, and a room with a nick conflict", Send: true,
			URL:  "xmpps://alice:PW@example.test/bob/carol/%23ops@conference.example.test",
			Also: []string{"target-missing"}, First: "room-nick-conflict",
			Events: Then(sent, Refused(Ops, event.Failure{Condition: "conflict"}),
				Item(Failed(event.StageSend, Groupchat(Ops, event.NotSent), event.Failure{Cause: event.CauseRoom,
					Condition: "conflict"}), "id-"+Ops),
				Delivered(Chat("carol@example.test", event.Received)),
				Bounced(Chat(bob, event.Written), event.Failure{Condition: "service-unavailable"})),
			Title: "The nick \"alice\" is already taken in ops@conference.example.test.",
			Fixed: "xmpps://alice:PW@example.test/bob/carol/%23ops@conference.example.test?name=alice_notify",
			Exit:  model.ExitSome, Apprise: "failure"},
	}
}

// adviceCases are runs that did what they were asked to, and on which there is
// advice.
func adviceCases() []Story {
	with := func(d event.Room) []event.Event {
		d.JID = Ops
		return Then(UpTo(event.StageBind), Joined(d))
	}
	unchecked := PlainTLS()
	unchecked.Verified, unchecked.Problem = false, "the certificate is valid for other.test, not for example.test"
	few := event.SASL{Offered: []string{"SCRAM-SHA-1"}, Used: "SCRAM-SHA-1", Predicted: "SCRAM-SHA-1", Iterations: 1000}
	unbound := event.SASL{Offered: plainFeatures().Mechanisms, Used: "SCRAM-SHA-256", Iterations: 10000}
	late := Silence("the roster")
	late.Stage = event.StageRoster
	noRoute := Because(event.CauseUnreachable)
	noRoute.Stage = event.StageTCP
	return []Story{
		{Code: "ipv6-broken", Name: "no route to the first address",
			Events: Then([]event.Event{{Stage: event.StageTCP, Item: "[2001:db8::7]:5222", State: event.Warn,
				Failure: &noRoute}}, UpTo(event.StageBind)...),
			Title: "example.test cannot be reached over IPv6 from here; IPv4 worked.",
			Exit:  model.ExitDone, Apprise: "success"},
		{Code: "certificate-unchecked", Name: "verify=no", URL: "xmpps://alice:PW@example.test/bob?verify=no",
			Events: UpTo(event.StageBind, unchecked),
			Title:  "The certificate would not have passed the check that verify=no leaves out.",
			Exit:   model.ExitDone, Apprise: "success"},
		{Code: "scram-few-iterations", Name: "1000", Events: UpTo(event.StageBind, few),
			Title: "Only 1000 iterations protect the password on the server.", Exit: model.ExitDone, Apprise: "success"},
		{Code: "scramplus-breaks-apprise", Name: "a modern server", URL: "xmpps://alice:PW@example.test/bob?scramplus=no",
			Events: UpTo(event.StageBind, unbound),
			Title:  "Apprise cannot log in here with scramplus=no, although we can.",
			Fixed:  "xmpps://alice:PW@example.test/bob", Exit: model.ExitDone, Apprise: "failure"},
		{Code: "roster-refused", Name: "silent roster", URL: "xmpps://alice:PW@example.test/bob?roster=yes",
			Events: Then(UpTo(event.StageBind), event.Event{Stage: event.StageRoster, State: event.Warn, Failure: &late}),
			Title:  "The server did not give us the roster.",
			Fixed:  "xmpps://alice:PW@example.test/bob", Exit: model.ExitDone, Apprise: "success"},
		{Code: "room-nick-changed", Name: "210", URL: OpsURL,
			Events: with(event.Room{Nick: "alice_1", Codes: []int{110, 210}}),
			Title:  "In ops@conference.example.test we are called \"alice_1\", not \"alice\".",
			Fixed:  "xmpps://alice:PW@example.test/%23ops@conference.example.test?name=alice_1",
			Exit:   model.ExitDone, Apprise: "success"},
		{Code: "room-visitor", Name: "a check of a moderated room", URL: OpsURL,
			Events: with(event.Room{Nick: "alice", Role: "visitor", Codes: []int{110}}),
			Title:  "alice@example.test may have no voice in ops@conference.example.test.",
			Exit:   model.ExitDone, Apprise: "false success"},
		{Code: "remote-unheard", Name: "accepted for another server", Send: true,
			URL:    "xmpps://alice:PW@example.test/bob@other.test",
			Events: Then(UpTo(event.StageBind), Delivered(Chat("bob@other.test", event.Accepted))),
			Title:  "Nothing was heard from other.test, where the message to bob@other.test goes.",
			Exit:   model.ExitDone, Apprise: "success"},
	}
}
