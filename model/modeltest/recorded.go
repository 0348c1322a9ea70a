package modeltest

import (
	"slices"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Recording is an answer of real servers as it was recorded, and the finding
// that it leads to.
type Recording struct {
	Trace string
	// Prosody and Ejabberd are the codes of the finding, which differ where the
	// servers do. An empty code means that the server has no such recording.
	Prosody, Ejabberd string
	// Apprise is the verdict, as in a Story, and Echoed the one where the server
	// repeats the join in its error, as ejabberd does; empty means the same one.
	Apprise, Echoed string

	url string
	// answer makes events of what the server said, none without a recording.
	answer func(t *testing.T, server, trace string) []event.Event
}

// roomURL is a URL with one room.
func roomURL(name string) string {
	return "xmpps://alice:PW@example.test/%23" + name + "@conference.example.test"
}

// Recordings are the answers that were recorded.
func Recordings() []Recording {
	same := func(code, trace, url string, answer func(*testing.T, string, string) []event.Event,
		apprise string) Recording {
		r := Recording{Trace: trace, Prosody: code, Ejabberd: code, Apprise: apprise, url: url, answer: answer}
		if apprise == "failure" {
			r.Echoed = "false success" // an error that is an answer ends the join, and Apprise goes on
		}
		return r
	}
	return []Recording{
		same("room-nick-conflict", "muc-join-conflict", roomURL("open"), joinAnswer, "failure"),
		same("room-members-only", "muc-join-membersonly", roomURL("members"), joinAnswer, "failure"),
		same("room-members-only", "muc-join-membersonly", roomURL("members")+"?cto=30", joinAnswer, "false success"),
		same("room-banned", "muc-join-banned", roomURL("banroom"), joinAnswer, "failure"),
		same("room-password", "muc-join-password-missing", roomURL("secret"), joinAnswer, "failure"),
		same("room-password", "muc-join-password-wrong", roomURL("secret"), joinAnswer, "failure"),
		same("room-service-missing", "muc-join-nohost", "xmpps://alice:PW@example.test/%23open@nosuchconf.example.test",
			joinAnswer, "failure"),
		same("room-created", "muc-join-newroom", "", newRoomAnswer, "false success"),
		same("room-removed", "muc-kicked", roomURL("open"), kickAnswer, "false success"),
		same("room-not-joined", "muc-msg-notjoined", roomURL("open"), roomMessageAnswer, "false success"),
		same("room-no-voice", "muc-msg-novoice", roomURL("moderated"), roomMessageAnswer, "false success"),
		same("target-missing", "chat-nouser", "xmpps://alice:PW@example.test/nosuchuser", messageAnswer, "false success"),
		same("target-server-missing", "remote-127.0.0.2", "xmpps://alice:PW@example.test/someone@127.0.0.2", messageAnswer,
			"false success"),
		same("target-server-missing", "remote-nxdomain.lab", "xmpps://alice:PW@example.test/someone@nxdomain.lab",
			messageAnswer, "false success"),
		{Trace: "auth-wrong-password", Prosody: "wrong-password", Ejabberd: "login-refused", answer: loginAnswer,
			Apprise: "failure"},
		{Trace: "auth-empty-password", Prosody: "wrong-password", Ejabberd: "login-refused", answer: loginAnswer,
			Apprise: "failure"},
		{Trace: "auth-unknown-user", Prosody: "unknown-account", Ejabberd: "login-refused", answer: loginAnswer,
			Apprise: "failure"},
		{Trace: "resource-conflict", Prosody: "resource-conflict", Ejabberd: "resource-conflict", answer: endAnswer,
			Apprise: "false success"},
		{Trace: "server-shutdown", Prosody: "server-trouble", Ejabberd: "server-trouble", answer: endAnswer,
			Apprise: "false success"},
		{Trace: "malformed-xml", Prosody: "not-well-formed", Ejabberd: "not-well-formed", answer: endAnswer,
			Apprise: "false success"},
		{Trace: "bad-namespace", Prosody: "not-well-formed", answer: endAnswer, Apprise: "false success"},
	}
}

func stanzaErrorOf(e wire.StanzaError) event.Failure {
	return event.Failure{Condition: e.Condition, Type: e.Type, Text: e.Text, By: e.By}
}

// joinAnswer is the error presence that answers a join.
func joinAnswer(t *testing.T, server, trace string) []event.Event {
	p, found := lastReading(t, server, trace, func(e *wire.Element) (wire.Presence, bool) {
		p, ok := wire.AsPresence(e)
		return p, ok && p.Error != nil
	})
	if !found {
		return nil
	}
	refused := Refused("", stanzaErrorOf(*p.Error))
	room := refused.Data.(event.Room)
	room.Echoed = p.Echoed
	refused.Data = room
	return Then(UpTo(event.StageBind), refused)
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
	return Then(UpTo(event.StageBind), Joined(event.Room{JID: room, Nick: nick, Codes: p.Codes, Role: p.Role}))
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
	f := event.Failure{Cause: event.CauseRoom, Removed: true, Text: p.Reason,
		Detail: "kicked out of the room by " + p.Actor}
	return Then(UpTo(event.StageBind), Joined(event.Room{Nick: "alice"}), Refused("", f))
}

// messageAnswer and roomMessageAnswer are the error that a message came back
// with.
func messageAnswer(t *testing.T, server, trace string) []event.Event {
	e, found := bounce(t, server, trace)
	if !found {
		return nil
	}
	return Then(UpTo(event.StageBind), Bounced(Chat("", event.Written), stanzaErrorOf(e)))
}

func roomMessageAnswer(t *testing.T, server, trace string) []event.Event {
	e, found := bounce(t, server, trace)
	if !found {
		return nil
	}
	return Then(UpTo(event.StageBind), Joined(event.Room{Nick: "alice"}),
		Bounced(Groupchat("", event.Written), stanzaErrorOf(e)))
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
	return NoLogin(UpTo(event.StageFeatures), event.SASL{Used: "SCRAM-SHA-256"},
		event.Failure{Cause: event.CauseAuth, Condition: f.Condition, Text: f.Text})
}

// endAnswer is the error that ended a stream, while a message was on its way.
func endAnswer(t *testing.T, server, trace string) []event.Event {
	e, found := lastReading(t, server, trace, wire.AsStreamError)
	if !found {
		return nil
	}
	f := event.Failure{Cause: event.CauseStreamError, Condition: e.Condition, Text: e.Text}
	return Then(UpTo(event.StageBind), Item(Failed(event.StageAck, Chat("", event.Written), f), "id-"),
		Failed(event.StageAck, nil, f))
}

// Stories are the runs that a recording makes, one for each server that has it.
func (r Recording) Stories(t *testing.T) []Story {
	t.Helper()
	var stories []Story
	for _, server := range servers() {
		code := r.Ejabberd
		if strings.HasPrefix(server, "prosody") {
			code = r.Prosody
		}
		if events := r.answer(t, server, r.Trace); events != nil {
			s := Story{Code: code, Name: server + " " + r.Trace, Send: true, URL: r.url, Events: events, Apprise: r.Apprise}
			if r.Echoed != "" && slices.ContainsFunc(events, echoes) {
				s.Apprise = r.Echoed
			}
			s.address()
			stories = append(stories, s)
		}
	}
	return stories
}

func echoes(e event.Event) bool {
	d, ok := e.Data.(event.Room)
	return ok && d.Echoed
}

// address gives the rooms and deliveries of a story that have none the address
// of its first target. A room that has one is joined in a check.
func (s *Story) address() {
	for _, e := range s.Events {
		if d, ok := e.Data.(event.Room); ok && d.JID != "" {
			s.URL, s.Send = "xmpps://alice:PW@example.test/%23"+d.JID+"?name="+d.Nick, false
		}
	}
	to := urlspec.Parse(s.Text()).Reading.Targets[0].JID
	for i, e := range s.Events {
		switch d := e.Data.(type) {
		case event.Room:
			if d.JID == "" {
				d.JID, s.Events[i].Item = to, to
			}
			s.Events[i].Data = d
		case event.Delivery:
			d.To = to
			s.Events[i].Data = d
		}
	}
}
