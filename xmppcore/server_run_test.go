//go:build servers

package xmppcore_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// runDeadline ends a run that hangs. No test depends on it otherwise.
const runDeadline = time.Minute

// modes are the ways to connect.
func modes() []urlspec.Mode {
	return []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS, urlspec.ModeNone}
}

// onServers runs a test on a server of its own for each release.
func onServers(t *testing.T, options servertest.Options, test func(*testing.T, *servertest.Server)) {
	t.Helper()
	for _, release := range servertest.Releases() {
		t.Run(release.Name, func(t *testing.T) {
			t.Parallel()
			test(t, release.Start(t, options))
		})
	}
}

// jobFor makes a job of a URL that Apprise accepts. Without messages it is a
// check. Deadlines that the URL does not set are long: on a busy machine, those
// of Apprise pass while a proxy starts.
func jobFor(t *testing.T, server *servertest.Server, text string, messages ...event.Message) xmppcore.Job {
	t.Helper()
	reading := urlspec.Parse(text).Reading
	if !reading.Accepted {
		t.Fatalf("the test's own URL is not accepted: %s", text)
	}
	if !strings.Contains(text, "cto=") {
		reading.CTO, reading.RTO = 30, 30
	}
	return xmppcore.Job{Reading: reading, Messages: messages, Roots: server.Roots}
}

// urlFor is [servertest.Server.URL] for tests that are not about the login:
// without channel binding on ejabberd 23.01, which gets it wrong on TLS 1.3.
func urlFor(server *servertest.Server, mode urlspec.Mode, user, query string, targets ...string) string {
	if server.Name == "ejabberd" {
		query = strings.TrimPrefix(query+"&scramplus=no", "&")
	}
	return server.URL(mode, user, query, targets...)
}

// outcome is all that a run told.
type outcome struct {
	err    error
	events []event.Event
	xml    []event.XML
}

// run does a job, collects what it tells, and checks what holds for every run.
func run(t *testing.T, job xmppcore.Job) *outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), runDeadline)
	defer cancel()
	return runUntil(ctx, t, job, nil)
}

// runUntil is run with a context of the caller's; onEvent, if set, sees every
// event as it happens.
func runUntil(ctx context.Context, t *testing.T, job xmppcore.Job, onEvent func(event.Event)) *outcome {
	t.Helper()
	var o outcome
	// The trace promises one call at a time, not one goroutine; the race
	// detector sees a broken promise only if nothing else orders the calls.
	o.err = xmppcore.Run(ctx, job, event.Trace{
		Event: func(e event.Event) {
			o.events = append(o.events, e)
			if onEvent != nil {
				onEvent(e)
			}
		},
		XML: func(x event.XML) { o.xml = append(o.xml, x) },
	})
	faults := append(o.orderFaults(), o.leaks(job.Reading.Password)...)
	for _, fault := range faults {
		t.Error(fault)
	}
	if len(faults) > 0 {
		o.print(t)
	}
	return &o
}

// orderFaults are the broken promises of [xmppcore.Event].
func (o *outcome) orderFaults() []string {
	var faults []string
	fault := func(format string, arguments ...any) { faults = append(faults, fmt.Sprintf(format, arguments...)) }
	open := map[event.Stage]event.State{}
	var at time.Duration
	for i, e := range o.events {
		if e.Seq != i+1 || e.At < at {
			fault("event %d has number %d at %v after %v", i+1, e.Seq, e.At, at)
		}
		at = e.At
		state, seen := open[e.Stage]
		switch {
		case e.Item != "" && !seen:
			fault("event %d is about %s of the stage %s, which has not started", e.Seq, e.Item, e.Stage)
		case e.Item != "":
		case e.State == event.Start && seen:
			fault("event %d starts the stage %s again", e.Seq, e.Stage)
		case e.State != event.Start && state != event.Start:
			fault("event %d ends the stage %s, which is not open", e.Seq, e.Stage)
		default:
			open[e.Stage] = e.State
		}
	}
	for stage, state := range open {
		if state == event.Start {
			fault("the stage %s has no end", stage)
		}
	}
	failed := slices.ContainsFunc(o.events, func(e event.Event) bool { return e.State == event.Fail })
	if failed != (o.err != nil) {
		fault("Run returned %v, and that an event says fail is %v", o.err, failed)
	}
	return faults
}

// leaks are the places where the run told the password.
func (o *outcome) leaks(password string) []string {
	if password == "" {
		return nil
	}
	secrets := []string{password, url.QueryEscape(password), base64.StdEncoding.EncodeToString([]byte(password))}
	for _, user := range servertest.Users() {
		secrets = append(secrets, base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password)))
	}
	var leaks []string
	look := func(where, text string) {
		if slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(text, secret) }) {
			leaks = append(leaks, where+" holds the password")
		}
	}
	for _, e := range o.events {
		look(fmt.Sprintf("event %d", e.Seq), fmt.Sprintf("%s %+v %+v", e.Text, e.Data, e.Failure))
	}
	for _, x := range o.xml {
		look("the XML", x.Text)
	}
	look("the error", fmt.Sprint(o.err))
	return leaks
}

// print shows the run in the test's log.
func (o *outcome) print(t *testing.T) {
	t.Helper()
	var b strings.Builder
	for _, e := range o.events {
		b.WriteString(strings.Join([]string{e.At.Round(100 * time.Microsecond).String(), string(e.Stage), e.Item,
			string(e.State), e.Text}, " | "))
		b.WriteByte('\n')
	}
	for _, x := range o.xml {
		direction := "sent     "
		if x.Received {
			direction = "received "
		}
		b.WriteString(direction + x.Text + "\n")
	}
	t.Logf("run ended with %v\n%s", o.err, b.String())
}

// final is the event that ended a stage, nil if the run never entered it.
func (o *outcome) final(stage event.Stage) *event.Event {
	for i := range o.events {
		if e := &o.events[i]; e.Stage == stage && e.Item == "" && e.State != event.Start {
			return e
		}
	}
	return nil
}

// failure is what Run returned, with empty fields if it returned nil.
func (o *outcome) failure() event.Failure {
	var f *event.Failure
	if errors.As(o.err, &f) {
		return *f
	}
	return event.Failure{}
}

// data is the facts of a stage's final event, the zero value if there are none.
func data[D event.Data](o *outcome, stage event.Stage) D {
	var zero D
	if e := o.final(stage); e != nil {
		if d, ok := e.Data.(D); ok {
			return d
		}
	}
	return zero
}

// lastOf is the last facts of each item of a stage, in the order in which the
// items were first told of.
func lastOf[D event.Data](o *outcome, stages ...event.Stage) []D {
	var order []string
	last := map[string]D{}
	for _, e := range o.events {
		d, ok := e.Data.(D)
		if !ok || e.Item == "" || !slices.Contains(stages, e.Stage) {
			continue
		}
		if _, seen := last[e.Item]; !seen {
			order = append(order, e.Item)
		}
		last[e.Item] = d
	}
	facts := make([]D, len(order))
	for i, item := range order {
		facts[i] = last[item]
	}
	return facts
}

// deliveries is what became of each message.
func (o *outcome) deliveries() []event.Delivery {
	return lastOf[event.Delivery](o, event.StageSend, event.StageAck)
}

// room is what became of a room.
func (o *outcome) room(name string) event.Room {
	for _, room := range lastOf[event.Room](o, event.StageMUC) {
		if room.JID == servertest.Room(name) {
			return room
		}
	}
	return event.Room{}
}
