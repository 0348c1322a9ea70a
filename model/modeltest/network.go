package modeltest

import (
	"context"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// Connect does what a URL says, at a server that is there, and builds the run
// of it. prepare says how that server is found and trusted. Without messages it
// is a check.
func Connect(t testing.TB, text string, prepare func(*xmppcore.Job), messages ...event.Message) *model.Run {
	t.Helper()
	spec := urlspec.Parse(text)
	if !spec.Reading.Accepted {
		t.Fatalf("Apprise does not accept the test's own URL %s", spec.Redacted())
	}
	kind := model.Check
	if len(messages) > 0 {
		kind = model.Send
	}
	run := model.NewRun(1, kind, spec, messages)
	job := xmppcore.Job{Reading: spec.Reading, Messages: messages}
	prepare(&job)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // for a run that hangs
	defer cancel()
	run.Finish(xmppcore.Run(ctx, job, event.Trace{Event: run.Apply, XML: run.ApplyXML}))
	return run
}
