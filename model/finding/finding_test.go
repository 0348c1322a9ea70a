package finding

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// verdictOf is a verdict in short.
func verdictOf(r *model.Run) string {
	v := Apprise(r)
	switch {
	case !v.Known():
		return "unknown"
	case v.FalseSuccess():
		return "false success"
	case v.WouldReport != ReportsFailure:
		return string(v.WouldReport)
	}
	return "failure"
}

func TestFindings(t *testing.T) {
	for _, c := range modeltest.Stories() {
		t.Run(c.Code+": "+c.Name, func(t *testing.T) {
			r := c.Run()
			found := Of(t.Context(), r)
			want := append([]string{cmp.Or(c.First, c.Code)}, c.Also...)
			if codes := codesOf(found); !slices.Equal(codes, want) {
				t.Fatalf("findings %v, want %v\n%s", codes, want, marshal(t, found))
			}
			if found[0].Title != c.Title {
				t.Errorf("title %q, want %q", found[0].Title, c.Title)
			}
			if fixed := fixedURL(t, found[0]); fixed != c.Fixed {
				t.Errorf("fixed URL %q, want %q", fixed, c.Fixed)
			}
			if r.ExitCode() != c.Exit || verdictOf(r) != c.Apprise {
				t.Errorf("exit code %d and verdict %q, want %d and %q", r.ExitCode(), verdictOf(r), c.Exit, c.Apprise)
			}
			checkFindings(t, r)
		})
	}
}

// codesOf are the codes of findings.
func codesOf(found []Finding) []string {
	var codes []string
	for _, f := range found {
		codes = append(codes, f.Code)
	}
	return codes
}

// fixedURL is the URL after the fix of a finding, with PW for the password. It
// holds the fix to what all must keep.
func fixedURL(t *testing.T, f Finding) string {
	t.Helper()
	if f.Fix == nil {
		return ""
	}
	fixed := strings.ReplaceAll(f.Fix.Edited, withCanary("PW"), "PW")
	if f.Fix.URL != strings.ReplaceAll(fixed, "PW@", "••••••••@") {
		t.Errorf("the fix shows %s", f.Fix.URL)
	}
	if !urlspec.Parse(f.Fix.Edited).Reading.Accepted {
		t.Errorf("Apprise does not accept the fix %s", f.Fix.URL)
	}
	return fixed
}

// TestFindingsOnRecordings: what four real servers answered leads to the right
// finding.
func TestFindingsOnRecordings(t *testing.T) {
	for _, recording := range modeltest.Recordings() {
		stories := recording.Stories(t)
		if len(stories) == 0 {
			t.Errorf("no server answered in %s", recording.Trace)
		}
		for _, s := range stories {
			r := s.Run()
			found := Of(t.Context(), r)
			if len(found) != 1 || found[0].Code != s.Code {
				t.Errorf("%s: want %s, got %s", s.Name, s.Code, marshal(t, found))
				continue
			}
			if got := verdictOf(r); got != s.Apprise {
				t.Errorf("%s: Apprise: %s, want %s: %+v", s.Name, got, s.Apprise, Apprise(r))
			}
			// A room that was just created takes the message, and nobody is there.
			if s.Apprise != "success" && s.Code != "room-created" && r.OK() {
				t.Errorf("%s: the run counts as success", s.Name)
			}
			checkFindings(t, r)
		}
	}
}

// checkFindings holds the findings of any run to what all must keep.
func checkFindings(t *testing.T, r *model.Run) {
	t.Helper()
	found := Of(t.Context(), r)
	errorsOver, seen := false, map[string]bool{}
	for _, f := range found {
		if f.Title == "" || !strings.HasSuffix(f.Title, ".") || f.Explain == "" || f.Events == nil {
			t.Errorf("%s is no sentence, or explains or proves nothing: %+v", f.Code, f)
		}
		if len(f.Events) == 0 || !slices.IsSorted(f.Events) {
			t.Errorf("%s: events %v", f.Code, f.Events)
		}
		if key := f.Code + f.Title; seen[key] {
			t.Errorf("%s is said twice", f.Code)
		} else {
			seen[key] = true
		}
		if f.Severity != urlspec.Error {
			errorsOver = true
		} else if errorsOver {
			t.Errorf("the error %s comes after advice", f.Code)
		}
	}
	if n := len((run{Run: r}).failures()); r.Failure != nil && n == 0 {
		t.Error("the run failed, and nothing of it is to be explained")
	}
	if why := contradiction(found); why != "" {
		t.Error(why)
	}
	for _, why := range Contradictions(r) {
		t.Error(why)
	}
	text := marshal(t, found) + fmt.Sprint(Apprise(r))
	for _, l := range r.LoginFacts() {
		text += l.Label + l.Text
	}
	if form := modeltest.Leaks(text); form != "" {
		t.Errorf("the diagnosis holds the password as %q: %s", form, text)
	}
}

// contradiction says which two fixes of one run set one parameter to different
// values, or which failure of the whole run stands beside another one.
func contradiction(found []Finding) string {
	values := map[string]string{}
	for _, f := range found {
		if f.Fix == nil {
			continue
		}
		before := map[string]bool{}
		for _, p := range urlspec.Parse(f.Fix.Edited).Params {
			if !p.Wins || before[p.Name] {
				continue
			}
			if old, set := values[p.Name]; set && old != p.Value &&
				(p.Name == "mode" || p.Name == "scramplus" || p.Name == "verify" || p.Name == "xmpp") {
				return fmt.Sprintf("two fixes set %s to %q and to %q", p.Name, old, p.Value)
			}
			values[p.Name] = p.Value
		}
	}
	return ""
}

// TestEveryCodeIsTested: a code without a case would be a promise that nobody
// keeps.
func TestEveryCodeIsTested(t *testing.T) {
	tested := map[string]bool{}
	for _, c := range modeltest.Stories() {
		tested[c.Code] = true
	}
	for _, r := range modeltest.Recordings() {
		tested[r.Prosody], tested[r.Ejabberd] = true, true
	}
	declared := map[string]bool{}
	for _, f := range Codes() {
		switch {
		case declared[f.Code]:
			t.Errorf("%s is declared twice", f.Code)
		case !tested[f.Code]:
			t.Errorf("%s has no test", f.Code)
		case f.Help == "" || f.Explanation == "" || f.Severity == "":
			t.Errorf("%s lacks help, explanation or severity: %+v", f.Code, f)
		}
		declared[f.Code] = true
	}
	delete(tested, "")
	for code := range tested {
		if !declared[code] {
			t.Errorf("%s is tested and not declared", code)
		}
	}
}

// TestCodesAgreeWithProblems: a name that is both a problem of a URL and a
// finding of a run must mean one thing.
func TestCodesAgreeWithProblems(t *testing.T) {
	shared := []string{"password-missing", "room-without-service"}
	for _, f := range Codes() {
		if _, problem := urlspec.Explain(f.Code); problem && !slices.Contains(shared, f.Code) {
			t.Errorf("%s is a problem of URLs too; do they mean the same?", f.Code)
		}
	}
}

// TestOneRoomInTwoSpellings fails once.
func TestOneRoomInTwoSpellings(t *testing.T) {
	first, second := refused("ops@conference.example.test", event.Failure{Condition: "forbidden"}),
		refused("OPS@conference.example.test", event.Failure{Condition: "forbidden"})
	second.Item = first.Item
	r := told(model.Check, opsURL+"/%23OPS@conference.example.test", then(upTo(event.StageBind), first, second)...)
	if found := Of(t.Context(), r); len(found) != 1 {
		t.Errorf("%d findings, want 1: %+v", len(found), found)
	}
	checkFindings(t, r)
}

// TestALaterEndOfTheStreamIsFound although a room failed before.
func TestALaterEndOfTheStreamIsFound(t *testing.T) {
	r := told(model.Check, opsURL, then(upTo(event.StageBind), refused(ops, event.Failure{Condition: "conflict"}),
		streamError(event.StageClose, event.Failure{Condition: "system-shutdown"}))...)
	codes, want := codesOf(Of(t.Context(), r)), []string{"server-trouble", "room-nick-conflict"}
	if !slices.Equal(codes, want) {
		t.Errorf("findings %v, want %v", codes, want)
	}
}

func BenchmarkFindings(b *testing.B) {
	events := upTo(event.StageBind)
	targets := ""
	for i := range 1000 {
		to := fmt.Sprintf("u%d@example.test", i)
		targets += "/" + to
		events = append(events, delivered(chat(to, event.Written)), delivered(chat(to, event.Accepted)),
			bounced(chat(to, event.Accepted), event.Failure{Condition: "service-unavailable"}))
	}
	r := told(model.Send, "xmpps://alice:PW@example.test"+targets, events...)
	for b.Loop() {
		if n := len(Of(b.Context(), r)); n != 1000 {
			b.Fatalf("%d findings", n)
		}
	}
}

func TestNoFindingsWhenCancelled(t *testing.T) {
	r := told(model.Check, "xmpps://alice:PW@example.test/bob",
		append(upTo("tls"), failed("features", nil, because("cancelled")))...)
	if found := Of(t.Context(), r); len(found) > 0 {
		t.Errorf("cancelled, and yet %v", found)
	}
	if v := Apprise(r); v.Known() || v.Because == "" {
		t.Errorf("cancelled, and yet there is the verdict %+v", v)
	}
}

// marshal is a value as JSON.
func marshal(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
