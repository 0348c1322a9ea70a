package model

import (
	"cmp"
	"strings"
	"testing"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// recordedCase is a recording of the four servers and the code of the finding
// that their answer leads to. An empty code means that the server has no such
// recording.
type recordedCase struct {
	trace string
	// prosody and ejabberd are the codes, which differ where the servers do.
	prosody, ejabberd string
	url               string
	// answer builds the run from what the server said.
	answer func(t *testing.T, server, trace string) []event.Event
	// apprise is the verdict.
	apprise string
}

// room is a URL with one room.
func roomURL(name string) string {
	return "xmpps://alice:PW@example.test/%23" + name + "@conference.example.test"
}

func recordedCases() []recordedCase {
	same := func(code, trace, url string, answer func(*testing.T, string, string) []event.Event, apprise string) recordedCase {
		return recordedCase{trace: trace, prosody: code, ejabberd: code, url: url, answer: answer, apprise: apprise}
	}
	return []recordedCase{
		same("room-nick-conflict", "muc-join-conflict", roomURL("open"), joinAnswer, "false success"),
		same("room-members-only", "muc-join-membersonly", roomURL("members"), joinAnswer, "failure"),
		same("room-members-only", "muc-join-membersonly", roomURL("members")+"?cto=30", joinAnswer, "false success"),
		same("room-banned", "muc-join-banned", roomURL("banroom"), joinAnswer, "failure"),
		same("room-password", "muc-join-password-missing", roomURL("secret"), joinAnswer, "failure"),
		same("room-password", "muc-join-password-wrong", roomURL("secret"), joinAnswer, "failure"),
		same("room-service-missing", "muc-join-nohost", "xmpps://alice:PW@example.test/%23open@nosuchconf.example.test", joinAnswer, "failure"),
		same("room-created", "muc-join-newroom", "", newRoomAnswer, "success"),
		same("room-removed", "muc-kicked", roomURL("open"), kickAnswer, "false success"),
		same("room-not-joined", "muc-msg-notjoined", roomURL("open"), roomMessageAnswer, "false success"),
		same("room-no-voice", "muc-msg-novoice", roomURL("moderated"), roomMessageAnswer, "false success"),
		same("target-missing", "chat-nouser", "xmpps://alice:PW@example.test/nosuchuser", messageAnswer, "false success"),
		same("target-server-missing", "remote-127.0.0.2", "xmpps://alice:PW@example.test/someone@127.0.0.2", messageAnswer, "false success"),
		same("target-server-missing", "remote-nxdomain.lab", "xmpps://alice:PW@example.test/someone@nxdomain.lab", messageAnswer, "false success"),
		{trace: "auth-wrong-password", prosody: "wrong-password", ejabberd: "login-refused", answer: loginAnswer, apprise: "failure"},
		{trace: "auth-empty-password", prosody: "wrong-password", ejabberd: "login-refused", answer: loginAnswer, apprise: "failure"},
		{trace: "auth-unknown-user", prosody: "unknown-account", ejabberd: "login-refused", answer: loginAnswer, apprise: "failure"},
		{trace: "resource-conflict", prosody: "resource-conflict", ejabberd: "resource-conflict", answer: endAnswer, apprise: "false success"},
		{trace: "server-shutdown", prosody: "server-trouble", ejabberd: "server-trouble", answer: endAnswer, apprise: "false success"},
		{trace: "malformed-xml", prosody: "not-well-formed", ejabberd: "not-well-formed", answer: endAnswer, apprise: "false success"},
		{trace: "bad-namespace", prosody: "not-well-formed", answer: endAnswer, apprise: "false success"},
	}
}

func stanzaErrorOf(e wire.StanzaError) event.Failure {
	return event.Failure{Condition: e.Condition, Type: e.Type, Text: e.Text, By: e.By}
}

// joinAnswer is the error presence that answers a join.
func joinAnswer(t *testing.T, server, trace string) []event.Event {
	e, found := lastReading(t, server, trace, wire.AsStanzaError)
	if !found {
		return nil
	}
	return then(upTo(event.StageBind), refused("", event.Failure{Condition: e.Condition, Type: e.Type, Text: e.Text}))
}

// newRoomAnswer is our own presence in a room that was just created.
func newRoomAnswer(t *testing.T, server, trace string) []event.Event {
	p, found := lastReading(t, server, trace, func(e *wire.Element) (wire.Presence, bool) {
		p, ok := wire.AsPresence(e)
		return p, ok && p.Has(wire.StatusCreated)
	})
	if !found {
		return nil
	}
	room, nick, _ := strings.Cut(p.From, "/")
	return then(upTo(event.StageBind), joined(event.Room{JID: room, Nick: nick, Codes: p.Codes, Role: p.Role}))
}

// kickAnswer is the presence with which a room throws us out.
func kickAnswer(t *testing.T, server, trace string) []event.Event {
	p, found := lastReading(t, server, trace, func(e *wire.Element) (wire.Presence, bool) {
		p, ok := wire.AsPresence(e)
		return p, ok && p.Has(wire.StatusKicked) && p.Has(wire.StatusSelf)
	})
	if !found {
		return nil
	}
	f := event.Failure{Cause: event.CauseRoom, Removed: true, Text: p.Reason, Detail: "kicked out of the room by " + p.Actor}
	return then(upTo(event.StageBind), joined(event.Room{Nick: "alice"}), refused("", f))
}

// messageAnswer and roomMessageAnswer are the error that a message came back
// with.
func messageAnswer(t *testing.T, server, trace string) []event.Event {
	e, found := bounce(t, server, trace)
	if !found {
		return nil
	}
	return then(upTo(event.StageBind), bounced(chat("", event.Written), stanzaErrorOf(e)))
}

func roomMessageAnswer(t *testing.T, server, trace string) []event.Event {
	e, found := bounce(t, server, trace)
	if !found {
		return nil
	}
	return then(upTo(event.StageBind), joined(event.Room{Nick: "alice"}), bounced(groupchat("", event.Written), stanzaErrorOf(e)))
}

func bounce(t *testing.T, server, trace string) (wire.StanzaError, bool) {
	return lastReading(t, server, trace, func(e *wire.Element) (wire.StanzaError, bool) {
		s, ok := wire.AsStanzaError(e)
		return s, ok && e.Is(wire.NSClient, "message")
	})
}

// loginAnswer is the failure of a login.
func loginAnswer(t *testing.T, server, trace string) []event.Event {
	f, found := lastReading(t, server, trace, wire.AsFailure)
	if !found {
		return nil
	}
	return noLogin(upTo(event.StageFeatures), event.SASL{Used: "SCRAM-SHA-256"},
		event.Failure{Cause: event.CauseAuth, Condition: f.Condition, Text: f.Text})
}

// endAnswer is the error that ended a stream, while a message was on its way.
func endAnswer(t *testing.T, server, trace string) []event.Event {
	e, found := lastReading(t, server, trace, wire.AsStreamError)
	if !found {
		return nil
	}
	f := event.Failure{Cause: event.CauseStreamError, Condition: e.Condition, Text: e.Text}
	return then(upTo(event.StageBind), item(failed(event.StageAck, chat("", event.Written), f), "id-"), failed(event.StageAck, nil, f))
}

// TestFindingsOnRecordings: what four real servers answered leads to the right
// finding.
func TestFindingsOnRecordings(t *testing.T) {
	for _, c := range recordedCases() {
		answered := 0
		for _, server := range servers() {
			want := c.ejabberd
			if strings.HasPrefix(server, "prosody") {
				want = c.prosody
			}
			events := c.answer(t, server, c.trace)
			if events == nil {
				continue
			}
			answered++
			r := recordedRun(c, events)
			found := r.Findings()
			if len(found) != 1 || found[0].Code != want {
				t.Errorf("%s %s: want %s, got %s", server, c.trace, want, marshal(t, found))
				continue
			}
			if got := verdictOf(r); got != c.apprise {
				v, _ := r.Apprise()
				t.Errorf("%s %s: Apprise: %s, want %s: %+v", server, c.trace, got, c.apprise, v)
			}
			if c.apprise != "success" && r.OK() {
				t.Errorf("%s %s: the run counts as success", server, c.trace)
			}
			checkFindings(t, r)
		}
		if answered == 0 {
			t.Errorf("no server answered in %s", c.trace)
		}
	}
}

// recordedRun plays events at the URL of a case: rooms and deliveries without
// an address are those of its first target.
func recordedRun(c recordedCase, events []event.Event) *Run {
	text, kind := cmp.Or(c.url, "xmpps://alice:PW@example.test/bob"), Send
	for _, e := range events {
		if d, ok := e.Data.(event.Room); ok && d.JID != "" {
			text, kind = "xmpps://alice:PW@example.test/%23"+d.JID+"?name="+d.Nick, Check
		}
	}
	to := told(kind, text).Spec.Reading.Targets[0].JID
	for i, e := range events {
		switch d := e.Data.(type) {
		case event.Room:
			if d.JID == "" {
				d.JID, events[i].Item = to, to
			}
			events[i].Data = d
		case event.Delivery:
			d.To = to
			events[i].Data = d
		}
	}
	return told(kind, text, events...)
}
