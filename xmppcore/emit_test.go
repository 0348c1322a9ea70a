package xmppcore

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"xmppscope/urlspec"
)

// recorded gives a recorder for a mode and the lines of what it told.
func recorded(job Job) (*recorder, *[]string) {
	lines := &[]string{}
	return newRecorder(Trace{Event: func(e Event) {
		*lines = append(*lines, strings.TrimSpace(fmt.Sprintf("%d %s %s %s", e.Seq, e.Stage, e.State, e.Item)))
	}}, job), lines
}

func TestRecorderOnce(t *testing.T) {
	r, lines := recorded(Job{})
	r.start(StageStream, "")
	r.start(StageStream, "again")
	r.item(StageStream, "x", OK, "", nil, nil)
	r.ok(StageStream, "", nil)
	r.ok(StageStream, "again", nil)
	r.start(StageStream, "the second connection")
	r.warn(StageTLS, "was never started", nil, nil)
	want := []string{"1 stream start", "2 stream ok x", "3 stream ok", "4 tls start", "5 tls warn"}
	if r.failure() != nil || !slices.Equal(tidy(*lines), want) {
		t.Errorf("told %q, want %q", *lines, want)
	}
}

// tidy puts single blanks between words.
func tidy(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strings.Join(strings.Fields(l), " ")
	}
	return out
}

// TestRecorderAbandon: the newest open stage is where the run broke off.
func TestRecorderAbandon(t *testing.T) {
	r, lines := recorded(Job{})
	r.start(StageSend, "")
	r.start(StageAck, "")
	r.abandon(&Failure{Stage: StageAck, Cause: CauseClosed})
	if want := []string{"1 send start", "2 ack start", "3 ack fail", "4 send fail"}; !slices.Equal(tidy(*lines), want) {
		t.Errorf("told %q, want %q", *lines, want)
	}
	if f := r.failure(); f == nil || f.Stage != StageAck {
		t.Errorf("first failure %v", f)
	}
}

// TestRecorderBetween: a run that breaks off between two stages says so too.
func TestRecorderBetween(t *testing.T) {
	r, lines := recorded(Job{})
	r.ok(StageTCP, "", nil)
	r.abandon(&Failure{Stage: StageTCP, Cause: CauseCancelled})
	if want := []string{"1 tcp start", "2 tcp ok", "3 close start", "4 close fail"}; !slices.Equal(tidy(*lines), want) {
		t.Errorf("told %q, want %q", *lines, want)
	}
	r, lines = recorded(Job{})
	r.abandon(&Failure{Stage: StageSASL, Cause: CauseIllegalStanza})
	if want := []string{"1 sasl start", "2 sasl fail"}; !slices.Equal(tidy(*lines), want) {
		t.Errorf("told %q, want %q", *lines, want)
	}
}

// TestRecorderUntil leaves out what was not asked for, but not the close.
func TestRecorderUntil(t *testing.T) {
	r, lines := recorded(Job{Until: StageStream, Reading: urlspec.Reading{Mode: urlspec.ModeTLS}})
	for _, stage := range []Stage{StageTCP, StageTLS, StageStream, StageFeatures, StageClose} {
		r.ok(stage, "", nil)
	}
	got := strings.Join(tidy(*lines), ", ")
	if !strings.Contains(got, "tls ok") || !strings.Contains(got, "close ok") || strings.Contains(got, "features") {
		t.Errorf("told %s", got)
	}
	if r.reached(StageTLS) || !r.reached(StageStream) || !r.reached(StageFeatures) {
		t.Error("with mode=tls the handshake comes before the stream")
	}
}

// TestRecorderSafe: no text of an event can move the cursor.
func TestRecorderSafe(t *testing.T) {
	var text string
	r := newRecorder(Trace{Event: func(e Event) { text = e.Text }}, Job{})
	r.ok(StageTCP, "a\x1b[2Jb\u202ec", nil)
	if text != `a\x1b[2Jb\u202ec` && text != `a\u001b[2Jb\u202ec` {
		t.Errorf("told %q", text)
	}
}

// TestSentences: every cause has words of its own.
func TestSentences(t *testing.T) {
	causes := []Cause{CauseCancelled, CauseTimeout, CauseNoSuchHost, CauseDNS, CauseRefused, CauseUnreachable, CauseProxy, CauseClosed,
		CauseNotXMPP, CauseServerPort, CauseBadXML, CauseTooBig, CauseStreamError, CauseNoSTARTTLS, CauseSTARTTLSRefused, CauseNotTLS,
		CauseTLS, CauseTLSVersion, CauseCertName, CauseCertAuthority, CauseCertExpired, CauseCertNotYetValid, CauseCertOther,
		CauseNoMechanisms, CauseNoCommonMechanism, CauseTLSRequired, CauseCleartextPassword, CauseChannelBinding, CauseAuth,
		CauseServerProof, CauseIterations, CauseBind, CauseRoom, CauseBounced, CauseNoPassword, CauseIllegalStanza, CauseInternal}
	seen := map[string]Cause{}
	for _, cause := range causes {
		s := sentence(&Failure{Cause: cause, Waiting: "the features", Waited: 4})
		if s == string(cause) && cause != CauseCancelled || seen[s] != "" {
			t.Errorf("%s: %q, as for %s", cause, s, seen[s])
		}
		seen[s] = cause
	}
	got := sentence(&Failure{Cause: CauseAuth, Condition: "not-authorized", Text: "Invalid username or password", Detail: "x"})
	if want := `the server refused the login with not-authorized ("Invalid username or password"): x`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
