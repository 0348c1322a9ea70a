package matrix

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// The cells of these tests, as short as they can be said.

func cell(host string, port int, mode urlspec.Mode, version string, change ...func(*event.Cell)) event.Cell {
	c := event.Cell{Place: event.Place{Hosts: []string{host}, Address: fmt.Sprintf("192.0.2.1:%d", port), Port: port},
		Mode: mode, TLSVersion: version, Mechanisms: []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"},
		Bindings: []string{"tls-exporter"},
		Plus:     &event.Prediction{Mechanism: "SCRAM-SHA-256-PLUS", Binding: "tls-exporter"},
		NoPlus:   &event.Prediction{Mechanism: "SCRAM-SHA-256"}}
	if version != "" {
		c.SHA256, c.Verified, c.TLS.Version = strings.Repeat("ab", 32), true, version
	} else {
		plain(&c)
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

// plain leaves no channel binding.
func plain(c *event.Cell) {
	c.Mechanisms, c.Bindings = []string{"SCRAM-SHA-256"}, nil
	c.Plus, c.NoPlus = &event.Prediction{Mechanism: "SCRAM-SHA-256"}, &event.Prediction{Mechanism: "SCRAM-SHA-256"}
}

func onlyPLAIN(c *event.Cell) {
	c.Mechanisms, c.Bindings = []string{"PLAIN"}, nil
	c.Plus, c.NoPlus = &event.Prediction{Mechanism: "PLAIN"}, &event.Prediction{Mechanism: "PLAIN"}
}

func unverified(c *event.Cell) {
	c.Verified = false
	c.Certificate = &event.Failure{Stage: event.StageTLS, Cause: event.CauseCertExpired,
		Detail: "the certificate expired"}
}

func failing(stage event.Stage, cause event.Cause) func(*event.Cell) {
	return func(c *event.Cell) {
		*c = event.Cell{Place: c.Place, Mode: c.Mode, FailedStage: stage, Failure: &event.Failure{Stage: stage, Cause: cause}}
		if stage == event.StageTCP || stage == event.StageDNS {
			c.Mode = ""
		}
	}
}

func addressed(address string) func(*event.Cell) {
	return func(c *event.Cell) { c.Address = address }
}

func fingerprint(f string) func(*event.Cell) {
	return func(c *event.Cell) { c.SHA256 = strings.Repeat(f, 32) }
}

// tried adds a login; cause is empty when it succeeded.
func tried(used, binding string, cause event.Cause, text string) func(*event.Cell) {
	return func(c *event.Cell) {
		l := event.LoginTry{ScramPlus: binding != "", OK: cause == "", TLSVersion: c.TLSVersion,
			SASL: &event.SASL{Used: used, ChannelBinding: binding}}
		if cause != "" {
			l.Failure = &event.Failure{Stage: event.StageSASL, Cause: cause, Condition: "not-authorized", Text: text}
			l.FailedStage = event.StageSASL
		}
		c.Logins = append(c.Logins, l)
	}
}

const (
	none     = urlspec.ModeNone
	starttls = urlspec.ModeSTARTTLS
	direct   = urlspec.ModeTLS
	v13      = "TLS 1.3"
	v12      = "TLS 1.2"
)

func TestMatrixRanking(t *testing.T) {
	const host = "example.org"
	tests := []struct {
		name  string
		url   string
		cells []event.Cell
		login bool
		// want is the ways, best first: label, grade and mechanism.
		want []string
		code model.ExitCode
	}{
		{"all is well as it is", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 5222, starttls, v13), cell(host, 5223, direct, v13), cell(host, 5222, none, "")}, false,
			[]string{
				"as it is | verified TLS, channel bound",
				"mode=tls | verified TLS, channel bound",
				"scramplus=no | verified TLS",
				"mode=tls, scramplus=no | verified TLS",
				"scheme xmpp | no TLS",
			}, model.ExitDone},
		{"the wrong mode for the port", "xmpps://alice:secret@example.org:5223/bob",
			[]event.Cell{cell(host, 5223, starttls, "", failing(event.StageStream, event.CauseClosed)),
				cell(host, 5223, direct, v13)}, false,
			[]string{"mode=tls | verified TLS, channel bound", "mode=tls, scramplus=no | verified TLS"}, model.ExitDone},
		{"SRV leads elsewhere", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell("im.example.org", 5443, starttls, v13, plain),
				cell(host, 5222, "", "", failing(event.StageTCP, event.CauseRefused))}, false,
			[]string{"xmpp=im.example.org, port 5443 | verified TLS"}, model.ExitDone},
		{"back to the host", "xmpps://alice:secret@example.org/bob?xmpp=old.example.org&mode=tls",
			[]event.Cell{cell(host, 5222, starttls, v13, plain)}, false,
			[]string{"remove mode, remove xmpp | verified TLS"}, model.ExitDone},
		{"from clear to TLS", "xmpp://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 5222, none, ""), cell(host, 5222, starttls, v13, plain)}, false,
			[]string{"scheme xmpps | verified TLS", "as it is | no TLS"}, model.ExitDone},
		{"a certificate that is not valid", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 5222, starttls, v13, plain, unverified)}, false,
			[]string{"verify=no (unsafe: anybody in between can then pose as the server) | TLS, certificate not valid"},
			model.ExitDone},
		{"verify=no without need", "xmpps://alice:secret@example.org/bob?verify=no",
			[]event.Cell{cell(host, 5222, starttls, v13, plain)}, false,
			[]string{"verify=yes | verified TLS", "as it is | TLS, certificate valid but not checked"}, model.ExitDone},
		{"grades", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 1, starttls, v13, onlyPLAIN, unverified), cell(host, 2, starttls, v13, plain, unverified),
				cell(host, 3, starttls, v13, onlyPLAIN),
				cell(host, 4, starttls, v13, plain), cell(host, 5, starttls, v13, unverified), cell(host, 6, none, "", onlyPLAIN)},
			false,
			[]string{
				"port 4 | verified TLS",
				"port 3 | verified TLS, PLAIN",
				"port 5, verify=no (unsafe: anybody in between can then pose as the server)" +
					" | TLS, certificate not valid, channel bound",
				"port 2, verify=no (unsafe: anybody in between can then pose as the server) | TLS, certificate not valid",
				"port 5, scramplus=no, verify=no (unsafe: anybody in between can then pose as the server)" +
					" | TLS, certificate not valid",
				"port 1, verify=no (unsafe: anybody in between can then pose as the server) | TLS, certificate not valid, PLAIN",
				"scheme xmpp, port 6 | no TLS, password in clear",
			}, model.ExitDone},
		{"TLS 1.2 counts only without 1.3", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 5222, starttls, v13, plain), cell(host, 5222, starttls, v12)}, false,
			[]string{"as it is | verified TLS"}, model.ExitDone},
		{"the worst address counts", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 5222, starttls, v13), cell(host, 5222, starttls, v13, addressed("[2001:db8::1]:5222"),
				plain)}, false,
			[]string{"as it is | verified TLS"}, model.ExitDone},
		{"a login that succeeded comes first", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{
				cell(host, 5222, starttls, v13, tried("SCRAM-SHA-256-PLUS", "tls-exporter", event.CauseChannelBinding, ""),
					tried("SCRAM-SHA-256", "", "", "")),
				cell(host, 5223, direct, v13)}, true,
			[]string{"scramplus=no | verified TLS", "mode=tls, scramplus=no | verified TLS",
				"mode=tls | verified TLS, channel bound"}, model.ExitDone},
		{"a wrong password casts doubt on all", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 5222, starttls, v13, plain, tried("SCRAM-SHA-256", "", event.CauseAuth, "")),
				cell(host, 5223, direct, v13, plain)}, true,
			[]string{"mode=tls | verified TLS"}, model.ExitLogin},
		{"logins were asked for, and none was possible", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 5222, starttls, v13, plain, unverified)}, true,
			[]string{"verify=no (unsafe: anybody in between can then pose as the server) | TLS, certificate not valid"},
			model.ExitTLS},
		{"nothing works", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 5222, "", "", failing(event.StageTCP, event.CauseRefused)),
				cell(host, 5223, direct, "", failing(event.StageTLS, event.CauseTLSVersion))},
			false, nil, model.ExitTLS},
		{"the wrong mode is not near", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 5222, starttls, "", failing(event.StageStream, event.CauseStreamError)),
				cell(host, 5222, direct, "", failing(event.StageTLS, event.CauseNotTLS)),
				cell(host, 5222, none, "", failing(event.StageSASL, event.CauseTLSRequired))},
			false, nil, model.ExitConnect},
		{"no login is offered", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 5222, starttls, "", failing(event.StageSASL, event.CauseNoMechanisms))}, false, nil,
			model.ExitLogin},
		{"no address", "xmpps://alice:secret@example.org/bob",
			[]event.Cell{cell(host, 5222, "", "", failing(event.StageDNS, event.CauseNoSuchHost))}, false, nil,
			model.ExitConnect},
		{"nothing explored", "xmpps://alice:secret@example.org/bob", nil, false, nil, model.ExitConnect},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			spec := urlspec.Parse(test.url)
			m := New(spec, test.cells, test.login, model.TrustMozilla)
			var got []string
			for _, w := range m.Ways {
				got = append(got, w.Edit.Label+" | "+w.Grade)
				want := destination{w.Host, w.Port, w.Mode, w.ScramPlus, w.Verify}
				after := urlspec.Parse(w.Edit.Edited)
				if !want.of(after.Reading) || after.Reading.Password != "secret" ||
					after.Reading.LoginJID != spec.Reading.LoginJID {
					t.Errorf("%s leads to %+v", w.Edit.Label, after.Reading)
				}
				if strings.Contains(fmt.Sprint(w.Edit.Label, w.Edit.URL), "secret") {
					t.Errorf("the password shows in %s", w.Edit.URL)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(test.want, "\n  "))
			}
			if code := m.ExitCode(); code != test.code || m.OK != (code == model.ExitDone) {
				t.Errorf("exit code %d, OK %v, failure %+v; want %d", code, m.OK, m.Failure, test.code)
			}
		})
	}
}

// TestMatrixApprise: a way that works for us need not work for Apprise.
func TestMatrixApprise(t *testing.T) {
	cells := []event.Cell{cell("example.org", 5222, starttls, v13), cell("example.org", 5222, none, "")}
	for _, w := range New(urlspec.Parse("xmpps://alice:secret@example.org/bob"), cells, false, model.TrustMozilla).Ways {
		objects := w.Mode == none || !w.ScramPlus
		if (w.Apprise != "") != objects {
			t.Errorf("%s: Apprise %q", w.Edit.Label, w.Apprise)
		}
	}
}

// TestMatrixNotes: the addresses of a name that do not work are told.
func TestMatrixNotes(t *testing.T) {
	cells := []event.Cell{cell("example.org", 5222, starttls, v13, plain),
		cell("example.org", 5222, "", "", addressed("[2001:db8::1]:5222"), failing(event.StageTCP, event.CauseUnreachable))}
	m := New(urlspec.Parse("xmpps://alice:secret@example.org/bob"), cells, false, model.TrustMozilla)
	if len(m.Ways) != 1 || len(m.Ways[0].Notes) != 1 || !strings.Contains(m.Ways[0].Notes[0], "[2001:db8::1]:5222") {
		t.Errorf("%+v", m.Ways)
	}
}

func TestMatrixVersionDifferences(t *testing.T) {
	const host = "example.org"
	list := func(bindings ...string) func(*event.Cell) { return func(c *event.Cell) { c.Bindings = bindings } }
	for _, test := range []struct {
		name         string
		newer, older event.Cell
		want         string
	}{
		{"none", cell(host, 5222, starttls, v13), cell(host, 5222, starttls, v12), ""},
		{"PLUS", cell(host, 5222, starttls, v13, plain), cell(host, 5222, starttls, v12, list()),
			"mechanisms only with TLS 1.2: SCRAM-SHA-256-PLUS"},
		{"bindings", cell(host, 5222, starttls, v13), cell(host, 5222, starttls, v12, list("tls-unique")),
			"bindings only with TLS 1.3: tls-exporter; bindings only with TLS 1.2: tls-unique"},
		{"version", cell(host, 5222, starttls, v13, failing(event.StageTLS, event.CauseTLSVersion),
			func(c *event.Cell) { c.TLSVersion = v13 }),
			cell(host, 5222, starttls, v12), "only TLS 1.2 works; with TLS 1.3: tls-version"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			for _, d := range versionDifferences([]event.Cell{test.newer, test.older, cell(host, 5223, direct, v13)}) {
				got += d.Text
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestMatrixChannels: where TLS ends, and how sure that is. The judgement is
// about the first cell.
func TestMatrixChannels(t *testing.T) {
	const host = "example.org"
	refused := tried("SCRAM-SHA-256-PLUS", "tls-exporter", event.CauseChannelBinding, "Invalid channel binding")
	ok := func(binding string) func(*event.Cell) { return tried("SCRAM-SHA-256-PLUS", binding, "", "") }
	unlisted := func(c *event.Cell) { c.Bindings = nil }
	tests := []struct {
		name  string
		cells []event.Cell
		end   TLSEnd
		sure  Certainty
		words string
	}{
		{"a login bound to the session", []event.Cell{cell(host, 5223, direct, v13, ok("tls-exporter"))}, AtServer, Certain,
			"succeeded"},
		{"a login bound to the certificate", []event.Cell{cell(host, 5223, direct, v13, ok("tls-server-end-point"))},
			AtUnknown, CannotTell, "own certificate"},
		{"STARTTLS inside TLS", []event.Cell{cell(host, 5223, direct, v13, func(c *event.Cell) { c.STARTTLSInside = true })},
			AtProxy, Certain, "does not know"},
		{"a listed binding is refused", []event.Cell{cell(host, 5223, direct, v13, refused)}, AtProxy, Likely,
			"lists tls-exporter"},
		{"old ejabberd", []event.Cell{cell(host, 5223, direct, v13, unlisted, refused)}, AtUnknown, CannotTell,
			"ejabberd before 24.02"},
		{"refused with TLS 1.2",
			[]event.Cell{cell(host, 5223, direct, v12, unlisted, tried("SCRAM-SHA-256-PLUS", "tls-unique",
				event.CauseChannelBinding, ""))}, AtProxy, Likely, "refused tls-unique"},
		{"the type is not known", []event.Cell{cell(host, 5223, direct, v13, unlisted,
			tried("SCRAM-SHA-256-PLUS", "tls-exporter", event.CauseChannelBinding,
				"Proposed channel binding type isn't supported."))}, AtProxy, Likely, "another version"},
		{"refused here, accepted there", []event.Cell{cell(host, 5223, direct, v13, refused),
			cell(host, 5222, starttls, v13, ok("tls-exporter"))}, AtProxy, Certain, "accepted it"},
		{"the session is refused, the certificate accepted", []event.Cell{cell(host, 5223, direct, v13, refused),
			cell(host, 5222, starttls, v13, ok("tls-server-end-point"))},
			AtProxy, Certain, "same certificate"},
		{"tls-unique on TLS 1.3",
			[]event.Cell{cell(host, 5223, direct, v13, func(c *event.Cell) { c.Bindings = []string{"tls-unique"} })}, AtProxy,
			Likely, "does not have"},
		{"another certificate", []event.Cell{cell(host, 5223, direct, v13, fingerprint("cd")),
			cell(host, 5222, starttls, v13)}, AtProxy, Likely, "cdcdcdcdcdcd…"},
		{"another certificate at another address", []event.Cell{cell(host, 5223, direct, v13, fingerprint("cd")),
			cell(host, 5222, starttls, v13, addressed("192.0.2.2:5222"))},
			AtUnknown, CannotTell, "nothing to compare"},
		{"no PLUS here alone", []event.Cell{cell(host, 5223, direct, v13, plain), cell(host, 5222, starttls, v13)}, AtProxy,
			Likely, "offers channel binding"},
		{"the same certificate", []event.Cell{cell(host, 5223, direct, v13), cell(host, 5222, starttls, v13)}, AtUnknown,
			CannotTell, "copy of it"},
		{"alone", []event.Cell{cell(host, 5223, direct, v13)}, AtUnknown, CannotTell, "nothing to compare"},
		{"not XMPP", []event.Cell{cell(host, 5222, starttls, v13),
			cell(host, 443, direct, v13, fingerprint("cd"), func(c *event.Cell) {
				c.Plus, c.FailedStage = nil, event.StageStream
			})}, AtUnknown, CannotTell, "nothing to compare"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list := channels(test.cells)
			if len(list) == 0 {
				t.Fatal("no judgement")
			}
			if c := list[0]; c.End != test.end || c.Sure != test.sure || !strings.Contains(c.Because, test.words) {
				t.Errorf("got %+v, want %s, %s, %q", c, test.end, test.sure, test.words)
			}
		})
	}
}

// TestShortestEdit holds every pair of destinations to what the edit promises.
func TestShortestEdit(t *testing.T) {
	urls := []string{
		"xmpps://alice:p%40ss@example.org/bob", "xmpp://alice:p%40ss@example.org:5269/bob?mode=tls",
		"xmpps://example.org/?user=alice&pass=p%40ss&to=bob&scramplus=no",
		"xmpps://alice:p%40ss@example.org:5223/bob?mode=tls&verify=no&xmpp=im.example.org",
		"xmpp://alice:p%40ss@[2001:db8::1]/bob?port=80",
		"xmpps://alice:p%40ss@example.org/bob?mode=none",
	}
	for _, url := range urls {
		spec := urlspec.Parse(url)
		if !spec.Reading.Accepted {
			t.Fatalf("%s is not accepted", url)
		}
		for _, mode := range []urlspec.Mode{none, starttls, direct} {
			for _, port := range []int{5222, 5223, 443} {
				for _, host := range []string{"example.org", "im.example.org", "192.0.2.7"} {
					for _, yes := range []bool{true, false} {
						to := destination{host, port, mode, yes, !yes}
						steps, ok := shortestEdit(spec, to)
						if !ok || !to.of(steps.spec.Reading) || !sameNotification(steps.spec.Reading, spec.Reading) {
							t.Errorf("%s to %+v: %v %q", url, to, ok, steps.spec.Text)
						}
						if len(steps.labels) > 6 {
							t.Errorf("%s to %+v takes %q", url, to, steps.labels)
						}
					}
				}
			}
		}
	}
}

// TestMatrixObjections: what keeps Apprise out of a way that works for us is said of it,
// as a check says it.
func TestMatrixObjections(t *testing.T) {
	silent := failing(event.StageTCP, event.CauseTimeout)
	refused := failing(event.StageTCP, event.CauseRefused)
	older := func(c *event.Cell) { c.TLSVersion, c.TLS.Version = "TLS 1.2", "TLS 1.2" }
	multiplexed := func(c *event.Cell) {
		c.WithoutALPN = &event.Failure{Stage: event.StageStream, Cause: event.CauseNotXMPP}
	}
	at := func(n int, change ...func(*event.Cell)) event.Cell {
		return cell("example.test", 5223, urlspec.ModeTLS, "TLS 1.3",
			append([]func(*event.Cell){addressed(fmt.Sprintf("192.0.2.%d:5223", n))}, change...)...)
	}
	for _, test := range []struct {
		name  string
		cells []event.Cell
		want  string
	}{
		{"all is well", []event.Cell{at(1)}, ""},
		{"the first address is dead", []event.Cell{at(1, silent), at(2)}, "gives up at 192.0.2.1:5223"},
		{"the second address is dead", []event.Cell{at(1), at(2, silent)}, ""},
		{"the first address refuses", []event.Cell{at(1, refused), at(2)}, ""},
		{"a multiplexer", []event.Cell{at(1, multiplexed)}, "does not name the protocol"},
		{"a list that is not for TLS 1.2", []event.Cell{at(1, older)}, "tls-unique"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ways := New(urlspec.Parse("xmpps://alice:pw@example.test/bob?mode=tls"), test.cells, false, model.TrustMozilla).Ways
			if len(ways) == 0 {
				t.Fatal("no way")
			}
			got := ways[0].Apprise
			for _, w := range ways {
				if w.ScramPlus {
					got = w.Apprise
				}
			}
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
