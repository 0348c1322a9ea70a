package urlspec

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// MarshalJSON writes {"accepted":false} for a URL that Apprise refuses, and
// numbers as Apprise's own records have them: seconds always with a point, a
// port of any size. A timeout that is no number JSON knows is null.
func (r Reading) MarshalJSON() ([]byte, error) {
	if !r.Accepted {
		return []byte(`{"accepted":false}`), nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // the canonical URL is full of "&"
	if err := e.Encode(jsonReading{
		r.Accepted, r.Secure, r.LoginJID, r.StreamTo, r.PasswordSet, r.TCPHost, r.portJSON(), r.Mode, r.Nick,
		r.Targets, r.SelfTarget, r.Roster, r.Subject, r.Keepalive, r.ScramPlus, r.Verify, r.Redirect, r.Optional,
		r.Emojis, seconds(r.CTO), seconds(r.RTO), r.Retry, seconds(r.Wait), r.Overflow, r.Format, r.TZ, r.CanonicalURL,
	}); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// jsonReading is the order of the fields in Apprise's records.
type jsonReading struct {
	Accepted     bool            `json:"accepted"`
	Secure       bool            `json:"secure"`
	LoginJID     string          `json:"login_jid"`
	StreamTo     string          `json:"stream_to"`
	PasswordSet  bool            `json:"password_set"`
	TCPHost      string          `json:"tcp_host"`
	Port         json.RawMessage `json:"port"`
	Mode         Mode            `json:"mode"`
	Nick         string          `json:"nick"`
	Targets      []Address       `json:"targets"`
	SelfTarget   bool            `json:"self_target"`
	Roster       bool            `json:"roster"`
	Subject      bool            `json:"subject"`
	Keepalive    bool            `json:"keepalive"`
	ScramPlus    bool            `json:"scramplus"`
	Verify       bool            `json:"verify"`
	Redirect     bool            `json:"redirect"`
	Optional     bool            `json:"optional"`
	Emojis       bool            `json:"emojis"`
	CTO          seconds         `json:"cto"`
	RTO          seconds         `json:"rto"`
	Retry        int             `json:"retry"`
	Wait         seconds         `json:"wait"`
	Overflow     string          `json:"overflow"`
	Format       string          `json:"format"`
	TZ           *string         `json:"tz"`
	CanonicalURL string          `json:"canonical_url"`
}

func (r Reading) portJSON() json.RawMessage {
	if r.bigPort != "" {
		return json.RawMessage(r.bigPort)
	}
	return strconv.AppendInt(nil, int64(r.Port), 10)
}

// seconds is written as Python writes a float.
type seconds float64

func (s seconds) MarshalJSON() ([]byte, error) {
	f := float64(s)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	return []byte(floatText(f)), nil
}
