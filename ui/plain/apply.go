package plain

import (
	"context"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/model/finding"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// maxRechecks is how often a fixed URL is checked again. Each check is a login,
// and servers bar those who fail too many.
const maxRechecks = 4

// fixJSON is one fix that was made: a line of check --apply-fixes --json.
type fixJSON struct {
	V     int           `json:"v"`
	Type  fact.LineType `json:"type"`
	Code  string        `json:"code"`
	Label string        `json:"label"`
	// Cost is what the fix gives up.
	Cost string `json:"cost,omitempty"`
	// URL is the URL after the fix, redacted.
	URL string `json:"url"`
}

// checkAndFix makes the safe fixes of the URL, checks it, and as long as a
// finding of the check has a safe fix, makes that and checks again. No URL is
// checked twice. The exit code is that of the last check.
func (s *Shell) checkAndFix(ctx context.Context, command Connect, text string) (model.ExitCode, error) {
	text, applied := s.fixURL(text)
	for _, fix := range applied {
		if err := s.printFix(command, fix); err != nil {
			return model.ExitInternal, err
		}
	}
	spec := urlspec.Parse(text)
	if why := s.whyNot(command, spec); why != nil {
		return s.refuse(ctx, command.task(model.Check, spec), why)
	}
	spec, err := s.withPassword(ctx, spec, command.password())
	if err != nil {
		return model.ExitUsage, err
	}
	checked := map[string]bool{}
	for changed := len(applied) > 0; ; changed = true {
		checked[spec.Text] = true
		run, err := s.runTask(ctx, command.task(model.Check, spec))
		if err != nil {
			return model.ExitInternal, err
		}
		fix, found := nextFix(ctx, run, checked)
		if !found || len(checked) > maxRechecks || ctx.Err() != nil {
			s.printFixed(ctx, command, run, changed)
			return run.ExitCode(), nil
		}
		made := fixJSON{Code: fix.Code, Label: fix.Label, Cost: fix.Cost, URL: fix.URL}
		if err := s.printFix(command, made); err != nil {
			return model.ExitInternal, err
		}
		spec = edited(spec, fix.Edited)
	}
}

// fixURL makes the safe fixes that the URL itself asks for.
func (s *Shell) fixURL(text string) (string, []fixJSON) {
	fixed, problems := urlspec.FixAll(text)
	var applied []fixJSON
	for _, p := range problems {
		text = p.Fix.Apply(text)
		applied = append(applied, fixJSON{Code: p.Code, Label: p.Fix.Label, URL: urlspec.Redact(text)})
	}
	return fixed, applied
}

// nextFix is the first safe fix that leads to a URL not checked yet.
func nextFix(ctx context.Context, run *model.Run, checked map[string]bool) (finding.SafeFix, bool) {
	for _, fix := range finding.SafeFixes(ctx, run) {
		if !checked[fix.Edited] {
			return fix, true
		}
	}
	return finding.SafeFix{}, false
}

// edited is the edited URL, with the password that the one before was given.
func edited(spec urlspec.Spec, text string) urlspec.Spec {
	next := urlspec.Parse(text)
	next.Reading.Password, next.Reading.PasswordSet = spec.Reading.Password, spec.Reading.PasswordSet
	return next
}

// printFix says that a fix was made, in one line.
func (s *Shell) printFix(command Connect, fix fixJSON) error {
	if command.JSON {
		fix.V, fix.Type = 1, fact.LineFix
		return s.printJSON(fix)
	}
	line := s.Look.label("applied") + s.Look.paint(good, fix.Code+": "+wire.Safe(fix.Label))
	if fix.Cost != "" {
		line += ". " + fix.Cost
	}
	s.print(line)
	return nil
}

// printFixed ends with the URL as it is now, and with what was not done to it.
func (s *Shell) printFixed(ctx context.Context, command Connect, run *model.Run, changed bool) {
	if command.JSON {
		return // the last result holds it all
	}
	if !changed {
		s.note(s.Look.label("applied") + "nothing: no safe fix is known")
	} else {
		s.print(s.Look.label("url") + wire.Safe(run.Spec.Redacted()))
		if run.Spec.Redacted() != run.Spec.Text {
			s.note("xmppscope: hint: the terminal UI makes the same fixes (alt+f), " +
				"and copies the URL with its password (Y twice)")
		}
	}
	for _, f := range finding.Of(ctx, run) {
		if f.Fix != nil {
			s.note(s.Look.label("left") + f.Code + ": its fix is for you to decide")
		}
	}
}
