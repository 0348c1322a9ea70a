package plain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/explore"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// explored is a network that gives these cells.
func explored(end error, cells ...event.Cell,
) func(context.Context, explore.Job, func(event.Cell)) ([]event.Cell, error) {
	return func(_ context.Context, _ explore.Job, report func(event.Cell)) ([]event.Cell, error) {
		for _, c := range cells {
			report(c)
		}
		return cells, end
	}
}

func cellOf(mode, version string) event.Cell {
	c := event.Cell{Place: event.Place{Hosts: []string{"localhost"}, Address: "127.0.0.1:5222", Port: 5222,
		From: []event.Source{event.FromURL}},
		TLSVersion: version, Plus: &event.Prediction{Mechanism: "SCRAM-SHA-256-PLUS", Binding: "tls-exporter"},
		NoPlus: &event.Prediction{Mechanism: "SCRAM-SHA-256"}, SHA256: strings.Repeat("ab", 32), Verified: true}
	c.Mode = "starttls"
	if mode == "" {
		c = event.Cell{Place: c.Place, FailedStage: event.StageTCP,
			Failure: &event.Failure{Stage: event.StageTCP, Cause: event.CauseProxy, Detail: "refused \x1b[2J\u202e"}}
	}
	return c
}

const matrixURL = "xmpps://alice:canary@localhost/bob"

func TestExploreText(t *testing.T) {
	hostile := cellOf("starttls", "TLS 1.2")
	hostile.Bindings = []string{"tls-unique\x1b[31m"}
	command := Explore{Connect: Connect{Source: Source{Args: []string{matrixURL}}, Verbose: true},
		explore: explored(nil, cellOf("starttls", "TLS 1.3"), hostile, cellOf("", ""))}
	for _, look := range []Look{{}, {Labels: true}, {Color: true}} {
		s, out, errs := testShell()
		s.Look = look
		code, err := s.Explore(t.Context(), command)
		if err != nil || code != model.ExitDone {
			t.Errorf("got exit code %d and error %v", code, err)
		}
		wants := []string{"TLS 1.3, SCRAM-SHA-256-PLUS by tls-exporter; scramplus=no: SCRAM-SHA-256\n",
			`did not connect us: refused \u001b[2J\u202e`,
			`bindings only with TLS 1.2: tls-unique\u001b[31m`, "as it is",
			"xmpps://alice:••••••••@localhost/bob?scramplus=no", "2 URLs would work"}
		for _, want := range wants {
			text := strings.Join(strings.Fields(out.String()), " ")
			if !strings.Contains(text, strings.Join(strings.Fields(want), " ")) {
				t.Errorf("%+v: the result lacks %q:\n%s", look, want, out)
			}
		}
		if n := strings.Count(errs.String(), "\n"); n != 3 {
			t.Errorf("%d lines of progress, want one a cell:\n%s", n, errs)
		}
		all := out.String() + errs.String()
		if strings.Contains(all, "canary") || !look.Color && strings.ContainsAny(all, "\x1b\u202e") {
			t.Errorf("the password or an escape code was printed:\n%s", all)
		}
		if look.Labels {
			for line := range strings.Lines(out.String()) {
				if !strings.Contains(line, ": ") || strings.HasPrefix(line, " ") {
					t.Errorf("the line %q has no label", line)
				}
			}
		}
	}
}

func TestExploreJSON(t *testing.T) {
	s, out, errs := testShell()
	command := Explore{Connect: Connect{Source: Source{Args: []string{matrixURL}}, JSON: true},
		explore: explored(nil, cellOf("starttls", "TLS 1.3"), cellOf("", ""))}
	if code, err := s.Explore(t.Context(), command); err != nil || code != model.ExitDone {
		t.Errorf("got exit code %d and error %v", code, err)
	}
	var types []string
	for line := range strings.Lines(out.String()) {
		var o struct {
			V    int
			Type string
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil || o.V != 1 {
			t.Errorf("%s: %v", line, err)
		}
		types = append(types, o.Type)
	}
	if fmt.Sprint(types) != "[cell cell matrix]" || errs.Len() > 0 ||
		strings.Contains(out.String(), "canary") || strings.ContainsAny(out.String(), "\x1b\u202e") {
		t.Errorf("types %q, progress %q\n%s", types, errs, out)
	}
	const first = `{"v":1,"type":"cell","hosts":["localhost"],"address":"127.0.0.1:5222","port":5222,"from":["URL"],` +
		`"mode":"starttls","tls_version":"TLS 1.3","verified":true,`
	if !strings.HasPrefix(out.String(), first) {
		t.Errorf("the first line is\n%s", out)
	}
}

func TestExploreEnds(t *testing.T) {
	internal := errors.New("out of wires")
	for _, test := range []struct {
		name string
		url  string
		do   func(context.Context, explore.Job, func(event.Cell)) ([]event.Cell, error)
		code model.ExitCode
		err  string
	}{
		{"nothing works", matrixURL, explored(nil, cellOf("", "")), model.ExitConnect, ""},
		{"not accepted", "hello", nil, model.ExitUsage, "Apprise does not accept this URL"},
		{"interrupted", matrixURL, explored(&event.Failure{Cause: event.CauseCancelled}), model.ExitInterrupted,
			context.Canceled.Error()},
		{"illegal account", matrixURL, explored(&event.Failure{Cause: event.CauseIllegalStanza, Detail: "no such JID"}),
			model.ExitUsage, "no such JID"},
		{"internal", matrixURL, explored(internal), model.ExitInternal, internal.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _, _ := testShell()
			code, err := s.Explore(t.Context(), Explore{Connect: Connect{Source: Source{Args: []string{test.url}}},
				explore: test.do})
			said := ""
			if err != nil {
				said = err.Error()
			}
			if code != test.code || said != test.err {
				t.Errorf("got exit code %d and error %q, want %d and %q", code, said, test.code, test.err)
			}
		})
	}
}

// TestExploreWorlds follows the first URL that the matrix offers: where the
// present one fails for a reason that an edit mends, it logs in.
func TestExploreWorlds(t *testing.T) {
	for _, name := range []string{"split-domain", "direct-tls-port"} {
		t.Run(name, func(t *testing.T) {
			world, err := findWorld(name)
			if err != nil {
				t.Fatal(err)
			}
			server := loopbacktest.Start(t, world.Config)
			job := xmppcore.Job{Roots: server.Roots(), Lookup: server.Resolver()}
			s, out, _ := testShell()
			command := Explore{Connect: Connect{Source: Source{Args: []string{world.URL(server)}}, Job: job}, Login: true}
			code, err := s.Explore(t.Context(), command)
			text := strings.Join(strings.Fields(out.String()), " ")
			if err != nil || code != model.ExitDone || !strings.Contains(text, "a login succeeded there") ||
				strings.Contains(text, "alice-pw") {
				t.Errorf("got exit code %d and error %v:\n%s", code, err, out)
			}
			if !strings.Contains(out.String(), "url 1     ok    ") ||
				strings.Contains(out.String(), "url 1     ok    as it is") {
				t.Errorf("no edit is offered:\n%s", out)
			}
		})
	}
}
