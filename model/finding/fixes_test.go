package finding

import (
	"slices"
	"strings"
	"testing"

	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// TestSafeFixes goes through every case of every finding: what is safe is
// listed, keeps account, targets and protection, and says what it costs.
func TestSafeFixes(t *testing.T) {
	seen := map[string]bool{}
	cases := append(modeltest.Stories(), modeltest.Story{Code: "connection-timeout", Name: "on a port of its own",
		URL:    "xmpps://alice:PW@example.test:5299/bob",
		Events: []event.Event{failed(event.StageTCP, nil, silence("the TCP connection"))}})
	for _, c := range cases {
		r := c.Run()
		before := r.Spec.Reading
		for _, fix := range SafeFixes(t.Context(), r) {
			seen[fix.Code] = true
			after := urlspec.Parse(fix.Edited).Reading
			if !slices.ContainsFunc(Of(t.Context(), r), func(f Finding) bool { return f.Fix != nil && *f.Fix == fix.Fix }) {
				t.Errorf("%s: %s is no fix of the run's", c.Code, fix.Label)
			}
			if bareJID(after.LoginJID) != bareJID(before.LoginJID) || before.Verify != after.Verify ||
				after.Mode == urlspec.ModeNone && before.Mode != urlspec.ModeNone {
				t.Errorf("%s: %s gives too much away: %+v", c.Code, fix.Label, after)
			}
			if fix.Cost == "" && (before.ScramPlus && !after.ScramPlus || strings.HasPrefix(fix.Code, "room-nick")) {
				t.Errorf("%s: %s does not say what it costs", c.Code, fix.Label)
			}
		}
	}
	for _, rule := range slices.Concat(rules, advice) {
		if rule.remedy.safe && !seen[rule.code] {
			t.Errorf("no case shows the safe fix of %s", rule.code)
		}
	}
	for _, code := range []string{"certificate-expired", "certificate-name", "certificate-self-signed", "host-not-domain",
		"see-other-host",
		"room-without-service", "channel-binding-mismatch", "too-many-logins", "stanza-too-big"} {
		if seen[code] {
			t.Errorf("the fix of %s is for a person to decide", code)
		}
	}
}

// TestRemedies: a finding with a fix says what it does, and no other does.
func TestRemedies(t *testing.T) {
	for _, rule := range slices.Concat(rules, advice) {
		if (rule.fix != nil) != (rule.remedy.edit != "") {
			t.Errorf("%s has a fix: %v, and says of it %q", rule.code, rule.fix != nil, rule.remedy.edit)
		}
	}
}

// TestHarmless: whatever a finding offers, these edits are not made unasked.
func TestHarmless(t *testing.T) {
	const base = "xmpps://alice:PW@example.test/bob"
	for _, c := range []struct {
		before, after string
		want          bool
	}{
		{base, "xmpps://alice:PW@example.test:5223/bob?mode=tls", true},
		{base, "xmpps://alice:PW@example.test/bob?xmpp=xmpp.example.test", true},
		{base, "xmpps://alice%2Fhere:PW@example.test/bob", true},
		{"xmpps://alice%2Fhere:PW@example.test", "xmpps://alice:PW@example.test", true},
		{base, "xmpps://alice:PW@example.test/bob?scramplus=no", true},
		{base, "xmpps://alice:PW@example.test/bob?verify=no", false},
		{base, "xmpp://alice:PW@example.test/bob", false},
		{base, "xmpps://alice:PW@example.org/bob", false},
		{base, "xmpps://carol:PW@example.test/bob", false},
		{base, "xmpps://alice:PW@example.test/carol", false},
		{base, "xmpps://alice:PW@example.test/#bob", false},
		{base, "xmpps://alice:PW@example.test", false},
		{base, "xmpps://alice:PW@example.test/bob?mode=bogus", false},
		{base + "?verify=no", base + "?verify=no&xmpp=other.test", false},
		{base + "?verify=no", base + "?verify=no&port=5223", true},
		{"xmpp://alice:PW@example.test/bob", "xmpp://alice:PW@example.test/bob?xmpp=other.test", false},
	} {
		if got := harmless(urlspec.Parse(c.before).Reading, urlspec.Parse(c.after).Reading); got != c.want {
			t.Errorf("%s to %s: %v", c.before, strings.TrimPrefix(c.after, "xmpps://"), got)
		}
	}
}
