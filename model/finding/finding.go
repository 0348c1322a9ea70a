package finding

import (
	"context"
	"slices"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Finding is one diagnosis: what happened, how we know, what it means, and
// what to change.
type Finding struct {
	// Code names the cause; Codes lists them all.
	Code string `json:"code"`
	// Severity is error for what failed. Warnings and infos are advice: the run
	// did what it was asked to all the same, and its exit code does not change.
	Severity urlspec.Severity `json:"severity"`
	// Title is one sentence; Explain says how we know and what it means.
	Title   string `json:"title"`
	Explain string `json:"explain"`
	// Events are the sequence numbers of the events that prove it.
	Events []int `json:"events"`
	// Fix is the edit of the URL that mends it, nil when no edit does.
	Fix *Fix `json:"fix,omitempty"`
	// Admin is what the server's operator would change: a Prosody or ejabberd
	// setting, or a DNS record.
	Admin string `json:"admin,omitempty"`

	// OtherPassword says that what mends it is to log in with another password.
	OtherPassword bool `json:"-"`

	remedy remedy
}

// Fix is an edit of the URL.
type Fix struct {
	Label string `json:"label"`
	// URL is the edited URL, redacted.
	URL string `json:"url"`
	// Edited is the edited URL as it is, with its password: never print it.
	Edited string `json:"-"`
	// Later says that trying again at once would make things worse.
	Later bool `json:"-"`
	// Risky says that it takes a protection away, without which somebody in between
	// can read the password. Cost is what it gives up, a sentence; empty for nothing.
	Risky bool   `json:"-"`
	Cost  string `json:"-"`
	// oursOnly says that Apprise fails with it, where it delivers without.
	oursOnly bool
}

// Code declares a finding for help, README and `explain CODE`.
type Code struct {
	Code     string
	Severity urlspec.Severity
	// Help says in one sentence what the finding means.
	Help string
	// Explanation says how it is recognised, what it means and what helps.
	Explanation string
	// Admin is the advice for the server's operator, if any.
	Admin string
	// Edit is the edit of the URL that mends it, in words, and Cost what that
	// gives up, a sentence. Both are empty when no edit does.
	Edit, Cost string
}

// Codes lists every finding there is: first what fails, in the order of
// the stages, then the advice.
func Codes() []Code {
	var codes []Code
	for _, r := range slices.Concat(rules, allAdvice) {
		codes = append(codes, Code{Code: r.code, Severity: r.level(), Help: r.help, Explanation: r.text, Admin: r.admin,
			Edit: r.remedy.edit, Cost: r.remedy.cost})
	}
	return codes
}

// rule is one row of the catalogue: what it asks of the facts, and what it
// says. Rules look at protocol facts (causes, defined conditions, certificates,
// addresses) and at a text only where servers give nothing else.
type rule struct {
	code     string
	severity urlspec.Severity // empty means error
	stage    event.Stage      // of advice on the run as a whole: whose events prove it
	help     string           // what it means, in one sentence that names no run
	text     string           // how we know and what helps, likewise
	causes   []event.Cause    // empty: any
	when     func(*facts) bool
	title    func(*facts) string
	// explain says what this run showed; nil means help and text say it all.
	explain func(*facts) string
	fix     func(*facts) *Fix // nil: no edit of the URL mends it
	remedy  remedy            // what fix does
	// password says that another password mends it.
	password bool
	admin    string
}

// rules is the catalogue of failures. For each failure the first rule that
// fires gives the finding, so the special cases stand before the general ones.
var rules = slices.Concat(ownRules, nameRules, connectRules, tlsRules, certificateRules, loginRules, bindingRules,
	peerRules, roomRules, deliveryRules, streamErrorRules, lastRules)

// allAdvice is the catalogue of what is worth saying although nothing failed.
var allAdvice = slices.Concat(pathAdvice, advice)

// facts is what a rule looks at: a run, and one thing of it that failed or
// deserves advice.
type facts struct {
	run
	reading urlspec.Reading
	// failure is what failed; advice has none.
	failure *event.Failure
	// room or delivery is set when it is about one of them.
	room     *event.Room
	delivery *event.Delivery
	// item is what the events call it.
	item string
	// events are the sequence numbers of the events that tell of it.
	events []int
}

// run is a run, and the questions that rules have to it.
type run struct {
	*model.Run
	edits *editor
}

// Of diagnoses a run. It is a pure function of the events so far. It gives one
// error for each thing that failed, the worst first, and then advice. The time that
// takes grows as the rooms and messages do, so it ends with ctx, and then there are
// none.
func Of(ctx context.Context, r *model.Run) []Finding {
	if r.Failure != nil && r.Failure.Cause == event.CauseCancelled {
		return nil
	}
	var all findings
	run := run{r, &editor{}}
	for _, f := range run.failures() {
		if ctx.Err() != nil {
			return nil
		}
		for i := range rules {
			if rules[i].fires(f) {
				all.add(rules[i].finding(f))
				break
			}
		}
	}
	for _, f := range run.remarkable() {
		if ctx.Err() != nil {
			return nil
		}
		for i := range allAdvice {
			if allAdvice[i].fires(f) {
				all.add(allAdvice[i].finding(f))
			}
		}
	}
	return all.list
}

// findings are collected one by one.
type findings struct {
	list []Finding
	at   map[findingKey]int // in the list
}

// findingKey is what two findings have in common that say the same.
type findingKey struct{ code, title string }

// add adds a finding. One that says the same as another, such as each part of a
// long message to one missing user, adds its events to it.
func (all *findings) add(f Finding) {
	key := findingKey{f.Code, f.Title}
	i, known := all.at[key]
	if !known {
		if all.at == nil {
			all.at = map[findingKey]int{}
		}
		all.at[key] = len(all.list)
		all.list = append(all.list, f)
		return
	}
	one := &all.list[i]
	if last := len(one.Events) - 1; last >= 0 && len(f.Events) > 0 && f.Events[0] > one.Events[last] {
		one.Events = append(one.Events, f.Events...) // as it nearly always is
		return
	}
	one.Events = slices.Compact(slices.Sorted(slices.Values(append(one.Events, f.Events...))))
}

func (rule *rule) level() urlspec.Severity {
	if rule.severity == "" {
		return urlspec.Error
	}
	return rule.severity
}

func (rule *rule) fires(f *facts) bool {
	if len(rule.causes) > 0 && (f.failure == nil || !slices.Contains(rule.causes, f.failure.Cause)) {
		return false
	}
	return rule.when == nil || rule.when(f)
}

func (rule *rule) finding(f *facts) Finding {
	found := Finding{Code: rule.code, Severity: rule.level(), Title: wire.Safe(rule.title(f)), Events: f.events,
		Admin: rule.admin, OtherPassword: rule.password, remedy: rule.remedy}
	if rule.stage != "" {
		found.Events = f.stageEvents(rule.stage)
	}
	if found.Events == nil {
		found.Events = []int{} // a list in JSON, always
	}
	found.Explain = rule.help
	if rule.text != "" {
		found.Explain += " " + rule.text
	}
	if rule.explain != nil {
		found.Explain = rule.explain(f)
	}
	found.Explain = wire.Safe(found.Explain)
	if rule.fix != nil {
		found.Fix = rule.fix(f)
	}
	if found.Fix != nil {
		found.Fix.Cost = rule.remedy.cost
	}
	return found
}

// at reports whether the failure belongs to one of the stages.
func (f *facts) at(stages ...event.Stage) bool { return slices.Contains(stages, f.failure.Stage) }

// condition reports whether the failure carries one of the defined conditions.
func (f *facts) condition(names ...string) bool {
	return f.failure != nil && slices.Contains(names, f.failure.Condition)
}

// failedWith is true of a failure with one of the defined conditions.
func failedWith(conditions ...string) func(*facts) bool {
	return func(f *facts) bool { return f.condition(conditions...) }
}
