package finding

import (
	"encoding/json"
	"math"
	"slices"
	"strings"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/message"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Verdict is what Apprise 2.1.0 with slixmpp 1.17 would have made of the same
// situation. Its result is that no SASL failure was seen and that the session
// ended in time, whatever else happened: so it reports success for much that
// never arrived. What it reports and what arrives are two questions.
type Verdict struct {
	// WouldReport is empty where the run has not the facts to tell; WouldDeliver
	// then means nothing, and is left out of JSON.
	WouldReport AppriseResult `json:"would_report,omitempty"`
	// WouldDeliver says whether every message would reach every target, as far
	// as evidence goes.
	WouldDeliver bool `json:"would_deliver,omitempty"`
	// DeliversTo are the targets that would get the messages, when not all do.
	DeliversTo []string `json:"delivers_to,omitempty"`
	Because    string   `json:"because"`
	// Assumes are codes of what the verdict takes for given: what Apprise trusts
	// (model.AppriseTrust), where a certificate was looked at.
	Assumes []string `json:"assumes,omitempty"`

	// partly is true when other targets may get the messages, which a check
	// cannot tell.
	partly bool
	// unseen is true for a login that we did not get through, and Apprise does.
	unseen bool
	// unshown is true when nothing came back, and nothing shows that a message arrives.
	unshown bool
	// checked is true for the verdict on a check, which sends nothing.
	checked bool
	// assuming is Assumes in words, where another assumption would change the verdict.
	assuming string
}

// AppriseResult is what Apprise reports of a notification.
type AppriseResult string

// What Apprise reports. Where the server hangs up before the login, a race
// between two of slixmpp's tasks decides: of 48 runs 31 failed.
const (
	ReportsSuccess AppriseResult = "success"
	ReportsFailure AppriseResult = "failure"
	ReportsEither  AppriseResult = "either"
)

// reports is what Apprise says, with the exit code of its command line.
var reports = map[AppriseResult]string{
	ReportsSuccess: "Apprise would report success (exit code 0)",
	ReportsFailure: "Apprise would report failure (exit code 1)",
	ReportsEither:  "Apprise would report success (exit code 0) or failure (exit code 1), by chance each time",
}

// Known reports whether the run has the facts to tell.
func (v Verdict) Known() bool { return v.WouldReport != "" }

// FalseSuccess reports whether Apprise would claim what is not so.
func (v Verdict) FalseSuccess() bool { return v.WouldReport == ReportsSuccess && !v.WouldDeliver }

// Reports tells whether the verdict fits what Apprise reported.
func (v Verdict) Reports(result AppriseResult) bool {
	return v.WouldReport == result || v.WouldReport == ReportsEither
}

// MarshalJSON leaves out what is not known.
func (v Verdict) MarshalJSON() ([]byte, error) {
	var deliver *bool
	if v.Known() {
		deliver = &v.WouldDeliver
	}
	return json.Marshal(struct {
		WouldReport  AppriseResult `json:"would_report,omitempty"`
		WouldDeliver *bool         `json:"would_deliver,omitempty"`
		DeliversTo   []string      `json:"delivers_to,omitempty"`
		Because      string        `json:"because"`
		Assumes      []string      `json:"assumes,omitempty"`
	}{v.WouldReport, deliver, v.DeliversTo, v.Because, v.Assumes})
}

// arrives says what would arrive, for behind what Apprise reports.
func (v Verdict) arrives() string {
	expected := v.WouldReport == ReportsSuccess // that all arrives
	joint := map[bool]string{true: ", and ", false: ", but "}
	switch {
	case v.WouldReport == ReportsEither && !v.WouldDeliver && len(v.DeliversTo) == 0:
		return "; either way nothing would arrive"
	case v.WouldDeliver && v.unseen:
		return joint[expected] + "as far as this run came, everything would arrive"
	case v.WouldDeliver && v.checked:
		return joint[expected] + "as far as a check shows, everything would arrive"
	case v.WouldDeliver:
		return joint[expected] + "everything would arrive"
	case len(v.DeliversTo) > 0 && v.WouldReport == ReportsFailure:
		return ", but messages would arrive at " + strings.Join(v.DeliversTo, ", ")
	case len(v.DeliversTo) > 0:
		return ", but messages would arrive only at " + strings.Join(v.DeliversTo, ", ")
	case v.partly:
		return joint[!expected] + "not every target would get the message"
	}
	if v.unshown {
		return joint[!expected] + "nothing shows that anything would arrive"
	}
	return joint[!expected] + "nothing would arrive"
}

// Sentence is the verdict in a sentence and the reason, without a full stop: what
// Apprise itself would say, what would arrive, and why.
func (v Verdict) Sentence() string {
	text := "This run does not show what Apprise would report, nor what would arrive"
	if v.Known() {
		text = reports[v.WouldReport] + v.arrives()
	}
	text += ". Why: " + v.Because
	if v.assuming != "" {
		text += ". This holds if " + v.assuming
	}
	return text
}

// Short is the verdict in a few words, for a column.
func (v Verdict) Short() string {
	switch {
	case !v.Known():
		return "unknown"
	case v.WouldDeliver:
		return string(v.WouldReport) + ", all arrives"
	case len(v.DeliversTo) > 0:
		return string(v.WouldReport) + ", a part arrives"
	case v.partly:
		return string(v.WouldReport) + ", a part may arrive"
	}
	return string(v.WouldReport) + ", nothing arrives"
}

// Fact is the verdict as a row.
func (v Verdict) Fact() fact.Fact {
	state := event.OK
	if !v.WouldDeliver || v.WouldReport != ReportsSuccess {
		state = event.Warn
	}
	return fact.Fact{Label: "verdict", Text: wire.Safe(v.Sentence()), State: state}
}

// Apprise predicts what Apprise 2.1.0 would have reported in this situation, and
// what would have arrived; see [Verdict.Known]. After a check, it is about what a
// send would do, as far as the check can know.
//
// Apprise makes another attempt only after one that it takes for a failure, so
// what it takes for a success is its verdict on the whole run.
func Apprise(r *model.Run) Verdict {
	if !r.Done {
		return unknown("the run goes on")
	}
	for _, earlier := range r.Earlier {
		switch v := (run{Run: earlier, edits: &editor{}}).judge(); {
		case v.FalseSuccess():
			v.Because += "; so it makes no other attempt"
			return v
		case v.WouldReport == ReportsEither:
			v.Because += "; where that counts as a success, it makes no other attempt"
			return v
		}
	}
	return (run{Run: r, edits: &editor{}}).judge()
}

// OfPlan is the verdict on a notification of which nothing can be sent.
func OfPlan(plan message.Batch) Verdict {
	if plan.Halved {
		return falseSuccess("slixmpp cannot write half a character (a surrogate)")
	}
	return failure("Apprise refuses it: " + plan.Reason)
}

// judge is the verdict on the newest attempt.
func (r run) judge() Verdict {
	f := r.about(r.Failure, nil)
	if !f.reading.Accepted {
		return failure("Apprise does not accept this URL, so it loads nothing and sends nothing")
	}
	if why := f.ownTrouble(); why != "" {
		return unknown(why)
	}
	verdict := f.session()
	verdict.checked = r.Kind == model.Check
	if verdict.Known() && f.reading.Verify && f.TLS != nil && f.reading.Mode != urlspec.ModeNone && !f.reading.Keepalive {
		verdict.Assumes = []string{r.Trust.Code()}
		if !verdict.same(f.trusting(model.TrustMozilla).session()) || !verdict.same(f.trusting(model.TrustSystem).session()) {
			verdict.assuming = r.Trust.Assumption()
		}
	}
	if dead := r.deadAddresses(); verdict.Known() && verdict.WouldDeliver && len(dead) > 0 {
		verdict.Because += "; where its resolver names " + dead[0] + ", which does not answer, before the others, " +
			"it comes no further than that one"
	}
	if verdict.Known() && math.IsInf(float64(f.reading.CTO), 0) {
		verdict.WouldReport = ReportsFailure
		verdict.Because = "cto= is infinite, which Python refuses at once (OverflowError)"
		if verdict.WouldDeliver || len(verdict.DeliversTo) > 0 {
			verdict.Because += ". The session goes on in the background all the same, as long as the program that called " +
				"Apprise runs"
		}
	}
	if verdict.Known() && f.reading.Optional && verdict.WouldReport != ReportsSuccess {
		verdict.WouldReport = ReportsSuccess
		verdict.Because += "; optional=yes turns the failure into a success"
	}
	return verdict
}

// trusting is the same run, where Apprise trusts another list of authorities.
func (f *facts) trusting(trust model.AppriseTrust) *facts {
	other := *f.Run
	other.Trust = trust
	return run{Run: &other, edits: f.edits}.about(f.failure, nil)
}

// same reports whether two verdicts forecast the same.
func (v Verdict) same(other Verdict) bool {
	return v.WouldReport == other.WouldReport && v.WouldDeliver == other.WouldDeliver &&
		slices.Equal(v.DeliversTo, other.DeliversTo)
}

// ownTrouble is why the run shows nothing of the server, "" when it does.
func (f *facts) ownTrouble() string {
	if f.failure == nil {
		return ""
	}
	switch f.failure.Cause {
	case event.CauseCancelled:
		return "the run was cancelled"
	case event.CauseInternal, event.CauseOwnLimit, event.CauseOwnSlow:
		return "the trouble is on our side (" + string(f.failure.Cause) + ")"
	case event.CauseProxy:
		return "the proxy failed, and Apprise goes without one"
	}
	return ""
}

// session is the verdict on a URL that Apprise loads.
func (f *facts) session() Verdict {
	if f.reading.Keepalive {
		return failure("with keepalive=yes Apprise 2.1.0 fails to connect, whatever the server")
	}
	v := f.beforeLogin()
	logsIn := v.WouldDeliver || !v.Known() && f.loggedIn()
	switch {
	case logsIn && slices.ContainsFunc(f.Messages, func(m event.Message) bool { return m.Halved }):
		return falseSuccess("an escape stands for half a character (a surrogate), which slixmpp cannot write")
	case v.Known() || !logsIn:
		return v
	}
	return f.afterLogin()
}

// The forms of a verdict. Reasons are clauses that follow a colon, without a
// full stop.
func failure(because string) Verdict { return Verdict{WouldReport: ReportsFailure, Because: because} }

// either is for a server that hangs up before the login.
func either(because string) Verdict { return Verdict{WouldReport: ReportsEither, Because: because} }

func falseSuccess(because string) Verdict {
	return Verdict{WouldReport: ReportsSuccess,
		Because: because + "; Apprise takes the end of the connection for the end of its work"}
}

// delivers is for a login that we did not get through, and Apprise does.
func delivers(because string) Verdict {
	return Verdict{WouldReport: ReportsSuccess, WouldDeliver: true, unseen: true,
		Because: because + "; we did not get far enough to see whether the targets take the message"}
}

// unknown is for a run that lacks the facts.
func unknown(because string) Verdict { return Verdict{Because: because} }
