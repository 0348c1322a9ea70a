package document

import (
	"strings"
)

// dockerfile is a Dockerfile while it is read.
type dockerfile struct {
	*Document
	lines []span
	next  int
	// noShell is set behind a SHELL that is none, such as PowerShell.
	noShell bool
}

// readDockerfile reads the instructions of a Dockerfile: a shell reads what
// stands behind RUN, CMD, ENTRYPOINT and HEALTHCHECK CMD, unless it is a list
// of words in JSON.
func (d *Document) readDockerfile() {
	r := &dockerfile{Document: d}
	eachLine(d.root.text, func(from, to int) { r.lines = append(r.lines, span{from, to}) })
	for r.next < len(r.lines) {
		line := r.lines[r.next]
		body := strings.TrimLeft(r.root.text[line.start:line.end], " \t")
		switch {
		case body == "":
			r.structure("empty")
			r.next++
		case body[0] == '#':
			r.comment(line.start, line.end)
			r.next++
		default:
			r.instruction(r.join())
		}
	}
}

// join is an instruction as one line. A backslash at the end of a line goes on
// with the next one that is neither empty nor a comment.
func (r *dockerfile) join() *view {
	b := &builder{below: r.root}
	for r.next < len(r.lines) {
		line := r.lines[r.next]
		r.next++
		text := r.root.text[line.start:line.end]
		body := strings.TrimRight(text, " \t")
		switch trimmed := strings.TrimLeft(body, " \t"); {
		case b.text.Len() > 0 && trimmed == "":
		case b.text.Len() > 0 && trimmed[0] == '#':
			r.comment(line.start, line.end)
		case strings.HasSuffix(body, `\`):
			b.copy(line.start, line.start+len(body)-1)
		default:
			b.copy(line.start, line.end)
			return b.view(nil)
		}
	}
	return b.view(nil)
}

// flags are the options of an instruction, such as --mount=type=cache.
var flags = pattern(`^(?:[ \t]*--[a-z-]+(?:=\S*)?)*[ \t]*`)

// instruction reads an instruction by its name.
func (r *dockerfile) instruction(v *view) {
	body := strings.TrimLeft(v.text, " \t")
	name, rest, _ := strings.Cut(strings.ReplaceAll(body, "\t", " "), " ")
	name = strings.ToUpper(name)
	r.tokens = append(r.tokens, token{kind: "instruction", text: name})
	at := len(v.text) - len(rest)
	at += len(flags().FindString(v.text[at:]))
	v = v.slice(at, len(v.text))
	switch name {
	case "ONBUILD":
		if strings.HasPrefix(strings.ToUpper(v.text), "ONBUILD") {
			r.text(v) // Docker refuses two
			return
		}
		r.instruction(v)
	case "HEALTHCHECK":
		if strings.HasPrefix(strings.ToUpper(v.text), "CMD") {
			r.instruction(v)
		}
	case "RUN", "CMD", "ENTRYPOINT":
		r.run(v)
	case "SHELL":
		r.noShell = !strings.Contains(v.text, "sh\"") || strings.Contains(v.text, "powershell")
	case "ENV", "ARG", "LABEL":
		r.variables(v)
	default:
		r.text(v)
		for range r.heredoc(v) {
			r.text(r.root.slice(r.lines[r.next-1].start, r.lines[r.next-1].end))
		}
	}
}

// text notes what is neither command nor variable.
func (r *dockerfile) text(v *view) {
	r.add("text", v.text, leaf{role: prose, dollar: nameDollar}, func() *view { return v })
}

// heredocMark begins a here-document.
var heredocMark = pattern(`<<-?["']?([A-Za-z_]\w*)["']?`)

// heredoc goes through the lines of the here-document that an instruction
// begins, its last one included. Each is r.next-1 in its turn.
func (r *dockerfile) heredoc(v *view) func(func() bool) {
	return func(yield func() bool) {
		m := heredocMark().FindStringSubmatch(v.text)
		for more := m != nil; more && r.next < len(r.lines); {
			line := r.lines[r.next]
			r.next++
			more = strings.TrimLeft(r.root.text[line.start:line.end], "\t") != m[1]
			if !yield() {
				return
			}
		}
	}
}

// run reads a command: words in JSON, a here-document that is a script, or a
// line of a shell.
func (r *dockerfile) run(v *view) {
	if looksLikeJSON(v.text) {
		if tokens, leaves, err := jsonLeaves(v, []string{"command"}); err == nil {
			r.tokens, r.leaves = append(r.tokens, tokens...), append(r.leaves, leaves...)
			return
		}
	}
	first := r.next
	for range r.heredoc(v) {
	}
	if first < r.next {
		from, to := r.lines[first].start, r.lines[r.next-1].end
		b := &builder{below: r.root}
		if strings.TrimSpace(heredocMark().ReplaceAllString(v.text, "")) == "" { // the body is the script
			b.copy(from, r.lines[r.next-1].start)
		} else {
			start := v.place(0)
			b.copy(start, to)
		}
		v = b.view(nil)
	}
	if !r.noShell && !strings.HasPrefix(v.text, "#!") {
		if tokens, leaves, err := shellLeaves(v, nil); err == nil {
			r.tokens, r.leaves = append(r.tokens, tokens...), append(r.leaves, leaves...)
			return
		}
	}
	r.text(v)
}

// variables reads NAME=value pairs, or a name, a blank and the value.
func (r *dockerfile) variables(v *view) {
	if n := nameLength(v.text); n > 0 && n < len(v.text) && (v.text[n] == ' ' || v.text[n] == '\t') {
		value := v.slice(len(v.text)-len(strings.TrimLeft(v.text[n:], " \t")), len(v.text))
		value.encode = encodeBare
		r.add("value", value.text, leaf{names: []string{v.text[:n]}, dollar: nameDollar}, func() *view { return value })
		return
	}
	for _, w := range splitWords(v) {
		r.add("pair", w.text, leaf{dollar: nameDollar}, func() *view { return w })
	}
}
