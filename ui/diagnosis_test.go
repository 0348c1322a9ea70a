package ui

import (
	"strings"
	"testing"

	"xmppscope/xmppcore/event"
)

// f makes the fix that the line of the diagnosis names, and says before that it
// mends something else than what the line tells of.
func TestFixIsTheOneThatIsShown(t *testing.T) {
	silent := &event.Failure{Stage: event.StageDNS, Cause: event.CauseNoSuchHost, Detail: "no such host"}
	run := script{events: told("dns fail no such host"), err: silent}
	run.events[len(run.events)-1].Failure = silent
	s := open(t, 120, 40, Options{URL: "xmpps://alice:pw@example.test/bob?scram=no", Run: run.run})
	s.press("enter")
	s.finish()
	s.press("esc")
	d := s.diagnose()
	if d.finding == nil || d.finding.Fix != nil || d.problem == nil || !d.other {
		t.Fatalf("the run's finding has a fix, or the URL has none: %+v", d)
	}
	s.mustShow("f fixes another: " + d.fix)
	shown := d.problem.Fix.Apply(s.url.text)
	s.press("f")
	s.mustShow("Which was meant?")
	s.press("enter")
	if s.url.text != shown || strings.Contains(s.url.text, "scram=") {
		t.Errorf("f made %q of it, the screen named %q", s.url.text, shown)
	}
	if s.runs.Len() != 1 {
		t.Error("it ran again, although nothing that failed was mended")
	}
}

// While a run is under way the URL is left alone.
func TestNoFixUnderWay(t *testing.T) {
	s := open(t, 120, 40, Options{URL: warnedURL, AsRead: true, Run: running().run})
	s.press("enter")
	if s.live == nil {
		t.Fatal("nothing runs")
	}
	s.hear(1)
	s.press("alt+f")
	if s.url.text != warnedURL {
		t.Errorf("the URL became %q", s.url.text)
	}
	s.mustShow("a run is under way")
}
