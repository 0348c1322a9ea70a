package finding

import (
	"context"
	"slices"
	"strings"

	"xmppscope/model"
	"xmppscope/urlspec"
)

// SafeFix is the fix of a finding that may be made without asking anybody.
type SafeFix struct {
	Code string
	Fix
	// Cost is what the fix gives up, a sentence to be said with it; empty when
	// it gives up nothing.
	Cost string
}

// remedy is the edit of the URL that mends a finding; the zero value when none
// does. An edit is safe when it leaves the account and the targets as they are,
// and takes back no protection but one, which it says. What is not safe a person
// has to decide: verify=no and whatever else lets somebody in between; another
// account or room, which is a guess; following a server that sends us elsewhere;
// scramplus=no where channel binding has just found that something stands in
// between; and what undoes a choice without need.
type remedy struct {
	edit string // what is changed, in words that name no run
	safe bool
	cost string // what it gives up, a sentence; empty for nothing
}

const (
	withoutBinding = "The login is not bound to the TLS connection then; the certificate is still checked."
	withoutCheck   = "A last resort: anybody in between can then read the password."
	otherNickShows = "The messages show under the other nick."
)

// SafeFixes are the fixes that the run's findings offer and that are safe, the
// worst finding's first.
func SafeFixes(ctx context.Context, r *model.Run) []SafeFix {
	var safe []SafeFix
	before := urlspec.Parse(r.Spec.Text).Reading
	for _, f := range Of(ctx, r) {
		if f.Fix != nil && f.remedy.safe && !f.Fix.oursOnly && harmless(before, urlspec.Parse(f.Fix.Edited).Reading) {
			safe = append(safe, SafeFix{Code: f.Code, Fix: *f.Fix, Cost: f.remedy.cost})
		}
	}
	return safe
}

// harmless holds an edit to what the table promises, whatever the finding is:
// the same account and targets, encryption and certificate checks not less
// than before, and another host only if its certificate shows that it serves
// the account's domain.
func harmless(before, after urlspec.Reading) bool {
	switch {
	case !after.Accepted, bareJID(after.LoginJID) != bareJID(before.LoginJID), after.StreamTo != before.StreamTo:
		return false
	case bares(before, after):
		return false
	case !strings.EqualFold(after.TCPHost, before.TCPHost):
		if after.Mode == urlspec.ModeNone || !after.Verify {
			return false
		}
	}
	return before.SelfTarget && after.SelfTarget ||
		slices.EqualFunc(before.Targets, after.Targets, func(a, b urlspec.Address) bool {
			return a.Kind == b.Kind && a.JID == b.JID
		})
}

// bares reports whether an edit turns encryption or the check of certificates off.
func bares(before, after urlspec.Reading) bool {
	return before.Verify && !after.Verify || before.Mode != urlspec.ModeNone && after.Mode == urlspec.ModeNone
}

func bareJID(jid string) string {
	bare, _, _ := strings.Cut(jid, "/")
	return bare
}
