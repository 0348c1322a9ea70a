package plain

import (
	"context"
	"time"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/model/report"
	"xmppscope/ui/feed"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// task is one check or send.
type task struct {
	Kind model.Kind
	// Spec is the URL, with the password in its reading; see withPassword.
	Spec urlspec.Spec
	// Job holds what else the network needs: Messages for a send, Until and
	// NoLogin for a check, trust and proxy. Its Reading is taken from Spec.
	Job xmppcore.Job
	// Trust is what Apprise is taken to trust.
	Trust model.AppriseTrust
	// Tried are the readings of the runs before it in the same story; see model.Run.
	Tried []urlspec.Reading
	// JSON prints every event and the result as JSON lines.
	JSON bool
	// Verbose prints every event on Err while the run goes on.
	Verbose bool
	// Number is the notification's among those of one command, from 1; 0 is the
	// first too. Those after the first are printed in fewer lines.
	Number int
	// Lines are what the messages were made of with --lines, and Progress what is known
	// of those before; nil without.
	Lines    []sentLine
	Progress *progress
	// Over carries a send over a session that is kept; nil opens one for it.
	Over *xmppcore.Keeper
}

// perform does the task and prints the run as it goes. It returns the run's
// exit code; what failed is part of the result. The error is for output that
// could not be made.
func (s *Shell) perform(ctx context.Context, t task) (model.ExitCode, error) {
	run, err := s.runTask(ctx, t)
	if err != nil {
		return model.ExitInternal, err
	}
	return run.ExitCode(), nil
}

// runTask runs a task whose URL is accepted, and gives the run when it has ended.
func (s *Shell) runTask(ctx context.Context, t task) (*model.Run, error) {
	run := model.NewRun(max(1, t.Number), t.Kind, t.Spec, t.Job.Messages)
	run.Trust, run.Tried = t.Trust, t.Tried
	report := &reporter{shell: s, task: t, run: run}
	report.begin()

	release := s.hold()
	defer release()
	// The run has a context of its own, so that it ends when printing fails.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	events := feed.New[event.Event](feed.Options{}) // a stalled output does not hold up the network
	done := make(chan error, 1)
	go func() {
		defer events.Close()
		done <- s.run(ctx, t, event.Trace{Event: events.Push})
	}()
	if err := follow(events, report.events, report.waiting); err != nil {
		cancel()
		<-done
		return nil, err
	}
	run.Finish(<-done)
	release() // the rest is words
	return run, report.end(ctx)
}

func (s *Shell) run(ctx context.Context, t task, trace event.Trace) error {
	if t.Over != nil {
		return t.Over.Send(ctx, t.Job.Messages, trace)
	}
	run := s.Run
	if run == nil {
		run = xmppcore.Notify
	}
	job := t.Job
	job.Reading = t.Spec.Reading
	return run(ctx, job, trace)
}

// notAccepted is why nothing can be done with a URL that Apprise refuses.
const notAccepted = "Apprise does not accept this URL"

// whyNot says why nothing may be connected for a URL: Apprise refuses it, or its
// host or its user may hold a part of the password, which the name server and
// whoever listens would then be told. It is nil when nothing stands in the way.
func (s *Shell) whyNot(command Connect, spec urlspec.Spec) error {
	if !spec.Reading.Accepted {
		return Misuse("", notAccepted)
	}
	p, doubt := spec.Doubt()
	switch {
	case !doubt:
		return nil
	case command.AsRead:
		s.note("xmppscope: a part of the password may stand in the host or the user; --as-read connects all the same")
		return nil
	}
	hint := "--as-read connects all the same"
	if p.Fix != nil {
		hint = wire.Safe(p.Fix.Label) + ", or connect all the same with --as-read"
	}
	return Misuse(hint, "nothing is looked up or connected, as a part of the password may stand in the host or the user "+
		"(%s)", p.Code)
}

// refuse ends a task for whose URL nothing is connected.
func (s *Shell) refuse(ctx context.Context, t task, why error) (model.ExitCode, error) {
	if t.JSON {
		run := model.NewRun(1, t.Kind, t.Spec, nil)
		run.Finish(nil)
		result := report.ResultOf(ctx, run)
		result.OK = false
		result.Findings = urlFindings(t.Spec)
		if err := s.printJSON(result); err != nil {
			return model.ExitInternal, err
		}
		return model.ExitUsage, why
	}
	d := newDrawing(t.Spec, s.Look)
	for _, line := range problemLines(t.Spec, d) {
		s.note(line)
	}
	return model.ExitUsage, why
}

// urlFindings gives the errors of a URL in the form of findings.
func urlFindings(spec urlspec.Spec) []finding.Finding {
	var findings []finding.Finding
	for _, p := range spec.Problems {
		if p.Severity != urlspec.Error {
			continue
		}
		f := finding.Finding{Code: p.Code, Severity: p.Severity, Title: p.Message, Events: []int{}}
		if p.Fix != nil {
			f.Fix = &finding.Fix{Label: p.Fix.Label, URL: spec.RedactedAfter(*p.Fix), Edited: p.Fix.Apply(spec.Text)}
		}
		findings = append(findings, f)
	}
	return findings
}

// reporter prints a run while it happens.
type reporter struct {
	shell *Shell
	task  task
	run   *model.Run
	noted time.Time // when a person was told last how far it is
}

func (r *reporter) begin() {
	r.noted = time.Now()
	if r.task.JSON || r.task.Number > 1 {
		return
	}
	for _, line := range beginLines(r.run, r.shell.Look) {
		r.shell.print(line)
	}
}

// events applies events to the run and prints what they add to it.
func (r *reporter) events(events []event.Event) error {
	for _, e := range events {
		r.run.Apply(e)
		if r.task.Verbose {
			r.shell.note(eventLine(e, r.shell.Look))
		}
		if r.task.JSON {
			if err := r.shell.printJSON(report.Line(e)); err != nil {
				return err
			}
			continue
		}
		brief := r.task.Number > 1 && (e.State == event.OK || e.State == event.Skip)
		if e.Item == "" && e.State != event.Start && !brief {
			r.shell.print(stageLine(*r.run.Stage(e.Stage), r.shell.Look))
		}
	}
	r.howFar(time.Now())
	return nil
}

// manyDeliveries are as many as a person may want to watch.
const manyDeliveries = 100

// howFar says to a person at a terminal, from time to time, how far many deliveries are.
func (r *reporter) howFar(now time.Time) {
	if !r.shell.ErrTerminal || r.task.JSON || r.task.Progress != nil || len(r.run.Deliveries) < manyDeliveries ||
		now.Sub(r.noted) < notePause {
		return
	}
	r.noted = now
	if shown := r.run.Outcome().Shown; shown != "" {
		r.shell.note(r.shell.Look.paint(muted, wire.Safe(shown)))
	}
}

// waiting says to a person at a terminal which stage takes so long.
func (r *reporter) waiting() {
	if !r.shell.ErrTerminal || r.task.JSON {
		return
	}
	for _, stage := range r.run.Stages {
		if stage.State == event.Start {
			r.shell.note(waitingLine(stage, r.shell.Look))
		}
	}
}

func (r *reporter) end(ctx context.Context) error {
	if r.task.JSON {
		return r.shell.printJSON(report.ResultOf(ctx, r.run))
	}
	if r.task.Progress != nil {
		r.task.Progress.end(ctx, r.run, r.task.Lines)
		return nil
	}
	for _, line := range endLines(ctx, r.run, r.shell.Look) {
		r.shell.print(line)
	}
	return nil
}
