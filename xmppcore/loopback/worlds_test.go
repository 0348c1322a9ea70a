package loopback_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
)

// TestWorlds walks into every world: the run fails with the finding that the
// world promises, and with the fixed URL, and with the one that the finding
// itself offers, the message arrives.
func TestWorlds(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, w := range loopback.Worlds() {
		if names[w.Name] {
			t.Errorf("two worlds are called %s", w.Name)
		}
		names[w.Name] = true
		if w.Summary == "" || !strings.HasSuffix(w.Summary, ".") {
			t.Errorf("%s: the summary is no sentence: %q", w.Name, w.Summary)
		}
		t.Run(w.Name, func(t *testing.T) {
			t.Parallel()
			s, err := loopback.Start(w.Config)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			found := visit(t, s, w.URL(s), w.Finding == "" || w.Works)
			switch {
			case w.Finding == "" && len(found) > 0:
				t.Errorf("all is well, and there are findings: %+v", found)
			case w.Finding != "" && (len(found) == 0 || found[0].Code != w.Finding):
				t.Errorf("want %s, got %+v", w.Finding, found)
			}
			if w.Fixed == nil {
				return
			}
			visit(t, s, w.Fixed(s), true)
			if len(found) == 0 || found[0].Fix == nil {
				t.Errorf("the finding offers no edit, and %s would help", urlspec.Redact(w.Fixed(s)))
				return
			}
			edited := urlspec.Parse(found[0].Fix.Edited).Reading
			if port := edited.Port; port != s.STARTTLSPort() && port != s.TLSPort() && port != s.PlainPort() {
				// The fix guesses the standard port, which somebody else has here.
				if !w.Config.StandardPorts {
					t.Errorf("the fix leads to port %d", port)
				}
				return
			}
			visit(t, s, found[0].Fix.Edited, true)
		})
	}
	if len(names) < 15 {
		t.Errorf("only %d worlds", len(names))
	}
}

// visit sends one message to a URL and returns the findings of the run.
func visit(t *testing.T, s *loopback.Server, url string, wantOK bool) []finding.Finding {
	t.Helper()
	spec := urlspec.Parse(url)
	if !spec.Reading.Accepted {
		t.Fatalf("Apprise does not accept %s: %+v", urlspec.Redact(url), spec.Problems)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	messages := []event.Message{{Body: "hello"}}
	run := model.NewRun(1, model.Send, spec, messages)
	var trail []string
	job := xmppcore.Job{Reading: spec.Reading, Messages: messages, Roots: s.Roots(), Lookup: s.Resolver(), Dial: s.Dial}
	err := xmppcore.Run(ctx, job,
		event.Trace{Event: func(e event.Event) {
			trail = append(trail, fmt.Sprintf("%s %s %s", e.Stage, e.State, e.Text))
			run.Apply(e)
		}})
	run.Finish(err)
	if run.OK() != wantOK {
		t.Errorf("%s: %v\n%s", urlspec.Redact(url), err, strings.Join(trail, "\n"))
	}
	return finding.Of(t.Context(), run)
}
