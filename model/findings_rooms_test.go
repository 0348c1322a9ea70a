package model

import "xmppscope/xmppcore"

const (
	opsURL = "xmpps://alice:PW@example.test/%23ops@conference.example.test"
	ops    = "ops@conference.example.test"
)

// roomCases are the joins that no recording has.
func roomCases() []findingCase {
	in := func(f xmppcore.Failure) []xmppcore.Event { return then(upTo(xmppcore.StageBind), refused(ops, f)) }
	return []findingCase{
		{code: "illegal-room", name: "a nick that XML cannot hold", url: opsURL,
			events: in(xmppcore.Failure{Cause: xmppcore.CauseIllegalStanza, Detail: "U+0001 at character 3 of the nick cannot be written in XML"})},
		{code: "room-without-service", name: "#room without a domain, silence", url: "xmpps://alice:PW@example.test/%23ops",
			events: then(upTo(xmppcore.StageBind), refused("ops@example.test", silence("the room's answer to our presence")))},
		{code: "room-without-service", name: "#room without a domain in to=, an error", url: "xmpps://alice:PW@example.test?to=bob,%23ops",
			events: then(upTo(xmppcore.StageBind), refused("ops@example.test", xmppcore.Failure{Condition: "service-unavailable", Type: "cancel"}))},
		{code: "room-nick-refused", name: "reserved", url: opsURL + "?name=root", events: in(xmppcore.Failure{Condition: "not-acceptable"})},
		{code: "room-missing", name: "locked", url: opsURL, events: in(xmppcore.Failure{Condition: "item-not-found"})},
		{code: "room-creation-refused", name: "may not create", url: opsURL, events: in(xmppcore.Failure{Condition: "not-allowed", Text: "Room creation is restricted"})},
		{code: "room-full", name: "full", url: opsURL, events: in(xmppcore.Failure{Condition: "service-unavailable", Type: "wait"})},
		{code: "room-silent", name: "no answer", url: opsURL, events: in(silence("the room's answer to our presence"))},
		{code: "room-silent", name: "no answer, and cto= is long", url: opsURL + "?cto=30", events: in(silence("the room's answer to our presence"))},
		{code: "room-refused", name: "a condition without a rule", url: opsURL, events: in(xmppcore.Failure{Condition: "resource-constraint", Text: "no memory"})},
		{code: "room-nick-conflict", name: "keepalive ignores name=", url: opsURL + "?keepalive=yes", events: in(xmppcore.Failure{Condition: "conflict"})},
		{code: "room-no-voice", name: "two parts of one message", kind: Send, url: opsURL,
			events: then(upTo(xmppcore.StageBind), joined(xmppcore.RoomData{JID: ops, Nick: "alice", Role: "visitor"}),
				bounced(groupchat(ops, xmppcore.Written), xmppcore.StanzaError{Condition: "forbidden"}),
				bounced(xmppcore.DeliveryData{To: ops, Kind: "groupchat", Message: 2, ID: "second"}, xmppcore.StanzaError{Condition: "forbidden"}))},
	}
}

// deliveryCases are what became of messages, but for what is recorded.
func deliveryCases() []findingCase {
	const bob = "bob@example.test"
	sent := upTo(xmppcore.StageBind)
	unsent := func(to string, f xmppcore.Failure) []xmppcore.Event {
		d := chat(to, xmppcore.NotSent)
		return then(sent, item(failed(xmppcore.StageSend, d, f), d.ID), failed(xmppcore.StageSend, nil, f))
	}
	return []findingCase{
		{code: "illegal-target", name: "a colon in the local part", kind: Send, url: "xmpps://alice:PW@example.test/b%3Ab@example.test/carol",
			events: then(unsent("b:b@example.test", xmppcore.Failure{Cause: xmppcore.CauseIllegalStanza, Detail: "the JID b:b@example.test breaks RFC 7622"}),
				delivered(chat("carol@example.test", xmppcore.Accepted)))},
		{code: "illegal-character", name: "a control character in the body", kind: Send,
			events: unsent(bob, xmppcore.Failure{Cause: xmppcore.CauseIllegalStanza, Detail: "U+0007 at character 12 of the body cannot be written in XML"})},
		{code: "message-too-big", name: "XEP-0478", kind: Send,
			events: unsent(bob, xmppcore.Failure{Cause: xmppcore.CauseTooBig, Size: 300123, Limit: 262144, Detail: "the stanza has 300123 bytes, the server takes 262144"})},
		{code: "room-not-reflected", name: "no reflection", kind: Send, url: opsURL,
			events: then(sent, joined(xmppcore.RoomData{JID: ops, Nick: "alice"}),
				item(failed(xmppcore.StageAck, groupchat(ops, xmppcore.Accepted), silence("the room to reflect the message")), "id-"+ops))},
		{code: "target-forbidden", name: "federation is off", kind: Send, url: "xmpps://alice:PW@example.test/bob@other.test",
			events: then(sent, bounced(chat("bob@other.test", xmppcore.Written), xmppcore.StanzaError{Condition: "not-allowed", Text: "Communication with remote domains is not enabled"}))},
		{code: "no-acknowledgement", name: "the ping is not answered, for two targets", kind: Send, url: "xmpps://alice:PW@example.test/bob/carol",
			events: then(sent,
				item(failed(xmppcore.StageAck, chat(bob, xmppcore.Written), silence("the server's answer to a ping after the message")), "id-"+bob),
				item(failed(xmppcore.StageAck, chat("carol@example.test", xmppcore.Written), silence("the server's answer to a ping after the message")), "id-carol@example.test"))},
		{code: "bounced", name: "a condition without a rule", kind: Send,
			events: then(sent, bounced(chat(bob, xmppcore.Written), xmppcore.StanzaError{Condition: "resource-constraint", Text: "queue is full"}))},
		{code: "target-missing", name: "one of two, and a room with a nick conflict", kind: Send, url: "xmpps://alice:PW@example.test/bob/carol/%23ops@conference.example.test",
			also: []string{"target-missing"}, first: "room-nick-conflict",
			events: then(sent, refused(ops, xmppcore.Failure{Condition: "conflict"}),
				item(failed(xmppcore.StageSend, groupchat(ops, xmppcore.NotSent), xmppcore.Failure{Cause: xmppcore.CauseRoom, Condition: "conflict"}), "id-"+ops),
				delivered(chat("carol@example.test", xmppcore.Received)),
				bounced(chat(bob, xmppcore.Written), xmppcore.StanzaError{Condition: "service-unavailable"}))},
	}
}

// adviceCases are runs that did what they were asked to, and deserve a word.
func adviceCases() []findingCase {
	with := func(d xmppcore.RoomData) []xmppcore.Event {
		d.JID = ops
		return then(upTo(xmppcore.StageBind), joined(d))
	}
	unchecked := plainTLS()
	unchecked.Verified, unchecked.Problem = false, "the certificate is valid for other.test, not for example.test"
	few := xmppcore.SASLData{Offered: []string{"SCRAM-SHA-1"}, Used: "SCRAM-SHA-1", Predicted: "SCRAM-SHA-1", Iterations: 1000}
	unbound := xmppcore.SASLData{Offered: plainFeatures().Mechanisms, Used: "SCRAM-SHA-256", Iterations: 10000}
	late := silence("the roster")
	late.Stage = xmppcore.StageRoster
	noRoute := because(xmppcore.CauseUnreachable)
	noRoute.Stage = xmppcore.StageTCP
	return []findingCase{
		{code: "ipv6-broken", name: "no route to the first address",
			events: then([]xmppcore.Event{{Stage: xmppcore.StageTCP, Item: "[2001:db8::7]:5222", State: xmppcore.Warn, Failure: &noRoute}}, upTo(xmppcore.StageBind)...)},
		{code: "certificate-unchecked", name: "verify=no", url: "xmpps://alice:PW@example.test/bob?verify=no", events: upTo(xmppcore.StageBind, unchecked)},
		{code: "scram-few-iterations", name: "1000", events: upTo(xmppcore.StageBind, few)},
		{code: "scramplus-breaks-apprise", name: "a modern server", url: "xmpps://alice:PW@example.test/bob?scramplus=no", events: upTo(xmppcore.StageBind, unbound)},
		{code: "roster-refused", name: "silent roster", url: "xmpps://alice:PW@example.test/bob?roster=yes",
			events: then(upTo(xmppcore.StageBind), xmppcore.Event{Stage: xmppcore.StageRoster, State: xmppcore.Warn, Failure: &late})},
		{code: "room-nick-changed", name: "210", url: opsURL, events: with(xmppcore.RoomData{Nick: "alice_1", Codes: []int{110, 210}})},
		{code: "room-visitor", name: "a check of a moderated room", url: opsURL, events: with(xmppcore.RoomData{Nick: "alice", Role: "visitor", Codes: []int{110}})},
		{code: "remote-unheard", name: "accepted for another server", kind: Send, url: "xmpps://alice:PW@example.test/bob@other.test",
			events: then(upTo(xmppcore.StageBind), delivered(chat("bob@other.test", xmppcore.Accepted)))},
	}
}
