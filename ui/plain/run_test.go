package plain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// script is a network that tells these events and ends with this error.
func script(end error, events ...event.Event) func(context.Context, xmppcore.Job, event.Trace) error {
	return func(_ context.Context, _ xmppcore.Job, trace event.Trace) error {
		for i, e := range events {
			e.Seq = i + 1
			trace.Event(e)
		}
		return end
	}
}

const ms = time.Millisecond

func TestPerformText(t *testing.T) {
	failure := &event.Failure{Stage: event.StageTCP, Cause: event.CauseRefused,
		Detail: "dial tcp 127.0.0.1:5222: connection refused"}
	s, out, errs := testShell()
	s.Run = script(failure,
		event.Event{At: 0, Stage: event.StageDNS, State: event.Start},
		event.Event{At: 1 * ms, Stage: event.StageDNS, State: event.OK, Text: "127.0.0.1"},
		event.Event{At: 1 * ms, Stage: event.StageTCP, State: event.Start},
		event.Event{At: 3 * ms, Stage: event.StageTCP, Item: "127.0.0.1:5222", State: event.Fail,
			Text: "connection refused\x1b[2J"},
		event.Event{At: 3 * ms, Stage: event.StageTCP, State: event.Fail, Text: "nobody listens \x1b[2J", Failure: failure},
	)
	code, err := s.perform(t.Context(), task{Kind: model.Check, Spec: urlspec.Parse("xmpps://alice:canary@localhost/bob"),
		Verbose: true})
	if err != nil || code != model.ExitConnect {
		t.Errorf("got exit code %d and error %v, want %d and none", code, err, model.ExitConnect)
	}
	for _, want := range []string{
		"check     as alice@localhost, at localhost:5222, with STARTTLS\n",
		"dns       ok      1.0 ms  127.0.0.1\n",
		`tcp       fail    2.0 ms  nobody listens \u001b[2J` + "\n",
		"result    failed at tcp after 3.0 ms\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the result lacks %q:\n%s", want, out)
		}
	}
	if want := "+3.0 ms tcp fail 127.0.0.1:5222: connection refused"; !strings.Contains(errs.String(), want) {
		t.Errorf("the progress lacks %q:\n%s", want, errs)
	}
	for _, stream := range []*bytes.Buffer{out, errs} {
		if strings.ContainsAny(stream.String(), "\x1b") || strings.Contains(stream.String(), "canary") {
			t.Errorf("an escape code or the password was printed:\n%s", stream)
		}
	}
}

func TestPerformJSON(t *testing.T) {
	s, out, _ := testShell()
	s.Run = script(nil,
		event.Event{Stage: event.StageDNS, State: event.Start},
		event.Event{At: ms, Stage: event.StageDNS, State: event.OK, Text: "C1 \u009b, bidi \u202e, tag \U000e0041"},
		event.Event{At: 2 * ms, Stage: event.StageAck, State: event.OK, Item: "1",
			Data: event.Delivery{To: "bob@localhost", Kind: "chat", Message: 1, Evidence: event.Accepted}},
	)
	spec := urlspec.Parse("xmpps://alice:canary@localhost/bob")
	code, err := s.perform(t.Context(), task{Kind: model.Send, Spec: spec, JSON: true,
		Job: xmppcore.Job{Messages: []event.Message{{Body: "hello"}}}})
	if err != nil || code != model.ExitDone {
		t.Errorf("got exit code %d and error %v, want %d and none", code, err, model.ExitDone)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 4 {
		t.Fatalf("got %d lines, want 3 events and a result:\n%s", len(lines), out)
	}
	for i, line := range lines {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("line %d is no JSON: %v", i+1, err)
		}
		if fields["v"] != 1.0 || i < 3 && fields["type"] != "event" ||
			i == 3 && (fields["type"] != "result" || fields["ok"] != true) {
			t.Errorf("line %d is %s", i+1, line)
		}
	}
	for _, r := range out.String() {
		if r == 0x9b || r == 0x202e || r == 0xe0041 {
			t.Errorf("%U was printed as it is", r)
		}
	}
	var event struct{ Text string }
	if err := json.Unmarshal([]byte(lines[1]), &event); err != nil ||
		event.Text != "C1 \u009b, bidi \u202e, tag \U000e0041" {
		t.Errorf("the text did not survive: %q, %v", event.Text, err)
	}
}

func TestPerformEnds(t *testing.T) {
	spec := urlspec.Parse("xmpps://alice:pw@localhost/bob")
	for name, test := range map[string]struct {
		run  func(context.Context, xmppcore.Job, event.Trace) error
		want model.ExitCode
	}{
		"when it is cancelled": {
			run: func(ctx context.Context, _ xmppcore.Job, _ event.Trace) error {
				<-ctx.Done()
				return &event.Failure{Stage: event.StageTCP, Cause: event.CauseCancelled}
			},
			want: model.ExitInterrupted,
		},
		"with an unknown error": {
			run:  func(context.Context, xmppcore.Job, event.Trace) error { return errors.New("a bug") },
			want: model.ExitInternal,
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			s, _, _ := testShell()
			s.Run = func(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
				cancel()
				return test.run(ctx, job, trace)
			}
			if code, err := s.perform(ctx, task{Kind: model.Check, Spec: spec}); code != test.want || err != nil {
				t.Errorf("got exit code %d and error %v, want %d and none", code, err, test.want)
			}
		})
	}
}

func testShell() (s *Shell, out, errs *bytes.Buffer) {
	out, errs = new(bytes.Buffer), new(bytes.Buffer)
	return &Shell{Out: out, Err: errs}, out, errs
}

// TestOrdinaryURLsConnect: of the recorded URLs that Apprise accepts, nothing is
// connected only where the host may be a part of the password: behind a second
// "@" in the authority, or an "&" before the first.
func TestOrdinaryURLsConnect(t *testing.T) {
	doubtful := regexp.MustCompile(`^\s*(?i:xmpps?)://(?:[^/?#]*@[^/?#]*@|[^/?#@]*&[^/?#]*@)`)
	accepted := 0
	for _, name := range []string{"urls.jsonl", "urls2.jsonl"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "apprise", name))
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var row struct {
				URL     string
				Apprise struct{ Accepted bool }
			}
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatal(err)
			}
			if !row.Apprise.Accepted {
				continue
			}
			accepted++
			s, _, _ := testShell()
			if why := s.whyNot(Connect{}, urlspec.Parse(row.URL)); why != nil && !doubtful.MatchString(row.URL) {
				t.Errorf("%q is not connected: %v", row.URL, why)
			}
		}
	}
	if accepted < 500 {
		t.Errorf("only %d URLs are accepted", accepted)
	}
}

// TestHowFar: a person at a terminal is told from time to time how far many
// deliveries are, and nobody else is.
func TestHowFar(t *testing.T) {
	began := time.Now()
	for _, test := range []struct {
		deliveries     int
		terminal, json bool
		want           string
	}{
		{deliveries: 150, terminal: true, want: "2 of 150: 2 taken by the server; the others: not sent\n"},
		{deliveries: 50, terminal: true},
		{deliveries: 150},
		{deliveries: 150, terminal: true, json: true},
	} {
		s, _, errs := testShell()
		s.ErrTerminal = test.terminal
		run := &model.Run{Kind: model.Send, Deliveries: make([]event.Delivery, test.deliveries)}
		for i := range run.Deliveries {
			if run.Deliveries[i].Kind = "chat"; i < 2 {
				run.Deliveries[i].Evidence = event.Accepted
			}
		}
		r := reporter{shell: s, task: task{JSON: test.json}, run: run, noted: began}
		r.howFar(began.Add(notePause - 1))
		r.howFar(began.Add(notePause))
		r.howFar(began.Add(notePause + 1)) // too early for another
		if got := errs.String(); got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
}
