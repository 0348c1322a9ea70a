package ui

import (
	"context"
	"strings"
	"testing"

	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// What a newcomer's way through the demo showed to be in the way.

// unchecked is a run whose certificate does not hold, and one that lets it
// pass.
func unchecked() script {
	events := told(append(upTo(event.StageTLS), "tls fail the certificate has expired")...)
	failure := &event.Failure{Stage: event.StageTLS, Cause: event.CauseCertExpired,
		Text: "the certificate expired on 2026-11-21"}
	events[len(events)-1].Failure = failure
	return script{events: events, err: failure}
}

// TestKeysOfADiagnosisStayInSight: however long the name of a fix is, both keys
// are there, whole.
func TestKeysOfADiagnosisStayInSight(t *testing.T) {
	for _, w := range []int{60, 72, 80, 100, 120} {
		s := open(t, w, 24, Options{URL: goodURL, Run: unchecked().run})
		s.press("enter")
		s.finish()
		lines := strings.Split(strings.TrimRight(s.plain(), "\n"), "\n")
		keys := strings.Join(lines[len(lines)-3:len(lines)-1], " ")
		for _, want := range []string{"! unsafe: verify=no", "d details"} {
			if !strings.Contains(keys, want) {
				t.Errorf("%d cells wide, the diagnosis lacks %q: %q", w, want, keys)
			}
		}
	}
}

// TestSuccessComesBeforeWarnings: a run that went well is told, although the
// URL asks for something unwise; as soon as the URL is another, the warning is
// back.
func TestSuccessComesBeforeWarnings(t *testing.T) {
	s := open(t, 80, 24, Options{URL: "xmpps://alice:pw@example.test/bob?verify=no"})
	s.press("enter")
	s.finish()
	s.mustShow("✓ It works")
	s.press("i", "x")
	if strings.Contains(s.plain(), "It works") {
		t.Errorf("the URL was edited, and still works:\n%s", s.plain())
	}
}

// TestNoticeLeavesTheKeys: the answer to a key does not hide the way on.
func TestNoticeLeavesTheKeys(t *testing.T) {
	s := open(t, 80, 24, Options{URL: "xmpps://alice:p@ss@example.test/bob"})
	s.press("alt+f")
	s.mustShow("write %40; alt+u undoes it", "enter check", "f1 help", "^c quit")
	s.press("alt+u")
	s.mustShow("belongs to the password", "alt+f write %40")
}

// TestFixThatMustWait: where a further attempt does harm, the fix is made and
// nothing is run.
func TestFixThatMustWait(t *testing.T) {
	failure := &event.Failure{Stage: event.StageStream, Cause: event.CauseStreamError, Condition: "policy-violation",
		Text: "Too many (3) failed authentications from this IP address"}
	events := told(append(upTo(event.StageStream), "stream fail the server ended the stream")...)
	events[len(events)-1].Failure = failure
	s := open(t, 80, 24, Options{URL: "xmpps://alice:pw@example.test/bob?retry=3",
		Run: script{events: events, err: failure}.run})
	s.press("enter")
	s.finish()
	s.mustShow("Too many failed logins", "f retry=0")
	if strings.Contains(s.plain(), "and retry") {
		t.Errorf("the screen offers to try again:\n%s", s.plain())
	}
	s.press("f")
	s.mustShow("?retry=0")
	if s.live != nil || s.runs.Len() != 1 {
		t.Error("the fix ran again")
	}
}

// TestNoWayBackToAFailure: after a fix that helped, advice that would undo it
// is told, but no key does it.
func TestNoWayBackToAFailure(t *testing.T) {
	const advice = "Apprise cannot log in here with scramplus=no"
	helped := script{events: told(upTo("")...)}
	for i := range helped.events {
		if e := &helped.events[i]; e.Stage == event.StageFeatures && e.State == event.OK {
			e.Data = event.Features{Encrypted: true, Mechanisms: []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"}}
		}
	}
	scripts := []script{failing(), helped}
	s := open(t, 80, 24, Options{URL: goodURL, Run: func(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
		next := scripts[0]
		scripts = scripts[1:]
		return next.run(ctx, job, trace)
	}})
	s.press("enter")
	s.finish()
	s.press("alt+f")
	s.finish()
	s.mustShow("✓ It works", "scramplus=no")
	if findings := s.findings(); len(findings) == 0 || !strings.HasPrefix(findings[0].Title, advice) {
		t.Fatalf("the advice is not given: %+v", findings)
	}
	if strings.Contains(s.plain(), "and retry") {
		t.Errorf("the screen offers the way back:\n%s", s.plain())
	}
}
