package finding_test

import (
	"context"
	"fmt"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/model/modeltest"
	"xmppscope/xmppcore/event"
)

// A room refuses the nick: the finding says so and edits the URL, and the
// verdict says what Apprise would have made of it.
func Example() {
	run := modeltest.Told(model.Send, modeltest.OpsURL, modeltest.Then(modeltest.UpTo(event.StageBind),
		modeltest.Refused(modeltest.Ops, event.Failure{Condition: "conflict"}))...)

	for _, f := range finding.Of(context.Background(), run) {
		fmt.Println(f.Title)
		fmt.Println(f.Fix.Label)
		fmt.Println(f.Fix.URL)
	}
	verdict := finding.Apprise(run)
	fmt.Println(verdict.WouldReport, verdict.WouldDeliver)
	// Output:
	// The nick "alice" is already taken in ops@conference.example.test.
	// use another nick: name=alice_notify
	// xmpps://alice:••••••••@example.test/%23ops@conference.example.test?name=alice_notify
	// failure false
}
