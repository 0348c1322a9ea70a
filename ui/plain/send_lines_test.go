package plain

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/model/report"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// lineServer is a server, and what a command needs to send to bob there.
func lineServer(t *testing.T, parameters string) (*loopback.Server, Send) {
	t.Helper()
	server := loopbacktest.Start(t, loopback.Config{})
	url := fmt.Sprintf("xmpps://alice:alice-pw@localhost:%d/bob%s", server.STARTTLSPort(), parameters)
	return server, Send{Connect: Connect{Source: Source{Args: []string{url}}, Job: xmppcore.Job{Roots: server.Roots()}},
		Lines: true}
}

func TestSendLines(t *testing.T) {
	for parameters, sessions := range map[string]int{"?keepalive=yes": 1, "": 3} {
		server, command := lineServer(t, parameters)
		command.JSON, command.Title = true, "log"
		s, out, _ := testShell()
		s.In = strings.NewReader("one\n\n  \ntwo\nthree")
		code, err := s.Send(t.Context(), command)
		if code != model.ExitDone || err != nil {
			t.Errorf("%q: exit code %d, error %v", parameters, code, err)
		}
		var bodies []string
		for _, m := range server.Received("bob@localhost") {
			bodies = append(bodies, m.Body)
		}
		if got, want := strings.Join(bodies, "|"), "log\r\none|log\r\ntwo|log\r\nthree"; got != want {
			t.Errorf("%q: bob got %q, want %q", parameters, got, want)
		}
		results, bound := 0, map[string]bool{}
		for line := range strings.Lines(out.String()) {
			var result report.Result
			if err := json.Unmarshal([]byte(line), &result); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			if result.Type != "result" {
				continue
			}
			results++
			bound[result.BoundJID] = true
			if !result.OK || len(result.Deliveries) != 1 || result.Deliveries[0].Evidence != event.Accepted {
				t.Errorf("%q: %s", parameters, line)
			}
		}
		if results != 3 || len(bound) != sessions {
			t.Errorf("%q: %d results over %d sessions, want 3 over %d", parameters, results, len(bound), sessions)
		}
	}
}

// TestSendLinesText: a line for each notification, and what holds for all of them
// once. One that cannot be sent stops no other.
func TestSendLinesText(t *testing.T) {
	for parameters, tells := range map[string]int{"?keepalive=yes": 1, "": 1} {
		server, command := lineServer(t, parameters)
		s, out, _ := testShell()
		s.In = strings.NewReader("one\n\nt\x01wo\nthree\nf\x01our\n")
		if code, err := s.Send(t.Context(), command); code != model.ExitSome || err != nil {
			t.Fatalf("%q: exit code %d, error %v", parameters, code, err)
		}
		for text, want := range map[string]int{"\nsasl ": tells, "\nline 1    ok    taken by the server\n": 1,
			"\nline 3    fail  not sent\n": 1, "\nline 4    ok    taken by the server\n": 1,
			"\nline 5    fail  not sent\n": 1, "\nverdict ": 1, " illegal-character: ": 1, "\nresult    failed after ": 1,
			", 2 of 4 lines with evidence, ": 1} {
			if got := strings.Count(out.String(), text); got != want {
				t.Errorf("%q: %q comes %d times, want %d:\n%s", parameters, text, got, want, out)
			}
		}
		if got := server.Received("bob@localhost"); len(got) != 2 || got[1].Body != "three" {
			t.Errorf("%q: bob got %+v", parameters, got)
		}
	}
}

// TestProgressNote: a person who does not see the lines is told how far it is, as
// far as that is known.
func TestProgressNote(t *testing.T) {
	for _, test := range []struct {
		size     int64
		out, err bool
		want     string
	}{
		{size: 0, err: true, want: "200 lines, 20 a second"},
		{size: 1000, err: true, want: "200 lines, 20 a second, about 30s left"},
		{size: 250, err: true, want: "200 lines, 20 a second"},
		{size: 1000, err: true, out: true},
		{size: 1000},
	} {
		s, _, errs := testShell()
		s.InSize, s.ErrTerminal, s.OutTerminal = test.size, test.err, test.out
		p := progress{shell: s, input: &lineReader{read: 250}, began: time.Now().Add(-time.Hour), sent: 200}
		p.note()
		if tells := test.want != ""; strings.HasPrefix(errs.String(), "200 lines, ") != tells {
			t.Errorf("%+v: %q", test, errs)
		}
		if got := p.words(10 * time.Second); test.want != "" && got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
}

func TestSendLinesMisuse(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Send)
		input  string
	}{
		"a body too":       {func(c *Send) { c.Body, c.BodyGiven = "hi", true }, "one\n"},
		"the URL from -":   {func(c *Send) { c.Source.Args = nil; c.Source.File = "-" }, "xmpps://alice:x@localhost/bob\n"},
		"a dry run":        {func(c *Send) { c.DryRun = true }, "one\n"},
		"nothing":          {func(*Send) {}, ""},
		"only empty lines": {func(*Send) {}, "\n\n"},
		"too long a line":  {func(*Send) {}, strings.Repeat("x", bodyLimit+1)},
	} {
		_, command := lineServer(t, "")
		test.change(&command)
		s, _, _ := testShell()
		s.In = strings.NewReader(test.input)
		if code, err := s.Send(t.Context(), command); code != model.ExitUsage || err == nil {
			t.Errorf("%s: exit code %d, error %v", name, code, err)
		}
	}
}

// TestBalance: one exit code for many notifications.
func TestBalance(t *testing.T) {
	ended := func(code model.ExitCode) *model.Run {
		delivery := event.Delivery{To: "bob@localhost", Kind: "chat", Message: 1}
		run := &model.Run{Kind: model.Send, Done: true}
		switch code {
		case model.ExitDone:
			delivery.Evidence = event.Accepted
		case model.ExitSome:
			run.Deliveries = []event.Delivery{{To: "carol@localhost", Kind: "chat", Message: 1, Evidence: event.Accepted}}
		case model.ExitConnect:
			run.Failure = &event.Failure{Stage: event.StageTCP, Cause: event.CauseRefused}
		case model.ExitLogin:
			run.Failure = &event.Failure{Stage: event.StageSASL, Cause: event.CauseAuth}
		case model.ExitInterrupted:
			run.Failure = &event.Failure{Stage: event.StageTCP, Cause: event.CauseCancelled}
		}
		run.Deliveries = append(run.Deliveries, delivery)
		if run.ExitCode() != code {
			t.Fatalf("the run for exit code %d has %d", code, run.ExitCode())
		}
		return run
	}
	const done, connect, login, some, nothing, interrupted = model.ExitDone, model.ExitConnect, model.ExitLogin,
		model.ExitSome, model.ExitNothing, model.ExitInterrupted
	for _, test := range []struct {
		codes []model.ExitCode
		want  model.ExitCode
	}{
		{[]model.ExitCode{done, done}, done},
		{[]model.ExitCode{connect, connect}, connect},
		{[]model.ExitCode{connect, login}, nothing},
		{[]model.ExitCode{nothing, nothing}, nothing},
		{[]model.ExitCode{done, connect}, some},
		{[]model.ExitCode{connect, login, done}, some},
		{[]model.ExitCode{some, done}, some},
		{[]model.ExitCode{some, connect}, some},
		{[]model.ExitCode{done, interrupted}, interrupted},
	} {
		sum := total{code: done}
		for _, code := range test.codes {
			sum.add(ended(code))
		}
		if sum.code != test.want {
			t.Errorf("%v gives %d, want %d", test.codes, sum.code, test.want)
		}
	}
}
