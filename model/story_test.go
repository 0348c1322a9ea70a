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
	"xmppscope/xmppcore"
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
func ok(stage xmppcore.Stage, data xmppcore.Data) xmppcore.Event {
	return xmppcore.Event{Stage: stage, State: xmppcore.OK, Data: data}
}

func failed(stage xmppcore.Stage, data xmppcore.Data, f xmppcore.Failure) xmppcore.Event {
	f.Stage = stage
	return xmppcore.Event{Stage: stage, State: xmppcore.Fail, Data: data, Failure: &f}
}

func item(e xmppcore.Event, name string) xmppcore.Event {
	e.Item = name
	return e
}

// because is a failure with a cause alone.
func because(c xmppcore.Cause) xmppcore.Failure { return xmppcore.Failure{Cause: c} }

// silence is a deadline that ended.
func silence(waiting string) xmppcore.Failure {
	return xmppcore.Failure{Cause: xmppcore.CauseTimeout, Waiting: waiting, Waited: 4}
}

// Facts of a plain STARTTLS login at a modern server.
func plainFacts() []xmppcore.Event {
	return []xmppcore.Event{
		ok(xmppcore.StageDNS, xmppcore.DNSData{Host: "example.test", Addresses: []string{"192.0.2.7"}}),
		ok(xmppcore.StageTCP, xmppcore.TCPData{Host: "example.test", Port: 5222, Address: "192.0.2.7:5222"}),
		ok(xmppcore.StageStream, xmppcore.StreamData{From: "example.test", ID: "s1"}),
		ok(xmppcore.StageSTARTTLS, nil),
		ok(xmppcore.StageTLS, plainTLS()),
		ok(xmppcore.StageFeatures, plainFeatures()),
		ok(xmppcore.StageSASL, xmppcore.SASLData{Offered: plainFeatures().Mechanisms, Bindings: []string{"tls-exporter"},
			Predicted: "SCRAM-SHA-256-PLUS", Used: "SCRAM-SHA-256-PLUS", ChannelBinding: "tls-exporter", Iterations: 10000}),
		ok(xmppcore.StageBind, xmppcore.BindData{JID: "alice@example.test/r1"}),
	}
}

func plainTLS() xmppcore.TLSData {
	return xmppcore.TLSData{Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Verified: true, Reference: "example.test",
		Names: []string{"example.test", "conference.example.test"}, Subject: "CN=example.test", Issuer: "CN=R11,O=Let's Encrypt",
		NotBefore: "2026-01-01T00:00:00Z", NotAfter: "2026-04-01T00:00:00Z", SHA256: "ab12"}
}

func plainFeatures() xmppcore.FeaturesData {
	return xmppcore.FeaturesData{Encrypted: true, Bindings: []string{"tls-exporter"},
		Mechanisms: []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN"}}
}

// upTo is a run that went well up to a stage, with other facts for some of the
// stages: those of the same type.
func upTo(last xmppcore.Stage, instead ...xmppcore.Data) []xmppcore.Event {
	var events []xmppcore.Event
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

func sameType(a, b xmppcore.Data) bool {
	switch a.(type) {
	case xmppcore.DNSData:
		_, same := b.(xmppcore.DNSData)
		return same
	case xmppcore.TLSData:
		_, same := b.(xmppcore.TLSData)
		return same
	case xmppcore.FeaturesData:
		_, same := b.(xmppcore.FeaturesData)
		return same
	case xmppcore.SASLData:
		_, same := b.(xmppcore.SASLData)
		return same
	}
	return false
}

// without takes the stages of TLS out, for mode=none.
func without(events []xmppcore.Event, stages ...xmppcore.Stage) []xmppcore.Event {
	return slices.DeleteFunc(events, func(e xmppcore.Event) bool { return slices.Contains(stages, e.Stage) })
}

// then adds events to a run.
func then(events []xmppcore.Event, more ...xmppcore.Event) []xmppcore.Event {
	return append(slices.Clone(events), more...)
}

// told builds a run of one short message from what was told. It ends as
// xmppcore.Run does, with the first failure.
func told(kind Kind, text string, events ...xmppcore.Event) *Run {
	var messages []xmppcore.Message
	if kind == Send {
		messages = []xmppcore.Message{{Body: "hello"}}
	}
	r := NewRun(1, kind, urlspec.Parse(withCanary(text)), messages)
	var first error
	for i, e := range events {
		e.Seq, e.At = i+1, time.Duration(i+1)*10*time.Millisecond
		r.Apply(e)
		if first == nil && e.State == xmppcore.Fail && e.Failure != nil {
			first = e.Failure
		}
	}
	r.Finish(first)
	return r
}

// chat and groupchat are deliveries as far as they came.
func chat(to string, e xmppcore.Evidence) xmppcore.DeliveryData {
	return xmppcore.DeliveryData{To: to, Kind: "chat", Message: 1, ID: "id-" + to, Evidence: e}
}

func groupchat(to string, e xmppcore.Evidence) xmppcore.DeliveryData {
	d := chat(to, e)
	d.Kind = "groupchat"
	return d
}

// bounced tells that a delivery came back.
func bounced(d xmppcore.DeliveryData, e xmppcore.StanzaError) xmppcore.Event {
	d.Error = &e
	return item(failed(xmppcore.StageAck, d, xmppcore.Failure{Cause: xmppcore.CauseBounced, Condition: e.Condition, Type: e.Type, Text: e.Text}), d.ID)
}

// delivered tells the evidence of a delivery.
func delivered(d xmppcore.DeliveryData) xmppcore.Event { return item(ok(xmppcore.StageAck, d), d.ID) }

// joined and refused tell how a join went.
func joined(d xmppcore.RoomData) xmppcore.Event {
	d.Joined = true
	return item(ok(xmppcore.StageMUC, d), d.JID)
}

func refused(jid string, f xmppcore.Failure) xmppcore.Event {
	d := xmppcore.RoomData{JID: jid, Nick: "alice"}
	if f.Cause == "" {
		f.Cause = xmppcore.CauseRoom
	}
	if f.Condition != "" {
		d.Error = &xmppcore.StanzaError{Condition: f.Condition, Type: f.Type, Text: f.Text}
	}
	return item(failed(xmppcore.StageMUC, d, f), jid)
}
