package xmppcore_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"go.uber.org/goleak"

	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// story is all that a run told.
type story struct {
	err    error
	events []event.Event
	xml    []event.XML
}

// tell does a job and checks what holds for every run: the promises of Event,
// that no secret and no control character comes out, and that nothing is left
// running.
func tell(t *testing.T, job xmppcore.Job) *story {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // against a test that hangs
	defer cancel()
	return tellUntil(ctx, t, job, nil)
}

func tellUntil(ctx context.Context, t *testing.T, job xmppcore.Job, onEvent func(event.Event)) *story {
	t.Helper()
	s := hear(ctx, t, xmppcore.Run, job, onEvent)
	s.check(t, job.Reading.Password)
	if t.Failed() {
		t.Log(s.String())
	}
	return s
}

// hear has a job done, keeps all that is told meanwhile, and checks that nothing is
// left running.
func hear(ctx context.Context, t *testing.T, do func(context.Context, xmppcore.Job, event.Trace) error,
	job xmppcore.Job, onEvent func(event.Event)) *story {
	t.Helper()
	before := goleak.IgnoreCurrent()
	var s story
	s.err = do(ctx, job, event.Trace{
		Event: func(e event.Event) {
			s.events = append(s.events, e)
			if onEvent != nil {
				onEvent(e)
			}
		},
		XML: func(x event.XML) { s.xml = append(s.xml, x) },
	})
	goleak.VerifyNone(t, before)
	return &s
}

func (s *story) check(t *testing.T, password string) {
	t.Helper()
	states := map[event.Stage]event.State{}
	fails := 0
	for i, e := range s.events {
		if e.Seq != i+1 {
			t.Errorf("event %d has number %d", i+1, e.Seq)
		}
		state, seen := states[e.Stage]
		switch {
		case e.Item != "" && state != event.Start && e.Stage != event.StageDNS: // SRV is late advice
			t.Errorf("event %d is an item of %s, which is not open", e.Seq, e.Stage)
		case e.Item != "":
		case e.State == event.Start && seen:
			t.Errorf("event %d opens %s again", e.Seq, e.Stage)
		case e.State != event.Start && state != event.Start:
			t.Errorf("event %d ends %s, which is not open", e.Seq, e.Stage)
		default:
			states[e.Stage] = e.State
		}
		if e.State == event.Fail {
			fails++
			if e.Failure == nil || e.Failure.Stage != e.Stage || e.Failure.Cause == "" {
				t.Errorf("event %d fails without a sound reason: %+v", e.Seq, e.Failure)
			}
		}
	}
	for stage, state := range states {
		if state == event.Start {
			t.Errorf("%s has no end", stage)
		}
	}
	var failure *event.Failure
	if (fails > 0) != (s.err != nil) || s.err != nil && !errors.As(s.err, &failure) {
		t.Errorf("%d events fail, and Run returned %v", fails, s.err)
	}
	s.checkText(t, password)
}

// checkText looks for secrets and for bytes that a terminal would obey.
func (s *story) checkText(t *testing.T, password string) {
	t.Helper()
	text := s.String()
	for _, secret := range []string{password, base64.StdEncoding.EncodeToString([]byte(password)),
		base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + password))} {
		if password != "" && strings.Contains(text, secret) {
			t.Errorf("the password shows in the run's output")
		}
	}
	for _, r := range strings.ReplaceAll(text, "\n", "") {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) || r >= 0x202a && r <= 0x202e {
			t.Errorf("the run's output holds %U", r)
			return
		}
	}
}

// String is everything that can be shown of a run.
func (s *story) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Run: %v\n", s.err)
	for _, e := range s.events {
		data, _ := json.Marshal(e.Data)
		failure, _ := json.Marshal(e.Failure)
		fmt.Fprintf(&b, "%d %s %s %s | %s | %s | %s\n", e.Seq, e.Stage, e.State, e.Item, e.Text, data, failure)
	}
	for _, x := range s.xml {
		b.WriteString(x.Text + "\n")
	}
	return b.String()
}

// fails checks where and why a run ended.
func (s *story) fails(t *testing.T, stage event.Stage, cause event.Cause) event.Failure {
	t.Helper()
	var f *event.Failure
	if !errors.As(s.err, &f) || f.Stage != stage || f.Cause != cause {
		t.Errorf("Run: %v, want %s at %s\n%s", s.err, cause, stage, s)
		return event.Failure{}
	}
	return *f
}

func (s *story) succeeds(t *testing.T) {
	t.Helper()
	if s.err != nil {
		t.Errorf("Run: %v\n%s", s.err, s)
	}
}

// end is the event that ended a stage; the zero value if it was not entered.
func (s *story) end(stage event.Stage) event.Event {
	for _, e := range s.events {
		if e.Stage == stage && e.Item == "" && e.State != event.Start {
			return e
		}
	}
	return event.Event{}
}

// stages are those that were entered, in order.
func (s *story) stages() []event.Stage {
	var list []event.Stage
	for _, e := range s.events {
		if e.Item == "" && e.State == event.Start {
			list = append(list, e.Stage)
		}
	}
	return list
}

// last is the last event of each item that carries facts of type D, by the key
// that key gives.
func last[D event.Data](s *story, key func(D) string) map[string]event.Event {
	found := map[string]event.Event{}
	for _, e := range s.events {
		if d, ok := e.Data.(D); ok && e.Item != "" {
			found[key(d)] = e
		}
	}
	return found
}

// delivery is the last that was told of a message to a target.
func (s *story) delivery(to string, message int) (event.Delivery, event.Event) {
	key := func(d event.Delivery) string { return fmt.Sprint(d.To, " ", d.Message) }
	e := last(s, key)[fmt.Sprint(to, " ", message)]
	d, _ := e.Data.(event.Delivery)
	return d, e
}

// room is the last that was told of a room.
func (s *story) room(jid string) (event.Room, event.Event) {
	e := last(s, func(d event.Room) string { return d.JID })[jid]
	d, _ := e.Data.(event.Room)
	return d, e
}
