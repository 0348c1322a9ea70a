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

// edits are the findings that an edit of the URL mends. An edit is safe when it
// leaves the account and the targets as they are, and takes back no protection
// but one, which it says. What is not safe a person has to decide: verify=no
// and whatever else lets somebody in between; another account or room, which
// is a guess; following a server that sends us elsewhere; scramplus=no where
// channel binding has just found that something stands in between; and what
// undoes a choice without need.
var edits = []struct {
	code string
	edit string // what is changed, in words that name no run
	safe bool
	cost string // what it gives up, a sentence; empty for nothing
}{
	{code: "srv-fallback", edit: "connect to the next server of the SRV records: xmpp=, port and mode", safe: true},
	{code: "srv-direct-tls-only", edit: "connect to the server of the SRV record with mode=tls", safe: true},
	{code: "srv-other-port", edit: "take the port of the SRV record", safe: true},
	{code: "srv-elsewhere", edit: "connect to the server of the SRV record: xmpp=, port and mode", safe: true},
	{code: "connection-refused", edit: "take the standard port of the mode", safe: true},
	{code: "connection-timeout", edit: "take the standard port of the mode", safe: true},
	{code: "port-impossible", edit: "take the standard port of the mode", safe: true},
	{code: "direct-tls-port", edit: "mode=tls", safe: true},
	{code: "other-service", edit: "take the standard port of the mode", safe: true},
	{code: "server-to-server-port", edit: "take the standard port of the mode", safe: true},
	{code: "starttls-not-offered", edit: "mode=tls on port 5223", safe: true},
	{code: "starttls-refused", edit: "mode=tls on port 5223", safe: true},
	{code: "starttls-injected", edit: "mode=tls on port 5223", safe: true},
	{code: "starttls-port", edit: "mode=starttls", safe: true},
	{code: "alpn-refused", edit: "take the standard port of the mode", safe: true},
	{code: "tls-name-unknown", edit: "write the domain above as host, and the server's name as xmpp=", cost: "It is another account then."},
	{code: "host-not-domain", edit: "write the domain above as host, and the server's name as xmpp=", cost: "It is another account then."},
	{code: "host-unknown", edit: "write the domain above as host, and the server's name as xmpp=", cost: "It is another account then."},
	{code: "certificate-for-server-name", edit: "verify=no", cost: withoutCheck},
	{code: "certificate-common-name", edit: "verify=no", cost: withoutCheck},
	{code: "certificate-name", edit: "verify=no", cost: withoutCheck},
	{code: "certificate-self-signed", edit: "verify=no", cost: withoutCheck},
	{code: "certificate-chain-incomplete", edit: "verify=no", cost: withoutCheck},
	{code: "certificate-unknown-authority", edit: "verify=no", cost: withoutCheck},
	{code: "certificate-expired", edit: "verify=no", cost: withoutCheck},
	{code: "certificate-not-yet-valid", edit: "verify=no", cost: withoutCheck},
	{code: "certificate-invalid", edit: "verify=no", cost: withoutCheck},
	{code: "tls-required", edit: "mode=starttls", safe: true},
	{code: "channel-binding-required", edit: "take scramplus=no out", safe: true},
	{code: "cleartext-password", edit: "mode=starttls", safe: true},
	{code: "mechanism-refused", edit: "mode=starttls", safe: true},
	{code: "bind-refused", edit: "leave the resource out of the user part", safe: true},
	{code: "resource-conflict", edit: "leave the resource out of the user part", safe: true},
	{code: "channel-binding-type", edit: "scramplus=no", safe: true, cost: withoutBinding},
	{code: "channel-binding-impossible", edit: "scramplus=no", safe: true, cost: withoutBinding},
	{code: "channel-binding-rejected", edit: "scramplus=no", safe: true, cost: withoutBinding},
	{code: "channel-binding-mismatch", edit: "scramplus=no", cost: "Whatever stands in between can go on reading."},
	{code: "room-without-service", edit: "write the room with its service, #room@conference.HOST", cost: "It is another room then."},
	{code: "room-nick-conflict", edit: "another nick: name=", safe: true, cost: otherNickShows},
	{code: "room-nick-refused", edit: "another nick: name=", safe: true, cost: otherNickShows},
	{code: "see-other-host", edit: "connect to the host that the server names: xmpp= and port", cost: "Whoever could write into the stream picks the next server."},
	{code: "too-many-logins", edit: "retry=0"},
	{code: "stanza-too-big", edit: "overflow=split"},
	{code: "scramplus-breaks-apprise", edit: "take scramplus=no out", safe: true},
	{code: "roster-refused", edit: "take roster=yes out"},
	{code: "room-nick-changed", edit: "take the nick that the room gave: name="},
}

const (
	withoutBinding = "The login is not bound to the TLS connection then; the certificate is still checked."
	withoutCheck   = "A last resort: anybody in between can then read the password."
	otherNickShows = "The messages show under the other nick."
)

// FindingEdit says which edit of the URL mends what a finding's code stands
// for, and what it gives up. Both are empty when no edit does.
func FindingEdit(code string) (edit, cost string) {
	for _, e := range edits {
		if e.code == code {
			return e.edit, e.cost
		}
	}
	return "", ""
}

// SafeFixes are the fixes that the run's findings offer and that are safe, the
// worst finding's first.
func (r *Run) SafeFixes() []SafeFix {
	var safe []SafeFix
	for _, f := range r.Findings() {
		if f.Fix == nil {
			continue
		}
		for _, e := range edits {
			if e.code == f.Code && e.safe && harmless(r.Spec.Reading, urlspec.Parse(f.Fix.Edited).Reading) {
				safe = append(safe, SafeFix{Code: f.Code, FindingFix: *f.Fix, Cost: e.cost})
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
