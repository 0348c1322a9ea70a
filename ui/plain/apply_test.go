package plain

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// world starts a demo world for one test.
func world(t *testing.T, name string) *Demo {
	t.Helper()
	d, err := StartDemo(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// TestApplyFixes mends worlds: the exit code of the last check, which fixes
// were made, and which finding is left to a person.
func TestApplyFixes(t *testing.T) {
	for _, c := range []struct {
		world string
		fixes []string // codes, in order
		left  string
		exit  model.ExitCode
	}{
		{world: "default"},
		{world: "split-domain", fixes: []string{"srv-elsewhere"}},
		{world: "direct-tls-port", fixes: []string{"direct-tls-port"}},
		{world: "starttls-port", fixes: []string{"starttls-port"}},
		{world: "tls-required", fixes: []string{"tls-required"}},
		{world: "old-ejabberd", fixes: []string{"channel-binding-rejected"}},
		{world: "plus-only", fixes: []string{"channel-binding-required"}},
		{world: "nick-conflict", fixes: []string{"room-nick-conflict"}},
		{world: "wrong-domain", left: "host-unknown", exit: model.ExitConnect},
		{world: "certificate-expired", left: "certificate-expired", exit: model.ExitTLS},
		{world: "proxy", left: "channel-binding-mismatch", exit: model.ExitLogin},
		{world: "see-other-host", left: "see-other-host", exit: model.ExitConnect},
		{world: "wrong-password", exit: model.ExitLogin},
	} {
		t.Run(c.world, func(t *testing.T) {
			d := world(t, c.world)
			s, out, errs := testShell()
			connect := Connect{Source: Source{Args: []string{d.URL()}}, Job: d.Job(), Fix: true}
			code, err := s.Check(t.Context(), connect)
			if code != c.exit || err != nil {
				t.Errorf("got exit code %d and error %v, want %d:\n%s", code, err, c.exit, out)
			}
			var made []string
			for line := range strings.Lines(out.String()) {
				if rest, found := strings.CutPrefix(line, "applied   "); found {
					code, _, _ := strings.Cut(rest, ":")
					made = append(made, code)
				}
			}
			if !slices.Equal(made, c.fixes) {
				t.Errorf("made %q, want %q:\n%s", made, c.fixes, out)
			}
			if n := strings.Count(out.String(), "\ncheck     ") + 1; n != len(c.fixes)+1 && len(c.fixes) > 0 {
				t.Errorf("%d checks for %d fixes:\n%s", n, len(c.fixes), out)
			}
			if hint := strings.Contains(errs.String(), "with its password"); hint != (len(c.fixes) > 0) {
				t.Errorf("the hint is said: %v\n%s", hint, errs)
			}
			if left := "left      " + c.left + ":"; c.left != "" && !strings.Contains(errs.String(), left) {
				t.Errorf("it does not say %q:\n%s", left, errs)
			}
			password := urlspec.Parse(d.URL()).Reading.Password
			if strings.Contains(out.String()+errs.String(), password) {
				t.Errorf("the password shows:\n%s%s", out, errs)
			}
		})
	}
}

// TestApplyFixesJSON: the URL's own faults are fixedText before the check, and
// the lines say so.
func TestApplyFixesJSON(t *testing.T) {
	d := world(t, "old-ejabberd")
	broken := strings.Replace(d.URL(), "alice-pw", "alice:pw", 1) + "?roster="
	if broken == d.URL()+"?roster=" {
		t.Fatalf("the world's password is another one: %s", urlspec.Redact(d.URL()))
	}
	s, out, _ := testShell()
	connect := Connect{Source: Source{Args: []string{broken}}, PasswordFile: passwordIn(t, "alice-pw"), Job: d.Job(),
		Fix: true, JSON: true}
	code, err := s.Check(t.Context(), connect)
	if code != model.ExitDone || err != nil {
		t.Fatalf("got exit code %d and error %v:\n%s", code, err, out)
	}
	var story []string
	for line := range bytes.Lines(out.Bytes()) {
		var l struct {
			V                      int
			Type, Code, Label, URL string
			OK                     bool
		}
		if err := json.Unmarshal(line, &l); err != nil || l.V != 1 {
			t.Fatalf("%s: %v", line, err)
		}
		switch l.Type {
		case "fix":
			story = append(story, l.Code)
			if l.Label == "" || urlspec.Parse(l.URL).Redacted() != l.URL || strings.Contains(l.URL, "pw") {
				t.Errorf("fix %+v", l)
			}
		case "result":
			story = append(story, map[bool]string{true: "ok", false: "failed"}[l.OK])
		}
	}
	want := []string{"password-colon", "value-unrecognised", "failed", "channel-binding-rejected", "ok"}
	if !slices.Equal(story, want) {
		t.Errorf("told %q, want %q:\n%s", story, want, out)
	}
}

// TestApplyFixesEnds: fixes that lead back to a URL that was checked, or ever
// on, come to an end.
func TestApplyFixesEnds(t *testing.T) {
	refused := &event.Failure{Stage: event.StageTCP, Cause: event.CauseRefused}
	s, out, _ := testShell()
	s.Run = script(refused, event.Event{Stage: event.StageTCP, State: event.Start},
		event.Event{Stage: event.StageTCP, State: event.Fail, Text: "refused", Failure: refused})
	code, err := s.Check(t.Context(), Connect{Source: Source{Args: []string{"xmpps://alice:pw@localhost:5299"}},
		Fix: true})
	if code != model.ExitConnect || err != nil || strings.Count(out.String(), "result ") != 2 {
		t.Errorf("exit code %d, error %v:\n%s", code, err, out)
	}
	// What Apprise does not accept is not checked at all.
	s, out, errs := testShell()
	code, err = s.Check(t.Context(), Connect{Source: Source{Args: []string{"xmpps://alice:p/w@corp.example:52x2"}},
		Fix: true})
	if code != model.ExitUsage || err == nil ||
		!strings.Contains(out.String(), "applied   password-delimiter: write %2F") ||
		!strings.Contains(errs.String(), "port-invalid") {
		t.Errorf("exit code %d, error %v:\n%s%s", code, err, out, errs)
	}
}

// TestApplyFixesTakenBack: mode=tls does not help at a web server, so it is taken
// back, and the exit code is that of the URL that is left.
func TestApplyFixesTakenBack(t *testing.T) {
	s, out, _ := testShell()
	s.Run = func(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
		stage, failure := event.StageStream, &event.Failure{Stage: event.StageStream, Cause: event.CauseClosed}
		if job.Reading.Mode == urlspec.ModeTLS {
			stage, failure = event.StageTLS, &event.Failure{Stage: event.StageTLS, Cause: event.CauseNotTLS}
		}
		return script(failure, event.Event{Stage: event.StageTCP, State: event.OK},
			event.Event{Stage: stage, State: event.Fail, Failure: failure})(ctx, job, trace)
	}
	source := Source{Args: []string{"xmpps://alice:pw@localhost:8090"}}
	code, err := s.Check(t.Context(), Connect{Source: source, Fix: true})
	text := out.String()
	if code != model.ExitConnect || err != nil || strings.Count(text, "applied   direct-tls-port") != 1 ||
		strings.Count(text, "undone    direct-tls-port: use direct TLS: mode=tls. It did not help.") != 1 ||
		strings.Contains(text, "applied   starttls-port") {
		t.Errorf("exit code %d, error %v:\n%s", code, err, text)
	}
}

// TestApplyFixesTried: a run does not offer a server again that one before it tried.
func TestApplyFixesTried(t *testing.T) {
	s, out, _ := testShell()
	s.Run = func(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
		failure := &event.Failure{Stage: event.StageTCP, Cause: event.CauseRefused}
		records := event.DNS{Host: job.Reading.TCPHost, SRV: []event.SRVRecord{
			{Service: "_xmpp-client", Target: "a.corp.example", Port: 5222, Priority: 1},
			{Service: "_xmpp-client", Target: "b.corp.example", Port: 5222, Priority: 2}}}
		return script(failure, event.Event{Stage: event.StageDNS, State: event.OK, Data: records},
			event.Event{Stage: event.StageTCP, State: event.Fail, Failure: failure})(ctx, job, trace)
	}
	source := Source{Args: []string{"xmpps://alice:pw@corp.example"}}
	_, err := s.Check(t.Context(), Connect{Source: source, Fix: true})
	for _, host := range []string{"a.corp.example", "b.corp.example"} {
		if offered := strings.Count(out.String(), "fix       connect to "+host); offered != 1 || err != nil {
			t.Errorf("%s was offered %d times, error %v:\n%s", host, offered, err, out)
		}
	}
}

// passwordIn writes a password file.
func passwordIn(t *testing.T, password string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(name, []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
