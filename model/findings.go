package model

import (
	"slices"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
)

// Finding is one diagnosis: what happened, how we know, what it means, and
// what to change.
type Finding struct {
	// Code names the cause; FindingCodes lists them all.
	Code     string           `json:"code"`
	Severity urlspec.Severity `json:"severity"`
	// Title is one sentence; Explain says how we know and what it means.
	Title   string `json:"title"`
	Explain string `json:"explain"`
	// Events are the sequence numbers of the events that prove it.
	Events []int `json:"events"`
	// Fix is the edit of the URL that mends it, nil when no edit does.
	Fix *FindingFix `json:"fix,omitempty"`
	// Admin is what the server's operator would change: a Prosody or ejabberd
	// setting, or a DNS record.
	Admin string `json:"admin,omitempty"`
}

// FindingFix is an edit of the URL.
type FindingFix struct {
	Label string `json:"label"`
	// URL is the edited URL, redacted.
	URL string `json:"url"`
	// Edited is the edited URL as it is, with its password: never print it.
	Edited string `json:"-"`
}

// FindingCode declares a finding for help, README and `explain CODE`.
type FindingCode struct {
	Code     string
	Severity urlspec.Severity
	// Help says in one sentence what the finding means.
	Help string
	// Admin is the advice for the server's operator, if any.
	Admin string
}

// FindingCodes lists every finding there is, in the order of the stages.
func FindingCodes() []FindingCode {
	var codes []FindingCode
	for _, r := range rules() {
		codes = append(codes, FindingCode{Code: r.code, Severity: urlspec.Error, Help: r.help, Admin: r.admin})
	}
	return codes
}

// rule is one row of the catalogue. A rule fires on a failure: on its cause,
// and on whatever else when asks of the run.
type rule struct {
	code   string
	help   string // what it means, in one sentence that names no run
	causes []xmppcore.Cause
	when   func(*facts) bool // nil: whenever the cause fits
	title  func(*facts) string
	// explain adds what this run showed; nil means help says it all.
	explain func(*facts) string
	fix     func(*facts) *FindingFix // nil: no edit of the URL mends it
	admin   string
}

// rules is the catalogue. For each failure the first rule that fires gives the
// finding, so the special cases stand before the general ones.
func rules() []rule {
	return slices.Concat(connectRules(), tlsRules(), loginRules(), roomRules(), deliveryRules(), lastRules())
}

// facts is what a rule looks at: a run, and one failure of it.
type facts struct {
	*Run
	reading urlspec.Reading
	failure *xmppcore.Failure
	// room or delivery is set when the failure is that of one of them.
	room     *xmppcore.RoomData
	delivery *xmppcore.DeliveryData
	// events are the sequence numbers of the events that tell of the failure.
	events []int
}

// Findings diagnoses the run. It is a pure function of the events so far, and
// gives at most one finding for each thing that failed.
func (r *Run) Findings() []Finding {
	if r.Failure == nil || r.Failure.Cause == xmppcore.CauseCancelled {
		return nil
	}
	catalogue := rules()
	var found []Finding
	for _, f := range r.failures() {
		for i := range catalogue {
			if finding, fires := catalogue[i].apply(f); fires {
				found = append(found, finding)
				break
			}
		}
	}
	return found
}

// failures lists what failed: the first failure of the connection, or else
// each room and delivery that did.
func (r *Run) failures() []*facts {
	about := func(failure *xmppcore.Failure, events []int) *facts {
		return &facts{Run: r, reading: r.Spec.Reading, failure: failure, events: events}
	}
	var all []*facts
	for i := range r.Rooms {
		room := &r.Rooms[i]
		if e := r.itemFailure(xmppcore.StageMUC, room.JID); e != nil {
			f := about(e.Failure, r.itemEvents(room.JID))
			f.room = room
			all = append(all, f)
		}
	}
	for i := range r.Deliveries {
		d := &r.Deliveries[i]
		if d.ID == "" || r.failedToJoin(d) {
			continue // its room's finding says why
		}
		if e := r.itemFailure("", d.ID); e != nil {
			f := about(e.Failure, r.itemEvents(d.ID))
			f.delivery = d
			all = append(all, f)
		}
	}
	if len(all) > 0 && (r.Failure.Stage == xmppcore.StageMUC || r.Failure.Stage == xmppcore.StageSend || r.Failure.Stage == xmppcore.StageAck) &&
		(r.Failure.Cause == xmppcore.CauseRoom || r.Failure.Cause == xmppcore.CauseBounced || r.Failure.Cause == xmppcore.CauseTimeout) {
		return all
	}
	var events []int
	if s := r.Stage(r.Failure.Stage); s != nil {
		events = s.Events
	}
	return append([]*facts{about(r.Failure, events)}, all...)
}

// itemFailure is the last event with which an item of a stage failed (of any
// stage, when stage is empty), or nil when its last word was a better one.
func (r *Run) itemFailure(stage xmppcore.Stage, item string) *xmppcore.Event {
	for i := len(r.Events) - 1; i >= 0; i-- {
		e := &r.Events[i]
		if e.Item != item || (stage != "" && e.Stage != stage) {
			continue
		}
		if e.State == xmppcore.Fail && e.Failure != nil {
			return e
		}
		if e.State == xmppcore.OK {
			return nil
		}
	}
	return nil
}

func (r *Run) itemEvents(item string) []int {
	var events []int
	for _, e := range r.Events {
		if e.Item == item {
			events = append(events, e.Seq)
		}
	}
	return events
}

func (r *Run) failedToJoin(d *xmppcore.DeliveryData) bool {
	return d.Kind == string(urlspec.Groupchat) && r.itemFailure(xmppcore.StageMUC, d.To) != nil
}

func (rule *rule) apply(f *facts) (Finding, bool) {
	if len(rule.causes) > 0 && !slices.Contains(rule.causes, f.failure.Cause) {
		return Finding{}, false
	}
	if rule.when != nil && !rule.when(f) {
		return Finding{}, false
	}
	finding := Finding{Code: rule.code, Severity: urlspec.Error, Title: rule.title(f), Explain: rule.help, Events: f.events, Admin: rule.admin}
	if rule.explain != nil {
		finding.Explain = rule.explain(f)
	}
	if rule.fix != nil {
		finding.Fix = rule.fix(f)
	}
	return finding, true
}

// edit gives the fix that makes the steps one after the other, each on the
// text that the step before it left; nil when nothing would change.
func (f *facts) edit(label string, steps ...func(urlspec.Spec) urlspec.Fix) *FindingFix {
	text := f.Spec.Text
	for _, step := range steps {
		text = step(urlspec.Parse(text)).Apply(text)
	}
	if text == f.Spec.Text {
		return nil
	}
	return &FindingFix{Label: label, URL: urlspec.Redact(text), Edited: text}
}

func setParam(name, value string) func(urlspec.Spec) urlspec.Fix {
	return func(s urlspec.Spec) urlspec.Fix { return s.SetParam(name, value) }
}

func removeParam(name string) func(urlspec.Spec) urlspec.Fix {
	return func(s urlspec.Spec) urlspec.Fix { return s.RemoveParam(name) }
}

func setPort(port int) func(urlspec.Spec) urlspec.Fix {
	return func(s urlspec.Spec) urlspec.Fix { return s.SetPort(port) }
}

// at reports whether the failure belongs to one of the stages.
func (f *facts) at(stages ...xmppcore.Stage) bool { return slices.Contains(stages, f.failure.Stage) }

// condition reports whether the failure carries one of the defined conditions.
func (f *facts) condition(names ...string) bool {
	return slices.Contains(names, f.failure.Condition)
}
