package model_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xmppscope/model"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

func TestPlannedStages(t *testing.T) {
	named := modeltest.Reading()
	named.TCPHost = "host.test"
	direct, none, roster := named, named, named
	direct.Mode, none.Mode = urlspec.ModeTLS, urlspec.ModeNone
	none.Targets = none.Targets[1:]
	roster.Roster = true
	for _, c := range []struct {
		name    string
		kind    model.Kind
		reading urlspec.Reading
		want    string
	}{
		{"an address is not looked up", model.Check, modeltest.Reading(),
			"[tcp stream starttls tls features sasl bind muc close]"},
		{"check over starttls", model.Check, named, "[dns tcp stream starttls tls features sasl bind muc close]"},
		{"send over direct TLS: handshake before the stream", model.Send, direct,
			"[dns tcp tls stream features sasl bind muc send ack close]"},
		{"no TLS, no room", model.Send, none, "[dns tcp stream features sasl bind send ack close]"},
		{"roster", model.Check, roster, "[dns tcp stream starttls tls features sasl bind roster muc close]"},
	} {
		var got []event.Stage
		for _, s := range model.NewRun(1, c.kind, urlspec.Spec{Reading: c.reading}, nil).Stages {
			got = append(got, s.Name)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestStageTimesAndItems(t *testing.T) {
	r := model.NewRun(1, model.Check, urlspec.Spec{Reading: modeltest.Reading()}, nil)
	room := event.Room{JID: "ops@conference.example.test", Nick: "alice", Joined: true, Codes: []int{110}}
	modeltest.Tell(r,
		event.Event{Stage: event.StageMUC, State: event.Start, Text: "joining 1 room"},
		event.Event{Stage: event.StageMUC, Item: room.JID, State: event.OK, Text: "joined", Data: room},
		event.Event{Stage: event.StageMUC, State: event.OK, Text: "1 of 1 joined"},
	)
	got := *r.Stage(event.StageMUC)
	want := model.Stage{Name: event.StageMUC, State: event.OK, Took: 20 * time.Millisecond, Text: "1 of 1 joined",
		Events: []int{1, 2, 3}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]event.Room{room}, r.Rooms); diff != "" {
		t.Error(diff)
	}
}

func TestAnItemDoesNotEndItsStage(t *testing.T) {
	r := model.NewRun(1, model.Check, urlspec.Spec{Reading: modeltest.Reading()}, nil)
	modeltest.Tell(r,
		event.Event{Stage: event.StageTCP, State: event.Start},
		event.Event{Stage: event.StageTCP, Item: "[::1]:5222", State: event.Fail, Text: "refused"},
	)
	if s := r.Stage(event.StageTCP); s.State != event.Start || s.Failure != nil {
		t.Errorf("stage is %q with failure %v, want it still running", s.State, s.Failure)
	}
}

func TestRepeatedEventsAreIgnored(t *testing.T) {
	r := model.NewRun(1, model.Check, urlspec.Spec{Reading: modeltest.Reading()}, nil)
	e := event.Event{Seq: 1, Stage: event.StageDNS, State: event.Start}
	r.Apply(e)
	r.Apply(e)
	if len(r.Events) != 1 {
		t.Errorf("%d events, want 1", len(r.Events))
	}
}

func TestEvidenceIsALadder(t *testing.T) {
	bob := event.Delivery{To: "bob@example.test", Kind: "chat", Message: 1, ID: "m1"}
	at := func(e event.Evidence) event.Delivery { d := bob; d.Evidence = e; return d }
	bounced := at(event.Written)
	bounced.Error = &event.Failure{Condition: "service-unavailable", Type: "cancel"}
	ops := event.Delivery{To: "ops@conference.example.test", Kind: "groupchat", Message: 1, Evidence: event.Accepted}
	needing := func(d event.Delivery) event.Delivery { d.Need = event.Received; return d }
	reflected := ops
	reflected.Evidence = event.Reflected
	for _, c := range []struct {
		d    event.Delivery
		want bool
	}{
		{bob, false}, {at(event.Written), false}, {at(event.Accepted), true}, {at(event.Received), true},
		{bounced, false}, {ops, false}, {reflected, true}, {needing(at(event.Accepted)), false},
		{needing(at(event.Received)), true},
	} {
		if got := c.d.Good(); got != c.want {
			t.Errorf("%s %q, error %v: delivered %v, want %v", c.d.Kind, c.d.Evidence, c.d.Error, got, c.want)
		}
	}

	r := model.NewRun(1, model.Send, urlspec.Spec{Reading: modeltest.Reading()}, []event.Message{{Body: "hi"}})
	modeltest.Tell(r,
		event.Event{Stage: event.StageAck, Item: "m1", State: event.OK, Data: at(event.Accepted)},
		event.Event{Stage: event.StageAck, Item: "m1", State: event.Fail, Data: bounced, Failure: bounced.Error},
	)
	if got := r.Deliveries[1]; got.Evidence != event.Written || got.Good() {
		t.Errorf("an error did not take the evidence back: %+v", got)
	}
}

// TestOneAddressTwice: two targets that are one address are two deliveries.
func TestOneAddressTwice(t *testing.T) {
	spec := urlspec.Parse("xmpps://alice:pw@example.test/bob/bob@example.test")
	r := model.NewRun(1, model.Send, spec, []event.Message{{Body: "hi"}})
	for i, id := range []string{"m1", "m2"} {
		d := event.Delivery{To: "bob@example.test", Kind: "chat", Message: 1, ID: id, Evidence: event.Written}
		r.Apply(event.Event{Seq: 2*i + 1, Stage: event.StageSend, Item: id, State: event.OK, Data: d})
		d.Evidence = event.Accepted
		r.Apply(event.Event{Seq: 2*i + 2, Stage: event.StageAck, Item: id, State: event.OK, Data: d})
	}
	r.Finish(nil)
	if good, total := r.Delivered(); good != 2 || total != 2 || r.ExitCode() != model.ExitDone {
		t.Errorf("%d of %d, exit code %d: %+v", good, total, r.ExitCode(), r.Deliveries)
	}
}

// TestLookUpsAreJoined: SRV records are told beside the address, before or
// after it.
func TestLookUpsAreJoined(t *testing.T) {
	one, two := srv("_xmpp-client", "x1.example.test", 5222, 1), srv("_xmpps-client", "x2.example.test", 443, 1)
	address := ok(event.StageDNS, event.DNS{Host: "host.test", Addresses: []string{"192.0.2.7"},
		SRV: []event.SRVRecord{one}})
	first := item(ok(event.StageDNS, event.DNS{Host: "example.test", SRV: []event.SRVRecord{one}}), "_xmpp-client")
	second := item(ok(event.StageDNS, event.DNS{Host: "example.test", SRV: []event.SRVRecord{two}}), "_xmpps-client")
	want := &event.DNS{Host: "host.test", Addresses: []string{"192.0.2.7"}, SRV: []event.SRVRecord{one, two}}
	for _, order := range [][]event.Event{{first, second, address}, {first, address, second}, {address, first, second}} {
		if diff := cmp.Diff(want, told(model.Check, "xmpps://alice:PW@example.test/bob", order...).DNS); diff != "" {
			t.Errorf("%v first: %s", order[0].Item, diff)
		}
	}
}

func TestExitCodes(t *testing.T) {
	fail := func(s event.Stage, c event.Cause) error { return &event.Failure{Stage: s, Cause: c} }
	delivered := event.Delivery{To: "bob@example.test", Kind: "chat", Message: 1, Evidence: event.Accepted}
	for _, c := range []struct {
		name string
		kind model.Kind
		err  error
		data []event.Data
		want model.ExitCode
	}{
		{"check passed", model.Check, nil, nil, model.ExitDone},
		{"no such host", model.Check, fail(event.StageDNS, event.CauseNoSuchHost), nil, model.ExitConnect},
		{"refused", model.Send, fail(event.StageTCP, event.CauseRefused), nil, model.ExitConnect},
		{"silent", model.Send, fail(event.StageFeatures, event.CauseTimeout), nil, model.ExitConnect},
		{"no STARTTLS", model.Check, fail(event.StageSTARTTLS, event.CauseNoSTARTTLS), nil, model.ExitTLS},
		{"certificate", model.Check, fail(event.StageTLS, event.CauseCertName), nil, model.ExitTLS},
		{"no mechanism", model.Check, fail(event.StageFeatures, event.CauseNoMechanisms), nil, model.ExitLogin},
		{"password", model.Send, fail(event.StageSASL, event.CauseAuth), nil, model.ExitLogin},
		{"bind", model.Check, fail(event.StageBind, event.CauseBind), nil, model.ExitLogin},
		{"a room of a check", model.Check, fail(event.StageMUC, event.CauseRoom), nil, model.ExitSome},
		{"the stream ends while a check waits for the roster", model.Check, fail(event.StageRoster, event.CauseStreamError),
			nil, model.ExitConnect},
		{"one of two", model.Send, fail(event.StageMUC, event.CauseRoom), []event.Data{delivered}, model.ExitSome},
		{"none of two", model.Send, fail(event.StageAck, event.CauseBounced), nil, model.ExitNothing},
		{"no evidence is no delivery, whatever was returned", model.Send, nil, nil, model.ExitNothing},
		{"cancelled", model.Send, fail(event.StageSASL, event.CauseCancelled), nil, model.ExitInterrupted},
		{"a bug", model.Send, errors.New("boom"), nil, model.ExitInternal},
	} {
		r := model.NewRun(1, c.kind, urlspec.Spec{Reading: modeltest.Reading()}, []event.Message{{Body: "hi"}})
		for i, d := range c.data {
			r.Apply(event.Event{Seq: i + 1, Stage: event.StageAck, Item: "x", State: event.OK, Data: d})
		}
		r.Finish(c.err)
		if got := r.ExitCode(); got != c.want {
			t.Errorf("%s: exit code %d, want %d", c.name, got, c.want)
		}
		if r.OK() != (c.want == model.ExitDone) {
			t.Errorf("%s: OK %v with exit code %d", c.name, r.OK(), c.want)
		}
	}
}

func TestXMLIsBounded(t *testing.T) {
	r := model.NewRun(1, model.Check, urlspec.Spec{}, nil)
	for i := range model.XMLLimit + 1 {
		r.ApplyXML(event.XML{Text: fmt.Sprint(i)})
	}
	if kept := len(r.XML); kept+r.XMLDropped != model.XMLLimit+1 || kept > model.XMLLimit {
		t.Errorf("kept %d, dropped %d of %d", kept, r.XMLDropped, model.XMLLimit+1)
	}
	if last := r.XML[len(r.XML)-1].Text; last != fmt.Sprint(model.XMLLimit) {
		t.Errorf("newest line is %q", last)
	}
}

func TestXMLIsBoundedInBytes(t *testing.T) {
	r := model.NewRun(1, model.Check, urlspec.Spec{}, nil)
	long := strings.Repeat("x", 8<<10)
	const lines = 1000
	for range lines {
		r.ApplyXML(event.XML{Text: long})
	}
	if held := len(r.XML) * len(long); held > model.XMLBytes || held < model.XMLBytes/2 ||
		len(r.XML)+r.XMLDropped != lines {
		t.Errorf("holds %d bytes in %d lines, dropped %d of %d", held, len(r.XML), r.XMLDropped, lines)
	}
}

func TestHistoryForgetsTheOldest(t *testing.T) {
	var h model.History
	for range model.HistoryLimit + 3 {
		h.Add(model.NewRun(h.NextID(), model.Check, urlspec.Spec{}, nil))
	}
	if h.Len() != model.HistoryLimit || h.At(0).ID != 4 || h.Last().ID != model.HistoryLimit+3 {
		t.Errorf("%d runs, oldest %d, newest %d", h.Len(), h.At(0).ID, h.Last().ID)
	}
}
