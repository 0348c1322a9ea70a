// Package modeltest has runs for the tests of the model and of what paints it.
//
// A [Story] is a run as the network tells it: which events come, and at which
// URL. [Stories] has one or more for every finding there is, [Recordings] those
// that answers of real servers make, [Healthy] those in which all went well;
// [All] has them together. Play one into whatever takes events: a run of the
// model, the screen, a command.
//
//	for _, s := range modeltest.All(t) {
//		run := model.NewRun(1, model.Check, urlspec.Parse(s.Text()), s.Messages())
//		run.Finish(s.Play(run.Apply))
//	}
//
// [Explorations] are what was found of all the ways to a server.
//
// What the stories are told with serves other tests as well: [UpTo] is a login
// up to a stage, [Failed], [Refused] and [Bounced] say what went wrong then.
//
// The package knows nothing of findings and fronts: what a story shows stands
// beside its events in plain words, and their tests compare.
package modeltest

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/xmppcore/event"
)

// Password is the password of every story, which stands as PW in its URL.
// Nothing that is shown may hold it in any form.
const Password = "c4n@ry/secret"

// WithPassword puts the password into a URL as it must be written there.
func WithPassword(text string) string {
	return strings.ReplaceAll(text, "PW", url.QueryEscape(Password))
}

// Story is a run as the network tells it, and what it shows.
type Story struct {
	// Code is the finding that the story is about; Name tells it from others of
	// the same code.
	Code, Name string
	// Send is true for a send of one short message; else it is a check.
	Send bool
	// URL has PW for the password; empty is one user over STARTTLS.
	URL    string
	Events []event.Event
	// First is the code of the first finding when that is not Code; Also are the
	// codes of those that follow it.
	First string
	Also  []string
	// Title is what the first finding says, Fixed the URL after its fix, with PW
	// for the password and empty without a fix.
	Title, Fixed string
	// Exit is the exit code of the run.
	Exit model.ExitCode
	// Apprise is the verdict: "success", "failure", "either", "false success" or
	// "unknown".
	Apprise string
}

// Stories are all stories that are not made of recordings.
func Stories() []Story {
	return slices.Concat(nameCases(), strangerCases(), besideCases(), connectCases(), greetingCases(), streamCases(),
		tlsCases(), certificateCases(), choiceCases(), loginCases(), bindingCases(), roomCases(), deliveryCases(), oddCases(),
		Served(), adviceCases())
}

// All are all stories, with those of the recordings.
func All(t *testing.T) []Story {
	t.Helper()
	all := slices.Concat(Healthy(), Stories())
	for _, r := range Recordings() {
		all = append(all, r.Stories(t)...)
	}
	return all
}

// Text is the URL of the story, with its password.
func (s Story) Text() string {
	if s.URL == "" {
		return WithPassword("xmpps://alice:PW@example.test/bob")
	}
	return WithPassword(s.URL)
}

// Messages are what the story sends; none for a check.
func (s Story) Messages() []event.Message {
	if s.Send {
		return []event.Message{{Body: "hello"}}
	}
	return nil
}

// Play tells the events, ten milliseconds apart, and ends as xmppcore.Run does:
// with the first failure.
func (s Story) Play(tell func(event.Event)) error {
	var first error
	for i, e := range s.Events {
		e.Seq, e.At = i+1, time.Duration(i+1)*10*time.Millisecond
		tell(e)
		if first == nil && e.State == event.Fail && e.Failure != nil {
			first = e.Failure
		}
	}
	return first
}

// OK ends a stage well.
func OK(stage event.Stage, data event.Data) event.Event {
	return event.Event{Stage: stage, State: event.OK, Data: data}
}

// Failed ends a stage with a failure.
func Failed(stage event.Stage, data event.Data, f event.Failure) event.Event {
	f.Stage = stage
	return event.Event{Stage: stage, State: event.Fail, Text: f.Sentence(), Data: data, Failure: &f}
}

// Item makes an event be about one thing of its stage.
func Item(e event.Event, name string) event.Event {
	e.Item = name
	return e
}

// Because is a failure with a cause alone.
func Because(c event.Cause) event.Failure { return event.Failure{Cause: c} }

// Silence is a deadline that ended.
func Silence(waiting event.Wait) event.Failure {
	return event.Failure{Cause: event.CauseTimeout, Waiting: waiting, Waited: 4}
}

// PlainFacts are a plain STARTTLS login at a modern server.
func PlainFacts() []event.Event {
	return []event.Event{
		OK(event.StageDNS, event.DNS{Host: "example.test", Addresses: []string{"192.0.2.7"}}),
		OK(event.StageTCP, event.TCP{Host: "example.test", Port: 5222, Address: "192.0.2.7:5222"}),
		OK(event.StageStream, event.Stream{From: "example.test", ID: "s1"}),
		OK(event.StageSTARTTLS, nil),
		OK(event.StageTLS, PlainTLS()),
		OK(event.StageFeatures, plainFeatures()),
		OK(event.StageSASL, event.SASL{Offered: plainFeatures().Mechanisms, Bindings: []string{"tls-exporter"},
			Predicted: "SCRAM-SHA-256-PLUS", Used: "SCRAM-SHA-256-PLUS", ChannelBinding: "tls-exporter", Iterations: 10000}),
		OK(event.StageBind, event.Bind{JID: "alice@example.test/r1"}),
	}
}

// PlainTLS is the handshake of such a login.
func PlainTLS() event.TLS {
	return event.TLS{Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Verified: true, Reference: "example.test",
		Names: []string{"example.test", "conference.example.test"}, Subject: "CN=example.test",
		Issuer:    "CN=R11,O=Let's Encrypt",
		NotBefore: "2026-01-01T00:00:00Z", NotAfter: "2026-04-01T00:00:00Z", SHA256: "ab12"}
}

// plainFeatures are the features of such a login.
func plainFeatures() event.Features {
	return event.Features{Encrypted: true, Bindings: []string{"tls-exporter"},
		Mechanisms: []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN"}}
}

// UpTo is a run that went well up to a stage, with other facts for some of the
// stages: those of the same type.
func UpTo(last event.Stage, instead ...event.Data) []event.Event {
	var events []event.Event
	for _, e := range PlainFacts() {
		for _, d := range instead {
			if reflect.TypeOf(d) == reflect.TypeOf(e.Data) {
				e.Data = d
			}
		}
		events = append(events, e)
		if e.Stage == last {
			break
		}
	}
	return events
}

// Without takes the stages of TLS out, for mode=none.
func Without(events []event.Event, stages ...event.Stage) []event.Event {
	return slices.DeleteFunc(events, func(e event.Event) bool { return slices.Contains(stages, e.Stage) })
}

// Then adds events to a run.
func Then(events []event.Event, more ...event.Event) []event.Event {
	return append(slices.Clone(events), more...)
}

// Chat is a delivery to a user as far as it came.
func Chat(to string, e event.Evidence) event.Delivery {
	return event.Delivery{To: to, Kind: "chat", Message: 1, ID: "id-" + to, Evidence: e}
}

// Groupchat is one to a room.
func Groupchat(to string, e event.Evidence) event.Delivery {
	d := Chat(to, e)
	d.Kind = "groupchat"
	return d
}

// Bounced tells that a delivery came back.
func Bounced(d event.Delivery, e event.Failure) event.Event {
	d.Error = &e
	return Item(Failed(event.StageAck, d, event.Failure{Cause: event.CauseBounced, Condition: e.Condition, Type: e.Type,
		Text: e.Text}), d.ID)
}

// Delivered tells the evidence of a delivery.
func Delivered(d event.Delivery) event.Event { return Item(OK(event.StageAck, d), d.ID) }

// Joined tells that a room was joined.
func Joined(d event.Room) event.Event {
	d.Joined = true
	return Item(OK(event.StageMUC, d), d.JID)
}

// Refused tells that a room did not let us in, or removed us.
func Refused(jid string, f event.Failure) event.Event {
	d := event.Room{JID: jid, Nick: "alice"}
	if f.Cause == "" {
		f.Cause = event.CauseRoom
	}
	if f.Condition != "" {
		d.Error = &event.Failure{Condition: f.Condition, Type: f.Type, Text: f.Text}
	}
	return Item(Failed(event.StageMUC, d, f), jid)
}
