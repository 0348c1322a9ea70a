package report_test

import (
	"context"
	"fmt"
	"strings"

	"xmppscope/model"
	"xmppscope/model/modeltest"
	"xmppscope/model/report"
	"xmppscope/xmppcore/event"
)

// One run, for a person and for a program.
func Example() {
	run := modeltest.Told(model.Check, "xmpps://alice:PW@example.test/bob", modeltest.UpTo(event.StageBind)...)

	markdown := report.New(context.Background(), run, "xmppscope 1.0", "26 November 2026").Markdown()
	fmt.Println(strings.Join(strings.Split(markdown, "\n")[:7], "\n"))

	result := report.ResultOf(context.Background(), run)
	fmt.Println(result.OK, result.BoundJID)
	// Output:
	// # xmppscope report
	//
	// xmppscope 1.0, 26 November 2026, check
	//
	//     xmpps://alice:••••••••@example.test/bob
	//
	// Result: ok after 80 ms, logged in.
	// true alice@example.test/r1
}
