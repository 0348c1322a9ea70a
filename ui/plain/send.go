package plain

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/model/message"
	"xmppscope/model/report"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Connect is what check and send have in common: which URL, whose password,
// and how the run is printed.
type Connect struct {
	Source       Source
	PasswordFile string
	JSON         bool
	Verbose      bool
	// Fix makes the safe fixes of the URL and of what a check finds, and checks
	// again.
	Fix bool
	// AsRead connects where the host may be a part of the password.
	AsRead bool
	// Trust is what Apprise is taken to trust.
	Trust model.AppriseTrust
	// Job holds what the network needs beside the URL.
	Job xmppcore.Job
}

// Check connects, logs in and joins the rooms, and sends nothing.
func (s *Shell) Check(ctx context.Context, command Connect) (model.ExitCode, error) {
	text, err := s.URL(command.Source)
	if err != nil {
		return model.ExitUsage, err
	}
	if command.Fix {
		return s.checkAndFix(ctx, command, text)
	}
	spec := urlspec.Parse(text)
	if why := s.whyNot(command, spec); why != nil {
		return s.refuse(ctx, command.task(model.Check, spec), why)
	}
	if spec, err = s.withPassword(ctx, spec, command.password()); err != nil {
		return model.ExitUsage, err
	}
	return s.perform(ctx, command.task(model.Check, spec))
}

// password says where the password may come from. A person is asked when the run
// gets as far as the login, unless standard input is the URL's.
func (c Connect) password() passwordSource {
	until := c.Job.Until
	logsIn := !c.Job.NoLogin && (until == "" || !until.Before(event.StageSASL, c.Job.Reading.Mode))
	return passwordSource{File: c.PasswordFile, Ask: logsIn && !c.Source.usesInput()}
}

func (c Connect) task(kind model.Kind, spec urlspec.Spec) task {
	return task{Kind: kind, Spec: spec, Job: c.Job, Trust: c.Trust, JSON: c.JSON, Verbose: c.Verbose}
}

// Send is one notification.
type Send struct {
	Connect
	Title string
	// Body is the text of -b; BodyGiven is true also for an empty one.
	Body      string
	BodyGiven bool
	// InputFormat is text, html or markdown.
	InputFormat      string
	InterpretEscapes bool
	// DryRun shows the messages and touches no network.
	DryRun bool
	// Lines makes a notification of each line of standard input.
	Lines bool
}

func (c Send) notification(body string) message.Notification {
	return message.Notification{Title: c.Title, Body: body, InputFormat: c.InputFormat,
		InterpretEscapes: c.InterpretEscapes}
}

// Send sends the notification, or shows what would be sent.
func (s *Shell) Send(ctx context.Context, command Send) (model.ExitCode, error) {
	text, err := s.URL(command.Source)
	if err != nil {
		return model.ExitUsage, err
	}
	spec := urlspec.Parse(text)
	if command.DryRun && !spec.Reading.Accepted {
		return s.dryRun(command, spec, message.Batch{Reason: notAccepted})
	}
	if why := s.whyNot(command.Connect, spec); why != nil && !command.DryRun {
		return s.refuse(ctx, command.task(model.Send, spec), why)
	}
	if command.Lines {
		return s.sendLines(ctx, command, spec)
	}
	body, err := s.Body(command.Body, command.BodyGiven, command.Source.usesInput())
	if err != nil {
		return model.ExitUsage, err
	}
	plan := message.For(ctx, command.notification(body), spec.Reading)
	if ctx.Err() != nil {
		return model.ExitInterrupted, ctx.Err()
	}
	if command.DryRun {
		return s.dryRun(command, spec, plan)
	}
	if !plan.Accepted {
		return s.nothingToSend(ctx, command.task(model.Send, spec), plan)
	}
	if spec, err = s.withPassword(ctx, spec, command.password()); err != nil {
		return model.ExitUsage, err
	}
	command.Job.Messages = plan.Messages
	return s.perform(ctx, command.task(model.Send, spec))
}

// nothingToSend ends a send of a notification that cannot be sent. For a program it
// prints what Apprise would have made of it; for a person it is behind the reason.
func (s *Shell) nothingToSend(ctx context.Context, t task, plan message.Batch) (model.ExitCode, error) {
	verdict, hint := finding.OfPlan(plan), ""
	if t.JSON {
		run := model.NewRun(1, t.Kind, t.Spec, nil)
		run.Finish(nil)
		result := report.ResultOf(ctx, run)
		result.OK, result.Apprise = false, &verdict
		if err := s.printJSON(result); err != nil {
			return model.ExitInternal, err
		}
	}
	if verdict.FalseSuccess() {
		hint = wire.Safe(verdict.Sentence())
	}
	return model.ExitUsage, Misuse(hint, "nothing to send: %s", wire.Safe(plan.Reason))
}

// planJSON is the line of send --dry-run --json.
type planJSON struct {
	V        int               `json:"v"`
	Type     fact.LineType     `json:"type"`
	URL      string            `json:"url"`
	Targets  []urlspec.Address `json:"targets"`
	Messages []event.Message   `json:"messages"`
	Accepted bool              `json:"accepted"`
	Reason   string            `json:"reason,omitempty"`
}

func (s *Shell) dryRun(command Send, spec urlspec.Spec, plan message.Batch) (model.ExitCode, error) {
	code := model.ExitDone
	if !plan.Accepted {
		code = model.ExitUsage
	}
	spec = spec.Veiled()
	if command.JSON {
		line := planJSON{V: 1, Type: fact.LinePlan, URL: spec.Redacted(), Targets: spec.Reading.Targets,
			Messages: []event.Message{}, Accepted: plan.Accepted, Reason: plan.Reason}
		for _, m := range plan.Messages {
			line.Messages = append(line.Messages,
				event.Message{Subject: urlspec.RedactProse(m.Subject), Body: urlspec.RedactProse(m.Body)})
		}
		if line.Targets == nil {
			line.Targets = []urlspec.Address{}
		}
		if err := s.printJSON(line); err != nil {
			return model.ExitInternal, err
		}
		return code, nil
	}
	if !plan.Accepted {
		for _, line := range problemLines(spec, newDrawing(spec, s.Look)) {
			s.note(line)
		}
		return code, Misuse("", "nothing would be sent: %s", wire.Safe(plan.Reason))
	}
	s.printAll(planLines(spec, plan, s.Look))
	return code, nil
}

// planLines show each message as it goes into its stanza, with its length in
// the unit that Apprise counts: code points.
func planLines(spec urlspec.Spec, plan message.Batch, look Look) []string {
	var lines []string
	for _, t := range spec.Reading.Targets {
		kind := ""
		if t.Kind == urlspec.Groupchat {
			kind = " (room)"
		}
		lines = append(lines, look.label("to")+wire.Safe(t.JID)+kind)
	}
	for i, m := range plan.Messages {
		lines = append(lines, look.label("message")+fmt.Sprintf("%d of %d", i+1, len(plan.Messages)))
		if m.Subject != "" {
			lines = append(lines, look.label("subject")+counted(m.Subject), "  | "+wire.Safe(urlspec.RedactProse(m.Subject)))
		}
		lines = append(lines, look.label("body")+counted(m.Body))
		for _, line := range strings.Split(urlspec.RedactProse(m.Body), "\n") {
			lines = append(lines, "  | "+wire.Safe(line))
		}
	}
	return lines
}

func counted(text string) string {
	return event.Count(utf8.RuneCountInString(text), "code point")
}

// ExplainAndCheck is what stands in for the terminal UI where a screen is not
// wanted: how the URL is read, and then what the server says. Without a URL it asks
// for one.
func (s *Shell) ExplainAndCheck(ctx context.Context, command Connect) (model.ExitCode, error) {
	src := &command.Source
	given := src.File != "" || len(src.Args) > 0 || s.env("XMPPSCOPE_URL") != ""
	if !given && s.AskPassword != nil {
		// It may hold a password, so it is not shown either.
		typed, err := s.AskPassword(ctx, "Apprise URL, which is not shown as you type it: ")
		if err != nil {
			return model.ExitUsage, err
		}
		src.Args = []string{typed}
	}
	text, err := s.URL(command.Source)
	if err != nil {
		return model.ExitUsage, err
	}
	// The URL may have come from standard input, which can be read only once.
	command.Source = Source{Args: []string{text}}
	if code, err := s.Explain(Explain{Source: command.Source}); code != model.ExitDone || err != nil {
		return code, err
	}
	return s.Check(ctx, command)
}
