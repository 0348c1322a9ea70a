package model

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// reading is one user and one room over STARTTLS.
func reading() urlspec.Reading {
	return urlspec.Reading{
		Accepted: true, LoginJID: "alice@example.test", StreamTo: "example.test",
		TCPHost: "127.0.0.1", Port: 5222, Mode: urlspec.ModeSTARTTLS, Nick: "alice", Verify: true, ScramPlus: true,
		Targets: []urlspec.Address{
			{Kind: urlspec.Groupchat, JID: "ops@conference.example.test"},
			{Kind: urlspec.Chat, JID: "bob@example.test"},
		},
	}
}

// play applies events, numbering and timing them ten milliseconds apart.
func play(r *Run, events ...xmppcore.Event) {
	for i, e := range events {
		e.Seq, e.At = i+1, time.Duration(i)*10*time.Millisecond
		r.Apply(e)
	}
}

func TestPlannedStages(t *testing.T) {
	direct, none, roster := reading(), reading(), reading()
	direct.Mode, none.Mode = urlspec.ModeTLS, urlspec.ModeNone
	none.Targets = none.Targets[1:]
	roster.Roster = true
	for _, c := range []struct {
		name    string
		kind    Kind
		reading urlspec.Reading
		want    string
	}{
		{"check over starttls", Check, reading(), "[dns tcp stream starttls tls features sasl bind muc close]"},
		{"send over direct TLS: handshake before the stream", Send, direct, "[dns tcp tls stream features sasl bind muc send ack close]"},
		{"no TLS, no room", Send, none, "[dns tcp stream features sasl bind send ack close]"},
		{"roster", Check, roster, "[dns tcp stream starttls tls features sasl bind roster muc close]"},
	} {
		if got := fmt.Sprint(PlannedStages(c.kind, c.reading)); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestStageTimesAndItems(t *testing.T) {
	r := NewRun(1, Check, urlspec.Spec{Reading: reading()}, nil)
	room := xmppcore.RoomData{JID: "ops@conference.example.test", Nick: "alice", Joined: true, Codes: []int{110}}
	play(r,
		xmppcore.Event{Stage: xmppcore.StageMUC, State: xmppcore.Start, Text: "joining 1 room"},
		xmppcore.Event{Stage: xmppcore.StageMUC, Item: room.JID, State: xmppcore.OK, Text: "joined", Data: room},
		xmppcore.Event{Stage: xmppcore.StageMUC, State: xmppcore.OK, Text: "1 of 1 joined"},
	)
	got := *r.Stage(xmppcore.StageMUC)
	want := Stage{Name: xmppcore.StageMUC, State: xmppcore.OK, Took: 20 * time.Millisecond, Text: "1 of 1 joined", Events: []int{1, 2, 3}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]xmppcore.RoomData{room}, r.Rooms); diff != "" {
		t.Error(diff)
	}
}

func TestAnItemDoesNotEndItsStage(t *testing.T) {
	r := NewRun(1, Check, urlspec.Spec{Reading: reading()}, nil)
	play(r,
		xmppcore.Event{Stage: xmppcore.StageTCP, State: xmppcore.Start},
		xmppcore.Event{Stage: xmppcore.StageTCP, Item: "[::1]:5222", State: xmppcore.Fail, Text: "refused"},
	)
	if s := r.Stage(xmppcore.StageTCP); s.State != xmppcore.Start || s.Failure != nil {
		t.Errorf("stage is %q with failure %v, want it still running", s.State, s.Failure)
	}
}

func TestRepeatedEventsAreIgnored(t *testing.T) {
	r := NewRun(1, Check, urlspec.Spec{Reading: reading()}, nil)
	e := xmppcore.Event{Seq: 1, Stage: xmppcore.StageDNS, State: xmppcore.Start}
	r.Apply(e)
	r.Apply(e)
	if len(r.Events) != 1 {
		t.Errorf("%d events, want 1", len(r.Events))
	}
}

func TestEvidenceIsALadder(t *testing.T) {
	bob := xmppcore.DeliveryData{To: "bob@example.test", Kind: "chat", Message: 1, ID: "m1"}
	at := func(e xmppcore.Evidence) xmppcore.DeliveryData { d := bob; d.Evidence = e; return d }
	bounced := at(xmppcore.Written)
	bounced.Error = &xmppcore.StanzaError{Condition: "service-unavailable", Type: "cancel"}
	ops := xmppcore.DeliveryData{To: "ops@conference.example.test", Kind: "groupchat", Message: 1, Evidence: xmppcore.Accepted}
	reflected := ops
	reflected.Evidence = xmppcore.Reflected
	for _, c := range []struct {
		d    xmppcore.DeliveryData
		want bool
	}{
		{bob, false}, {at(xmppcore.Written), false}, {at(xmppcore.Accepted), true}, {at(xmppcore.Received), true},
		{bounced, false}, {ops, false}, {reflected, true},
	} {
		if got := Delivered(c.d); got != c.want {
			t.Errorf("%s %q, error %v: delivered %v, want %v", c.d.Kind, c.d.Evidence, c.d.Error, got, c.want)
		}
	}

	r := NewRun(1, Send, urlspec.Spec{Reading: reading()}, []xmppcore.Message{{Body: "hi"}})
	play(r,
		xmppcore.Event{Stage: xmppcore.StageAck, Item: "m1", State: xmppcore.OK, Data: at(xmppcore.Received)},
		xmppcore.Event{Stage: xmppcore.StageAck, Item: "m1", State: xmppcore.OK, Data: at(xmppcore.Accepted)},
	)
	if got := r.Deliveries[1].Evidence; got != xmppcore.Received {
		t.Errorf("evidence went down to %q", got)
	}
}

// TestLookUpsAreJoined: SRV records are told beside the address, before or
// after it.
func TestLookUpsAreJoined(t *testing.T) {
	one, two := srv("_xmpp-client", "x1.example.test", 5222, 1), srv("_xmpps-client", "x2.example.test", 443, 1)
	address := ok(xmppcore.StageDNS, xmppcore.DNSData{Host: "host.test", Addresses: []string{"192.0.2.7"}, SRV: []xmppcore.SRVRecord{one}})
	first := item(ok(xmppcore.StageDNS, xmppcore.DNSData{Host: "example.test", SRV: []xmppcore.SRVRecord{one}}), "_xmpp-client")
	second := item(ok(xmppcore.StageDNS, xmppcore.DNSData{Host: "example.test", SRV: []xmppcore.SRVRecord{two}}), "_xmpps-client")
	want := &xmppcore.DNSData{Host: "host.test", Addresses: []string{"192.0.2.7"}, SRV: []xmppcore.SRVRecord{one, two}}
	for _, order := range [][]xmppcore.Event{{first, second, address}, {first, address, second}, {address, first, second}} {
		if diff := cmp.Diff(want, told(Check, "xmpps://alice:PW@example.test/bob", order...).DNS); diff != "" {
			t.Errorf("%v first: %s", order[0].Item, diff)
		}
	}
}

func TestExitCodes(t *testing.T) {
	fail := func(s xmppcore.Stage, c xmppcore.Cause) error { return &xmppcore.Failure{Stage: s, Cause: c} }
	delivered := xmppcore.DeliveryData{To: "bob@example.test", Kind: "chat", Message: 1, Evidence: xmppcore.Accepted}
	for _, c := range []struct {
		name string
		kind Kind
		err  error
		data []xmppcore.Data
		want ExitCode
	}{
		{"check passed", Check, nil, nil, ExitDone},
		{"no such host", Check, fail(xmppcore.StageDNS, xmppcore.CauseNoSuchHost), nil, ExitConnect},
		{"refused", Send, fail(xmppcore.StageTCP, xmppcore.CauseRefused), nil, ExitConnect},
		{"silent", Send, fail(xmppcore.StageFeatures, xmppcore.CauseTimeout), nil, ExitConnect},
		{"no STARTTLS", Check, fail(xmppcore.StageSTARTTLS, xmppcore.CauseNoSTARTTLS), nil, ExitTLS},
		{"certificate", Check, fail(xmppcore.StageTLS, xmppcore.CauseCertName), nil, ExitTLS},
		{"no mechanism", Check, fail(xmppcore.StageFeatures, xmppcore.CauseNoMechanisms), nil, ExitLogin},
		{"password", Send, fail(xmppcore.StageSASL, xmppcore.CauseAuth), nil, ExitLogin},
		{"bind", Check, fail(xmppcore.StageBind, xmppcore.CauseBind), nil, ExitLogin},
		{"a room of a check", Check, fail(xmppcore.StageMUC, xmppcore.CauseRoom), nil, ExitSome},
		{"the stream ends while a check waits for the roster", Check, fail(xmppcore.StageRoster, xmppcore.CauseStreamError), nil, ExitConnect},
		{"one of two", Send, fail(xmppcore.StageMUC, xmppcore.CauseRoom), []xmppcore.Data{delivered}, ExitSome},
		{"none of two", Send, fail(xmppcore.StageAck, xmppcore.CauseBounced), nil, ExitNothing},
		{"no evidence is no delivery, whatever was returned", Send, nil, nil, ExitNothing},
		{"cancelled", Send, fail(xmppcore.StageSASL, xmppcore.CauseCancelled), nil, ExitInterrupted},
		{"a bug", Send, errors.New("boom"), nil, ExitInternal},
	} {
		r := NewRun(1, c.kind, urlspec.Spec{Reading: reading()}, []xmppcore.Message{{Body: "hi"}})
		for i, d := range c.data {
			r.Apply(xmppcore.Event{Seq: i + 1, Stage: xmppcore.StageAck, Item: "x", State: xmppcore.OK, Data: d})
		}
		r.Finish(c.err)
		if got := r.ExitCode(); got != c.want {
			t.Errorf("%s: exit code %d, want %d", c.name, got, c.want)
		}
		if r.OK() != (c.want == ExitDone) {
			t.Errorf("%s: OK %v with exit code %d", c.name, r.OK(), c.want)
		}
	}
}

func TestXMLIsBounded(t *testing.T) {
	r := NewRun(1, Check, urlspec.Spec{}, nil)
	for i := range XMLLimit + 1 {
		r.ApplyXML(xmppcore.XML{Text: fmt.Sprint(i)})
	}
	if kept := len(r.XML); kept+r.XMLDropped != XMLLimit+1 || kept > XMLLimit {
		t.Errorf("kept %d, dropped %d of %d", kept, r.XMLDropped, XMLLimit+1)
	}
	if last := r.XML[len(r.XML)-1].Text; last != fmt.Sprint(XMLLimit) {
		t.Errorf("newest line is %q", last)
	}
}

func TestXMLIsBoundedInBytes(t *testing.T) {
	r := NewRun(1, Check, urlspec.Spec{}, nil)
	long := strings.Repeat("x", 8<<10)
	const lines = 1000
	for range lines {
		r.ApplyXML(xmppcore.XML{Text: long})
	}
	if held := len(r.XML) * len(long); held > XMLBytes || held < XMLBytes/2 || len(r.XML)+r.XMLDropped != lines {
		t.Errorf("holds %d bytes in %d lines, dropped %d of %d", held, len(r.XML), r.XMLDropped, lines)
	}
}

func TestHistoryForgetsTheOldest(t *testing.T) {
	var h History
	for range HistoryLimit + 3 {
		h.Add(NewRun(h.NextID(), Check, urlspec.Spec{}, nil))
	}
	if h.Len() != HistoryLimit || h.At(0).ID != 4 || h.Last().ID != HistoryLimit+3 {
		t.Errorf("%d runs, oldest %d, newest %d", h.Len(), h.At(0).ID, h.Last().ID)
	}
}
