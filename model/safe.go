package model

import (
	"slices"
	"strings"

	"xmppscope/urlspec"
)

// SafeFix is the fix of a finding that may be made without asking anybody.
type SafeFix struct {
	Code string
	FindingFix
	// Cost is what the fix gives up, a sentence to be said with it; empty when
	// it gives up nothing.
	Cost string
}

// safeFixes are the findings whose fix is safe: it leaves the account and the
// targets as they are, and takes back no protection but one, which it says.
// What is not listed a person has to decide: verify=no and whatever else lets
// somebody in between; another account or room, which is a guess; following a
// server that sends us elsewhere; scramplus=no where channel binding has just
// found that something stands in between.
var safeFixes = []struct{ code, cost string }{
	{"srv-fallback", ""},
	{"srv-direct-tls-only", ""},
	{"srv-other-port", ""},
	{"srv-elsewhere", ""},
	{"connection-refused", ""},
	{"connection-timeout", ""},
	{"port-impossible", ""},
	{"direct-tls-port", ""},
	{"other-service", ""},
	{"server-to-server-port", ""},
	{"starttls-not-offered", ""},
	{"starttls-refused", ""},
	{"starttls-injected", ""},
	{"starttls-port", ""},
	{"alpn-refused", ""},
	{"tls-required", ""},
	{"cleartext-password", ""},
	{"mechanism-refused", ""},
	{"channel-binding-required", ""},
	{"channel-binding-type", withoutBinding},
	{"channel-binding-impossible", withoutBinding},
	{"channel-binding-rejected", withoutBinding},
	{"bind-refused", ""},
	{"resource-conflict", ""},
	{"room-nick-conflict", "The messages show under the other nick."},
	{"room-nick-refused", "The messages show under the other nick."},
	{"scramplus-breaks-apprise", ""},
}

const withoutBinding = "The login is not bound to the TLS connection then; the certificate is still checked."

// SafeFixes are the fixes that the run's findings offer and that are safe, the
// worst finding's first.
func (r *Run) SafeFixes() []SafeFix {
	var safe []SafeFix
	for _, f := range r.Findings() {
		if f.Fix == nil {
			continue
		}
		for _, s := range safeFixes {
			if s.code == f.Code && harmless(r.Spec.Reading, urlspec.Parse(f.Fix.Edited).Reading) {
				safe = append(safe, SafeFix{Code: f.Code, FindingFix: *f.Fix, Cost: s.cost})
			}
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
	case before.Verify && !after.Verify, before.Mode != urlspec.ModeNone && after.Mode == urlspec.ModeNone:
		return false
	case !strings.EqualFold(after.TCPHost, before.TCPHost):
		if after.Mode == urlspec.ModeNone || !after.Verify {
			return false
		}
	}
	return before.SelfTarget && after.SelfTarget ||
		slices.EqualFunc(before.Targets, after.Targets, func(a, b urlspec.Address) bool { return a.Kind == b.Kind && a.JID == b.JID })
}

func bareJID(jid string) string {
	bare, _, _ := strings.Cut(jid, "/")
	return bare
}
