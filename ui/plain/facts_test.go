package plain

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/model/inspect"
	"xmppscope/model/matrix"
	"xmppscope/model/modeltest"
	"xmppscope/model/report"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// network is a story as a network that tells it.
func network(s modeltest.Story) func(context.Context, xmppcore.Job, event.Trace) error {
	return func(_ context.Context, _ xmppcore.Job, trace event.Trace) error { return s.Play(trace.Event) }
}

// looks are the forms in which lines are painted.
func looks() []Look { return []Look{{}, {Width: 40}, {Labels: true}} }

// flat is a text with its blanks and line ends as single blanks: columns and
// wrapping do not count.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// mustPaint fails where a row is not printed with its label and state, or in
// another order. The sum is the last line.
func mustPaint(t *testing.T, where, printed string, look Look, facts []fact.Fact) {
	t.Helper()
	rest, above := flat(printed), ""
	for _, f := range slices.Concat(without(facts, fact.RoleSum), only(facts, fact.RoleSum)) {
		label := f.Label
		if label == "" && look.Labels {
			label = above
		}
		above = label
		words := []string{label, string(f.State), f.Text}
		switch {
		case f.Role == fact.RoleHeading && f.Label == "" && look.Labels:
			continue // a title, where every line has a label
		case f.Role == fact.RoleHeading && !look.Labels:
			words = []string{f.Text}
		case f.Role != fact.RoleValue:
			words = []string{label, f.Text}
		}
		words = slices.DeleteFunc(words, func(word string) bool { return word == "" })
		between := " "
		if look.Labels {
			between = ": "
		}
		want := flat(strings.Join(words, between))
		i := strings.Index(rest, want)
		if i < 0 {
			t.Fatalf("%s %+v: %q is not printed, or not in its place:\n%s", where, look, want, printed)
		}
		rest = rest[i+len(want):]
	}
}

func without(facts []fact.Fact, role fact.Role) []fact.Fact {
	return slices.DeleteFunc(slices.Clone(facts), func(f fact.Fact) bool { return f.Role == role })
}

func only(facts []fact.Fact, role fact.Role) []fact.Fact {
	return slices.DeleteFunc(slices.Clone(facts), func(f fact.Fact) bool { return f.Role != role })
}

// TestLinesPaintTheRows plays every story through check or send: rooms and
// messages, the verdict and the outcome stand there as the model's rows say.
func TestLinesPaintTheRows(t *testing.T) {
	for _, story := range modeltest.All(t) {
		r := story.Run()
		if !r.Spec.Reading.Accepted {
			t.Fatalf("%s: Apprise does not accept its URL", story.Name)
		}
		for _, look := range looks() {
			s, out, _ := testShell()
			s.Run, s.Look = network(story), look
			job := task{Kind: story.Kind(), Spec: r.Spec, Job: xmppcore.Job{Messages: story.Messages()}}
			code, err := s.perform(t.Context(), job)
			if err != nil || code != r.ExitCode() {
				t.Errorf("%s: exit code %d and error %v, want %d", story.Name, code, err, r.ExitCode())
			}
			var facts []fact.Fact
			for _, room := range r.Rooms {
				rows := r.RoomFacts(room)
				facts = append(facts, fact.Fact{Label: "room", State: rows[1].State, Text: room.JID + ": " + rows[1].Text})
				facts = append(facts, slices.DeleteFunc(slices.Clone(rows[2:]), func(f fact.Fact) bool { return f.State == "" })...)
			}
			for _, d := range r.Deliveries {
				row := r.EvidenceFact(d)
				facts = append(facts, fact.Fact{Label: "message", State: row.State, Text: d.To + ": " + row.Text})
			}
			facts = append(facts, finding.Apprise(r).Fact())
			mustPaint(t, story.Name, out.String(), look, append(facts, r.Outcome().Fact()))
			for _, step := range r.Stages {
				ended := step.State != "" && step.State != event.Start
				if ended && !strings.Contains(flat(out.String()), flat(step.Words())) {
					t.Errorf("%s: the stage %s does not say %q:\n%s", story.Name, step.Name, step.Words(), out)
				}
			}
			if strings.Contains(out.String(), modeltest.Password) {
				t.Errorf("%s: the password is printed", story.Name)
			}
		}
	}
}

// TestJSONIsTheRuns: the last JSON line is the result that the rows were
// compared with in package model.
func TestJSONIsTheRuns(t *testing.T) {
	for _, story := range modeltest.All(t) {
		r := story.Run()
		s, out, _ := testShell()
		s.Run = network(story)
		job := task{Kind: story.Kind(), Spec: r.Spec, JSON: true, Job: xmppcore.Job{Messages: story.Messages()}}
		if _, err := s.perform(t.Context(), job); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(lines) != len(r.Events)+1 {
			t.Errorf("%s: %d lines for %d events and a result", story.Name, len(lines), len(r.Events))
		}
		want, err := jsonLine(report.ResultOf(t.Context(), r))
		if err != nil {
			t.Fatal(err)
		}
		if got := lines[len(lines)-1]; got != string(want) {
			t.Errorf("%s: the result is\n%s\nwant\n%s", story.Name, got, want)
		}
	}
}

// TestCertificatePaintsTheRows: the command cert prints the rows that the screen
// has, and in JSON what they were made of.
func TestCertificatePaintsTheRows(t *testing.T) {
	chains := 0
	for _, story := range modeltest.All(t) {
		r := story.Run()
		if r.Failure != nil && r.Failure.Cause == event.CauseCancelled {
			continue
		}
		var data event.TLS
		if r.TLS != nil {
			data = *r.TLS
		}
		report := inspect.Certificate(data, r.Spec.Reading, time.Now())
		report.Failure = r.Failure
		chains += len(report.Chain)
		for _, look := range looks() {
			s, out, _ := testShell()
			s.Run, s.Look = network(story), look
			command := Certificate{Connect: Connect{Source: Source{Args: []string{story.Text()}}}}
			if _, err := s.Certificate(t.Context(), command); err != nil {
				t.Fatal(err)
			}
			mustPaint(t, story.Name, out.String(), look, report.Facts())
		}
	}
	if chains == 0 {
		t.Error("no story has a certificate to look into")
	}
}

// TestMatrixPaintsTheRows: the command matrix prints the rows that the screen
// has.
func TestMatrixPaintsTheRows(t *testing.T) {
	for _, x := range modeltest.Explorations() {
		spec := urlspec.Parse(modeltest.WithPassword(x.URL))
		m := matrix.New(spec, x.Cells, x.Login, model.TrustMozilla)
		facts := slices.Concat(matrix.PlaceFacts(x.Cells), m.TLSFacts())
		for i := range m.Ways {
			facts = append(facts, m.WayFacts(i)...)
		}
		for _, look := range looks() {
			s, out, _ := testShell()
			s.Look = look
			code, err := s.Explore(t.Context(), Explore{Connect: Connect{Source: Source{Args: []string{spec.Text}}},
				Login: x.Login, explore: explored(nil, x.Cells...)})
			if err != nil || code != m.ExitCode() {
				t.Errorf("%s: exit code %d and error %v, want %d", x.Name, code, err, m.ExitCode())
			}
			mustPaint(t, x.Name, out.String(), look, append(facts, m.Sum()))
		}
	}
}
