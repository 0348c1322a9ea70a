package plain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"sync"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/urlspec"
	"xmppscope/urlspec/document"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Lint finds the XMPP URLs in files and says what is wrong with them.
type Lint struct {
	// Files are names of files and folders; "-" is standard input.
	Files []string
	// JSON prints one object a problem.
	JSON bool
	// Fix makes every safe fix, in place. What then remains is reported.
	Fix bool
	// Comments looks at comments and examples too.
	Comments bool
}

// linted is what became of one file.
type linted struct {
	problems []document.Problem
	urls     int
	// fixed counts the URLs that were changed, left are the fixes that could
	// not be written.
	fixed int
	// aside is a word about how the file was written.
	aside string
	// read is false for what is no text, or could not be read.
	read bool
	err  error
}

// Lint runs the command. The exit code is that of a bad URL when an error was
// found, or a file could not be read or written.
func (s *Shell) Lint(ctx context.Context, command Lint) (model.ExitCode, error) {
	if len(command.Files) == 0 {
		return model.ExitUsage, Misuse("give it files or folders, or - for standard input", "no file")
	}
	code := model.ExitDone
	var names []lintName
	for _, arg := range command.Files {
		found, err := expand(ctx, arg)
		if err != nil {
			if ctx.Err() != nil {
				return model.ExitInterrupted, context.Canceled
			}
			s.Complain(err)
			code = model.ExitUsage
		}
		names = append(names, found...)
	}
	names = once(names)
	var sum lintSum
	err := s.lintEach(ctx, names, command, func(name lintName, result linted) error {
		return s.show(ctx, name, result, command, &sum)
	})
	switch {
	case ctx.Err() != nil:
		return model.ExitInterrupted, context.Canceled
	case err != nil:
		return model.ExitInternal, err
	}
	s.note(sum.line())
	if sum.bad {
		code = model.ExitUsage
	}
	return code, nil
}

// lintSum is what the last line says.
type lintSum struct {
	urls, with, files int
	bad               bool
}

func (sum lintSum) line() string {
	if sum.urls == 0 {
		return "no XMPP URL found in " + event.Count(sum.files, "file")
	}
	return fmt.Sprintf("%s in %d of %s", event.Count(sum.urls, "URL"), sum.with, event.Count(sum.files, "file"))
}

// show prints what was found in one file.
func (s *Shell) show(ctx context.Context, name lintName, result linted, command Lint, sum *lintSum) error {
	if result.read {
		sum.files++
	}
	if result.urls > 0 {
		sum.with++
		sum.urls += result.urls
	}
	shown := name.name
	if shown != "-" {
		shown = shownName(shown)
	}
	if result.fixed > 0 {
		s.note(fmt.Sprintf("%s: fixed %s%s", shown, event.Count(result.fixed, "URL"), result.aside))
	}
	if errors.Is(result.err, context.Canceled) {
		return nil // said once, for the whole command
	}
	if result.err != nil {
		sum.bad = true
		s.Complain(result.err)
	}
	for _, p := range result.problems {
		if ctx.Err() != nil {
			return nil
		}
		sum.bad = sum.bad || p.Severity == urlspec.Error
		if command.JSON {
			if err := s.printJSON(problemLine{V: 1, Type: fact.LineProblem, File: shown, Line: p.Line, Column: p.Column,
				Severity: p.Severity, Code: p.Code, Message: p.Message, URL: p.URL, Fix: p.Fix}); err != nil {
				return err
			}
			continue
		}
		s.print(fmt.Sprintf("%s:%d:%d: %s: %s: %s", shown, p.Line, p.Column,
			s.Look.paint(severityRole(p.Severity), string(p.Severity)), p.Code, wire.Safe(p.Message)))
	}
	return nil
}

// problemLine is a problem and its place in a file: the line of lint --json.
type problemLine struct {
	V    int           `json:"v"`
	Type fact.LineType `json:"type"`
	File string        `json:"file"`
	// Line and Column count from 1, columns in characters.
	Line     int              `json:"line"`
	Column   int              `json:"column"`
	Severity urlspec.Severity `json:"severity"`
	Code     string           `json:"code"`
	Message  string           `json:"message"`
	URL      string           `json:"url,omitempty"`
	Fix      string           `json:"fix,omitempty"`
}

// lintEach looks at every file, several at a time, and shows the results in
// the order of the names. Only a few results wait for those before them, so
// that memory does not grow with the number of files.
func (s *Shell) lintEach(ctx context.Context, names []lintName, command Lint,
	show func(lintName, linted) error) error {
	ctx, cancel := context.WithCancel(ctx)
	type job struct {
		name   lintName
		result chan linted
	}
	workers := max(runtime.GOMAXPROCS(0), 2)
	jobs := make(chan job)
	waiting := make(chan job, 4*workers)
	var running sync.WaitGroup
	running.Go(func() {
		defer close(jobs)
		defer close(waiting)
		for _, name := range names {
			j := job{name, make(chan linted, 1)}
			select {
			case waiting <- j:
			case <-ctx.Done():
				return
			}
			select {
			case jobs <- j:
			case <-ctx.Done():
				return
			}
		}
	})
	writer := &fileWriter{hold: s.hold}
	for range workers {
		running.Go(func() {
			r := fileReader{stdin: s.in(), open: s.open}
			for j := range jobs {
				j.result <- r.lint(ctx, j.name, command, writer)
			}
		})
	}
	// What a worker computes at the time of an interrupt is of no use to
	// anybody; but a file that is being written is written to its end.
	defer func() {
		interrupted := ctx.Err() != nil
		cancel()
		if interrupted {
			writer.close()
			return
		}
		running.Wait()
	}()
	for j := range waiting {
		select {
		case result := <-j.result:
			if ctx.Err() != nil {
				return nil
			}
			if err := show(j.name, result); err != nil {
				return err
			}
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// lint looks at one file, and fixes it when that is asked for.
func (r *fileReader) lint(ctx context.Context, name lintName, command Lint, w *fileWriter) (out linted) {
	data, info, err := r.read(name)
	if err != nil || data == nil {
		return linted{err: err}
	}
	if !document.Mentions(data) {
		return linted{read: true}
	}
	doc, err := document.Read(name.name, data)
	if err != nil {
		return linted{err: Misuse("", "%s cannot be read: %v", shownName(name.name), err)}
	}
	out.read = true
	if command.Fix && info != nil && ctx.Err() == nil {
		var left []document.Problem
		doc, left = r.fix(ctx, name, doc, data, info, w, &out)
		out.problems = left
	}
	out.urls = doc.URLs(command.Comments)
	out.problems = append(doc.Problems(command.Comments), out.problems...)
	slices.SortStableFunc(out.problems, func(a, b document.Problem) int {
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	return out
}

// fix makes the safe fixes and gives the document as it is then.
func (r *fileReader) fix(ctx context.Context, name lintName, doc *document.Document, data []byte, info fs.FileInfo,
	w *fileWriter, out *linted) (*document.Document, []document.Problem) {
	fixed := doc.Fix()
	if fixed.Data == nil {
		return doc, fixed.Left
	}
	aside, err := w.replace(ctx, name.name, data, fixed.Data, info)
	if err != nil {
		out.err = err
		return doc, nil
	}
	out.fixed, out.aside = fixed.URLs, aside
	if again, err := document.Read(name.name, fixed.Data); err == nil {
		doc = again
	}
	return doc, fixed.Left
}
