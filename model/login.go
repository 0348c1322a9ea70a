package model

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/model/fact"
	"xmppscope/xmppcore/event"
)

// LoginFacts are the rows that explain a login: the offered and the known
// mechanisms side by side, which one was predicted and used, and why every
// other one was not; then what the server said of channel binding and
// iterations, and how it refused. There are none while nothing is known of the
// login. Nothing in them helps to guess the password.
func (r *Run) LoginFacts() []fact.Fact {
	s := r.SASL
	if s == nil {
		if s = offer(r.Features); s == nil {
			return nil
		}
	}
	var f fact.Rows
	f.Title("How the login is chosen")
	if s.Used != "" {
		state := r.loginState(s)
		f.Judged(state, "used", s.Used+": "+usedText(s, state))
	}
	if s.Predicted != "" && s.Predicted != s.Used {
		text := "the best that both sides can use here"
		if s.Used != "" {
			text = "what we expected to be used"
		}
		f.Judged(event.Start, "predicted", s.Predicted+": "+text)
	}
	known := event.Mechanisms()
	var passed, unknown fact.Groups
	for _, m := range s.Offered {
		switch {
		case m == s.Used || m == s.Predicted:
		case slices.Contains(known, m):
			passed.Add(passedText(s, m), m)
		default:
			unknown.Add(passedText(s, m), m)
		}
	}
	for _, g := range passed {
		f.Judged(event.Skip, "not taken", g.Names()+": "+g.Text)
	}
	for _, g := range unknown {
		f.Judged(event.Skip, "unknown", g.Names()+": "+g.Text)
	}
	missing := slices.DeleteFunc(known, func(m string) bool { return slices.Contains(s.Offered, m) || m == s.Used })
	if len(missing) > 0 {
		f.Judged(event.Skip, "missing", strings.Join(missing, ", ")+": known to us, not offered by the server")
	}
	r.saslNotes(&f, s)
	return f
}

// loginState is how the login with the mechanism that was used went.
func (r *Run) loginState(s *event.SASL) event.State {
	switch stage := r.Stage(event.StageSASL); {
	case s.Failure != nil:
		return event.Fail
	case stage == nil:
		return ""
	default:
		return stage.State
	}
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

func usedText(s *event.SASL, state event.State) string {
	text := "the best that both sides can use here"
	if s.Predicted != "" && s.Predicted != s.Used {
		text = "in place of the " + s.Predicted + " that we expected"
	}
	if s.ChannelBinding != "" {
		text += ", bound to the TLS connection by " + s.ChannelBinding
	}
	switch {
	case s.Failure != nil:
		text += "; the server refused it"
	case state == event.Fail:
		text += "; the login did not come to its end"
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

// saslNotes are the facts around the mechanisms.
func (r *Run) saslNotes(f *fact.Rows, s *event.SASL) {
	if r.TLS != nil && r.TLS.Version != "" {
		f.Value("channel", r.TLS.Version+"; "+bindable(r.TLS.Version))
	} else if r.Features != nil && !r.Features.Encrypted {
		f.Value("channel", "no TLS, so there is nothing to bind a login to, and PLAIN would show the password")
	}
	offersPlus := slices.ContainsFunc(s.Offered, event.BindsChannel)
	switch {
	case len(s.Bindings) > 0:
		f.Value("binding types", "the server knows "+strings.Join(s.Bindings, ", "))
	case offersPlus:
		f.Value("binding types", "the server lists none (XEP-0440), so the default of the TLS version is a guess")
	}
	if s.SASL2 {
		f.Value("protocol", "SASL2 (XEP-0388)")
	}
	switch s.Flag {
	case "p":
		f.Value("our flag", "p: this login is bound to the TLS connection")
	case "n":
		f.Value("our flag", "n: this login is not bound to the TLS connection")
	case "y":
		f.Value("our flag", "y: we could bind this login, and saw no offer to")
	}
	if s.Salt > 0 {
		f.Value("salt", fmt.Sprintf("%d bytes", s.Salt))
	}
	if s.Iterations > 0 {
		text := fmt.Sprintf("%d rounds protect the password on the server", s.Iterations)
		if s.Iterations < 4096 {
			text += ", and RFC 5802 wants 4096 at least"
		}
		f.Value("iterations", text)
	}
	if s.Failure != nil {
		f.Value("refusal", s.Failure.Answer())
	}
}

// bindable says which channel bindings a TLS version has (RFC 9266, RFC 5929).
func bindable(version string) string {
	if version == "TLS 1.3" {
		return "a login can be bound to it by tls-exporter or tls-server-end-point"
	}
	return "a login can be bound to it by tls-unique or tls-server-end-point"
}
