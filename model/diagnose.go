package model

import (
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// Findings diagnoses the run from its events. It is a pure function of them.
func (r *Run) Findings() []Finding {
	f := r.Failure
	if f == nil || f.Cause == xmppcore.CauseCancelled {
		return nil
	}
	finding := Finding{Code: string(f.Cause), Severity: urlspec.Error, Title: f.Error()}
	if s := r.Stage(f.Stage); s != nil {
		finding.Events = s.Events
	}
	if f.Cause == xmppcore.CauseChannelBinding {
		finding.Code = "channel-binding-rejected"
		edit := r.Spec.SetParam("scramplus", "no")
		edited := edit.Apply(r.Spec.Text)
		finding.Fix = &FindingFix{Label: "add scramplus=no", URL: urlspec.Redact(edited), Edited: edited}
	}
	return []Finding{finding}
}

// Apprise predicts what Apprise 2.1.0 would have reported in this situation;
// known is false when the run says too little to tell.
func (r *Run) Apprise() (verdict Verdict, known bool) {
	return Verdict{}, false
}
