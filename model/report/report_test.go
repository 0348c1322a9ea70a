package report_test

import (
	"regexp"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/model/modeltest"
	"xmppscope/model/report"
	"xmppscope/xmppcore/event"
)

// hostile is what a server may say to get into a report's markup.
const hostile = "no | <img src=x> [click](http://evil.test) `code` \u202e"

func failedRun() *model.Run {
	return told(model.Send,
		"xmpps://alice:PW@example.test/bob/%23ops@conference.example.test?scramplus=no&retry=0&rto=4.0&pass=PW",
		then(upTo(event.StageBind), refused(ops, event.Failure{Condition: "conflict", Text: hostile}),
			bounced(chat("bob@example.test", event.Written), event.Failure{Condition: "service-unavailable", Text: hostile}))...)
}

// unescaped is Markdown as one reads it.
func unescaped(markdown string) string { return escape.ReplaceAllString(markdown, "$1") }

var escape = regexp.MustCompile(`\\(.)`)

func TestReport(t *testing.T) {
	rep := report.New(t.Context(), failedRun(), "xmppscope 1.0", "2026-10-16 10:42")
	markdown := rep.Markdown()
	text := unescaped(markdown)
	for _, want := range []string{
		"xmppscope 1.0, 2026-10-16 10:42, send", "xmpps://alice:••••••••@example.test/bob",
		"Result: failed at muc after 100 ms, 0 of 2; 2 failed: 1 came back, 1 not sent.",
		"room-nick-conflict", "target-missing", "Fix: use another nick: name=alice_notify",
		"Apprise would report failure (exit code 1), and nothing would arrive. Why: ",
		"login JID | alice@example.test", "scramplus | no | default yes", "bind | ok", "TLS | TLS 1.3 TLS_AES_128_GCM_SHA256",
		"certificate | valid for the JID domain", "SHA-256 | AB:12", "mechanism | SCRAM-SHA-256-PLUS",
		"not taken | SCRAM-SHA-256, SCRAM-SHA-1-PLUS, SCRAM-SHA-1, PLAIN: not tried",
		"room | ops@conference.example.test", `join | not joined: conflict ("no | <img src=x>`,
		"message | bob@example.test", `evidence | came back: service-unavailable ("no | <img src=x>`,
		"close |  |  | not reached", "   +10.0 dns      ok",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
	for _, not := range []string{"retry |", "rto |", "pass |"} {
		if strings.Contains(text, not) {
			t.Errorf("the text has %q, which is a default or a secret", not)
		}
	}
	for _, want := range []string{"# xmppscope report", "## Findings", "    xmpps://alice:••••••••@example.test/bob",
		"| part | value | from |\n| --- | --- | --- |\n"} {
		if !strings.Contains(markdown, want) {
			t.Errorf("the Markdown lacks %q", want)
		}
	}
	if t.Failed() {
		t.Log(markdown)
	}
}

// TestReportIsSafe: neither the password nor a server's markup gets out, in any
// run of the catalogue.
func TestReportIsSafe(t *testing.T) {
	runs := []*model.Run{failedRun()}
	for _, c := range modeltest.Stories() {
		runs = append(runs, c.Run())
	}
	for _, r := range runs {
		rep := report.New(t.Context(), r, "xmppscope", "now")
		text := rep.Markdown()
		if form := modeltest.Leaks(unescaped(text)); form != "" {
			t.Errorf("the report holds the password as %q:\n%s", form, text)
		}
		if strings.ContainsAny(text, "\u202e\x1b\x07") {
			t.Errorf("the report holds a character that is not text:\n%q", text)
		}
		for line := range strings.SplitSeq(text, "\n") {
			if !strings.HasPrefix(line, "    ") && (strings.Contains(line, "<img") && !strings.Contains(line, `\<img`) ||
				strings.Contains(line, "](http") && !strings.Contains(line, `\](http`)) {
				t.Errorf("a server's markup is in force: %s", line)
			}
		}
	}
}

func TestReportOfARunUnderWay(t *testing.T) {
	r := model.NewRun(1, model.Check, told(model.Check, "xmpps://alice:PW@example.test/bob").Spec, nil)
	if got := report.New(t.Context(), r, "", "").Outcome; got != "under way for 0.0 ms" {
		t.Errorf("outcome %q", got)
	}
	if got := report.New(t.Context(), told(model.Check, "xmpps://alice:PW@example.test/bob", upTo(event.StageBind)...), "",
		"").Outcome; got != "ok after 80 ms, logged in" {
		t.Errorf("outcome %q", got)
	}
}
