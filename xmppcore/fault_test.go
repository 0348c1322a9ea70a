package xmppcore_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// brokenAt says which stage a run is in when the server reaches a step.
func brokenAt() map[loopback.Step]event.Stage {
	return map[loopback.Step]event.Stage{
		loopback.StepConnect:   event.StageStream,
		loopback.StepHeader:    event.StageStream,
		loopback.StepFeatures:  event.StageStream,
		loopback.StepSTARTTLS:  event.StageSTARTTLS,
		loopback.StepTLS:       event.StageTLS,
		loopback.StepEncrypted: event.StageFeatures,
		loopback.StepAuth:      event.StageSASL,
		loopback.StepResponse:  event.StageSASL,
		loopback.StepRestart:   event.StageBind,
		loopback.StepBind:      event.StageBind,
		loopback.StepJoin:      event.StageMUC,
		loopback.StepMessage:   event.StageAck,
		loopback.StepPing:      event.StageAck,
	}
}

// TestBrokenServer has the server fall silent or hang up at each step, for a
// run with a probe and for one without. Every run names the stage and what it
// was waiting for.
func TestBrokenServer(t *testing.T) {
	for _, step := range slices.Sorted(maps.Keys(brokenAt())) {
		for _, withProbe := range []bool{true, false} {
			for cause, faults := range map[event.Cause]loopback.Faults{
				event.CauseTimeout: {Silent: step},
				event.CauseClosed:  {Close: step},
			} {
				probe := map[bool]string{true: "probe", false: "no probe"}[withProbe]
				t.Run(strings.Join([]string{string(step), probe, string(cause)}, " "), func(t *testing.T) {
					server := loopbacktest.Start(t, loopback.Config{Faults: faults, Rooms: []loopback.Room{{Name: "open"}}})
					targets := []urlspec.Address{chat("bob@localhost")}
					if step == loopback.StepJoin {
						targets = append(targets, room("open@conference.localhost"))
					}
					prepare := func() xmppcore.Job {
						j := job(server, urlspec.ModeSTARTTLS, targets...)
						j.Messages = []event.Message{{Body: "hi"}}
						j.Reading.ScramPlus = !withProbe
						return j
					}
					if cause == event.CauseClosed {
						tell(t, prepare()).fails(t, brokenAt()[step], cause)
						return
					}
					f := tellLate(t, brokenAt()[step], prepare).fails(t, brokenAt()[step], cause)
					if f.Waiting == "" || f.Waited <= 0 {
						t.Errorf("it does not say what it waited for: %+v", f)
					}
				})
			}
		}
	}
}

// TestRosterMissing: the roster is not worth a failure.
func TestRosterMissing(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Faults: loopback.Faults{Ignore: []loopback.Step{loopback.StepRoster}}})
	s := tellLate(t, event.StageClose, func() xmppcore.Job {
		j := job(server, urlspec.ModeNone, chat("bob@localhost"))
		j.Reading.Roster = true
		j.Messages = []event.Message{{Body: "hi"}}
		return j
	})
	s.succeeds(t)
	if e := s.end(event.StageRoster); e.State != event.Warn || e.Failure == nil || e.Failure.Cause != event.CauseTimeout {
		t.Errorf("roster: %+v", e)
	}
}

// TestRefusedLogin plays all that can go wrong between the features and the
// resource, in a mode with a probe and one without.
func TestRefusedLogin(t *testing.T) {
	tests := []struct {
		name   string
		config loopback.Config
		change func(*xmppcore.Job)
		stage  event.Stage
		cause  event.Cause
		holds  string // in the failure's words
	}{
		{"wrong password", loopback.Config{}, func(j *xmppcore.Job) { j.Reading.Password = canary },
			event.StageSASL, event.CauseAuth, "not-authorized"},
		{"no password", loopback.Config{}, func(j *xmppcore.Job) { j.Reading.PasswordSet = false },
			event.StageSASL, event.CauseNoPassword, ""},
		{"disabled account",
			loopback.Config{Accounts: []loopback.Account{{Name: "alice", Password: "alice-pw", Disabled: true}}}, nil,
			event.StageSASL, event.CauseAuth, "account-disabled"},
		{"old ejabberd", loopback.Config{Faults: loopback.Faults{OldEjabberd: true}}, nil,
			event.StageSASL, event.CauseChannelBinding, "Invalid channel binding"},
		{"proxy with its own certificate", loopback.Config{Faults: loopback.Faults{Proxy: true}}, nil,
			event.StageSASL, event.CauseChannelBinding, "malformed-request"},
		{"only PLUS, scramplus=no", loopback.Config{Mechanisms: []string{"SCRAM-SHA-1-PLUS"}},
			func(j *xmppcore.Job) { j.Reading.ScramPlus = false },
			event.StageSASL, event.CauseNoCommonMechanism, "SCRAM-SHA-1-PLUS"},
		{"unknown mechanisms", loopback.Config{Mechanisms: []string{"DIGEST-MD5", "X-OAUTH2"},
			Faults: loopback.Faults{UnknownMechanisms: true}}, nil,
			event.StageSASL, event.CauseNoCommonMechanism, "DIGEST-MD5"},
		{"no mechanisms", loopback.Config{Faults: loopback.Faults{NoMechanisms: true}}, nil,
			event.StageSASL, event.CauseNoMechanisms, ""},
		{"2,000,000,000 iterations", loopback.Config{Faults: loopback.Faults{Iterations: 2_000_000_000}}, nil,
			event.StageSASL, event.CauseIterations, "2000000000"},
		{"nonce of somebody else", loopback.Config{Faults: loopback.Faults{BadNonce: true}}, nil,
			event.StageSASL, event.CauseServerProof, "nonce"},
		{"wrong signature", loopback.Config{Faults: loopback.Faults{BadSignature: true}}, nil,
			event.StageSASL, event.CauseServerProof, "signature"},
		{"success without a challenge", loopback.Config{Faults: loopback.Faults{NoProof: true}}, nil,
			event.StageSASL, event.CauseServerProof, ""},
		{"locked out", loopback.Config{Faults: loopback.Faults{Locked: true}}, nil,
			event.StageStream, event.CauseStreamError, "policy-violation"},
		{"no " +
			"resource", loopback.Config{Faults: loopback.Faults{Reply: map[loopback.Step]string{loopback.StepBind: "<iq " +
			"type='error' id='{id}'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" +
			"<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>twice \x7f</text></error></iq>"}}}, nil,
			event.StageBind, event.CauseBind, "conflict"},
		{"something else than a resource",
			loopback.Config{Faults: loopback.Faults{Reply: map[loopback.Step]string{loopback.StepBind: "<message/>"}}}, nil,
			event.StageBind, event.CauseBadXML, "a resource"},
	}
	for _, test := range tests {
		for _, messages := range [][]event.Message{nil, {{Body: "hi"}}} {
			name := test.name + ", check"
			if messages != nil {
				name = test.name + ", send"
			}
			t.Run(name, func(t *testing.T) {
				j := job(loopbacktest.Start(t, test.config), urlspec.ModeTLS, chat("bob@localhost"))
				j.Messages = messages
				if test.change != nil {
					test.change(&j)
				}
				s := tell(t, j)
				f := s.fails(t, test.stage, test.cause)
				if !strings.Contains(f.Error(), test.holds) {
					t.Errorf("%q lacks %q", f.Error(), test.holds)
				}
			})
		}
	}
}

// TestFewIterations is worth a warning, no more.
func TestFewIterations(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Faults: loopback.Faults{Iterations: 1000}})
	s := tell(t, job(server, urlspec.ModeSTARTTLS))
	s.succeeds(t)
	e := s.end(event.StageSASL)
	if e.State != event.Warn || !strings.Contains(e.Text, "1000") {
		t.Errorf("sasl: %+v", e)
	}
	if d, ok := e.Data.(event.SASL); !ok || d.Iterations != 1000 || d.Flag != "p" || d.Salt == 0 {
		t.Errorf("the steps of the login: %+v", e.Data)
	}
}

// TestTLSTrouble plays what goes wrong before the login.
func TestTLSTrouble(t *testing.T) {
	starttls, direct, clear := urlspec.ModeSTARTTLS, urlspec.ModeTLS, urlspec.ModeNone
	tests := []struct {
		name   string
		config loopback.Config
		mode   urlspec.Mode
		change func(*loopback.Server, *xmppcore.Job)
		stage  event.Stage
		cause  event.Cause
	}{
		{"STARTTLS hidden", loopback.Config{Faults: loopback.Faults{NoSTARTTLS: true}, CleartextLogin: true,
			CleartextPLAIN: true}, starttls, nil,
			event.StageSTARTTLS, event.CauseNoSTARTTLS},
		{"STARTTLS refused", loopback.Config{Faults: loopback.Faults{RefuseSTARTTLS: true}}, starttls, nil,
			event.StageSTARTTLS, event.CauseSTARTTLSRefused},
		{"bytes after the consent", loopback.Config{Faults: loopback.Faults{Reply: map[loopback.Step]string{
			loopback.StepSTARTTLS: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><stream:features/>"}}}, starttls, nil,
			event.StageSTARTTLS, event.CauseBadXML},
		{"TLS required, mode=none", loopback.Config{}, clear, func(s *loopback.Server,
			j *xmppcore.Job) {
			j.Reading.Port = s.STARTTLSPort()
		},
			event.StageSASL, event.CauseTLSRequired},
		{"direct TLS at a STARTTLS port", loopback.Config{}, direct,
			func(s *loopback.Server, j *xmppcore.Job) { j.Reading.Port = s.STARTTLSPort() },
			event.StageTLS, event.CauseNotTLS},
		{"unknown authority", loopback.Config{}, starttls, func(_ *loopback.Server, j *xmppcore.Job) { j.Roots = nil },
			event.StageTLS, event.CauseCertAuthority},
		{"unknown authority, direct", loopback.Config{}, direct, func(_ *loopback.Server, j *xmppcore.Job) { j.Roots = nil },
			event.StageTLS, event.CauseCertAuthority},
		{"expired", loopback.Config{Certificate: loopback.ExpiredCertificate}, starttls, nil,
			event.StageTLS, event.CauseCertExpired},
		{"host-unknown", loopback.Config{Faults: loopback.Faults{Reply: map[loopback.Step]string{
			loopback.StepHeader: xmlHeader +
				"<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"}}},
			starttls, nil,
			event.StageStream, event.CauseStreamError},
		{"see-other-host", loopback.Config{Faults: loopback.Faults{Reply: map[loopback.Step]string{
			loopback.StepEncrypted: xmlHeader +
				"<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:1</see-other-host>" +
				"</stream:error></stream:stream>"}}}, starttls, nil,
			event.StageFeatures, event.CauseStreamError},
	}
	for _, test := range tests {
		for _, messages := range [][]event.Message{nil, {{Body: "hi"}}} {
			name := test.name + ", check"
			if messages != nil {
				name = test.name + ", send"
			}
			t.Run(name, func(t *testing.T) {
				server := loopbacktest.Start(t, test.config)
				j := job(server, test.mode, chat("bob@localhost"))
				j.Messages = messages
				if test.change != nil {
					test.change(server, &j)
				}
				s := tell(t, j)
				s.fails(t, test.stage, test.cause)
				if test.stage != event.StageSASL && slices.Contains(s.stages(), event.StageSASL) {
					t.Error("it went on to the login")
				}
			})
		}
	}
}

// TestUnverified: verify=no goes on, and says what was wrong.
func TestUnverified(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Certificate: loopback.ExpiredCertificate})
	for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS} {
		j := job(server, mode)
		j.Reading.Verify, j.Roots = false, nil
		s := tell(t, j)
		s.succeeds(t)
		d, _ := s.end(event.StageTLS).Data.(event.TLS)
		if d.Verified || !strings.Contains(d.Problem, "expired") || s.end(event.StageTLS).State != event.Warn {
			t.Errorf("%s: %+v", mode, s.end(event.StageTLS))
		}
	}
}
