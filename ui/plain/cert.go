package plain

import (
	"context"
	"strings"
	"time"

	"xmppscope/model"
	"xmppscope/model/inspect"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// Certificate shows the certificate of the server that a URL leads to.
type Certificate struct {
	Connect
	// PEM prints the chain as sent and nothing else; with JSON it adds the
	// chain to the report.
	PEM bool
}

// Certificate runs the command. The exit code is 0 for a certificate that is
// valid for the JID domain, 4 for another one.
func (s *Shell) Certificate(ctx context.Context, command Certificate) (model.ExitCode, error) {
	text, err := s.URL(command.Source)
	if err != nil {
		return model.ExitUsage, err
	}
	spec := urlspec.Parse(text)
	if why := s.whyNot(command.Connect, spec); why != nil {
		return s.refuse(ctx, command.task(model.Check, spec), why)
	}
	run := s.handshake(ctx, command, spec)
	if run.Failure != nil && run.Failure.Cause == event.CauseCancelled {
		return model.ExitInterrupted, context.Canceled
	}
	var data event.TLS
	if run.TLS != nil {
		data = *run.TLS
	}
	report := inspect.Certificate(data, spec.Reading.Veiled(), time.Now())
	report.URL, report.Failure = spec.Redacted(), run.Failure
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
			report.PEM = inspect.PEM(data.Chain)
		}
		return code, s.printJSON(report)
	case command.PEM:
		if chain := inspect.PEM(data.Chain); chain != "" {
			s.print(strings.TrimSuffix(chain, "\n"))
		}
		if code != model.ExitDone {
			s.note(report.Facts()[0].Text) // the sum
		}
		return code, nil
	}
	s.printAll(s.Look.facts(report.Facts()))
	return code, nil
}

// handshake connects up to the handshake. A URL without TLS is asked for
// STARTTLS: the certificate is worth a look before TLS is turned on.
func (s *Shell) handshake(ctx context.Context, command Certificate, spec urlspec.Spec) *model.Run {
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
	defer s.hold()()
	run.Finish(connect(ctx, job, trace))
	return run
}
