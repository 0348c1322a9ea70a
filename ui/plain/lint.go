package plain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// fileLimit is how much of a configuration file is read, in bytes.
const fileLimit = 16 << 20

// Lint finds the XMPP URLs in files and says what is wrong with them.
type Lint struct {
	// Files are names; "-" is standard input.
	Files []string
	// JSON prints one object a problem.
	JSON bool
	// Fix makes every safe fix, in place. What then remains is reported.
	Fix bool
}

// Lint runs the command. The exit code is that of a bad URL when an error was
// found, or a file could not be read or written.
func (s *Shell) Lint(command Lint) (model.ExitCode, error) {
	if len(command.Files) == 0 {
		return model.ExitUsage, Misuse("give it one or more files, or - for standard input", "no file")
	}
	code := model.ExitDone
	for _, name := range command.Files {
		bad, err := s.lintFile(name, command)
		if errors.Is(err, context.Canceled) {
			return model.ExitInterrupted, err
		}
		if err != nil {
			s.Complain(err)
		}
		if bad || err != nil {
			code = model.ExitUsage
		}
	}
	return code, nil
}

func (s *Shell) lintFile(name string, command Lint) (bad bool, err error) {
	text, err := s.readFile(name)
	if err != nil {
		return false, err
	}
	if command.Fix && name != "-" {
		if fixedText, count := fixText(text); fixedText != text {
			release := s.hold()
			err := replaceFile(name, fixedText)
			release()
			if err != nil {
				return false, Misuse("", "%s cannot be written: %v", wire.Safe(name), reason(err))
			}
			s.note(fmt.Sprintf("%s: fixed %s", wire.Safe(name), event.Count(count, "URL")))
			text = fixedText
		}
	}
	for _, c := range problemsIn(text) {
		bad = bad || c.Severity == urlspec.Error
		c.File = name
		if command.JSON {
			if err := s.printJSON(c); err != nil {
				return bad, err
			}
			continue
		}
		s.print(fmt.Sprintf("%s:%d:%d: %s: %s: %s", wire.Safe(name), c.Line, c.Column,
			s.Look.paint(severityRole(c.Severity), string(c.Severity)), c.Code, wire.Safe(c.Message)))
	}
	return bad, nil
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
	URL      string           `json:"url"`
	Fix      string           `json:"fix,omitempty"`
}

// problemsIn gives the problems of every URL in a text, in the order of their
// places.
func problemsIn(text string) []problemLine {
	var list []problemLine
	at := place{line: 1, column: 1}
	for _, found := range urlsIn(text) {
		spec := urlspec.Parse(found.URL)
		for _, p := range spec.Problems {
			at = at.to(text, found.Start+p.Start)
			c := problemLine{V: 1, Type: fact.LineProblem, Line: at.line, Column: at.column,
				Severity: p.Severity, Code: p.Code, Message: p.Message, URL: spec.Redacted()}
			if p.Fix != nil {
				c.Fix = p.Fix.Label
			}
			list = append(list, c)
		}
	}
	return list
}

// urlsIn finds the URLs of a text, but not the mere mention of a scheme, as in
// a comment.
func urlsIn(text string) []urlspec.Match {
	return slices.DeleteFunc(urlspec.Find(text), func(m urlspec.Match) bool {
		_, rest, _ := strings.Cut(m.URL, "://")
		return rest == ""
	})
}

// place is a place in a text.
type place struct{ offset, line, column int }

// to moves to an offset, forwards from where it is, or from the start.
func (p place) to(text string, offset int) place {
	offset = min(offset, len(text))
	if offset < p.offset {
		p = place{line: 1, column: 1}
	}
	passed := text[p.offset:offset]
	if i := strings.LastIndexByte(passed, '\n'); i >= 0 {
		p.line += strings.Count(passed, "\n")
		p.column = 1
		passed = passed[i+1:]
	}
	p.column += utf8.RuneCountInString(passed)
	p.offset = offset
	return p
}

// fixText makes every safe fix of every URL in a text, leaves all else as it is,
// and counts the URLs that changed.
func fixText(text string) (fixedText string, count int) {
	var b strings.Builder
	at := 0
	for _, found := range urlsIn(text) {
		after := fixed(urlspec.Parse(found.URL))
		if after == found.URL {
			continue
		}
		b.WriteString(text[at:found.Start])
		b.WriteString(after)
		at = found.End
		count++
	}
	b.WriteString(text[at:])
	return b.String(), count
}

func (s *Shell) readFile(name string) (string, error) {
	r, shown := s.in(), "standard input"
	if strings.Contains(name, "://") {
		return "", Misuse("`xmppscope explain` takes URLs", "lint takes files, and a URL was given")
	}
	if name != "-" {
		shown = wire.Safe(name)
		file, err := s.open(name)
		if err != nil {
			return "", Misuse("", "%s cannot be opened: %v", shown, reason(err))
		}
		defer file.Close()
		r = file
	}
	data, err := io.ReadAll(io.LimitReader(r, fileLimit+1))
	switch {
	case err != nil:
		return "", Misuse("", "%s cannot be read: %v", shown, reason(err))
	case len(data) > fileLimit:
		return "", Misuse("", "%s is larger than %d bytes", shown, fileLimit)
	}
	return string(data), nil
}

// replaceFile puts new text in the place of a file's in one step: whoever
// reads the file meanwhile sees the old text or the new. A symbolic link stays
// one, and the permissions stay.
func replaceFile(name, text string) (err error) {
	name, err = filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = io.WriteString(file, text)
	err = errors.Join(err, file.Chmod(info.Mode().Perm()), keepOwner(file, info), file.Sync(), file.Close())
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}
