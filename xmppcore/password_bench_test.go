package xmppcore

import (
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// BenchmarkFilter is what the filter costs: of an event, of an element as the XML
// pane shows it, and of a run, which makes one.
func BenchmarkFilter(b *testing.B) {
	job := Job{Reading: urlspec.Reading{LoginJID: "alice@example.test", Password: "Zq7xKv2mPw9L"}}
	rec := newRecorder(event.Trace{}, job)
	failure := &event.Failure{Cause: event.CauseRoom, Condition: "not-authorized", By: "ops@rooms.test",
		Text: strings.Repeat("The room wants a password that was not given. ", 5)}
	e := event.Event{Text: failure.Sentence(), Failure: failure, Item: "ops@rooms.test",
		Data: event.Room{JID: "ops@rooms.test", Nick: "alice", Error: failure}}
	body := wire.NewElement(wire.NSClient, "body").AddText(strings.Repeat("The disk is full. ", 10))
	message := wire.NewElement(wire.NSClient, "message", "from", "ops@rooms.test/bob", "to", "alice@example.test/here",
		"type", "groupchat", "id", "ye6w52zuwqcxd654ju3w67qn74").Add(body)
	for name, do := range map[string]func(){
		"event": func() { rec.filter.event(e) },
		"xml":   func() { rec.element(true, wire.Item{Kind: wire.Stanza, Element: message}) },
		"run":   func() { newRecorder(event.Trace{}, job) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				do()
			}
		})
	}
}
