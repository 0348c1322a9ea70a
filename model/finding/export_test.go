package finding

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// What two findings of one run are about when they contradict each other.
const (
	ofRun     = "the run"
	ofAddress = "one room or target"
	ofDomain  = "one domain"
)

// contradictions are the findings that cannot be true together, each with those that it
// denies when they are about the same thing. "*" is any other error. They are one-sided
// in writing only.
var contradictions = []struct {
	about string
	code  string
	not   []string
}{
	// One thing ends a connection; see wholeCodes for the rest of them.
	{ofRun, "certificate-unchecked", []string{"certificate-name", "certificate-expired", "certificate-unknown-authority",
		"certificate-self-signed", "certificate-not-yet-valid", "certificate-invalid"}},
	{ofRun, "roster-too-long", []string{"roster-refused"}},
	{ofRun, "scramplus-breaks-apprise", []string{"channel-binding-required", "channel-binding-rejected",
		"channel-binding-mismatch", "wrong-password", "login-refused", "unknown-account"}},
	{ofRun, "bound-elsewhere", []string{"bind-refused", "login-refused", "wrong-password", "unknown-account"}},
	{ofRun, "scram-few-iterations", []string{"scram-iterations", "no-mechanisms", "no-common-mechanism"}},

	// A service that does not run, or is not there, has no answer of its own, so
	// whatever its rooms and users are said to have answered is invented.
	{ofDomain, "gateway-down", []string{"target-missing", "target-is-room", "target-unavailable", "offline-queue-full",
		"target-server-missing", "remote-unheard", "room-service-missing", "room-created", "room-visitor",
		"room-nick-changed", "room-missing", "room-full", "room-banned", "bounce-unclear"}},
	{ofDomain, "room-service-missing", []string{"room-created", "room-visitor", "room-nick-changed", "room-password",
		"room-members-only", "room-banned", "room-nick-conflict", "room-full", "room-moved", "room-service-forbidden",
		"target-is-room", "remote-unheard"}},
	{ofDomain, "target-server-missing", []string{"target-missing", "target-is-room", "target-unavailable",
		"offline-queue-full", "remote-unheard", "bounce-unclear"}},
	{ofDomain, "room-service-forbidden", []string{"room-created", "room-visitor", "room-service-missing"}},

	// One room or target has one reason, and no advice that supposes that it took
	// what it did not.
	{ofAddress, "room-created", []string{"*"}},
	{ofAddress, "room-visitor", []string{"room-no-voice", "room-not-joined", "room-removed"}},
	{ofAddress, "room-text-changed", []string{"room-not-reflected"}},
	{ofAddress, "room-silent", []string{"*"}},
	{ofAddress, "room-moved", []string{"*"}},
	{ofAddress, "room-missing", []string{"*"}},
	{ofAddress, "target-is-room", []string{"target-missing", "target-unavailable", "offline-queue-full"}},
	{ofAddress, "target-missing", []string{"target-unavailable", "offline-queue-full", "remote-unheard",
		"target-forbidden"}},
	{ofAddress, "target-unavailable", []string{"remote-unheard"}},
	{ofAddress, "illegal-target", []string{"*"}},
}

// subject is a finding and what it is about.
type subject struct {
	code    string
	level   urlspec.Severity
	address string // empty for the run as a whole
}

// subjects are the findings of a run.
func subjects(r *model.Run) []subject {
	if r.Failure != nil && r.Failure.Cause == event.CauseCancelled {
		return nil
	}
	run := run{r, &editor{}}
	var all []subject
	add := func(rule *rule, f *facts) {
		s := subject{rule.code, rule.level(), strings.ToLower(f.peer())}
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	for _, f := range run.failures() {
		for i := range rules {
			if rules[i].fires(f) {
				add(&rules[i], f)
				break
			}
		}
	}
	for _, f := range run.remarkable() {
		for i := range advice {
			if advice[i].fires(f) {
				add(&advice[i], f)
			}
		}
	}
	return all
}

// Contradictions says which findings of a run deny each other: those of the table, two
// errors of the run as a whole, and findings that the verdict denies.
func Contradictions(r *model.Run) []string {
	var found []string
	all := subjects(r)
	verdict := Apprise(r)
	for i, a := range all {
		for j, b := range all {
			if i != j && deny(a, b) {
				found = append(found, fmt.Sprintf("%s of %q and %s of %q cannot both be true", a.code, a.address, b.code,
					b.address))
			}
			if i < j && a.address == "" && b.address == "" && a.level == urlspec.Error && b.level == urlspec.Error {
				found = append(found, fmt.Sprintf("%s and %s both ended the run", a.code, b.code))
			}
		}
		// What a receipt was to show is more than Apprise or anybody asks for.
		if verdict.WouldDeliver && a.level == urlspec.Error && a.address != "" && r.Kind == model.Send &&
			a.code != "receipt-missing" {
			found = append(found, fmt.Sprintf("%s of %s, and yet Apprise would deliver: %s", a.code, a.address,
				verdict.Because))
		}
		if a.level == urlspec.Error && r.OK() {
			found = append(found, fmt.Sprintf("%s of %q, and yet the run is a success", a.code, a.address))
		}
	}
	return found
}

// deny reports whether the table says that a denies b.
func deny(a, b subject) bool {
	for _, c := range contradictions {
		if c.code != a.code {
			continue
		}
		same := c.about == ofRun || c.about == ofAddress && a.address == b.address && a.address != "" ||
			c.about == ofDomain && urlspec.DomainOf(a.address) == urlspec.DomainOf(b.address) && a.address != ""
		if same && (slices.Contains(c.not, b.code) || c.not[0] == "*" && b.level == urlspec.Error && b.code != a.code) {
			return true
		}
	}
	return false
}
