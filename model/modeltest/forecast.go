package modeltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// Forecast is one situation as it was played: our run at a real server, and what
// the real Apprise reported and delivered there. `make test-apprise` plays and,
// with RECORD=1, records them.
type Forecast struct {
	Server    string `json:"server"`
	Situation string `json:"situation"`
	// URL is Apprise's, Kind what our run did, and Trust the authorities that
	// Apprise was given.
	URL   string             `json:"url"`
	Kind  model.Kind         `json:"kind"`
	Trust model.AppriseTrust `json:"trust"`
	// Messages are what our run sent; long ones are recorded by their length.
	Messages []event.Message `json:"messages,omitempty"`
	Events   []event.Event   `json:"-"`
	// Failure is what our run ended with, nil when all went well.
	Failure *event.Failure `json:"-"`
	// OfMessage is true where the message itself is what keeps it from arriving,
	// which a check cannot know.
	OfMessage bool `json:"of_message,omitempty"`
	// Reported is "success" or "failure"; Delivered counts the messages that
	// another client saw arrive, by target.
	Reported  string         `json:"reported"`
	Delivered map[string]int `json:"delivered"`
}

// Run is the run, made of its events again.
func (f Forecast) Run() *model.Run {
	r := model.NewRun(1, f.Kind, urlspec.Parse(f.URL), f.Messages)
	r.Trust = f.Trust
	for _, e := range f.Events {
		r.Apply(e)
	}
	if f.Failure != nil {
		r.Finish(f.Failure)
	} else {
		r.Finish(nil)
	}
	return r
}

// Arrived lists the targets that every message reached, in the order of the
// reading, and says whether these are all targets. A target that is written twice
// gets each message twice.
func (f Forecast) Arrived(messages int) (targets []string, all bool) {
	written := map[string]int{}
	reading := urlspec.Parse(f.URL).Reading
	for _, t := range reading.Targets {
		written[t.JID]++
	}
	all = true
	for _, t := range reading.Targets {
		if f.Delivered[t.JID] >= messages*written[t.JID] {
			targets = append(targets, t.JID)
		} else {
			all = false
		}
	}
	return targets, all && reading.Accepted
}

// forecasts is the folder of the recorded ones.
func forecasts(t testing.TB) string {
	t.Helper()
	return filepath.Join(root(t), "testdata", "forecasts")
}

// Forecasts are all that were recorded.
func Forecasts(t testing.TB) []Forecast {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(forecasts(t), "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var all []Forecast
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var f Forecast
			if err := json.Unmarshal(line, &f); err != nil {
				t.Fatalf("%s: %v: %.200s", file, err, line)
			}
			all = append(all, f)
		}
	}
	return all
}

// RecordForecasts writes the forecasts of one server, in place of those that are there.
func RecordForecasts(t testing.TB, server string, all []Forecast) {
	t.Helper()
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	for _, f := range all {
		if err := encoder.Encode(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(forecasts(t), 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(forecasts(t), strings.ReplaceAll(server, " ", "-")+".jsonl")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Differs says how a verdict differs from what was reported and delivered, "" when
// it does not: report is what was forecast, deliver whether all would arrive, to
// the targets that would get it where not all do. A check knows nothing of what
// users take.
func (f Forecast) Differs(report string, deliver bool, to []string) string {
	messages := max(1, len(f.Messages))
	arrived, all := f.Arrived(messages)
	switch {
	case report == "":
		return "there is no forecast"
	case report != "either" && report != f.Reported:
		return "it reported " + f.Reported
	case deliver && !all && f.Kind == model.Check && (f.OfMessage || f.onlyUsersMissed(arrived)):
		return ""
	case deliver != all:
		if all {
			return "everything arrived"
		}
		return "not everything arrived"
	case !all && f.Kind == model.Send && !slices.Equal(to, arrived):
		return fmt.Sprintf("it arrived at %q, and %q was forecast", arrived, to)
	}
	return ""
}

// onlyUsersMissed reports whether all targets that got nothing are users.
func (f Forecast) onlyUsersMissed(arrived []string) bool {
	for _, t := range urlspec.Parse(f.URL).Reading.Targets {
		if t.Kind == urlspec.Groupchat && !slices.Contains(arrived, t.JID) {
			return false
		}
	}
	return true
}
