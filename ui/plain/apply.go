package plain

import (
	"context"
	"slices"

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
	// TakenBack says that the fix did not help, and that URL is the one before it.
	TakenBack bool `json:"taken_back,omitempty"`
}

// checkAndFix makes the safe fixes of the URL, checks it, and as long as a
// finding of the check has a safe fix, makes that and checks again. A fix that did
// not help is taken back before another is made. No URL is checked twice. The exit
// code is that of the check of the URL that is left.
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
	t := trials{checked: map[string]bool{}}
	for changed := len(applied) > 0; ; {
		t.checked[spec.Text] = true
		task := command.task(model.Check, spec)
		task.Tried = t.tried
		run, err := s.runTask(ctx, task)
		if err != nil {
			return model.ExitInternal, err
		}
		switch {
		case t.run != nil && ctx.Err() == nil && !finding.Helped(t.run, run):
			made := t.last
			made.TakenBack, made.URL = true, t.spec.Redacted()
			if err := s.printFix(command, made); err != nil {
				return model.ExitInternal, err
			}
		case t.run != nil:
			changed = true
			t.kept = append(t.kept, [2]urlspec.Reading{t.spec.Reading, spec.Reading})
			t.spec, t.run = spec, run
		default:
			t.spec, t.run = spec, run
		}
		t.tried = append(t.tried, spec.Reading)
		t.run.Tried = t.tried
		fix, found := t.next(ctx)
		if !found || len(t.checked) > maxRechecks || ctx.Err() != nil {
			s.printFixed(ctx, command, t.run, changed)
			return t.run.ExitCode(), nil
		}
		t.last = fixJSON{Code: fix.Code, Label: fix.Label, Cost: fix.Cost, URL: fix.URL}
		if err := s.printFix(command, t.last); err != nil {
			return model.ExitInternal, err
		}
		spec = edited(t.spec, fix.Edited)
	}
}

// trials are the fixes that have been tried.
type trials struct {
	// spec is the URL that stands, and run its check.
	spec urlspec.Spec
	run  *model.Run
	// checked are the URLs that were checked, kept the readings before and after the
	// fixes that helped, last the fix that is being tried.
	checked map[string]bool
	kept    [][2]urlspec.Reading
	last    fixJSON
	// tried are the readings of the URLs that were checked.
	tried []urlspec.Reading
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

// next is the first safe fix that leads to a URL not checked yet, and takes back
// none that helped.
func (t *trials) next(ctx context.Context) (finding.SafeFix, bool) {
	for _, fix := range finding.SafeFixes(ctx, t.run) {
		after := urlspec.Parse(fix.Edited).Reading
		undoes := slices.ContainsFunc(t.kept, func(k [2]urlspec.Reading) bool { return finding.Undoes(k[0], k[1], after) })
		if !t.checked[fix.Edited] && !undoes {
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
	if fix.TakenBack {
		s.print(s.Look.label("undone") + s.Look.paint(muted, fix.Code+": "+wire.Safe(fix.Label)) + ". It did not help.")
		return nil
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
