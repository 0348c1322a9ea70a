package plain

import (
	"context"
	"errors"
	"strings"
	"testing"

	"xmppscope/model"
)

// TestSendInterrupted: an interruption while the message is converted is one, and no
// message that cannot be sent.
func TestSendInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	connect := Connect{Source: Source{Args: []string{"xmpps://alice:pw@localhost:1/bob?format=html"}}}
	for name, command := range map[string]Send{
		"send":      {Connect: connect, Body: "*x*", BodyGiven: true, InputFormat: "markdown"},
		"--dry-run": {Connect: connect, Body: "*x*", BodyGiven: true, InputFormat: "markdown", DryRun: true},
		"--lines":   {Connect: connect, Lines: true},
	} {
		s, out, _ := testShell()
		s.In = strings.NewReader("one\ntwo\n")
		code, err := s.Send(ctx, command)
		if code != model.ExitInterrupted || !errors.Is(err, context.Canceled) || out.Len() > 0 {
			t.Errorf("%s: exit code %d, %v, %q", name, code, err, out)
		}
	}
}

// TestAsksForTheURL: without a screen, and without a URL, the person is asked for
// one.
func TestAsksForTheURL(t *testing.T) {
	var out strings.Builder
	s := Shell{Out: &out, Err: &out, AskPassword: func(_ context.Context, prompt string) (string, error) {
		if !strings.Contains(prompt, "URL") {
			t.Errorf("it asks %q", prompt)
		}
		return "xmpps://alice:p", nil
	}}
	code, err := s.ExplainAndCheck(t.Context(), Connect{})
	if code != model.ExitUsage || err != nil || !strings.Contains(out.String(), "alice@") {
		t.Errorf("%v, %v:\n%s", code, err, out.String())
	}
}
