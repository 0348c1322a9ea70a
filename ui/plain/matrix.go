package plain

import (
	"context"
	"errors"
	"fmt"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/matrix"
	"xmppscope/ui/feed"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/explore"
)

// Explore looks for every way to the server that a URL could take.
type Explore struct {
	Connect
	// Login tries up to three logins on the ways that look best.
	Login bool
	// Ports are tried beside the URL's own, those of SRV records and the usual
	// ones.
	Ports []int

	// explore does the work; nil means [explore.Run].
	explore func(context.Context, explore.Job, func(event.Cell)) ([]event.Cell, error)
}

// usualPorts are tried at every host: XMPP's two, and the one that firewalls
// let through.
func usualPorts() []int { return []int{5222, 5223, 443} }

// cellLine is a cell as a JSON line. It comes again after a login there.
type cellLine struct {
	V    int           `json:"v"`
	Type fact.LineType `json:"type"`
	event.Cell
}

// Explore runs the command. The exit code is 0 when some URL would work, and
// with Login when a login succeeded.
func (s *Shell) Explore(ctx context.Context, command Explore) (model.ExitCode, error) {
	text, err := s.URL(command.Source)
	if err != nil {
		return model.ExitUsage, err
	}
	spec := urlspec.Parse(text)
	if why := s.whyNot(command.Connect, spec); why != nil {
		return s.refuse(ctx, command.task(model.Check, spec), why)
	}
	password := passwordSource{File: command.PasswordFile, Ask: command.Login && !command.Source.usesInput()}
	if spec, err = s.withPassword(ctx, spec, password); err != nil {
		return model.ExitUsage, err
	}
	cells, err := s.explore(ctx, command, spec)
	var failure *event.Failure
	switch {
	case errors.As(err, &failure) && failure.Cause == event.CauseCancelled:
		return model.ExitInterrupted, context.Canceled
	case errors.As(err, &failure) && failure.Cause == event.CauseIllegalStanza:
		return model.ExitUsage, Misuse("", "%s", failure.Detail)
	case err != nil:
		return model.ExitInternal, err
	}
	matrix := matrix.New(spec, cells, command.Login, command.Trust)
	if command.JSON {
		return matrix.ExitCode(), s.printJSON(matrix)
	}
	s.printAll(matrixLines(spec.Veiled(), cells, matrix, s.Look))
	return matrix.ExitCode(), nil
}

// explore explores and prints the cells as they come.
func (s *Shell) explore(ctx context.Context, command Explore, spec urlspec.Spec) ([]event.Cell, error) {
	run := command.explore
	if run == nil {
		run = explore.Run
	}
	job := explore.Job{Job: command.Job, Login: command.Login, Ports: append(usualPorts(), command.Ports...)}
	job.Reading = spec.Reading

	defer s.hold()()
	found := feed.New[event.Cell](feed.Options{}) // a stalled output does not hold up the network
	var cells []event.Cell
	var end error
	go func() {
		defer found.Close()
		cells, end = run(ctx, job, found.Push)
	}()
	count := 0
	err := follow(found, func(news []event.Cell) error {
		for _, c := range news {
			if err := s.printCell(c, command); err != nil {
				return err
			}
			count++
		}
		return nil
	}, func() {
		if s.ErrTerminal && !command.JSON {
			s.note(s.Look.paint(muted, fmt.Sprintf("still exploring, %s so far", event.Count(count, "result"))))
		}
	})
	if err != nil {
		return nil, err
	}
	return cells, end
}

func (s *Shell) printCell(c event.Cell, command Explore) error {
	switch {
	case command.JSON:
		return s.printJSON(cellLine{V: 1, Type: fact.LineCell, Cell: c})
	case command.Verbose:
		s.note(wayLine(c, s.Look))
	}
	return nil
}
