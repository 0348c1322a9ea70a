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
)

// story is all that a run told.
type story struct {
	err    error
	events []xmppcore.Event
	xml    []xmppcore.XML
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

func tellUntil(ctx context.Context, t *testing.T, job xmppcore.Job, onEvent func(xmppcore.Event)) *story {
	t.Helper()
	before := goleak.IgnoreCurrent()
	var s story
	s.err = xmppcore.Run(ctx, job, xmppcore.Trace{
		Event: func(e xmppcore.Event) {
			s.events = append(s.events, e)
			if onEvent != nil {
				onEvent(e)
			}
		},
		XML: func(x xmppcore.XML) { s.xml = append(s.xml, x) },
	})
	goleak.VerifyNone(t, before)
	s.check(t, job.Reading.Password)
	if t.Failed() {
		t.Log(s.String())
	}
	return &s
}

func (s *story) check(t *testing.T, password string) {
	t.Helper()
	states := map[xmppcore.Stage]xmppcore.State{}
	fails := 0
	for i, e := range s.events {
		if e.Seq != i+1 {
			t.Errorf("event %d has number %d", i+1, e.Seq)
		}
		state, seen := states[e.Stage]
		switch {
		case e.Item != "" && state != xmppcore.Start && e.Stage != xmppcore.StageDNS: // SRV is late advice
			t.Errorf("event %d is an item of %s, which is not open", e.Seq, e.Stage)
		case e.Item != "":
		case e.State == xmppcore.Start && seen:
			t.Errorf("event %d opens %s again", e.Seq, e.Stage)
		case e.State != xmppcore.Start && state != xmppcore.Start:
			t.Errorf("event %d ends %s, which is not open", e.Seq, e.Stage)
		default:
			states[e.Stage] = e.State
		}
		if e.State == xmppcore.Fail {
			fails++
			if e.Failure == nil || e.Failure.Stage != e.Stage || e.Failure.Cause == "" {
				t.Errorf("event %d fails without a sound reason: %+v", e.Seq, e.Failure)
			}
		}
	}
	for stage, state := range states {
		if state == xmppcore.Start {
			t.Errorf("%s has no end", stage)
		}
	}
	var failure *xmppcore.Failure
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
func (s *story) fails(t *testing.T, stage xmppcore.Stage, cause xmppcore.Cause) xmppcore.Failure {
	t.Helper()
	var f *xmppcore.Failure
	if !errors.As(s.err, &f) || f.Stage != stage || f.Cause != cause {
		t.Errorf("Run: %v, want %s at %s\n%s", s.err, cause, stage, s)
		return xmppcore.Failure{}
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
func (s *story) end(stage xmppcore.Stage) xmppcore.Event {
	for _, e := range s.events {
		if e.Stage == stage && e.Item == "" && e.State != xmppcore.Start {
			return e
		}
	}
	return xmppcore.Event{}
}

// stages are those that were entered, in order.
func (s *story) stages() []xmppcore.Stage {
	var list []xmppcore.Stage
	for _, e := range s.events {
		if e.Item == "" && e.State == xmppcore.Start {
			list = append(list, e.Stage)
		}
	}
	return list
}

// last is the last event of each item that carries facts of type D, by the key
// that key gives.
func last[D xmppcore.Data](s *story, key func(D) string) map[string]xmppcore.Event {
	found := map[string]xmppcore.Event{}
	for _, e := range s.events {
		if d, ok := e.Data.(D); ok && e.Item != "" {
			found[key(d)] = e
		}
	}
	return found
}

// delivery is the last that was told of a message to a target.
func (s *story) delivery(to string, message int) (xmppcore.DeliveryData, xmppcore.Event) {
	key := func(d xmppcore.DeliveryData) string { return fmt.Sprint(d.To, " ", d.Message) }
	e := last(s, key)[fmt.Sprint(to, " ", message)]
	d, _ := e.Data.(xmppcore.DeliveryData)
	return d, e
}

// room is the last that was told of a room.
func (s *story) room(jid string) (xmppcore.RoomData, xmppcore.Event) {
	e := last(s, func(d xmppcore.RoomData) string { return d.JID })[jid]
	d, _ := e.Data.(xmppcore.RoomData)
	return d, e
}
