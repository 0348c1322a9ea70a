package event_test

import (
	"fmt"
	"slices"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

func TestPlanned(t *testing.T) {
	all := event.Scope{Roster: true, Rooms: true, Sends: true}
	in := func(mode urlspec.Mode, s event.Scope) event.Scope { s.Mode = mode; return s }
	for _, test := range []struct {
		name  string
		scope event.Scope
		want  string
	}{
		{"everything", in(urlspec.ModeSTARTTLS, all),
			"[dns tcp stream starttls tls features sasl bind roster muc send ack close]"},
		{"direct TLS", in(urlspec.ModeTLS, all), "[dns tcp tls stream features sasl bind roster muc send ack close]"},
		{"without TLS", in(urlspec.ModeNone, all), "[dns tcp stream features sasl bind roster muc send ack close]"},
		{"a check without rooms", event.Scope{Mode: urlspec.ModeTLS}, "[dns tcp tls stream features sasl bind close]"},
		{"a check of rooms", event.Scope{Mode: urlspec.ModeNone, Rooms: true},
			"[dns tcp stream features sasl bind muc close]"},
	} {
		if got := fmt.Sprint(event.Planned(test.scope)); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// TestSteps: the steps hold every stage once, in order, and the wait first.
func TestSteps(t *testing.T) {
	var all []event.Stage
	names := map[string]bool{}
	for _, step := range event.Steps() {
		if names[step.Name] {
			t.Errorf("the step %s is there twice", step.Name)
		}
		names[step.Name] = true
		all = append(all, step.Stages...)
	}
	if want := append([]event.Stage{event.StageWait}, event.Stages(urlspec.ModeSTARTTLS)...); !slices.Equal(all, want) {
		t.Errorf("the steps hold %v, want %v", all, want)
	}
}

func TestBefore(t *testing.T) {
	for _, test := range []struct {
		a, b event.Stage
		mode urlspec.Mode
		want bool
	}{
		{event.StageStream, event.StageTLS, urlspec.ModeSTARTTLS, true},
		{event.StageStream, event.StageTLS, urlspec.ModeTLS, false},
		{event.StageWait, event.StageDNS, urlspec.ModeTLS, true},
		{event.StageSASL, event.StageSASL, urlspec.ModeNone, false},
	} {
		if got := test.a.Before(test.b, test.mode); got != test.want {
			t.Errorf("%s before %s with mode=%s: %v", test.a, test.b, test.mode, got)
		}
	}
}

func ExamplePlanned() {
	fmt.Println(event.Planned(event.Scope{Mode: urlspec.ModeTLS, Rooms: true}))
	// Output: [dns tcp tls stream features sasl bind muc close]
}
