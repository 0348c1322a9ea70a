package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"xmppscope/model"
	"xmppscope/model/fact"
	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// Explain says how Apprise reads each URL, and what is wrong with it; or, when
// the arguments are codes of problems and findings, what those mean. Nothing
// leaves the machine.
type Explain struct {
	Source Source
	// JSON prints one object a URL.
	JSON bool
	// Fix prints the URL with every safe fix made; with JSON it adds it.
	Fix bool
	// AsOne reads a text that holds several URLs as one, as
	// Apprise.instantiate() does.
	AsOne bool
	// Reveal prints the reading of the JSON as Apprise has it, with what may be
	// a part of a password. The password itself never shows.
	Reveal bool

	look Look
}

// Explain runs the command. The exit code is that of a bad URL when Apprise
// rejects any of them.
func (s *Shell) Explain(command Explain) (model.ExitCode, error) {
	if command.Reveal && !command.JSON {
		return model.ExitUsage, Misuse("add --json", "--reveal is for the reading in JSON")
	}
	if codesOnly(command.Source.Args) {
		return model.ExitDone, s.explainCodes(command.Source.Args, command.JSON)
	}
	command.look = s.Look
	var failed error
	urls := func(yield func(part) bool) {
		line := 0
		for text, err := range s.URLs(command.Source) {
			if failed = err; err != nil {
				return
			}
			line++
			parts := command.parts(text)
			for i, p := range parts {
				if !yield(part{p, line, i + 1, len(parts)}) {
					return
				}
			}
		}
	}
	code, count := model.ExitDone, 0
	var out []byte
	err := inOrder(urls, command.explain, func(e explanation, busy bool) error {
		count++
		if !e.accepted {
			code = model.ExitUsage
		}
		if out = append(out, e.out...); !busy || len(out) >= outputPiece {
			s.write(out)
			out = out[:0]
		}
		return e.err
	})
	switch {
	case err != nil:
		return model.ExitInternal, err
	case failed != nil:
		return model.ExitUsage, failed
	case count == 0:
		return model.ExitUsage, Misuse(hintURL, "no URL")
	}
	return code, nil
}

// part is one URL of a text that may hold several.
type part struct {
	urlspec.Part
	line       int // the text's number among those that were given, from 1
	number, of int // the URL's number among those of the text, from 1
}

// parts are the URLs of a text.
func (c Explain) parts(text string) []urlspec.Part {
	if c.AsOne {
		return []urlspec.Part{{End: len(text), Text: text}}
	}
	return urlspec.Split(text)
}

// explanation is what is printed of a URL.
type explanation struct {
	out      []byte
	accepted bool
	err      error
}

// explain explains a URL.
func (c Explain) explain(p part) explanation {
	x := explained{part: p, spec: urlspec.Parse(p.Text)}
	e := explanation{accepted: x.spec.Reading.Accepted}
	var lines []string
	lines, e.err = x.lines(c)
	for _, line := range lines {
		e.out = append(append(e.out, line...), '\n')
	}
	return e
}

// explained is a URL that was read.
type explained struct {
	part
	spec urlspec.Spec
}

// lines are what is printed of the URL.
func (p explained) lines(command Explain) ([]string, error) {
	switch {
	case command.JSON:
		line, err := jsonLine(p.json(command))
		return []string{string(line)}, err
	case command.Fix:
		return []string{wire.Safe(urlspec.Parse(fixed(p.spec)).Redacted())}, nil
	}
	var lines []string
	if p.line > 1 || p.number > 1 {
		lines = append(lines, "")
	}
	if p.of > 1 {
		lines = append(lines,
			command.look.label("URL")+fmt.Sprintf("%d of %d in one text; Apprise writes to each", p.number, p.of))
	}
	if p.Left != "" {
		lines = append(lines, command.look.label("left out")+wire.Safe(p.Left))
	}
	return append(lines, everything(p.spec, command.look)...), nil
}

// explainJSON is one line of explain --json. Its offsets are those of the whole
// text.
type explainJSON struct {
	V    int           `json:"v"`
	Type fact.LineType `json:"type"`
	// Line and Part say which URL of several in one text it is, from 1.
	Line int    `json:"line,omitempty"`
	Part int    `json:"part,omitempty"`
	URL  string `json:"url"`
	// LeftOut is what stood around the URL.
	LeftOut  string            `json:"left_out,omitempty"`
	Reading  urlspec.Reading   `json:"reading"`
	Problems []urlspec.Problem `json:"problems"`
	Fixed    string            `json:"fixed,omitempty"`
}

func (p explained) json(command Explain) explainJSON {
	line := explainJSON{V: 1, Type: fact.LineExplain, URL: p.spec.Redacted(), LeftOut: p.Left,
		Reading: p.spec.Reading.Veiled(), Problems: p.problems()}
	if p.of > 1 {
		line.Line, line.Part = p.line, p.number
	}
	if command.Reveal {
		line.Reading = p.spec.Reading
	}
	if command.Fix {
		line.Fixed = urlspec.Parse(fixed(p.spec)).Redacted()
	}
	return line
}

// problems are those of the URL, with offsets into the whole text.
func (p explained) problems() []urlspec.Problem {
	problems := make([]urlspec.Problem, len(p.spec.Problems))
	for i, q := range p.spec.Problems {
		problems[i] = q.Shifted(p.Start)
	}
	return problems
}

// everything draws all that is known of a URL.
func everything(spec urlspec.Spec, look Look) []string {
	d := newDrawing(spec, look)
	var lines []string
	if look.Labels {
		lines = append(lines, "url: "+wire.Safe(spec.Redacted()))
	} else {
		lines = append(lines, d.rows()...)
	}
	section := func(title string, body []string) {
		if len(body) == 0 {
			return
		}
		if !look.Labels {
			lines = append(lines, "", look.paint(strong, title))
		}
		lines = append(lines, body...)
	}
	ghost := model.GhostOf(spec)
	if !spec.Reading.Accepted {
		lines = append(lines, refusalLines(spec, look)...)
	}
	section(assemblyTitle(ghost, spec), assemblyLines(ghost, look))
	if spec.Reading.Accepted {
		section("parameters that differ from their defaults", paramLines(spec, look))
	}
	section(tally(spec.Problems), problemLines(spec, d))
	section("with every safe fix made", fixedLines(spec, look))
	return lines
}

func refusalLines(spec urlspec.Spec, look Look) []string {
	lines := []string{"", look.paint(bad, "Apprise does not accept this URL")}
	if look.Labels {
		lines = []string{"accepted: no"}
	}
	if line, found := insideLine(spec); found {
		lines = append(lines, line)
	}
	return lines
}

// assemblyTitle says whose reading the assembly is.
func assemblyTitle(ghost model.Ghost, spec urlspec.Spec) string {
	const meant = "how it was probably meant (~)"
	switch {
	case !ghost.Split:
		return "how Apprise reads it"
	case !spec.Reading.Accepted:
		return meant
	}
	return "how Apprise reads it, and " + meant
}

// assemblyLines is the assembly table; where it has both readings, what was meant
// stands behind a "~".
func assemblyLines(ghost model.Ghost, look Look) []string {
	rows := slices.Clone(ghost.Rows)
	var labels, values, meants, notes int
	for i := range rows {
		r := &rows[i]
		r.Value, r.Note, r.From = wire.Safe(r.Value), wire.Safe(r.Note), wire.Safe(r.From)
		r.Meant, r.MeantNote = wire.Safe(r.Meant), wire.Safe(r.MeantNote)
		if r.Child {
			r.Label = "  " + r.Label
		}
		labels = max(labels, ansi.StringWidth(r.Label))
		values = max(values, min(ansi.StringWidth(r.Value), 48))
		meants = max(meants, min(ansi.StringWidth(r.Meant), 48))
		notes = max(notes, min(ansi.StringWidth(cmp.Or(r.MeantNote, r.Note)), 24))
	}
	var lines []string
	for _, r := range rows {
		if look.Labels {
			lines = append(lines, labelled(r, ghost.Split))
			continue
		}
		mark := " "
		if r.Problem != "" {
			mark = look.paint(severityRole(r.Problem), "!")
		}
		value := pad(r.Value, values)
		if r.Child {
			value = look.paint(muted, value)
		}
		if ghost.Split {
			value = bothValues(r, values, meants, look)
		}
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%s %s  %s  %s  %s", mark, pad(r.Label, labels), value,
			pad(cmp.Or(r.MeantNote, r.Note), notes), look.paint(muted, r.From)), " "))
	}
	return lines
}

// bothValues is what is read and, where that is another thing, what was meant.
func bothValues(r model.Row, read, meant int, look Look) string {
	text := pad(r.Value, read)
	if read > 0 {
		text += "  "
	}
	switch {
	case r.Meant == "":
		return text + look.paint(muted, pad("~ not meant", meant+2))
	case r.Meant == r.Value && r.MeantNote == r.Note:
		return text + pad("", meant+2)
	}
	return text + look.paint(muted, "~ "+pad(r.Meant, meant))
}

func labelled(r model.Row, both bool) string {
	withNote := func(value, note string) string {
		if note != "" {
			return value + ", " + note
		}
		return value
	}
	line := strings.TrimSpace(r.Label) + ": "
	switch read, meant := withNote(r.Value, r.Note), withNote(r.Meant, r.MeantNote); {
	case !both || read == meant:
		line += read
	case r.Value == "":
		line += "probably meant " + meant
	case r.Meant == "":
		line += read + ", not meant"
	default:
		line += read + "; probably meant " + meant
	}
	if r.From != "" {
		line += " (" + r.From + ")"
	}
	if r.Problem != "" {
		line += ", see the " + string(r.Problem)
	}
	return line
}

// tally is the title above the problems: "2 errors, 1 warning".
func tally(problems []urlspec.Problem) string {
	var words []string
	for _, severity := range []urlspec.Severity{urlspec.Error, urlspec.Warning, urlspec.Info} {
		n := 0
		for _, p := range problems {
			if p.Severity == severity {
				n++
			}
		}
		name := string(severity)
		if severity == urlspec.Info {
			name = "remark"
		}
		if n > 0 {
			words = append(words, event.Count(n, name))
		}
	}
	return strings.Join(words, ", ")
}

// problemLines show each problem as compilers do: what, where, how to fix it.
func problemLines(spec urlspec.Spec, d *drawing) []string {
	look := d.look
	var lines []string
	for i, p := range spec.Problems {
		head := look.paint(severityRole(p.Severity), string(p.Severity)) + ": " + p.Code + ": " + wire.Safe(p.Message)
		if look.Labels {
			lines = append(lines, fmt.Sprintf("%s (bytes %d to %d)", head, p.Start, p.End))
			for _, f := range fixTexts(p) {
				lines = append(lines, "fix: "+f)
			}
			continue
		}
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, look.wrapped(head, "  ", "    ")...)
		text, marks := d.pointer(p.Start, p.End, severityRole(p.Severity), look.width()-4)
		lines = append(lines, "    "+text, "    "+marks)
		for i, f := range fixTexts(p) {
			lead := "fix: "
			if i > 0 {
				lead = "or:  "
			}
			lines = append(lines, "    "+look.paint(good, lead+f))
		}
	}
	return lines
}

// fixTexts name the fixes of a problem, and say which are for the person to
// decide on.
func fixTexts(p urlspec.Problem) []string {
	var texts []string
	for _, f := range p.Fixes() {
		text := wire.Safe(f.Label)
		if f.Kind == urlspec.FixOffered {
			text += " (for you to decide)"
		}
		texts = append(texts, text)
	}
	return texts
}
