package ui

import (
	"context"
	"strings"
	"testing"

	"xmppscope/model/matrix"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/explore"
)

// The matrix comes in as it is found, spends no credentials, and its ways are
// one key from the URL.
func TestMatrix(t *testing.T) {
	var job explore.Job
	told, goOn := make(chan struct{}), make(chan struct{})
	s := open(t, 120, 40, Options{URL: goodURL + "&mode=tls",
		Explore: func(_ context.Context, got explore.Job, report func(event.Cell)) ([]event.Cell, error) {
			job = got
			all := someCells()
			report(all[0])
			close(told)
			<-goOn
			for _, c := range all[1:] {
				report(c)
			}
			return all, nil
		}})
	before := s.url.text
	s.press("alt+m")
	<-told
	s.seen(1)
	s.mustShow("Ways to the server", "Looking: 1 answer so far", "192.0.2.7:5222", "esc stop looking")
	close(goOn)
	s.finish()
	if job.Login || job.Reading.Password != "" || job.Reading.PasswordSet {
		t.Errorf("credentials went along: login %v, password %q", job.Login, job.Reading.Password)
	}
	s.mustShow("URLs would work", "verified TLS, channel bound", "192.0.2.7:443", "nothing listens on that port")
	if best, ok := s.dialogs[0].(*matrixDialog).way(); !ok || best.Edit.Edited != before {
		t.Fatalf("the best way is %q", best.Edit.URL)
	}
	s.press("down")
	second, _ := s.dialogs[0].(*matrixDialog).way()
	s.press("enter")
	if len(s.dialogs) != 0 || s.url.text != second.Edit.Edited || s.url.text == before {
		t.Fatalf("enter gives %q with %d dialogs", s.url.spec.Redacted(), len(s.dialogs))
	}
	s.mustShow("u undoes it, r checks it")
	s.press("u")
	if s.url.text != before {
		t.Errorf("undo gives %q", s.url.spec.Redacted())
	}
}

// esc stops the look and leaves what was found, a second one closes it; what
// comes after that is dropped.
func TestMatrixIsCancelled(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL, Explore: looks{someCells()[:2], true}.explore})
	s.press("esc", "M")
	s.seen(2)
	late := s.dialogs[0].(*matrixDialog).looking
	s.press("esc")
	s.finish()
	s.mustShow("Stopped after 2 answers", "as it is")
	s.press("esc")
	if len(s.dialogs) != 0 {
		t.Fatal("the second esc does not close it")
	}
	<-late.ended
	if cmd := s.cellsFound(cellsMsg{from: late, cells: someCells()}); cmd != nil {
		t.Error("a closed matrix goes on pulling")
	}
}

// A bug in the exploration ends it and nothing else.
func TestMatrixSurvivesAPanic(t *testing.T) {
	s := open(t, 80, 24, Options{URL: goodURL,
		Explore: func(context.Context, explore.Job, func(event.Cell)) ([]event.Cell, error) {
			panic("wonder@land")
		}})
	s.press("esc", "M")
	s.finish()
	s.mustShow("internal", "panic: a string")
	if strings.Contains(s.plain(), "wonder") {
		t.Error("the value of the panic is shown")
	}
}

// What a run has shown of a login counts in the matrix: one that was refused is
// not offered again, whatever the server promises.
func TestMatrixKnowsTheRuns(t *testing.T) {
	sc := explained(t)
	for i, e := range sc.events {
		if e.Stage == event.StageTCP && e.State == event.OK {
			sc.events[i].Data = event.TCP{Host: "example.test", Port: 5222, Address: "192.0.2.7:5222"}
		}
	}
	labels := func(s *stage) string {
		var all []string
		for _, w := range s.dialogs[0].(*matrixDialog).matrix.Ways {
			all = append(all, w.Edit.Label)
		}
		return strings.Join(all, " | ")
	}
	s := open(t, 120, 40, Options{URL: goodURL, Run: sc.run})
	s.press("esc", "M")
	s.finish()
	if got := labels(s); !strings.Contains(got, "as it is") {
		t.Fatalf("before the run: %s", got)
	}
	s.press("esc", "r")
	s.finish()
	s.press("M")
	s.finish()
	if got := labels(s); strings.Contains(got, "as it is") || !strings.Contains(got, "scramplus=no") {
		t.Errorf("after the run: %s", got)
	}
	offered := matrix.PlaceFacts(s.dialogs[0].(*matrixDialog).cells[:1])[1].Text
	if !strings.Contains(offered, "; a login with SCRAM-SHA-1-PLUS failed: the server refused the channel binding") {
		t.Errorf("the place of the run offers %q", offered)
	}
}
