package model

import "xmppscope/xmppcore/event"

const (
	opsURL = "xmpps://alice:PW@example.test/%23ops@conference.example.test"
	ops    = "ops@conference.example.test"
)

// roomCases are the joins that no recording has.
func roomCases() []findingCase {
	in := func(f event.Failure) []event.Event { return then(upTo(event.StageBind), refused(ops, f)) }
	return []findingCase{
		{code: "illegal-room", name: "a nick that XML cannot hold", url: opsURL,
			events: in(event.Failure{Cause: event.CauseIllegalStanza, Detail: "U+0001 at character 3 of the nick cannot be written in XML"})},
		{code: "room-without-service", name: "#room without a domain, silence", url: "xmpps://alice:PW@example.test/%23ops",
			events: then(upTo(event.StageBind), refused("ops@example.test", silence("the room's answer to our presence")))},
		{code: "room-without-service", name: "#room without a domain in to=, an error", url: "xmpps://alice:PW@example.test?to=bob,%23ops",
			events: then(upTo(event.StageBind), refused("ops@example.test", event.Failure{Condition: "service-unavailable", Type: "cancel"}))},
		{code: "room-nick-refused", name: "reserved", url: opsURL + "?name=root", events: in(event.Failure{Condition: "not-acceptable"})},
		{code: "room-missing", name: "locked", url: opsURL, events: in(event.Failure{Condition: "item-not-found"})},
		{code: "room-creation-refused", name: "may not create", url: opsURL, events: in(event.Failure{Condition: "not-allowed", Text: "Room creation is restricted"})},
		{code: "room-full", name: "full", url: opsURL, events: in(event.Failure{Condition: "service-unavailable", Type: "wait"})},
		{code: "room-silent", name: "no answer", url: opsURL, events: in(silence("the room's answer to our presence"))},
		{code: "room-silent", name: "no answer, and cto= is long", url: opsURL + "?cto=30", events: in(silence("the room's answer to our presence"))},
		{code: "room-refused", name: "a condition without a rule", url: opsURL, events: in(event.Failure{Condition: "resource-constraint", Text: "no memory"})},
		{code: "room-nick-conflict", name: "keepalive ignores name=", url: opsURL + "?keepalive=yes", events: in(event.Failure{Condition: "conflict"})},
		{code: "room-no-voice", name: "two parts of one message", kind: Send, url: opsURL,
			events: then(upTo(event.StageBind), joined(event.Room{JID: ops, Nick: "alice", Role: "visitor"}),
				bounced(groupchat(ops, event.Written), event.Failure{Condition: "forbidden"}),
				bounced(event.Delivery{To: ops, Kind: "groupchat", Message: 2, ID: "second"}, event.Failure{Condition: "forbidden"}))},
	}
}

// deliveryCases are what became of messages, but for what is recorded.
func deliveryCases() []findingCase {
	const bob = "bob@example.test"
	sent := upTo(event.StageBind)
	unsent := func(to string, f event.Failure) []event.Event {
		d := chat(to, event.NotSent)
		return then(sent, item(failed(event.StageSend, d, f), d.ID), failed(event.StageSend, nil, f))
	}
	return []findingCase{
		{code: "illegal-target", name: "a colon in the local part", kind: Send, url: "xmpps://alice:PW@example.test/b%3Ab@example.test/carol",
			events: then(unsent("b:b@example.test", event.Failure{Cause: event.CauseIllegalStanza, Detail: "the JID b:b@example.test breaks RFC 7622"}),
				delivered(chat("carol@example.test", event.Accepted)))},
		{code: "illegal-character", name: "a control character in the body", kind: Send,
			events: unsent(bob, event.Failure{Cause: event.CauseIllegalStanza, Detail: "U+0007 at character 12 of the body cannot be written in XML"})},
		{code: "message-too-big", name: "XEP-0478", kind: Send,
			events: unsent(bob, event.Failure{Cause: event.CauseTooBig, Size: 300123, Limit: 262144, Detail: "the stanza has 300123 bytes, the server takes 262144"})},
		{code: "room-not-reflected", name: "no reflection", kind: Send, url: opsURL,
			events: then(sent, joined(event.Room{JID: ops, Nick: "alice"}),
				item(failed(event.StageAck, groupchat(ops, event.Accepted), silence("the room to reflect the message")), "id-"+ops))},
		{code: "target-forbidden", name: "federation is off", kind: Send, url: "xmpps://alice:PW@example.test/bob@other.test",
			events: then(sent, bounced(chat("bob@other.test", event.Written), event.Failure{Condition: "not-allowed", Text: "Communication with remote domains is not enabled"}))},
		{code: "no-acknowledgement", name: "the ping is not answered, for two targets", kind: Send, url: "xmpps://alice:PW@example.test/bob/carol",
			events: then(sent,
				item(failed(event.StageAck, chat(bob, event.Written), silence("the server's answer to a ping after the message")), "id-"+bob),
				item(failed(event.StageAck, chat("carol@example.test", event.Written), silence("the server's answer to a ping after the message")), "id-carol@example.test"))},
		{code: "bounced", name: "a condition without a rule", kind: Send,
			events: then(sent, bounced(chat(bob, event.Written), event.Failure{Condition: "resource-constraint", Text: "queue is full"}))},
		{code: "target-missing", name: "one of two, and a room with a nick conflict", kind: Send, url: "xmpps://alice:PW@example.test/bob/carol/%23ops@conference.example.test",
			also: []string{"target-missing"}, first: "room-nick-conflict",
			events: then(sent, refused(ops, event.Failure{Condition: "conflict"}),
				item(failed(event.StageSend, groupchat(ops, event.NotSent), event.Failure{Cause: event.CauseRoom, Condition: "conflict"}), "id-"+ops),
				delivered(chat("carol@example.test", event.Received)),
				bounced(chat(bob, event.Written), event.Failure{Condition: "service-unavailable"}))},
	}
}

// adviceCases are runs that did what they were asked to, and deserve a word.
func adviceCases() []findingCase {
	with := func(d event.Room) []event.Event {
		d.JID = ops
		return then(upTo(event.StageBind), joined(d))
	}
	unchecked := plainTLS()
	unchecked.Verified, unchecked.Problem = false, "the certificate is valid for other.test, not for example.test"
	few := event.SASL{Offered: []string{"SCRAM-SHA-1"}, Used: "SCRAM-SHA-1", Predicted: "SCRAM-SHA-1", Iterations: 1000}
	unbound := event.SASL{Offered: plainFeatures().Mechanisms, Used: "SCRAM-SHA-256", Iterations: 10000}
	late := silence("the roster")
	late.Stage = event.StageRoster
	noRoute := because(event.CauseUnreachable)
	noRoute.Stage = event.StageTCP
	return []findingCase{
		{code: "ipv6-broken", name: "no route to the first address",
			events: then([]event.Event{{Stage: event.StageTCP, Item: "[2001:db8::7]:5222", State: event.Warn, Failure: &noRoute}}, upTo(event.StageBind)...)},
		{code: "certificate-unchecked", name: "verify=no", url: "xmpps://alice:PW@example.test/bob?verify=no", events: upTo(event.StageBind, unchecked)},
		{code: "scram-few-iterations", name: "1000", events: upTo(event.StageBind, few)},
		{code: "scramplus-breaks-apprise", name: "a modern server", url: "xmpps://alice:PW@example.test/bob?scramplus=no", events: upTo(event.StageBind, unbound)},
		{code: "roster-refused", name: "silent roster", url: "xmpps://alice:PW@example.test/bob?roster=yes",
			events: then(upTo(event.StageBind), event.Event{Stage: event.StageRoster, State: event.Warn, Failure: &late})},
		{code: "room-nick-changed", name: "210", url: opsURL, events: with(event.Room{Nick: "alice_1", Codes: []int{110, 210}})},
		{code: "room-visitor", name: "a check of a moderated room", url: opsURL, events: with(event.Room{Nick: "alice", Role: "visitor", Codes: []int{110}})},
		{code: "remote-unheard", name: "accepted for another server", kind: Send, url: "xmpps://alice:PW@example.test/bob@other.test",
			events: then(upTo(event.StageBind), delivered(chat("bob@other.test", event.Accepted)))},
	}
}
