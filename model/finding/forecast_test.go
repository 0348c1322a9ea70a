package finding_test

import (
	"testing"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/model/modeltest"
)

// TestForecasts: in every situation that was played with the real Apprise on real
// servers, the verdict on our run is what Apprise reported and delivered.
func TestForecasts(t *testing.T) {
	servers, reported, either := map[string]int{}, map[string]int{}, 0
	for _, f := range modeltest.Forecasts(t) {
		servers[f.Server]++
		reported[f.Reported]++
		v := finding.Apprise(f.Run())
		if v.WouldReport == finding.ReportsEither {
			either++
		}
		if problem := f.Differs(string(v.WouldReport), v.WouldDeliver, v.DeliversTo); problem != "" {
			t.Errorf("%s, %s, %s: %s: %s", f.Server, f.Kind, f.Situation, problem, v.Sentence())
		}
	}
	if len(servers) != 5 {
		t.Errorf("recordings of %d servers, want 5: %v", len(servers), servers)
	}
	for server, n := range servers {
		if n < 150 {
			t.Errorf("only %d recordings of %s", n, server)
		}
	}
	total := reported["success"] + reported["failure"]
	if reported["failure"] < total/10 || reported["success"] < total/10 || either > total/10 {
		t.Errorf("the recordings show too little: %v, %d by chance", reported, either)
	}
}

// TestCheckAgreesWithSend: a check forecasts the report of the send, and no more
// arriving than what the send shows of rooms.
func TestCheckAgreesWithSend(t *testing.T) {
	type situation struct{ server, name string }
	sends := map[situation]finding.Verdict{}
	all := modeltest.Forecasts(t)
	for _, f := range all {
		if f.Kind == model.Send {
			sends[situation{f.Server, f.Situation}] = finding.Apprise(f.Run())
		}
	}
	for _, f := range all {
		if f.Kind != model.Check || f.OfMessage {
			continue
		}
		check, send := finding.Apprise(f.Run()), sends[situation{f.Server, f.Situation}]
		if check.WouldReport != send.WouldReport || send.WouldDeliver && !check.WouldDeliver {
			t.Errorf("%s, %s:\ncheck: %s\nsend:  %s", f.Server, f.Situation, check.Sentence(), send.Sentence())
		}
	}
}
