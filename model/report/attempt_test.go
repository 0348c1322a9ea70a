package report_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/model/modeltest"
	"xmppscope/model/report"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// inAttempt puts events into an attempt, each after the start of its stage.
func inAttempt(n int, events ...event.Event) []event.Event {
	var all []event.Event
	open := map[event.Stage]bool{}
	for _, e := range events {
		e.Attempt = n
		if !open[e.Stage] {
			open[e.Stage] = true
			all = append(all, event.Event{Attempt: n, Stage: e.Stage, State: event.Start})
		}
		all = append(all, e)
	}
	return all
}

func reached(to, kind string, evidence event.Evidence) event.Event {
	stage := event.StageAck
	if evidence == event.Written {
		stage = event.StageSend
	}
	return item(ok(stage, event.Delivery{To: to, Kind: kind, Message: 1, ID: "id of " + to, Evidence: evidence}),
		"id of "+to)
}

func waited() event.Event { return ok(event.StageWait, nil) }

func TestAttempts(t *testing.T) {
	const bob, ops = "bob@example.test", "ops@conference.example.test"
	closed := failed(event.StageAck, nil, because(event.CauseClosed))
	refused := failed(event.StageTCP, nil, because(event.CauseRefused))
	first := append(plainFacts(), reached(ops, "groupchat", event.Reflected), reached(bob, "chat", event.Written), closed)
	tests := []struct {
		name     string
		attempts [][]event.Event
		err      error
		code     model.ExitCode
		stages   string // of the last attempt
		bob      event.Evidence
		findings int
	}{
		{"the second succeeds", [][]event.Event{first,
			append([]event.Event{waited()}, append(plainFacts(), reached(bob, "chat", event.Accepted))...)},
			nil, model.ExitDone, "wait dns tcp stream starttls tls features sasl bind ack", event.Accepted, 0},
		{"the second finds no server", [][]event.Event{first, {waited(), refused}},
			refused.Failure, model.ExitSome, "wait tcp", event.Written, 1},
		{"no attempt finds a server", [][]event.Event{{refused}, {waited(), refused}, {waited(), refused}},
			refused.Failure, model.ExitConnect, "wait tcp", event.NotSent, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := model.NewRun(1, model.Send, urlspec.Spec{Reading: modeltest.Reading()}, []event.Message{{Body: "hi"}})
			var events []event.Event
			for n, attempt := range test.attempts {
				events = append(events, inAttempt(n+1, attempt...)...)
			}
			modeltest.Tell(r, events...)
			r.Finish(test.err)
			if r.ExitCode() != test.code || r.Attempt != len(test.attempts) || len(r.Events) != len(events) {
				t.Errorf("exit code %d, attempt %d, %d events; want %d, %d, %d", r.ExitCode(), r.Attempt, len(r.Events),
					test.code, len(test.attempts), len(events))
			}
			var names []string
			for _, s := range report.ResultOf(t.Context(), r).Stages {
				names = append(names, string(s.Stage))
			}
			if got := strings.Join(names, " "); got != test.stages {
				t.Errorf("stages %q, want %q", got, test.stages)
			}
			i := slices.IndexFunc(r.Deliveries, func(d event.Delivery) bool { return d.To == bob })
			if r.Deliveries[i].Evidence != test.bob {
				t.Errorf("bob's is %+v, want %q", r.Deliveries[i], test.bob)
			}
			errors := 0
			for _, f := range finding.Of(t.Context(), r) {
				if f.Severity == urlspec.Error {
					errors++
				}
			}
			if errors != test.findings {
				t.Errorf("%d findings of errors, want %d: %+v", errors, test.findings, finding.Of(t.Context(), r))
			}
			if test.code != model.ExitDone && r.OK() {
				t.Error("a failure is called a success")
			}
		})
	}
}

// TestAttemptVerdict: Apprise repeats only what it takes for a failure.
func TestAttemptVerdict(t *testing.T) {
	hangsUp := failed(event.StageStream, nil, because(event.CauseClosed)) // Apprise reports one or the other
	refused := failed(event.StageTCP, nil, because(event.CauseRefused))   // Apprise reports failure
	fine := append(append([]event.Event{waited()}, plainFacts()...),      // it delivers
		item(ok(event.StageMUC, event.Room{JID: "ops@conference.example.test", Joined: true}), "ops@conference.example.test"),
		reached("ops@conference.example.test", "groupchat", event.Reflected),
		reached("bob@example.test", "chat", event.Accepted))
	for want, first := range map[finding.AppriseResult]event.Event{finding.ReportsEither: hangsUp,
		finding.ReportsSuccess: refused} {
		r := model.NewRun(1, model.Send, urlspec.Spec{Reading: modeltest.Reading()}, []event.Message{{Body: "hi"}})
		modeltest.Tell(r, append(inAttempt(1, first), inAttempt(2, fine...)...)...)
		r.Finish(nil)
		v := finding.Apprise(r)
		if v.WouldReport != want || v.WouldDeliver != (want == finding.ReportsSuccess) || !r.OK() {
			t.Errorf("first attempt %s: verdict %+v, ok %v", first.Failure.Cause, v, r.OK())
		}
	}
}

// TestAttemptOptional: optional=yes turns Apprise's verdict, not the truth.
func TestAttemptOptional(t *testing.T) {
	spec := urlspec.Spec{Reading: modeltest.Reading()}
	spec.Reading.Optional = true
	r := model.NewRun(1, model.Send, spec, []event.Message{{Body: "hi"}})
	refused := failed(event.StageTCP, nil, because(event.CauseRefused))
	modeltest.Tell(r, append(inAttempt(1, refused), inAttempt(2, waited(), refused)...)...)
	r.Finish(refused.Failure)
	if v := finding.Apprise(r); v.WouldReport != "success" || v.WouldDeliver {
		t.Errorf("verdict %+v", v)
	}
	if r.OK() || r.ExitCode() != model.ExitConnect {
		t.Errorf("ok %v, exit code %d", r.OK(), r.ExitCode())
	}
}

func TestAttemptInJSON(t *testing.T) {
	for attempt, want := range map[int]string{0: "", 1: "", 2: `"attempt":2`, 11: `"attempt":11`} {
		line, err := json.Marshal(report.Line(event.Event{Seq: 1, Attempt: attempt, Stage: event.StageTCP, State: event.OK}))
		if err != nil || strings.Contains(string(line), "attempt") != (want != "") || !strings.Contains(string(line), want) {
			t.Errorf("attempt %d: %s, %v", attempt, line, err)
		}
	}
}
