package modeltest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"xmppscope/xmppcore/event"
)

// longest is how much of a message's text a recording keeps. What is longer is
// recorded by its length, and read again as so many letters.
const longest = 500

// recordedForecast is a Forecast with its events as JSON has them.
type recordedForecast struct {
	plainForecast
	Messages []recordedMessage `json:"messages,omitempty"`
	Events   []recordedEvent   `json:"events"`
	Failure  *recordedFailure  `json:"failure,omitempty"`
}

// plainForecast has the fields of a Forecast, and none of its methods.
type plainForecast Forecast

type recordedMessage struct {
	event.Message
	Length int  `json:"length,omitempty"`
	Halves bool `json:"halved,omitempty"`
}

// recordedEvent is an event with all that a verdict looks at. Of times it keeps
// whole milliseconds. Sentences are left out, and what lean leaves out.
type recordedEvent struct {
	Millis  int64            `json:"at_ms"`
	Attempt int              `json:"attempt,omitempty"`
	Stage   event.Stage      `json:"stage"`
	Item    string           `json:"item,omitempty"`
	State   event.State      `json:"state"`
	Failure *recordedFailure `json:"failure,omitempty"`
	// Facts is the name of the type of the facts.
	Facts string          `json:"facts,omitempty"`
	Data  json.RawMessage `json:"data,omitempty"`
	// Untrusted and NotMozilla are fields of event.TLS that its JSON leaves out.
	Untrusted  string `json:"untrusted,omitempty"`
	NotMozilla string `json:"not_mozilla,omitempty"`
}

// recordedFailure is a failure with what its JSON leaves out.
type recordedFailure struct {
	event.Failure
	At event.Stage `json:"stage,omitempty"`
}

func recordFailure(f *event.Failure) *recordedFailure {
	if f == nil {
		return nil
	}
	return &recordedFailure{*f, f.Stage}
}

func (f *recordedFailure) again() *event.Failure {
	if f == nil {
		return nil
	}
	failure := f.Failure
	failure.Stage = f.At
	return &failure
}

// MarshalJSON writes the events too.
func (f Forecast) MarshalJSON() ([]byte, error) {
	record := recordedForecast{plainForecast: plainForecast(f), Failure: recordFailure(f.Failure)}
	for _, m := range f.Messages {
		kept := recordedMessage{Message: m, Halves: m.Halved}
		if len(m.Body) > longest {
			kept.Body, kept.Length = "", len(m.Body)
		}
		record.Messages = append(record.Messages, kept)
	}
	for _, e := range f.Events {
		if e.Item != "" && e.State == event.Start && e.Stage != event.StageMUC {
			continue // only of rooms it matters how long one took
		}
		if e.Attempt == 1 {
			e.Attempt = 0
		}
		kept := recordedEvent{Millis: e.At.Milliseconds(), Attempt: e.Attempt, Stage: e.Stage, Item: e.Item, State: e.State,
			Failure: recordFailure(e.Failure)}
		if e.Data != nil {
			if tls, ok := e.Data.(event.TLS); ok {
				kept.Untrusted, kept.NotMozilla = tls.Untrusted, tls.NotMozilla
			}
			var err error
			if kept.Data, err = json.Marshal(lean(e.Data)); err != nil {
				return nil, err
			}
			kept.Facts = reflect.TypeOf(e.Data).Name()
		}
		record.Events = append(record.Events, kept)
	}
	return json.Marshal(record)
}

// lean leaves out of facts what is new in every run, and no verdict looks at.
func lean(data event.Data) event.Data {
	switch d := data.(type) {
	case event.TCP:
		return event.TCP{Host: d.Host, Port: d.Port, Proxy: d.Proxy}
	case event.Stream, event.Close:
		return reflect.Zero(reflect.TypeOf(data)).Interface().(event.Data)
	case event.TLS:
		return event.TLS{Version: d.Version, Verified: d.Verified, Reference: d.Reference, Names: d.Names, Problem: d.Problem}
	case event.SASL:
		d.Offered, d.Passed = nil, nil
		return d
	}
	return data
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Forecast) UnmarshalJSON(text []byte) error {
	var record recordedForecast
	if err := json.Unmarshal(text, &record); err != nil {
		return err
	}
	*f = Forecast(record.plainForecast)
	f.Failure = record.Failure.again()
	for _, m := range record.Messages {
		if m.Length > 0 {
			m.Body = strings.Repeat("x", m.Length)
		}
		m.Halved = m.Halves
		f.Messages = append(f.Messages, m.Message)
	}
	for i, kept := range record.Events {
		e := event.Event{Seq: i + 1, At: time.Duration(kept.Millis) * time.Millisecond, Attempt: kept.Attempt,
			Stage: kept.Stage, Item: kept.Item, State: kept.State, Failure: kept.Failure.again()}
		if kept.Facts != "" {
			data, err := factsOf(kept)
			if err != nil {
				return err
			}
			e.Data = data
		}
		f.Events = append(f.Events, e)
	}
	return nil
}

// factsOf reads the facts of an event.
func factsOf(kept recordedEvent) (event.Data, error) {
	kind, known := kinds()[kept.Facts]
	if !known {
		return nil, fmt.Errorf("there are no facts of the type %s", kept.Facts)
	}
	value := reflect.New(reflect.TypeOf(kind))
	if err := json.Unmarshal(kept.Data, value.Interface()); err != nil {
		return nil, err
	}
	if tls, ok := value.Interface().(*event.TLS); ok {
		tls.Untrusted, tls.NotMozilla = kept.Untrusted, kept.NotMozilla
	}
	return value.Elem().Interface().(event.Data), nil
}
