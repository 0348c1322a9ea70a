package event

import "testing"

// TestSentences: every cause has words of its own.
func TestSentences(t *testing.T) {
	seen := map[string]Cause{}
	for cause := range causes {
		s := (&Failure{Cause: cause, Waiting: WaitFeatures, Waited: 4}).Sentence()
		if s == string(cause) && cause != CauseCancelled || seen[s] != "" {
			t.Errorf("%s: %q, as for %s", cause, s, seen[s])
		}
		seen[s] = cause
	}
	got := (&Failure{Cause: CauseAuth, Condition: "not-authorized", Text: "Invalid username or password",
		Detail: "x"}).Sentence()
	if want := `the server refused the login with not-authorized ("Invalid username or password"): x`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestTemporary is the table of what is tried again. Every cause is in it.
func TestTemporary(t *testing.T) {
	yes := []Failure{
		{Cause: CauseNoSuchHost}, {Cause: CauseDNS}, {Cause: CauseRefused}, {Cause: CauseUnreachable},
		{Cause: CauseProxy}, {Cause: CauseOwnLimit}, {Cause: CauseOwnSlow}, {Cause: CauseTimeout}, {Cause: CauseClosed},
		{Cause: CauseTLS},
		{Cause: CauseAuth, Condition: "temporary-auth-failure"},
		{Cause: CauseStreamError, Condition: "system-shutdown"}, {Cause: CauseStreamError,
			Condition: "internal-server-error"},
		{Cause: CauseStreamError, Condition: "resource-constraint"}, {Cause: CauseStreamError, Condition: "reset"},
		{Cause: CauseBind, Condition: "resource-constraint", Type: "wait"},
		{Cause: CauseRoom, Condition: "service-unavailable", Type: "wait"},
		{Cause: CauseBounced, Condition: "remote-server-timeout", Type: "wait"},
	}
	no := []Failure{
		{Cause: CauseCancelled}, {Cause: CauseNotXMPP}, {Cause: CauseProxyHeader}, {Cause: CauseServerPort},
		{Cause: CauseBadXML},
		{Cause: CauseTooBig}, {Cause: CauseNoSTARTTLS}, {Cause: CauseSTARTTLSRefused}, {Cause: CauseNotTLS},
		{Cause: CauseTLSVersion}, {Cause: CauseCertName}, {Cause: CauseCertAuthority},
		{Cause: CauseCertExpired}, {Cause: CauseCertNotYetValid}, {Cause: CauseCertOther},
		{Cause: CauseNoMechanisms}, {Cause: CauseNoCommonMechanism}, {Cause: CauseTLSRequired},
		{Cause: CauseCleartextPassword}, {Cause: CauseChannelBinding}, {Cause: CauseServerProof},
		{Cause: CauseIterations}, {Cause: CauseMechanismList}, {Cause: CauseNoPassword},
		{Cause: CauseIllegalStanza}, {Cause: CauseInternal}, {Cause: CauseCaptcha}, {Cause: CauseOddAnswer},
		{Cause: CauseClientCertificate}, {Cause: CauseLeftOut},
		{Cause: CauseAuth, Condition: "not-authorized"}, {Cause: CauseAuth,
			Condition: "account-disabled"}, {Cause: CauseAuth},
		{Cause: CauseStreamError, Condition: "policy-violation"}, {Cause: CauseStreamError, Condition: "conflict"},
		{Cause: CauseStreamError, Condition: "host-unknown"}, {Cause: CauseStreamError, Condition: "see-other-host"},
		{Cause: CauseStreamError, Condition: "not-well-formed"},
		{Cause: CauseBind, Condition: "conflict", Type: "cancel"}, {Cause: CauseBind},
		{Cause: CauseRoom, Condition: "forbidden", Type: "auth"}, {Cause: CauseRoom, Detail: "kicked out of the room"},
		{Cause: CauseBounced, Condition: "service-unavailable", Type: "cancel"},
		{Cause: CauseBounced, Condition: "not-acceptable", Type: "modify"}, {Cause: CauseBounced},
	}
	seen := map[Cause]bool{}
	for want, list := range map[bool][]Failure{true: yes, false: no} {
		for _, f := range list {
			seen[f.Cause] = true
			if got := f.Temporary(); got != want {
				t.Errorf("%+v: temporary is %v", f, got)
			}
		}
	}
	for cause := range causes {
		if !seen[cause] {
			t.Errorf("%s is missing here", cause)
		}
	}
}
