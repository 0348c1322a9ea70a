package model

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/xmppcore/event"
)

// SASLState says what became of a mechanism.
type SASLState string

// The states, in the order in which ExplainSASL lists them.
const (
	SASLUsed      SASLState = "used"      // the login used it
	SASLPredicted SASLState = "predicted" // a login would use it
	SASLPassed    SASLState = "passed"    // offered, known, and not taken
	SASLUnknown   SASLState = "unknown"   // offered, but not one that we speak
	SASLMissing   SASLState = "missing"   // known, but not offered
	SASLNote      SASLState = "note"      // a fact of the exchange, not a mechanism
)

// SASLLine is one line of the explanation of a login: a mechanism and why it
// was taken or not, or a fact.
type SASLLine struct {
	State SASLState `json:"state"`
	// Name is the mechanism, or of a note its subject: "binding types".
	Name string `json:"name"`
	Text string `json:"text"`
}

// ExplainSASL puts the offered and the known mechanisms side by side: which one
// was predicted and used, and why every other one lost; then what the server
// said of channel binding and iterations, and how it refused. It is empty while
// nothing is known of the login. Nothing in it helps to guess the password.
func ExplainSASL(r *Run) []SASLLine {
	s := r.SASL
	if s == nil {
		if s = offer(r.Features); s == nil {
			return nil
		}
	}
	var lines []SASLLine
	add := func(state SASLState, name, text string) { lines = append(lines, SASLLine{state, name, text}) }
	if s.Used != "" {
		add(SASLUsed, s.Used, usedText(s))
	}
	if s.Predicted != "" && s.Predicted != s.Used {
		text := "the best that both sides can use here"
		if s.Used != "" {
			text = "what we expected to be used"
		}
		add(SASLPredicted, s.Predicted, text)
	}
	known := event.Mechanisms()
	for _, state := range []SASLState{SASLPassed, SASLUnknown} {
		for _, m := range s.Offered {
			if m == s.Used || m == s.Predicted || (state == SASLPassed) != slices.Contains(known, m) {
				continue
			}
			add(state, m, passedText(s, m))
		}
	}
	for _, m := range known {
		if !slices.Contains(s.Offered, m) && m != s.Used {
			add(SASLMissing, m, "we know it, the server does not offer it")
		}
	}
	for _, note := range saslNotes(r, s) {
		add(SASLNote, note[0], note[1])
	}
	return lines
}

// offer is what the features alone tell, when the run ended before the login.
func offer(f *event.Features) *event.SASL {
	if f == nil || len(f.Mechanisms)+len(f.SASL2) == 0 {
		return nil
	}
	s := &event.SASL{Offered: f.Mechanisms, Bindings: f.Bindings}
	if f.Encrypted && len(f.SASL2) > 0 {
		s.Offered, s.SASL2 = f.SASL2, true
	}
	return s
}

func usedText(s *event.SASL) string {
	text := "the best that both sides can use here"
	if s.Predicted != "" && s.Predicted != s.Used {
		text = "in place of the " + s.Predicted + " that we expected"
	}
	if s.ChannelBinding != "" {
		text += ", bound to the TLS connection by " + s.ChannelBinding
	}
	if s.Failure != nil {
		text += "; the server refused it"
	}
	return text
}

func passedText(s *event.SASL, mechanism string) string {
	for _, p := range s.Passed {
		if p.Mechanism == mechanism {
			return p.Why
		}
	}
	if slices.Contains(event.Mechanisms(), mechanism) {
		return "not tried"
	}
	return "not one that we speak"
}

// saslNotes are the facts around the mechanisms, as subject and text.
func saslNotes(r *Run, s *event.SASL) [][2]string {
	var notes [][2]string
	note := func(subject, text string) { notes = append(notes, [2]string{subject, text}) }
	if r.TLS != nil && r.TLS.Version != "" {
		note("channel", r.TLS.Version+"; "+bindable(r.TLS.Version))
	} else if r.Features != nil && !r.Features.Encrypted {
		note("channel", "no TLS, so there is nothing to bind a login to, and PLAIN would show the password")
	}
	offersPlus := slices.ContainsFunc(s.Offered, plus)
	switch {
	case len(s.Bindings) > 0:
		note("binding types", "the server knows "+strings.Join(s.Bindings, ", "))
	case offersPlus:
		note("binding types", "the server lists none (XEP-0440), so the default of the TLS version is a guess")
	}
	if s.SASL2 {
		note("protocol", "SASL2 (XEP-0388)")
	}
	switch s.Flag {
	case "p":
		note("our flag", "p: this login is bound to the TLS connection")
	case "n":
		note("our flag", "n: this login is not bound to the TLS connection")
	case "y":
		note("our flag", "y: we could bind this login, and saw no offer to")
	}
	if s.Salt > 0 {
		note("salt", fmt.Sprintf("%d bytes", s.Salt))
	}
	if s.Iterations > 0 {
		text := fmt.Sprintf("%d rounds protect the password on the server", s.Iterations)
		if s.Iterations < 4096 {
			text += ", and RFC 5802 wants 4096 at least"
		}
		note("iterations", text)
	}
	if s.Failure != nil {
		text := s.Failure.Condition
		if s.Failure.Text != "" {
			text += fmt.Sprintf(" (%q)", s.Failure.Text)
		}
		note("refusal", text)
	}
	return notes
}

// bindable says which channel bindings a TLS version has (RFC 9266, RFC 5929).
func bindable(version string) string {
	if version == "TLS 1.3" {
		return "a login can be bound to it by tls-exporter or tls-server-end-point"
	}
	return "a login can be bound to it by tls-unique or tls-server-end-point"
}
