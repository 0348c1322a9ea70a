package xmppcore_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/loopback"
)

// brokenAt says which stage a run is in when the server reaches a step.
func brokenAt() map[loopback.Step]xmppcore.Stage {
	return map[loopback.Step]xmppcore.Stage{
		loopback.StepConnect:   xmppcore.StageStream,
		loopback.StepHeader:    xmppcore.StageStream,
		loopback.StepFeatures:  xmppcore.StageStream,
		loopback.StepSTARTTLS:  xmppcore.StageSTARTTLS,
		loopback.StepTLS:       xmppcore.StageTLS,
		loopback.StepEncrypted: xmppcore.StageFeatures,
		loopback.StepAuth:      xmppcore.StageSASL,
		loopback.StepResponse:  xmppcore.StageSASL,
		loopback.StepRestart:   xmppcore.StageBind,
		loopback.StepBind:      xmppcore.StageBind,
		loopback.StepJoin:      xmppcore.StageMUC,
		loopback.StepMessage:   xmppcore.StageAck,
		loopback.StepPing:      xmppcore.StageAck,
	}
}

// TestBrokenServer has the server fall silent or hang up at each step, for a
// run with a probe and for one without. Every run names the stage and what it
// was waiting for.
func TestBrokenServer(t *testing.T) {
	for _, step := range slices.Sorted(maps.Keys(brokenAt())) {
		for _, withProbe := range []bool{true, false} {
			for cause, faults := range map[xmppcore.Cause]loopback.Faults{
				xmppcore.CauseTimeout: {Silent: step},
				xmppcore.CauseClosed:  {Close: step},
			} {
				probe := map[bool]string{true: "probe", false: "no probe"}[withProbe]
				t.Run(strings.Join([]string{string(step), probe, string(cause)}, " "), func(t *testing.T) {
					server := start(t, loopback.Config{Faults: faults, Rooms: []loopback.Room{{Name: "open"}}})
					targets := []urlspec.Address{chat("bob@localhost")}
					if step == loopback.StepJoin {
						targets = append(targets, room("open@conference.localhost"))
					}
					prepare := func() xmppcore.Job {
						j := job(server, urlspec.ModeSTARTTLS, targets...)
						j.Messages = []xmppcore.Message{{Body: "hi"}}
						j.Reading.ScramPlus = !withProbe
						return j
					}
					if cause == xmppcore.CauseClosed {
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
	server := start(t, loopback.Config{Faults: loopback.Faults{Ignore: []loopback.Step{loopback.StepRoster}}})
	s := tellLate(t, xmppcore.StageClose, func() xmppcore.Job {
		j := job(server, urlspec.ModeNone, chat("bob@localhost"))
		j.Reading.Roster = true
		j.Messages = []xmppcore.Message{{Body: "hi"}}
		return j
	})
	s.succeeds(t)
	if e := s.end(xmppcore.StageRoster); e.State != xmppcore.Warn || e.Failure == nil || e.Failure.Cause != xmppcore.CauseTimeout {
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
		stage  xmppcore.Stage
		cause  xmppcore.Cause
		holds  string // in the failure's words
	}{
		{"wrong password", loopback.Config{}, func(j *xmppcore.Job) { j.Reading.Password = canary },
			xmppcore.StageSASL, xmppcore.CauseAuth, "not-authorized"},
		{"no password", loopback.Config{}, func(j *xmppcore.Job) { j.Reading.PasswordSet = false },
			xmppcore.StageSASL, xmppcore.CauseNoPassword, ""},
		{"disabled account", loopback.Config{Accounts: []loopback.Account{{Name: "alice", Password: "alice-pw", Disabled: true}}}, nil,
			xmppcore.StageSASL, xmppcore.CauseAuth, "account-disabled"},
		{"old ejabberd", loopback.Config{Faults: loopback.Faults{OldEjabberd: true}}, nil,
			xmppcore.StageSASL, xmppcore.CauseChannelBinding, "Invalid channel binding"},
		{"proxy with its own certificate", loopback.Config{Faults: loopback.Faults{Proxy: loopback.ProxyOtherCertificate}}, nil,
			xmppcore.StageSASL, xmppcore.CauseChannelBinding, "malformed-request"},
		{"only PLUS, scramplus=no", loopback.Config{Mechanisms: []string{"SCRAM-SHA-1-PLUS"}}, func(j *xmppcore.Job) { j.Reading.ScramPlus = false },
			xmppcore.StageSASL, xmppcore.CauseNoCommonMechanism, "SCRAM-SHA-1-PLUS"},
		{"unknown mechanisms", loopback.Config{Mechanisms: []string{"DIGEST-MD5", "X-OAUTH2"}, Faults: loopback.Faults{UnknownMechanisms: true}}, nil,
			xmppcore.StageSASL, xmppcore.CauseNoCommonMechanism, "DIGEST-MD5"},
		{"no mechanisms", loopback.Config{Faults: loopback.Faults{NoMechanisms: true}}, nil,
			xmppcore.StageSASL, xmppcore.CauseNoMechanisms, ""},
		{"2,000,000,000 iterations", loopback.Config{Faults: loopback.Faults{Iterations: 2_000_000_000}}, nil,
			xmppcore.StageSASL, xmppcore.CauseIterations, "2000000000"},
		{"nonce of somebody else", loopback.Config{Faults: loopback.Faults{BadNonce: true}}, nil,
			xmppcore.StageSASL, xmppcore.CauseServerProof, "nonce"},
		{"wrong signature", loopback.Config{Faults: loopback.Faults{BadSignature: true}}, nil,
			xmppcore.StageSASL, xmppcore.CauseServerProof, "signature"},
		{"success without a challenge", loopback.Config{Faults: loopback.Faults{NoProof: true}}, nil,
			xmppcore.StageSASL, xmppcore.CauseServerProof, ""},
		{"locked out", loopback.Config{Faults: loopback.Faults{Locked: true}}, nil,
			xmppcore.StageStream, xmppcore.CauseStreamError, "policy-violation"},
		{"no resource", loopback.Config{Faults: loopback.Faults{Reply: map[loopback.Step]string{loopback.StepBind: "<iq type='error' id='{id}'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>twice \x7f</text></error></iq>"}}}, nil,
			xmppcore.StageBind, xmppcore.CauseBind, "conflict"},
		{"something else than a resource", loopback.Config{Faults: loopback.Faults{Reply: map[loopback.Step]string{loopback.StepBind: "<message/>"}}}, nil,
			xmppcore.StageBind, xmppcore.CauseBadXML, "a resource"},
	}
	for _, test := range tests {
		for _, messages := range [][]xmppcore.Message{nil, {{Body: "hi"}}} {
			name := test.name + ", check"
			if messages != nil {
				name = test.name + ", send"
			}
			t.Run(name, func(t *testing.T) {
				j := job(start(t, test.config), urlspec.ModeTLS, chat("bob@localhost"))
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
	server := start(t, loopback.Config{Faults: loopback.Faults{Iterations: 1000}})
	s := tell(t, job(server, urlspec.ModeSTARTTLS))
	s.succeeds(t)
	e := s.end(xmppcore.StageSASL)
	if e.State != xmppcore.Warn || !strings.Contains(e.Text, "1000") {
		t.Errorf("sasl: %+v", e)
	}
	if d, ok := e.Data.(xmppcore.SASLData); !ok || d.Iterations != 1000 || d.Flag != "p" || d.Salt == 0 {
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
		stage  xmppcore.Stage
		cause  xmppcore.Cause
	}{
		{"STARTTLS hidden", loopback.Config{Faults: loopback.Faults{NoSTARTTLS: true}, CleartextLogin: true, CleartextPLAIN: true}, starttls, nil,
			xmppcore.StageSTARTTLS, xmppcore.CauseNoSTARTTLS},
		{"STARTTLS refused", loopback.Config{Faults: loopback.Faults{RefuseSTARTTLS: true}}, starttls, nil,
			xmppcore.StageSTARTTLS, xmppcore.CauseSTARTTLSRefused},
		{"bytes after the consent", loopback.Config{Faults: loopback.Faults{Reply: map[loopback.Step]string{
			loopback.StepSTARTTLS: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><stream:features/>"}}}, starttls, nil,
			xmppcore.StageSTARTTLS, xmppcore.CauseBadXML},
		{"TLS required, mode=none", loopback.Config{}, clear, func(s *loopback.Server, j *xmppcore.Job) { j.Reading.Port = s.STARTTLSPort() },
			xmppcore.StageSASL, xmppcore.CauseTLSRequired},
		{"direct TLS at a STARTTLS port", loopback.Config{}, direct, func(s *loopback.Server, j *xmppcore.Job) { j.Reading.Port = s.STARTTLSPort() },
			xmppcore.StageTLS, xmppcore.CauseNotTLS},
		{"unknown authority", loopback.Config{}, starttls, func(_ *loopback.Server, j *xmppcore.Job) { j.Roots = nil },
			xmppcore.StageTLS, xmppcore.CauseCertAuthority},
		{"unknown authority, direct", loopback.Config{}, direct, func(_ *loopback.Server, j *xmppcore.Job) { j.Roots = nil },
			xmppcore.StageTLS, xmppcore.CauseCertAuthority},
		{"expired", loopback.Config{Certificate: loopback.ExpiredCertificate}, starttls, nil,
			xmppcore.StageTLS, xmppcore.CauseCertExpired},
		{"host-unknown", loopback.Config{Faults: loopback.Faults{Reply: map[loopback.Step]string{
			loopback.StepHeader: xmlHeader + "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"}}}, starttls, nil,
			xmppcore.StageStream, xmppcore.CauseStreamError},
		{"see-other-host", loopback.Config{Faults: loopback.Faults{Reply: map[loopback.Step]string{
			loopback.StepEncrypted: xmlHeader + "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:1</see-other-host></stream:error></stream:stream>"}}}, starttls, nil,
			xmppcore.StageFeatures, xmppcore.CauseStreamError},
	}
	for _, test := range tests {
		for _, messages := range [][]xmppcore.Message{nil, {{Body: "hi"}}} {
			name := test.name + ", check"
			if messages != nil {
				name = test.name + ", send"
			}
			t.Run(name, func(t *testing.T) {
				server := start(t, test.config)
				j := job(server, test.mode, chat("bob@localhost"))
				j.Messages = messages
				if test.change != nil {
					test.change(server, &j)
				}
				s := tell(t, j)
				s.fails(t, test.stage, test.cause)
				if test.stage != xmppcore.StageSASL && slices.Contains(s.stages(), xmppcore.StageSASL) {
					t.Error("it went on to the login")
				}
			})
		}
	}
}

// TestUnverified: verify=no goes on, and says what was wrong.
func TestUnverified(t *testing.T) {
	server := start(t, loopback.Config{Certificate: loopback.ExpiredCertificate})
	for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS} {
		j := job(server, mode)
		j.Reading.Verify, j.Roots = false, nil
		s := tell(t, j)
		s.succeeds(t)
		d, _ := s.end(xmppcore.StageTLS).Data.(xmppcore.TLSData)
		if d.Verified || !strings.Contains(d.Problem, "expired") || s.end(xmppcore.StageTLS).State != xmppcore.Warn {
			t.Errorf("%s: %+v", mode, s.end(xmppcore.StageTLS))
		}
	}
}
