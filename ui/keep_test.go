package ui

import (
	"testing"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// With keepalive=yes one session carries message after message, until another
// URL is run; without, each message has its own.
func TestKeepaliveKeepsTheSession(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	url := server.URL(urlspec.ModeSTARTTLS, "alice", "bob")
	const keepalive = "?keepalive=yes"
	s := open(t, 120, 40, Options{URL: url + keepalive, Body: "hello", Roots: server.Roots()})
	s.do, s.keeps = xmppcore.Notify, true // as without a fake
	send := func() string {
		t.Helper()
		s.press("ctrl+s")
		if len(s.dialogs) > 0 {
			s.press("enter") // the recipients are right
		}
		s.finish()
		run := s.runs.Last()
		if !run.OK() || run.Kind != model.Send || run.Bind == nil {
			t.Fatalf("the run of %s: %v", run.Kind, run.Failure)
		}
		return run.Bind.JID
	}
	first, second := send(), send()
	if first != second {
		t.Errorf("the second message came from %s, want the session %s", second, first)
	}
	s.press("ctrl+l", "end")
	for range keepalive {
		s.press("backspace")
	}
	third, fourth := send(), send()
	if third == second || fourth == third {
		t.Errorf("without keepalive the messages came from %s and %s, after %s", third, fourth, second)
	}
	if s.kept.keeper != nil {
		t.Error("the session of the other URL is still kept")
	}
}
