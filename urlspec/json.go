package urlspec

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"time"
)

// MarshalJSON writes {"accepted":false} for a URL that Apprise refuses, and
// numbers as Apprise's own records have them: seconds always with a point, a
// port of any size.
func (r Reading) MarshalJSON() ([]byte, error) {
	if !r.Accepted {
		return []byte(`{"accepted":false}`), nil
	}
	type fields Reading // without this method
	var out any = fields(r)
	if r.bigPort != "" || len(r.masked) > 0 {
		out = struct {
			fields
			Port   json.RawMessage `json:"port"`
			Masked []string        `json:"masked,omitempty"`
		}{fields(r), json.RawMessage(r.portText()), r.masked}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // the canonical URL is full of "&"
	if err := e.Encode(out); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// portText is the port in JSON.
func (r Reading) portText() string {
	switch {
	case slices.Contains(r.masked, "port"):
		return `"` + Mask + `"`
	case r.bigPort != "":
		return r.bigPort
	}
	return strconv.Itoa(r.Port)
}

// Seconds is a length of time as Apprise has it: a Python float, which may be
// nan or infinite.
type Seconds float64

// String is the number as Python writes it, always with a point or an
// exponent: "4.0".
func (s Seconds) String() string { return floatText(float64(s)) }

// Duration is for a number within the bounds of a duration, 292 years.
func (s Seconds) Duration() time.Duration { return time.Duration(float64(s) * float64(time.Second)) }

// MarshalJSON writes the number as Python does. One that JSON does not know is
// null.
func (s Seconds) MarshalJSON() ([]byte, error) {
	if f := float64(s); math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	return []byte(s.String()), nil
}
