package plain

import (
	"context"
	"fmt"
	"strings"
	"time"

	"xmppscope/model"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Certificate shows the certificate of the server that a URL leads to.
type Certificate struct {
	Connect
	// PEM prints the chain as sent and nothing else; with JSON it adds the
	// chain to the report.
	PEM bool
}

// certificateLine is the JSON line: the report, and the failure that ended the
// run before or at the handshake.
type certificateLine struct {
	model.CertificateReport
	FailedStage event.Stage    `json:"failed_stage,omitempty"`
	Failure     *event.Failure `json:"failure,omitempty"`
}

// Certificate runs the command. The exit code is 0 for a certificate that is
// valid for the JID domain, 4 for another one.
func (s *Shell) Certificate(ctx context.Context, command Certificate) (model.ExitCode, error) {
	text, err := s.URL(command.Source)
	if err != nil {
		return model.ExitUsage, err
	}
	spec := urlspec.Parse(text)
	if !spec.Reading.Accepted {
		return s.refuse(command.task(model.Check, spec))
	}
	run := s.shakeHands(ctx, command, spec)
	if run.Failure != nil && run.Failure.Cause == event.CauseCancelled {
		return model.ExitInterrupted, context.Canceled
	}
	var data event.TLS
	if run.TLS != nil {
		data = *run.TLS
	}
	report := certificateLine{CertificateReport: model.Inspect(data, spec.Reading, time.Now()), Failure: run.Failure}
	report.URL = spec.Redacted()
	if run.Failure != nil {
		report.FailedStage = run.Failure.Stage
	}
	code := run.ExitCode()
	if code == model.ExitDone && !report.Valid {
		code = model.ExitTLS
	}
	switch {
	case command.JSON:
		if command.PEM {
			report.PEM = model.PEM(data.Chain)
		}
		return code, s.printJSON(report)
	case command.PEM:
		if chain := model.PEM(data.Chain); chain != "" {
			s.print(strings.TrimSuffix(chain, "\n"))
		}
		if code != model.ExitDone {
			s.note(certificateResult(report, s.Look))
		}
		return code, nil
	}
	for _, line := range certificateLines(report, s.Look) {
		s.print(line)
	}
	return code, nil
}

// shakeHands connects up to the handshake. A URL without TLS is asked for
// STARTTLS: the certificate is worth a look before TLS is turned on.
func (s *Shell) shakeHands(ctx context.Context, command Certificate, spec urlspec.Spec) *model.Run {
	job := command.Job
	job.Reading, job.NoLogin, job.Until = spec.Reading, true, event.StageTLS
	if job.Reading.Mode == urlspec.ModeNone {
		job.Reading.Mode = urlspec.ModeSTARTTLS
		s.note("the URL does without TLS; its port is asked for STARTTLS")
	}
	run := model.NewRun(1, model.Check, spec, nil)
	trace := event.Trace{Event: func(e event.Event) {
		run.Apply(e)
		if command.Verbose {
			s.note(eventLine(e, s.Look))
		}
	}}
	connect := s.Run
	if connect == nil {
		connect = xmppcore.Run
	}
	run.Finish(connect(ctx, job, trace))
	return run
}

// certificateLines show a report to a person.
func certificateLines(r certificateLine, look Look) []string {
	var lines []string
	add := func(label, text string) {
		lines = append(lines, look.wrapped(text, look.label(label), look.below(label))...)
	}
	more := func(label, text string) {
		lines = append(lines, look.wrapped(text, look.below(label), look.below(label))...)
	}
	for _, n := range r.Names {
		text := fmt.Sprintf("%s %s: ", n.What, n.Name)
		switch {
		case n.Match != "":
			text += look.paint(good, "yes") + ", by " + n.Match
		case n.Required:
			text += look.paint(bad, "no")
		default:
			text += look.paint(muted, "no")
		}
		add("name", text+"; "+n.Note)
	}
	if len(r.Names) > 0 {
		add("names", presentedText(r.Presented))
		add("validity", validityText(r.Validity, look))
	}
	for i, l := range r.Chain {
		add("chain", fmt.Sprintf("%d: %s, issued by %s", i+1, l.Subject, l.Issuer))
		more("key", fmt.Sprintf("%s, signed with %s, until %s", l.Key, l.Signature, l.NotAfter))
		if l.Note != "" {
			more("chain", look.paint(bad, l.Note))
		}
		more("fingerprint", "SHA-256 "+l.Fingerprint())
		more("fingerprint", "public key SHA-256 "+l.SPKI)
	}
	if r.MissingIssuer != "" {
		add("missing", "the certificate of the issuer "+r.MissingIssuer+" was not sent")
		for _, u := range r.IssuerURLs {
			more("missing", "it can be fetched from "+u)
		}
	}
	if len(r.Chain) > 0 {
		add("trust", trustText(r.Trust, look))
		add("certifi", fmt.Sprintf("that Apprise trusts it is %s: %s", r.Trust.Certifi, r.Trust.Because))
		more("certifi", "to know, ask "+r.Trust.Test)
	}
	return append(lines, look.label("result")+certificateResult(r, look))
}

func presentedText(names []string) string {
	if len(names) == 0 {
		return "the certificate has none"
	}
	return strings.Join(names, ", ")
}

func validityText(v model.Validity, look Look) string {
	roles := map[string]role{"valid": good, "ends soon": doubtful}
	r, ok := roles[v.State]
	if !ok {
		r = bad
	}
	text := look.paint(r, v.State) + ", from " + v.NotBefore + " to " + v.NotAfter
	switch {
	case v.Days < 0:
		return text + ", over for " + plural(-v.Days, "day")
	case v.State == "not yet valid":
		return text
	}
	return text + ", " + plural(v.Days, "day") + " left"
}

func trustText(t model.Trust, look Look) string {
	if t.System {
		return "this machine " + look.paint(good, "trusts") + " its authority"
	}
	return "this machine does " + look.paint(bad, "not trust") + " its authority: " + wire.Safe(t.Why)
}

func certificateResult(r certificateLine, look Look) string {
	switch {
	case r.Valid:
		return look.paint(good, "ok") + ", valid for the JID domain"
	case r.Problem != "":
		return look.paint(bad, "not valid") + ": " + r.Problem
	case r.Failure != nil:
		return look.paint(bad, "failed") + ", " + wire.Safe(r.Failure.Error())
	}
	return look.paint(bad, "failed") + ", there was no certificate"
}
