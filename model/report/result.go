package report

import (
	"context"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/xmppcore/event"
)

// Result is the last JSON line of check and send: product.md's contract,
// version 1. Absent values are absent.
type Result struct {
	V           int               `json:"v"`
	Type        fact.LineType     `json:"type"`
	OK          bool              `json:"ok"`
	FailedStage event.Stage       `json:"failed_stage,omitempty"`
	Failure     *event.Failure    `json:"failure,omitempty"`
	URL         string            `json:"url"` // redacted
	Stages      []StageResult     `json:"stages"`
	TCP         *event.TCP        `json:"tcp,omitempty"`
	TLS         *event.TLS        `json:"tls,omitempty"`
	SASL        *event.SASL       `json:"sasl,omitempty"`
	BoundJID    string            `json:"bound_jid,omitempty"`
	Rooms       []event.Room      `json:"rooms,omitempty"`
	Deliveries  []event.Delivery  `json:"deliveries,omitempty"`
	Findings    []finding.Finding `json:"findings,omitempty"`
	Apprise     *finding.Verdict  `json:"apprise,omitempty"`
}

// StageResult is one stage that was reached, times in milliseconds.
type StageResult struct {
	Stage   event.Stage `json:"stage"`
	State   event.State `json:"state"`
	StartMS float64     `json:"start_ms"`
	TookMS  float64     `json:"took_ms"`
}

// EventLine is one event as a JSON line.
type EventLine struct {
	V       int            `json:"v"`
	Type    fact.LineType  `json:"type"`
	Seq     int            `json:"seq"`
	AtMS    float64        `json:"at_ms"`
	Attempt int            `json:"attempt,omitempty"` // from 2
	Stage   event.Stage    `json:"stage"`
	Item    string         `json:"item,omitempty"`
	State   event.State    `json:"state"`
	Text    string         `json:"text"`
	Data    event.Data     `json:"data,omitempty"`
	Failure *event.Failure `json:"failure,omitempty"`
}

// Line is the JSON form of an event.
func Line(e event.Event) EventLine {
	if e.Attempt < 2 {
		e.Attempt = 0
	}
	return EventLine{V: 1, Type: fact.LineEvent, Seq: e.Seq, AtMS: model.Milliseconds(e.At), Attempt: e.Attempt,
		Stage: e.Stage, Item: e.Item, State: e.State, Text: e.Text, Data: e.Data, Failure: e.Failure}
}

// ResultOf sums a run up. It is meant for a run that is Done.
func ResultOf(ctx context.Context, r *model.Run) Result {
	res := Result{V: 1, Type: fact.LineResult, OK: r.OK(), URL: r.Spec.Redacted(), Stages: []StageResult{},
		TCP: r.TCP, TLS: r.TLS, SASL: r.SASL, Rooms: r.Rooms, Deliveries: r.Deliveries, Failure: r.Failure}
	if r.Failure != nil {
		res.FailedStage = r.Failure.Stage
	}
	for _, s := range r.Stages {
		if s.State != "" {
			res.Stages = append(res.Stages, StageResult{s.Name, s.State, model.Milliseconds(s.Start),
				model.Milliseconds(s.Took)})
		}
	}
	if r.Bind != nil {
		res.BoundJID = r.Bind.JID
	}
	res.Findings = finding.Of(ctx, r)
	if r.Done {
		verdict := finding.Apprise(r)
		res.Apprise = &verdict
	}
	return res
}
