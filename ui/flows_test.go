package ui

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"xmppscope/model/message"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// until fails like a server with the wrong channel binding until the URL says
// scramplus=no, and remembers every job.
func until(jobs *[]xmppcore.Job) func(context.Context, xmppcore.Job, event.Trace) error {
	return func(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
		*jobs = append(*jobs, job)
		if job.Reading.ScramPlus {
			return failing().run(ctx, job, trace)
		}
		return delivered().run(ctx, job, trace)
	}
}

func TestTableFollowsEveryKey(t *testing.T) {
	s := open(t, 120, 40, Options{})
	s.press("xmpps://alice:pw@example.test/bo")
	s.mustShow("bo@example.test", "example.test:5222")
	s.press("b?mode=tls")
	s.mustShow("bob@example.test", "example.test:5223", "direct TLS")
	s.press("backspace", "backspace", "backspace", "none")
	s.mustShow("example.test:5222")
}

// TestFixInVain: a fix that did not help is taken back, and is not offered again.
func TestFixInVain(t *testing.T) {
	var jobs []xmppcore.Job
	s := open(t, 120, 40, Options{URL: goodURL, Run: func(ctx context.Context, job xmppcore.Job, trace event.Trace) error {
		jobs = append(jobs, job)
		return failing().run(ctx, job, trace)
	}})
	s.press("enter")
	s.finish()
	s.press("esc", "f")
	s.finish()
	if len(jobs) != 2 || jobs[1].Reading.ScramPlus || s.url.text != goodURL {
		t.Fatalf("%d runs, the URL is %s", len(jobs), urlspec.Redact(s.url.text))
	}
	s.mustShow("did not help and is taken back", "rejected the channel binding")
	if strings.Contains(s.plain(), "scramplus=no and retry") {
		t.Errorf("it is offered again:\n%s", s.plain())
	}
	s.press("f")
	s.finish()
	if len(jobs) != 2 {
		t.Error("the same fix was made again")
	}
}

func TestFixAndRetry(t *testing.T) {
	var jobs []xmppcore.Job
	s := open(t, 120, 40, Options{URL: goodURL, Run: until(&jobs)})
	s.press("enter")
	s.finish()
	s.mustShow("✗ sasl", "rejected the channel binding", "add scramplus=no and retry")
	s.press("esc", "f")
	s.finish()
	if len(jobs) != 2 || jobs[1].Reading.ScramPlus || jobs[1].Messages != nil {
		t.Fatalf("the second run is %+v", jobs)
	}
	s.mustShow("scramplus=no", "It works", "✓ sasl")
	s.press("u")
	if s.url.text != goodURL {
		t.Errorf("undo gives %q", s.url.text)
	}
	s.mustShow("URL edited since")
	s.press("=")
	s.mustShow("Run 1 and run 2", "scramplus=", "failed at sasl", "Δsasl")
	s.press("esc", "[")
	s.mustShow("✗ sasl")
	s.press("]")
	s.mustShow("✓ sasl")
}

// A failed send is tried again as a send, because nothing went out; one whose
// recipients were never confirmed asks first.
func TestFixRetriesASend(t *testing.T) {
	var jobs []xmppcore.Job
	s := open(t, 120, 40, Options{URL: goodURL, Body: "hello", Run: until(&jobs)})
	s.press("ctrl+s")
	s.mustShow("message from alice@example.test to 2 of 2 recipients", "[x] ops@conference.example.test",
		"bob@example.test", "hello")
	if len(jobs) != 0 {
		t.Fatal("sent before anybody agreed")
	}
	s.press("enter")
	s.finish()
	s.press("alt+f")
	s.finish()
	if len(jobs) != 2 || len(jobs[1].Messages) != 1 || jobs[1].Messages[0].Body != "hello" {
		t.Fatalf("jobs %+v", jobs)
	}
	s.mustShow("Sent, 2 of 2: 1 received, 1 reflected", "reflected", "received")
}

func TestRecipientsAreConfirmedOncePerSet(t *testing.T) {
	var jobs []xmppcore.Job
	s := open(t, 120, 40, Options{URL: goodURL + "&scramplus=no", Body: "hello", Run: until(&jobs)})
	s.press("ctrl+s", "esc")
	if len(jobs) != 0 {
		t.Fatal("esc sent it")
	}
	s.press("ctrl+s", "enter")
	s.finish()
	s.press("ctrl+s")
	s.finish()
	if len(jobs) != 2 {
		t.Fatalf("%d sends, want 2 with one question", len(jobs))
	}
	s.press("ctrl+l", "&to=eve")
	s.press("ctrl+s")
	s.mustShow("eve@example.test", "enter send")
	if len(jobs) != 2 {
		t.Fatal("a new recipient was not named first")
	}
}

func TestNothingToSend(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL})
	s.press("ctrl+s")
	s.mustShow("nothing to send", "▸alt+7 Send")
	if s.live != nil || s.runs.Len() != 0 {
		t.Error("a run began")
	}
}

func TestMissingPasswordIsAsked(t *testing.T) {
	var jobs []xmppcore.Job
	s := open(t, 80, 24, Options{URL: "xmpps://alice@example.test/bob?scramplus=no", Run: until(&jobs)})
	s.press("enter")
	s.mustShow("Password", "for alice@example.test")
	s.press("open sesame", "enter")
	s.finish()
	if len(jobs) != 1 || jobs[0].Reading.Password != "open sesame" || !jobs[0].Reading.PasswordSet {
		t.Fatalf("jobs: %d", len(jobs))
	}
	if strings.Contains(s.url.text, "sesame") || strings.Contains(s.runs.Last().Spec.Text, "sesame") {
		t.Error("the password went into the URL")
	}
	s.press("enter")
	s.finish()
	if len(jobs) != 2 {
		t.Error("asked again in the same session")
	}
}

func TestPasswordInClearNeedsAYes(t *testing.T) {
	for _, tt := range []struct {
		host string
		asks bool
	}{{"example.test", true}, {"localhost", false}, {"127.0.0.1", false}, {"192.0.2.1", true}, {"[::1]", false}} {
		var jobs []xmppcore.Job
		s := open(t, 80, 24, Options{URL: "xmpp://alice:pw@" + tt.host + "/bob?scramplus=no", Run: until(&jobs)})
		s.press("enter")
		if asked := len(s.dialogs) == 1; asked != tt.asks {
			t.Errorf("%s: asked %v, want %v", tt.host, asked, tt.asks)
		}
		if !tt.asks {
			s.finish()
			continue
		}
		s.mustShow("No encryption")
		s.press("esc")
		if len(jobs) != 0 {
			t.Errorf("%s: esc connected", tt.host)
		}
		s.press("enter", "y")
		s.finish()
		if len(jobs) != 1 || !jobs[0].AllowCleartextPassword {
			t.Errorf("%s: yes did not allow it", tt.host)
		}
	}
}

func TestEscCancelsTheRun(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL, Run: running().run})
	s.press("ctrl+l", "enter")
	s.hear(1)
	s.mustShow("esc cancels")
	s.press("esc")
	s.finish()
	s.mustShow("Cancelled")
	if !s.typing {
		t.Error("the first esc also left the field")
	}
}

func TestCtrlCQuitsFromAnywhere(t *testing.T) {
	for name, keys := range situations() {
		t.Run(name, func(t *testing.T) {
			s := open(t, 80, 24, Options{URL: goodURL, Body: "hi", Run: delivered().run})
			s.press("enter")
			s.finish()
			s.press(keys...)
			_, cmd := s.Update(keysOf("ctrl+c")[0])
			if cmd == nil {
				t.Fatal("no command")
			}
			if _, quits := cmd().(tea.QuitMsg); !quits {
				t.Error("ctrl+c does not quit")
			}
		})
	}
}

func TestParamsPaneAndURLAreOne(t *testing.T) {
	s := open(t, 120, 40, Options{URL: "xmpps://alice:pw@example.test/bob"})
	s.press("esc", "4", "space") // mode: starttls to tls
	if !strings.Contains(s.url.text, "mode=tls") {
		t.Fatalf("the URL is %q", s.url.text)
	}
	s.mustShow("example.test:5223")
	s.press("down", "down", "enter", "pager", "enter")
	if !strings.Contains(s.url.text, "name=pager") {
		t.Fatalf("the URL is %q", s.url.text)
	}
	s.press("x")
	if strings.Contains(s.url.text, "name=") {
		t.Fatalf("the parameter is still there: %q", s.url.text)
	}
	s.press("ctrl+l", "&subject=yes")
	for _, row := range s.params.settings {
		if row.Name == "subject" && (row.Value != "yes" || !row.Set) {
			t.Errorf("the pane has subject %q", row.Value)
		}
	}
}

func TestPasteFindsTheURL(t *testing.T) {
	s := open(t, 120, 40, Options{URL: "xmpp://old"})
	s.Update(tea.PasteMsg{Content: "  apprise -b hi \"xmpps://alice:pw@example.test/bob\"\n"})
	if s.url.text != "xmpps://alice:pw@example.test/bob" {
		t.Errorf("the URL is %q", s.url.text)
	}
	s.mustShow("found the URL")
	s.press("alt+u")
	if s.url.text != "xmpp://old" {
		t.Errorf("undo gives %q", s.url.text)
	}
}

func TestCompletion(t *testing.T) {
	s := open(t, 100, 30, Options{URL: "xmpps://alice:pw@example.test/bob?"})
	s.press("scr")
	s.mustShow("scramplus", "tab takes")
	s.press("tab")
	if want := "xmpps://alice:pw@example.test/bob?scramplus="; s.url.text != want {
		t.Fatalf("the URL is %q, want %q", s.url.text, want)
	}
	s.press("down", "tab")
	if !strings.HasSuffix(s.url.text, "scramplus=no") {
		t.Errorf("the URL is %q", s.url.text)
	}
	s.press("tab")
	if s.focus != &s.jids {
		t.Error("tab without choices does not go to the next pane")
	}
}

func TestProblemIsFixedByOneKey(t *testing.T) {
	s := open(t, 120, 40, Options{URL: warnedURL})
	for range 10 {
		if whyNoFix(s.screen) != "" {
			break
		}
		s.press("alt+f")
	}
	for _, p := range s.url.spec.Problems {
		if p.Severity == urlspec.Error {
			t.Errorf("%s is still there in %s: %s", p.Code, s.url.spec.Redacted(), p.Message)
		}
	}
	s.mustShow("alice@example.test", "ops@conference.example.test")
}

func TestRevealEndsByItself(t *testing.T) {
	s := open(t, 120, 40, Options{URL: "xmpps://alice:hunter2@example.test/bob"})
	s.press("alt+r")
	s.mustShow("hunter2")
	s.Update(hideMsg{s.url.revealed - 1})
	s.mustShow("hunter2")
	s.Update(hideMsg{s.url.revealed})
	if strings.Contains(s.plain(), "hunter2") {
		t.Error("the password is still shown")
	}
	s.press("alt+r", "tab")
	if strings.Contains(s.plain(), "hunter2") {
		t.Error("leaving the field does not hide the password")
	}
}

func TestHistoryOfURLs(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL})
	s.press("enter")
	s.finish()
	s.press("ctrl+l", "ctrl+u", "new")
	s.press("up")
	if s.url.text != goodURL {
		t.Errorf("up gives %q", s.url.text)
	}
	s.press("down")
	if s.url.text != "new" {
		t.Errorf("down gives %q", s.url.text)
	}
}

func TestReportIsWrittenOnceAndHoldsNoSecret(t *testing.T) {
	dir := t.TempDir()
	s := open(t, 120, 40, Options{URL: goodURL, Run: failing().run, ReportDir: dir, Program: "xmppscope 1.2.3"})
	s.press("enter")
	s.finish()
	s.press("esc")
	_, cmd := s.Update(keysOf("e")[0])
	s.Update(cmd())
	s.mustShow("report written")
	file := filepath.Join(dir, "xmppscope-20261122-120000.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for _, want := range []string{"# xmppscope report", "xmppscope 1.2.3, 2026-11-22 12:00:00",
		"channel-binding-rejected", "alice@example.test", "| sasl | fail |", "## Login"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if strings.Contains(string(text), "wonder") {
		t.Error("the report holds the password")
	}
	_, cmd = s.Update(keysOf("e")[0])
	if msg := cmd().(noticeMsg); !strings.Contains(string(msg), "no report") {
		t.Errorf("a second report in the same second: %q", msg)
	}
}

func TestPrivacyHidesNames(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL, Run: delivered().run})
	s.press("enter")
	s.finish()
	s.press("esc", "p")
	screen := s.plain()
	for _, name := range []string{"alice", "example.t", "bob", "pager", "conference", "127.0.0.1", "::1"} {
		if strings.Contains(screen, name) {
			t.Errorf("the screen shows %q:\n%s", name, screen)
		}
	}
	s.mustShow("login JID", "✓ tcp")
	s.Update(tea.WindowSizeMsg{Width: 44, Height: 20})
	for _, part := range []string{"conf", "erence", "exam", "ple.test"} { // the URL breaks anywhere
		if url := strings.Join(strings.Split(s.plain(), "\n")[1:5], ""); strings.Contains(url, part) {
			t.Errorf("the URL shows %q: %s", part, url)
		}
	}
}

// TestPrivacyHidesWhatIsMeant: the names of a URL that Apprise rejects are covered as
// those of one that it takes, as they stand there and as they were meant, and those of
// other runs where a dialog shows them.
func TestPrivacyHidesWhatIsMeant(t *testing.T) {
	const url = "xmpps://álice:pw@bücher.example/%23kitchen@rooms.example/用户@例え.jp" +
		"?name=pag-er&to=carol,dave@x.example"
	for _, d := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		s := open(t, d[0], d[1], Options{URL: url})
		s.press("esc", "p", "4")
		for range 5 {
			screen := s.plain()
			for _, name := range []string{"lice", "cher", "kitchen", "rooms.ex", "用户", "例え", "pag-er", "carol",
				"dave"} {
				if strings.Contains(screen, name) {
					t.Errorf("%v: the screen shows %q:\n%s", d, name, screen)
				}
			}
			s.press("2", "z", "G")
		}
	}

	s := open(t, 80, 24, Options{URL: "xmpps://alice:pw@first.example/zoe"})
	s.press("enter")
	s.finish()
	s.url.replace(goodURL, len(goodURL))
	s.edited()
	s.press("r")
	s.finish()
	for _, dialog := range []string{"H", "="} {
		s.press("p", dialog)
		if screen := s.plain(); strings.Contains(screen, "first.example") || strings.Contains(screen, "zoe") {
			t.Errorf("the dialog shows a name:\n%s", screen)
		}
		s.press("esc", "p")
	}
}

func TestFilterFollowFreeze(t *testing.T) {
	s := open(t, 120, 40, Options{URL: goodURL, Run: delivered().run})
	s.press("enter")
	s.finish()
	s.press("esc", "5", "&", "TLS ok", "enter")
	s.mustShow("& TLS ok")
	if n := len(s.events.shown); n == 0 || n == len(s.run().Events) {
		t.Errorf("the filter shows %d of %d", n, len(s.run().Events))
	}
	s.press("space")
	if s.events.frozen != len(s.run().Events) {
		t.Error("space does not freeze")
	}
	s.mustShow("frozen")
	s.press("space", "esc")
	s.View()
	if len(s.events.shown) != len(s.run().Events) {
		t.Error("esc does not clear the filter")
	}
}

func TestMessageEditing(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL})
	s.press("alt+7", "first", "enter", "second", "up", "up", "Subject", "enter", "!")
	if got := s.send.notification(); got != (message.Notification{Title: "Subject", Body: "first!\nsecond"}) {
		t.Errorf("the message is %+v", got)
	}
	s.press("alt+v")
	s.mustShow("What will be sent", "message 1 of 1", "Subject", "second")
}

func TestPaletteDoesWhatItFinds(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL})
	s.press("ctrl+p", "next theme", "enter")
	s.mustShow("theme: auto")
	s.press("ctrl+p", "compare", "enter")
	s.mustShow("there is no earlier run")
	s.press("ctrl+p", "no such thing at all")
	s.mustShow("no action has these letters")
}

// Nothing moves while nothing happens: no command is left that would wake the
// program up.
func TestNoTicksWhenIdle(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL})
	if cmd := s.Init(); cmd != nil {
		t.Error("a fixed theme asks the terminal something")
	}
	s.press("enter")
	s.finish()
	if _, cmd := s.Update(tickMsg{1}); cmd != nil {
		t.Error("ticks go on after the run")
	}
}
