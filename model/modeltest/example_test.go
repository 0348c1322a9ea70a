package modeltest_test

import (
	"fmt"

	"xmppscope/model/modeltest"
	"xmppscope/xmppcore/event"
)

// A story in which the server says nothing after the connection.
func ExampleStory() {
	silent := modeltest.Story{Events: modeltest.Then(modeltest.UpTo(event.StageTCP),
		modeltest.Failed(event.StageStream, nil, modeltest.Silence(event.WaitHeader)))}

	run := silent.Run()
	fmt.Println(run.Sentence())
	fmt.Println(run.Stage(event.StageStream).Failure.Sentence())
	// Output:
	// failed at stream after 30 ms
	// waited 4 s for the stream header, nothing came
}
