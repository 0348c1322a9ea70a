package modeltest

import "xmppscope/xmppcore/event"

// Healthy are stories in which nothing failed, or that are not about a finding.
func Healthy() []Story {
	const bob = "bob@example.test"
	chain := PlainTLS()
	chain.Chain, chain.Names = Issued(FromPublicAuthority), []string{"example.test"}
	logged := func(more ...event.Event) []event.Event { return Then(UpTo(event.StageBind, chain), more...) }
	room := Joined(event.Room{JID: Ops, Nick: "alice", Role: "participant", Codes: []int{110, 100, 170}})
	sent := func(to string) event.Event { return Item(OK(event.StageSend, Chat(to, event.Written)), "id-"+to) }
	return []Story{
		{Name: "a check of a user", Events: logged()},
		{Name: "a check of a room", URL: OpsURL, Events: logged(room)},
		{Name: "a check up to tls", Events: UpTo(event.StageTLS, chain)},
		{Name: "a check that was not to log in", Events: UpTo(event.StageFeatures)},
		{Name: "without TLS", URL: "xmpp://alice:PW@example.test/bob",
			Events: Without(UpTo(event.StageBind), event.StageSTARTTLS, event.StageTLS)},
		{Name: "behind a proxy", Events: Then([]event.Event{OK(event.StageTCP, event.TCP{Host: "example.test", Port: 5222,
			Address: "example.test:5222", Proxy: "socks5://127.0.0.1:9050"})}, UpTo(event.StageBind)[2:]...)},
		{Name: "every rung", Send: true, URL: "xmpps://alice:PW@example.test/bob/carol/dave/%23ops@conference.example.test",
			Events: logged(room, Delivered(Chat(bob, event.Accepted)), Delivered(Chat("carol@example.test", event.Received)),
				sent("dave@example.test"), Delivered(Groupchat(Ops, event.Reflected)))},
		{Name: "to oneself", Send: true, URL: "xmpps://alice:PW@example.test/",
			Events: logged(Delivered(Chat("alice@example.test", event.Accepted)))},
		{Name: "cancelled while it sends", Send: true,
			Events: logged(sent(bob), Failed(event.StageAck, nil, Because(event.CauseCancelled)))},
		{Name: "cancelled before", Send: true,
			Events: Then(UpTo(event.StageTCP), Failed(event.StageStream, nil, Because(event.CauseCancelled)))},
		{Name: "SASL2",
			Events: UpTo(event.StageBind, event.SASL{Offered: []string{"SCRAM-SHA-1-PLUS", "PLAIN", "HT-SHA-256-NONE"},
				Bindings: []string{"tls-exporter", "tls-server-end-point"}, Predicted: "SCRAM-SHA-1-PLUS", Used: "SCRAM-SHA-1-PLUS",
				ChannelBinding: "tls-exporter", Flag: "p", Iterations: 4096, Salt: 16, SASL2: true,
				Passed: []event.PassedOver{{Mechanism: "PLAIN", Why: "it shows the password to the server"}}})},
	}
}
