package plain

import (
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// TestCertificate asks servers with each kind of certificate, in every form of
// output.
func TestCertificate(t *testing.T) {
	for _, test := range []struct {
		name  string
		kind  loopback.Certificate
		mode  urlspec.Mode
		query string
		code  model.ExitCode
		want  string
	}{
		{"good", loopback.GoodCertificate, urlspec.ModeSTARTTLS, "", model.ExitDone, "valid for the JID domain"},
		{"good, direct TLS", loopback.GoodCertificate, urlspec.ModeTLS, "", model.ExitDone, "valid for the JID domain"},
		{"expired", loopback.ExpiredCertificate, urlspec.ModeSTARTTLS, "", model.ExitTLS,
			"not valid: the certificate expired on"},
		{"not checked", loopback.OtherName, urlspec.ModeSTARTTLS, "?verify=no", model.ExitTLS,
			"not valid: the certificate is valid for other.invalid, not for localhost"},
		{"unknown authority", loopback.UnknownAuthority, urlspec.ModeTLS, "", model.ExitTLS, "was not sent"},
		{"no TLS on this port", loopback.GoodCertificate, urlspec.ModeNone, "", model.ExitTLS,
			"there was no certificate: the server does not offer STARTTLS"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := loopbacktest.Start(t, loopback.Config{Certificate: test.kind})
			command := Certificate{Connect: Connect{Source: Source{Args: []string{server.URL(test.mode, "alice") + test.query}},
				Job: xmppcore.Job{Roots: server.Roots(), Lookup: server.Resolver()}}}
			run := func() (string, string) {
				s, out, errs := testShell()
				if code, err := s.Certificate(t.Context(), command); err != nil || code != test.code {
					t.Errorf("got exit code %d and error %v, want %d", code, err, test.code)
				}
				if all := out.String() + errs.String(); strings.Contains(all, "alice-pw") || strings.Contains(all, "\x1b") {
					t.Errorf("the password or an escape code was printed:\n%s", all)
				}
				return out.String(), errs.String()
			}
			text, notes := run()
			if flat := strings.Join(strings.Fields(text), " "); !strings.Contains(flat, test.want) {
				t.Errorf("the result lacks %q:\n%s", test.want, text)
			}
			if asked := strings.Contains(notes, "asked for STARTTLS"); asked != (test.mode == urlspec.ModeNone) {
				t.Errorf("progress %q", notes)
			}

			command.PEM = true
			text, _ = run()
			block, _ := pem.Decode([]byte(text))
			if (block == nil) != (test.mode == urlspec.ModeNone) {
				t.Errorf("--pem printed\n%s", text)
			}

			command.JSON = true
			text, _ = run()
			var o struct {
				V     int
				Type  string
				Valid bool
				PEM   string
				Names []struct{ What string }
			}
			if err := json.Unmarshal([]byte(text), &o); err != nil || o.V != 1 || o.Type != "certificate" ||
				o.Valid != (test.code == model.ExitDone) || (o.PEM == "") != (block == nil) ||
				(len(o.Names) == 0) != (block == nil) {
				t.Errorf("%v: %s", err, text)
			}
		})
	}
}

func TestCertificateEnds(t *testing.T) {
	for _, test := range []struct {
		name string
		url  string
		end  *event.Failure
		code model.ExitCode
		err  string
	}{
		{"not accepted", "hello", nil, model.ExitUsage, "Apprise does not accept this URL"},
		{"interrupted", matrixURL, &event.Failure{Stage: event.StageTCP, Cause: event.CauseCancelled}, model.ExitInterrupted,
			"context canceled"},
		{"nobody there", matrixURL, &event.Failure{Stage: event.StageTCP, Cause: event.CauseRefused}, model.ExitConnect, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _, _ := testShell()
			if test.end != nil {
				s.Run = script(test.end)
			}
			code, err := s.Certificate(t.Context(), Certificate{Connect: Connect{Source: Source{Args: []string{test.url}}}})
			said := ""
			if err != nil {
				said = err.Error()
			}
			if code != test.code || said != test.err {
				t.Errorf("got exit code %d and error %q, want %d and %q", code, said, test.code, test.err)
			}
		})
	}
}
