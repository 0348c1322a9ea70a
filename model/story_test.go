package model

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// canary is the password of every test URL, where it stands as PW. Nothing that
// is shown may hold it in any form.
const canary = "c4n@ry/secret"

// withCanary puts the password into a URL as it must be written there.
func withCanary(text string) string {
	return strings.ReplaceAll(text, "PW", "c4n%40ry%2Fsecret")
}

// leaks says in which form a text holds the canary, "" when it does not.
func leaks(text string) string {
	for _, secret := range []string{canary, url.QueryEscape(canary), "c4n%40ry", "c4n@ry", base64.StdEncoding.EncodeToString([]byte(canary)),
		base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + canary))} {
		if strings.Contains(text, secret) {
			return secret
		}
	}
	return ""
}

// marshal is a value as JSON.
func marshal(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// ok and failed end a stage; item is one thing of it.
func ok(stage event.Stage, data event.Data) event.Event {
	return event.Event{Stage: stage, State: event.OK, Data: data}
}

func failed(stage event.Stage, data event.Data, f event.Failure) event.Event {
	f.Stage = stage
	return event.Event{Stage: stage, State: event.Fail, Data: data, Failure: &f}
}

func item(e event.Event, name string) event.Event {
	e.Item = name
	return e
}

// because is a failure with a cause alone.
func because(c event.Cause) event.Failure { return event.Failure{Cause: c} }

// silence is a deadline that ended.
func silence(waiting event.Wait) event.Failure {
	return event.Failure{Cause: event.CauseTimeout, Waiting: waiting, Waited: 4}
}

// Facts of a plain STARTTLS login at a modern server.
func plainFacts() []event.Event {
	return []event.Event{
		ok(event.StageDNS, event.DNS{Host: "example.test", Addresses: []string{"192.0.2.7"}}),
		ok(event.StageTCP, event.TCP{Host: "example.test", Port: 5222, Address: "192.0.2.7:5222"}),
		ok(event.StageStream, event.Stream{From: "example.test", ID: "s1"}),
		ok(event.StageSTARTTLS, nil),
		ok(event.StageTLS, plainTLS()),
		ok(event.StageFeatures, plainFeatures()),
		ok(event.StageSASL, event.SASL{Offered: plainFeatures().Mechanisms, Bindings: []string{"tls-exporter"},
			Predicted: "SCRAM-SHA-256-PLUS", Used: "SCRAM-SHA-256-PLUS", ChannelBinding: "tls-exporter", Iterations: 10000}),
		ok(event.StageBind, event.Bind{JID: "alice@example.test/r1"}),
	}
}

func plainTLS() event.TLS {
	return event.TLS{Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Verified: true, Reference: "example.test",
		Names: []string{"example.test", "conference.example.test"}, Subject: "CN=example.test", Issuer: "CN=R11,O=Let's Encrypt",
		NotBefore: "2026-01-01T00:00:00Z", NotAfter: "2026-04-01T00:00:00Z", SHA256: "ab12"}
}

func plainFeatures() event.Features {
	return event.Features{Encrypted: true, Bindings: []string{"tls-exporter"},
		Mechanisms: []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN"}}
}

// upTo is a run that went well up to a stage, with other facts for some of the
// stages: those of the same type.
func upTo(last event.Stage, instead ...event.Data) []event.Event {
	var events []event.Event
	for _, e := range plainFacts() {
		for _, d := range instead {
			if sameType(d, e.Data) {
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

func sameType(a, b event.Data) bool {
	switch a.(type) {
	case event.DNS:
		_, same := b.(event.DNS)
		return same
	case event.TLS:
		_, same := b.(event.TLS)
		return same
	case event.Features:
		_, same := b.(event.Features)
		return same
	case event.SASL:
		_, same := b.(event.SASL)
		return same
	}
	return false
}

// without takes the stages of TLS out, for mode=none.
func without(events []event.Event, stages ...event.Stage) []event.Event {
	return slices.DeleteFunc(events, func(e event.Event) bool { return slices.Contains(stages, e.Stage) })
}

// then adds events to a run.
func then(events []event.Event, more ...event.Event) []event.Event {
	return append(slices.Clone(events), more...)
}

// told builds a run of one short message from what was told. It ends as
// xmppcore.Run does, with the first failure.
func told(kind Kind, text string, events ...event.Event) *Run {
	var messages []event.Message
	if kind == Send {
		messages = []event.Message{{Body: "hello"}}
	}
	r := NewRun(1, kind, urlspec.Parse(withCanary(text)), messages)
	var first error
	for i, e := range events {
		e.Seq, e.At = i+1, time.Duration(i+1)*10*time.Millisecond
		r.Apply(e)
		if first == nil && e.State == event.Fail && e.Failure != nil {
			first = e.Failure
		}
	}
	r.Finish(first)
	return r
}

// chat and groupchat are deliveries as far as they came.
func chat(to string, e event.Evidence) event.Delivery {
	return event.Delivery{To: to, Kind: "chat", Message: 1, ID: "id-" + to, Evidence: e}
}

func groupchat(to string, e event.Evidence) event.Delivery {
	d := chat(to, e)
	d.Kind = "groupchat"
	return d
}

// bounced tells that a delivery came back.
func bounced(d event.Delivery, e event.Failure) event.Event {
	d.Error = &e
	return item(failed(event.StageAck, d, event.Failure{Cause: event.CauseBounced, Condition: e.Condition, Type: e.Type, Text: e.Text}), d.ID)
}

// delivered tells the evidence of a delivery.
func delivered(d event.Delivery) event.Event { return item(ok(event.StageAck, d), d.ID) }

// joined and refused tell how a join went.
func joined(d event.Room) event.Event {
	d.Joined = true
	return item(ok(event.StageMUC, d), d.JID)
}

func refused(jid string, f event.Failure) event.Event {
	d := event.Room{JID: jid, Nick: "alice"}
	if f.Cause == "" {
		f.Cause = event.CauseRoom
	}
	if f.Condition != "" {
		d.Error = &event.Failure{Condition: f.Condition, Type: f.Type, Text: f.Text}
	}
	return item(failed(event.StageMUC, d, f), jid)
}
