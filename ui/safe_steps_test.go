package ui

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// expired is a server whose certificate has expired, and that takes any password
// while nobody checks.
func expired(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
	if job.Reading.Verify {
		return unchecked().run(ctx, job, trace)
	}
	events := told(upTo("close")...)
	for i := range events {
		if events[i].Stage == event.StageTLS {
			events[i].Data = event.TLS{Version: "TLS 1.3", Problem: "the certificate has expired"}
		}
	}
	return script{events: events}.run(ctx, job, trace)
}

// TestUnsafeStepAsks: no key turns checks off but !, which asks and takes no enter
// for a yes; what it leads to is no plain success, and is not offered back.
func TestUnsafeStepAsks(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL, Run: expired})
	s.press("enter")
	s.finish()
	s.mustShow("The certificate expired", "! unsafe: verify=no")
	for _, key := range []string{"f", "alt+f"} {
		s.press(key)
		if s.live != nil || s.url.text != goodURL {
			t.Fatalf("%s turns the checks off", key)
		}
		s.mustShow("no safe edit of the URL helps; ! asks")
	}
	s.press("!")
	s.mustShow("Unsafe", "anybody in between can then read", "y do it all the same")
	s.press("enter")
	if s.live != nil || s.url.text != goodURL {
		t.Fatal("enter is taken for a yes")
	}
	s.press("y")
	s.finish()
	if !strings.Contains(s.url.text, "verify=no") {
		t.Fatalf("y does not make it: %s", s.url.spec.Redacted())
	}
	s.mustShow("! It works with certificate checks off", "verify=no; u undoes it", "? help", "^c quit")
	s.press("f")
	if strings.Contains(s.url.text, "verify=yes") || s.live != nil {
		t.Error("the fix that was just made is offered back")
	}
	s.press("u")
	if s.url.text != goodURL {
		t.Error("undo does not take it back")
	}
}

// TestWrongPassword: the commonest failure has a key: the other password takes the
// place of the one in the URL, escaped, and is tried at once.
func TestWrongPassword(t *testing.T) {
	const url, right = "xmpps://alice:guess@example.test/bob", "r:i@g/h%t"
	refused := &event.Failure{Stage: event.StageSASL, Cause: event.CauseAuth, Condition: "not-authorized",
		Text: "Unable to authorize you with the authentication credentials you've sent. Password doesn't match."}
	run := func(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
		if job.Reading.Password == right {
			return delivered().run(ctx, job, trace)
		}
		events := told(append(upTo(event.StageSASL), "sasl fail the server refused the login")...)
		events[len(events)-1].Failure = refused
		return script{events: events, err: refused}.run(ctx, job, trace)
	}
	s := open(t, 80, 24, Options{URL: url, Run: run})
	s.press("enter")
	s.finish()
	s.mustShow("Wrong password for alice@example.test", "f type another password and retry")
	s.press("f")
	s.mustShow("Another password", "takes the place of the one in the URL")
	s.press("enter") // an empty one is none
	s.mustShow("Another password")
	s.press(right, "enter")
	s.finish()
	s.mustShow("It works")
	if s.url.reading.Password != right || strings.Contains(s.plain(), right) {
		t.Errorf("the URL is %s", s.url.spec.Redacted())
	}
}

// TestEmptyPart: alt+backspace empties the part under the cursor, whatever it holds.
func TestEmptyPart(t *testing.T) {
	s := open(t, 80, 24, Options{})
	s.press("xmpps://alice:p@ss@h.example/bob?mode=tls")
	s.Update(tea.KeyPressMsg{Code: tea.KeyBackspace, Mod: tea.ModAlt})
	if s.url.text != "xmpps://alice:p@ss@h.example/bob?mode=" {
		t.Errorf("the value: %s", s.url.text)
	}
	s.url.move(len("xmpps://alice:p"))
	s.Update(tea.KeyPressMsg{Code: tea.KeyBackspace, Mod: tea.ModAlt})
	if s.url.text != "xmpps://alice:@h.example/bob?mode=" {
		t.Errorf("the password: %s", s.url.text)
	}
}

// partial is a send in which nobody is found who is called ghost, and reaching one in
// which everybody is.
func partial(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
	return toAll(ctx, job, trace, "ghost")
}

func reaching(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
	return toAll(ctx, job, trace, "nobody")
}

func toAll(ctx context.Context, job xmppcore.Job, trace event.Trace, missing string) error {
	events := told(upTo("close")...)
	for i, to := range job.Reading.Targets {
		d := event.Delivery{To: to.JID, Kind: string(to.Kind), Message: 1, ID: "id-" + to.JID, Evidence: event.Accepted}
		state := event.OK
		if to.Kind == urlspec.Groupchat {
			d.Evidence = event.Reflected
		}
		if strings.HasPrefix(to.JID, missing) {
			d.Evidence, state = event.Written, event.Fail
			d.Error = &event.Failure{Stage: event.StageAck, Cause: event.CauseBounced, Condition: "item-not-found"}
		}
		events = append(events, event.Event{Seq: len(events) + 1 + i, Stage: event.StageAck, Item: d.ID, State: state,
			Text: "told", Data: d, Failure: d.Error})
		events[len(events)-1].Seq = len(events)
	}
	return script{events: events}.run(ctx, job, trace)
}

// TestPartialFailure: it is told first, with numbers; what failed stands first, and
// only that is sent to again.
func TestPartialFailure(t *testing.T) {
	var sent [][]string
	run := func(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
		var to []string
		for _, a := range job.Reading.Targets {
			to = append(to, a.JID)
		}
		sent = append(sent, to)
		return partial(ctx, job, trace)
	}
	const url = "xmpps://alice:pw@example.test/bob/ghost/%23ops@conference.example.test"
	s := open(t, 80, 24, Options{URL: url, Body: "hi", Run: run})
	s.press("ctrl+s", "enter")
	s.finish()
	s.mustShow("! 2 of 3 arrived: 1 user failed.")
	s.press("7", "esc")
	if lines := s.plain(); strings.Index(lines, "user ghost") > strings.Index(lines, "user bob") {
		t.Errorf("what failed is not first:\n%s", lines)
	}
	s.mustShow("2 of 3 arrived")
	s.press("S")
	s.mustShow("to 1 of 1 recipient", "[x] ghost@example.test")
	s.press("enter")
	s.finish()
	if len(sent) != 2 || len(sent[1]) != 1 || sent[1][0] != "ghost@example.test" {
		t.Errorf("sent to %q", sent)
	}
}

// TestNobodyGetsItTwice: what has come to somebody is not offered to be sent again, by
// whichever send it came, and who was left out by hand did not fail.
func TestNobodyGetsItTwice(t *testing.T) {
	const url = "xmpps://alice:pw@example.test/bob/ghost/%23ops@conference.example.test"
	healed := false
	run := func(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
		if healed {
			return reaching(ctx, job, trace)
		}
		return partial(ctx, job, trace)
	}
	s := open(t, 80, 24, Options{URL: url, Body: "hi", Run: run})
	s.press("ctrl+s", "enter")
	s.finish()
	healed = true
	s.press("S", "enter")
	s.finish()
	s.mustShow("Sent, 1 of 1")
	if strings.Contains(s.plain(), "resend") {
		t.Errorf("everybody has it, and it is offered again:\n%s", s.plain())
	}
	s.press("S")
	s.mustShow("everybody it was for got the last message")

	s = open(t, 80, 24, Options{URL: url, Body: "hi", Run: reaching})
	s.press("ctrl+s", "space", "enter") // the room is left out
	s.finish()
	s.mustShow("Sent, 2 of 2")
	s.press("S")
	s.mustShow("everybody it was for got the last message")
	s.press("ctrl+l", "end", "/carol", "esc", "S")
	s.mustShow("to 1 of 1 recipient", "[x] ", "carol@example.test")
}

// TestRecipientsAreChosen: space leaves a recipient out, in the dialog and in the
// pane, and nobody is sent to without being named.
func TestRecipientsAreChosen(t *testing.T) {
	var sent []string
	run := func(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
		sent = nil
		for _, a := range job.Reading.Targets {
			sent = append(sent, a.JID)
		}
		return partial(ctx, job, trace)
	}
	for _, d := range [][2]int{{80, 24}, {60, 20}, {40, 10}} {
		s := open(t, d[0], d[1], Options{URL: goodURL, Body: "hi", Run: run})
		s.press("ctrl+s")
		s.mustShow("[x] ops@conference")
		s.press("space", "enter")
		s.finish()
		if len(sent) != 1 || sent[0] != "bob@example.test" {
			t.Errorf("%v: sent to %q", d, sent)
		}
		s.press("7", "esc", "g", "space")
		s.press("ctrl+s", "a", "enter")
		s.finish()
		if len(sent) != 2 {
			t.Errorf("%v: all were chosen again, and it went to %q", d, sent)
		}
	}
}
