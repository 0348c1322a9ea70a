package model_test

import (
	"context"
	"fmt"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// A run takes what the network tells, here of a message that came back.
func ExampleRun() {
	const bob = "bob@example.test"
	returned := modeltest.Bounced(modeltest.Chat(bob, event.Written), event.Failure{Condition: "service-unavailable"})
	network := modeltest.Story{Send: true, Events: modeltest.Then(modeltest.UpTo(event.StageBind), returned)}

	run := model.NewRun(1, model.Send, urlspec.Parse(network.Text()), network.Messages())
	run.Finish(network.Play(run.Apply))

	fmt.Println(run.Sentence())
	for _, f := range finding.Of(context.Background(), run) {
		fmt.Println(f.Title)
	}
	for _, f := range run.DeliveryFacts(run.Deliveries[0]) {
		fmt.Printf("%s: %s\n", f.Label, f.Text)
	}
	// Output:
	// failed at ack after 90 ms, 0 of 1; 1 failed: came back
	// There is probably no user bob@example.test.
	// message: bob@example.test
	// evidence: came back: service-unavailable
	// proves: the message was returned with an error, so the target does not have it
	// stanza id: id-bob@example.test
}
