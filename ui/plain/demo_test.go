package plain

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/xmppcore/loopback"
)

// TestDemoWorlds plays every world: it must lead to the finding that it is
// there to show, and the URL that is said to mend it must deliver.
func TestDemoWorlds(t *testing.T) {
	for _, world := range loopback.Worlds() {
		t.Run(world.Name, func(t *testing.T) {
			if !world.Config.StandardPorts { // there is one pair of those
				t.Parallel()
			}
			d, err := StartDemo(world.Name)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := d.Close(); err != nil {
					t.Error(err)
				}
			})
			s, out, errs := testShell()
			code, err := s.PlayDemo(t.Context(), d)
			if err != nil || errs.Len() > 0 {
				t.Errorf("got error %v and on standard error:\n%s", err, errs)
			}
			found := strings.Contains(out.String(), ": "+world.Finding+": ")
			switch {
			case world.Finding == "" && (code != model.ExitDone || strings.Contains(out.String(), "finding ")):
				t.Errorf("a healthy world ended with exit code %d:\n%s", code, out)
			case world.Finding != "" && ((code == model.ExitDone) != world.Works || !found):
				t.Errorf("exit code %d, want another and the finding %s:\n%s", code, world.Finding, out)
			}
			if world.Fixed == nil {
				return
			}
			out.Reset()
			connect := Connect{Source: Source{Args: []string{world.Fixed(d.Server)}}, Job: d.Job()}
			code, err = s.Send(t.Context(), Send{Connect: connect, Body: DemoBody, BodyGiven: true})
			if code != model.ExitDone || err != nil {
				t.Errorf("the fixedText URL ended with exit code %d and error %v:\n%s", code, err, out)
			}
		})
	}
}

func TestDemoNames(t *testing.T) {
	names := DemoNames()
	if len(names) < 15 || names[0] != "default" {
		t.Errorf("the worlds are %q: want at least fourteen broken ones after the default", names)
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(names))); len(unique) != len(names) {
		t.Errorf("two worlds share a name: %q", names)
	}
	var fault *Fault
	if _, err := StartDemo("no-such-world"); !errors.As(err, &fault) || fault.Code != model.ExitUsage {
		t.Errorf("an unknown world gave %v", err)
	}
}

// TestDemoLine: the line has what other programs need, and the file is there
// while the demo runs and gone afterwards.
func TestDemoLine(t *testing.T) {
	d, err := StartDemo("")
	if err != nil {
		t.Fatal(err)
	}
	line, err := jsonLine(d.line())
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(line, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"v", "type", "domain", "accounts", "rooms", "ca_file", "ports"} {
		if fields[name] == nil {
			t.Errorf("the line has no %s: %s", name, line)
		}
	}
	pem, err := os.ReadFile(d.CAFile)
	if err != nil || !bytes.Equal(pem, d.Server.CAPEM()) {
		t.Errorf("the file does not hold the authority: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(d.CAFile); !os.IsNotExist(err) {
		t.Errorf("the file is still there: %v", err)
	}
}
