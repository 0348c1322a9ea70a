package xmppcore

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// recorded gives a recorder for a mode and the lines of what it told.
func recorded(job Job) (*recorder, *[]string) {
	lines := &[]string{}
	return newRecorder(event.Trace{Event: func(e event.Event) {
		*lines = append(*lines, strings.TrimSpace(fmt.Sprintf("%d %s %s %s", e.Seq, e.Stage, e.State, e.Item)))
	}}, job), lines
}

func TestRecorderOnce(t *testing.T) {
	r, lines := recorded(Job{})
	r.start(event.StageStream, "")
	r.start(event.StageStream, "again")
	r.item(event.StageStream, "x", event.OK, "", nil, nil)
	r.ok(event.StageStream, "", nil)
	r.ok(event.StageStream, "again", nil)
	r.start(event.StageStream, "the second connection")
	r.warn(event.StageTLS, "was never started", nil, nil)
	want := []string{"1 stream start", "2 stream ok x", "3 stream ok", "4 tls start", "5 tls warn"}
	if r.failure() != nil || !slices.Equal(tidy(*lines), want) {
		t.Errorf("told %q, want %q", *lines, want)
	}
}

// tidy puts single blanks between words.
func tidy(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strings.Join(strings.Fields(l), " ")
	}
	return out
}

// TestRecorderAbandon: the newest open stage is where the run broke off.
func TestRecorderAbandon(t *testing.T) {
	r, lines := recorded(Job{})
	r.start(event.StageSend, "")
	r.start(event.StageAck, "")
	r.failOpenStages(&event.Failure{Stage: event.StageAck, Cause: event.CauseClosed})
	if want := []string{"1 send start", "2 ack start", "3 ack fail", "4 send fail"}; !slices.Equal(tidy(*lines), want) {
		t.Errorf("told %q, want %q", *lines, want)
	}
	if f := r.failure(); f == nil || f.Stage != event.StageAck {
		t.Errorf("first failure %v", f)
	}
}

// TestRecorderBetween: a run that breaks off between two stages says so too.
func TestRecorderBetween(t *testing.T) {
	r, lines := recorded(Job{})
	r.ok(event.StageTCP, "", nil)
	r.failOpenStages(&event.Failure{Stage: event.StageTCP, Cause: event.CauseCancelled})
	if want := []string{"1 tcp start", "2 tcp ok", "3 close start", "4 close fail"}; !slices.Equal(tidy(*lines), want) {
		t.Errorf("told %q, want %q", *lines, want)
	}
	r, lines = recorded(Job{})
	r.failOpenStages(&event.Failure{Stage: event.StageSASL, Cause: event.CauseIllegalStanza})
	if want := []string{"1 sasl start", "2 sasl fail"}; !slices.Equal(tidy(*lines), want) {
		t.Errorf("told %q, want %q", *lines, want)
	}
}

// TestRecorderUntil leaves out what was not asked for, but not the close.
func TestRecorderUntil(t *testing.T) {
	r, lines := recorded(Job{Until: event.StageStream, Reading: urlspec.Reading{Mode: urlspec.ModeTLS}})
	for _, stage := range []event.Stage{event.StageTCP, event.StageTLS, event.StageStream, event.StageFeatures,
		event.StageClose} {
		r.ok(stage, "", nil)
	}
	got := strings.Join(tidy(*lines), ", ")
	if !strings.Contains(got, "tls ok") || !strings.Contains(got, "close ok") || strings.Contains(got, "features") {
		t.Errorf("told %s", got)
	}
	if r.reached(event.StageTLS) || !r.reached(event.StageStream) || !r.reached(event.StageFeatures) {
		t.Error("with mode=tls the handshake comes before the stream")
	}
}

// TestRecorderSafe: no text of an event can move the cursor.
func TestRecorderSafe(t *testing.T) {
	var text string
	r := newRecorder(event.Trace{Event: func(e event.Event) { text = e.Text }}, Job{})
	r.ok(event.StageTCP, "a\x1b[2Jb\u202ec", nil)
	if text != `a\x1b[2Jb\u202ec` && text != `a\u001b[2Jb\u202ec` {
		t.Errorf("told %q", text)
	}
}
