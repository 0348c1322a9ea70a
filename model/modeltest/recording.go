package modeltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// line is one event of a recorded run, as JSON.
type line struct {
	AtMS    float64        `json:"at_ms"`
	Attempt int            `json:"attempt,omitempty"`
	Stage   event.Stage    `json:"stage"`
	Item    string         `json:"item,omitempty"`
	State   event.State    `json:"state"`
	Text    string         `json:"text,omitempty"`
	Failure *event.Failure `json:"failure,omitempty"`
	// Kind is the type of Data.
	Kind string          `json:"kind,omitempty"`
	Data json.RawMessage `json:"data,omitempty"`
	// Chain and Untrusted are what the JSON of a handshake leaves out.
	Chain     [][]byte `json:"chain,omitempty"`
	Untrusted string   `json:"untrusted,omitempty"`
}

// kinds are the types of facts, by name.
func kinds() map[string]event.Data {
	all := map[string]event.Data{}
	for _, d := range []event.Data{event.DNS{}, event.TCP{}, event.Stream{}, event.TLS{}, event.Features{}, event.SASL{},
		event.Bind{}, event.Roster{}, event.Room{}, event.Delivery{}, event.Close{}} {
		all[reflect.TypeOf(d).Name()] = d
	}
	return all
}

// Record writes the events of a run down, one a line, for [Path.Replay].
func Record(t testing.TB, r *model.Run) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, e := range r.Events {
		l := line{AtMS: float64(e.At.Microseconds()) / 1000, Attempt: e.Attempt, Stage: e.Stage, Item: e.Item,
			State: e.State, Text: e.Text, Failure: e.Failure}
		if e.Data != nil {
			l.Kind = reflect.TypeOf(e.Data).Name()
			l.Data = marshalled(t, e.Data)
		}
		if d, ok := e.Data.(event.TLS); ok {
			l.Untrusted = d.Untrusted
			for _, c := range d.Chain {
				l.Chain = append(l.Chain, c.DER)
			}
		}
		out.Write(marshalled(t, l))
		out.WriteByte('\n')
	}
	return out.Bytes()
}

func marshalled(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Replay is the recorded run of the situation.
func (p Path) Replay(t *testing.T) *model.Run {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "testdata", "paths", "runs", p.Name+".jsonl"))
	if err != nil {
		t.Fatalf("there is no recording (XMPPSCOPE_RECORD=1 make test-paths): %v", err)
	}
	kind := model.Send
	if p.Check {
		kind = model.Check
	}
	r := model.NewRun(1, kind, urlspec.Parse(p.URL), p.Messages())
	r.Trust = model.TrustSystem // Apprise was given the laboratory's authority too
	var first error
	known := kinds()
	for i, text := range slices.Collect(bytes.Lines(text)) {
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			t.Fatalf("%s:%d: %v", p.Name, i+1, err)
		}
		e := event.Event{Seq: i + 1, At: time.Duration(l.AtMS * float64(time.Millisecond)), Attempt: l.Attempt,
			Stage: l.Stage, Item: l.Item, State: l.State, Text: l.Text, Failure: l.Failure}
		if l.Kind != "" {
			data := reflect.New(reflect.TypeOf(known[l.Kind]))
			if err := json.Unmarshal(l.Data, data.Interface()); err != nil {
				t.Fatalf("%s:%d: %v", p.Name, i+1, err)
			}
			e.Data = data.Elem().Interface().(event.Data)
		}
		if d, ok := e.Data.(event.TLS); ok {
			for i := range d.Chain {
				d.Chain[i].DER = l.Chain[i]
			}
			d.Untrusted = l.Untrusted
			e.Data = d
		}
		if e.Failure != nil {
			e.Failure.Stage = e.Stage
		}
		if e.State == event.Fail && first == nil {
			first = e.Failure
		}
		r.Apply(e)
	}
	r.Finish(first)
	return r
}

// Messages are what ours sends.
func (p Path) Messages() []event.Message {
	if p.Check {
		return nil
	}
	return []event.Message{{Body: "hello"}}
}

// Judged is what was made of a situation.
type Judged struct {
	Codes []string // of the findings
	Fixed string   // the URL after the first finding's fix
	Exit  model.ExitCode
	// Apprise is the verdict, as in [Story].
	Apprise string
}

// Compare says where it is not what the situation is to show.
func (p Path) Compare(got Judged) []string {
	var wrong []string
	differ := func(what string, got, want any) {
		if !reflect.DeepEqual(got, want) {
			wrong = append(wrong, fmt.Sprintf("%s %v, want %v", what, got, want))
		}
	}
	want := p.Also
	if p.Code != "" {
		want = slices.Concat([]string{p.Code}, p.Also)
	}
	differ("findings", got.Codes, want)
	differ("fixed URL", got.Fixed, p.Fixed)
	differ("exit code", got.Exit, p.Exit)
	differ("verdict", got.Apprise, p.Apprise)
	return wrong
}
