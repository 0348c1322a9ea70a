package plain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"xmppscope/model"
	"xmppscope/model/message"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/wire"
)

// atOnce is how many messages, to all targets, are on their way together at most when
// the lines for them are there already.
const atOnce = 256

// sendLines sends each line of standard input as a notification of its own, as
// it comes; blank ones are left out. With keepalive=yes all of them go over one
// session, and those that are there already go together. A notification that fails
// does not stop the next one; its exit code is part of the whole's.
func (s *Shell) sendLines(ctx context.Context, command Send, spec urlspec.Spec) (model.ExitCode, error) {
	switch {
	case command.BodyGiven && command.Body != "-":
		return model.ExitUsage, Misuse("", "--lines reads the bodies from standard input, and -b gives another")
	case command.Source.usesInput():
		return model.ExitUsage, Misuse("", "standard input cannot be both the URL and the bodies")
	case command.DryRun:
		return model.ExitUsage, Misuse("", "--lines and --dry-run do not go together")
	}
	spec, err := s.withPassword(ctx, spec, command.password())
	if err != nil {
		return model.ExitUsage, err
	}
	task := command.task(model.Send, spec)
	input := newLineReader(s.in())
	task.Progress = &progress{shell: s, input: input, began: time.Now()}
	most := 1
	if s.Run == nil && spec.Reading.Keepalive {
		task.Job.Reading = spec.Reading
		defer s.hold()()
		keeper := xmppcore.Keep(ctx, task.Job, xmppcore.KeepOptions{})
		defer keeper.Close()
		task.Over = keeper
		if !task.JSON { // there each line has a result of its own
			most = max(1, atOnce/max(1, len(spec.Reading.Targets)))
		}
	}

	sum := total{code: model.ExitDone}
	for {
		task.Lines, task.Job.Messages = nil, nil
		for len(task.Job.Messages) < most && (len(task.Lines) == 0 || input.ready) && input.Scan() {
			if strings.TrimSpace(input.Text()) == "" {
				continue
			}
			plan := message.For(ctx, command.notification(input.Text()), spec.Reading)
			if ctx.Err() != nil {
				return model.ExitInterrupted, ctx.Err()
			}
			if !plan.Accepted {
				s.note(fmt.Sprintf("xmppscope: line %d is not sent: %s", input.number, wire.Safe(plan.Reason)))
				continue
			}
			first := len(task.Job.Messages) + 1
			task.Job.Messages = append(task.Job.Messages, plan.Messages...)
			task.Lines = append(task.Lines, sentLine{number: input.number, first: first, last: len(task.Job.Messages)})
		}
		if len(task.Lines) == 0 {
			break
		}
		task.Number++
		run, err := s.runTask(ctx, task)
		if err != nil {
			return model.ExitInternal, err
		}
		if sum.add(run); sum.code == model.ExitInterrupted {
			return sum.code, nil
		}
	}
	if !task.JSON {
		task.Progress.sum()
	}
	switch err := input.Err(); {
	case errors.Is(err, context.Canceled):
		return model.ExitInterrupted, err
	case errors.Is(err, bufio.ErrTooLong):
		return model.ExitUsage, Misuse("", "a line is longer than %d bytes", bodyLimit)
	case err != nil:
		return model.ExitUsage, Misuse("", "standard input cannot be read: %v", reason(err))
	case task.Number == 0:
		return model.ExitUsage, Misuse("", "nothing to send: standard input holds no line that is not blank")
	}
	return sum.code, nil
}

// total makes one exit code of many.
type total struct {
	code      model.ExitCode
	delivered bool
	failed    bool
}

// add counts a run. Runs that all failed in the same way have that code, as one
// of them alone would; of those that failed in several ways nothing was
// delivered; and where anything was, some failed.
func (t *total) add(run *model.Run) {
	code := run.ExitCode()
	delivered, _ := run.Delivered()
	t.delivered = t.delivered || delivered > 0
	switch {
	case code == model.ExitInterrupted, t.code == model.ExitInterrupted:
		t.code = model.ExitInterrupted
		return
	case code == model.ExitDone:
	case !t.failed:
		t.code, t.failed = code, true
	case code != t.code:
		t.code = model.ExitNothing
	}
	if t.failed && t.delivered {
		t.code = model.ExitSome
	}
}
