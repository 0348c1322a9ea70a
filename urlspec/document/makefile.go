package document

import (
	"strings"
)

// assignment gives a variable of make its value: the name, what kind of
// assignment it is, and the value.
var assignment = pattern(`^ *(?:(?:export|override|private) +)*` +
	`([A-Za-z0-9_.-]+)[ \t]*(::?:?=|[?+!]?=)[ \t]*`)

// readMakefile reads a Makefile: its variables, and its recipes, which a shell
// reads after make has put variables in their places and made "$" of "$$".
func (d *Document) readMakefile() {
	s := d.root.text
	for from := 0; from < len(s); {
		// A backslash at the end of a line goes on with the next one.
		to := from
		for {
			i := strings.IndexByte(s[to:], '\n')
			if i < 0 {
				to = len(s)
				break
			}
			to += i
			if !strings.HasSuffix(strings.TrimSuffix(s[from:to], "\r"), `\`) {
				break
			}
			to++
		}
		end := from + len(strings.TrimRight(s[from:to], "\r\n"))
		d.makeLine(from, end)
		from = to + 1
	}
}

// makeLine reads a line with those that it goes on with.
func (d *Document) makeLine(from, to int) {
	line := d.root.text[from:to]
	body := strings.TrimLeft(line, " \t")
	switch m := assignment().FindStringSubmatchIndex(line); {
	case body == "":
		d.structure("empty")
	case line[0] == '\t':
		d.recipe(to-len(strings.TrimLeft(body, "@+- \t")), to)
	case body[0] == '#':
		d.comment(from, to)
	case m == nil:
		d.add("line", line, leaf{role: prose}, func() *view { return d.makeView(d.bare(from, to)) })
	case line[m[4]:m[5]] == "!=":
		d.tokens = append(d.tokens, token{kind: "variable", text: line[m[2]:m[3]]})
		d.recipe(from+m[1], to)
	default:
		d.tokens = append(d.tokens, token{kind: "variable", text: line[m[2]:m[3]]})
		d.makeVariable(line[m[2]:m[3]], from+m[1], to)
	}
}

// makeVariable reads a value, which ends where a comment begins. Quotation
// marks are a part of it.
func (d *Document) makeVariable(name string, from, to int) {
	end := to
	for i := from; i < to; i++ {
		if d.root.text[i] == '#' && (i == from || d.root.text[i-1] != '\\') {
			end = i
			break
		}
	}
	value := strings.TrimRight(d.root.text[from:end], " \t\r")
	d.add("value", value, leaf{names: []string{name}, dollar: noDollar}, func() *view {
		return d.makeView(d.bare(from, from+len(value)))
	})
	if end < to {
		d.comment(end, to)
	}
}

// recipe reads a command.
func (d *Document) recipe(from, to int) {
	b := &builder{below: d.root}
	b.copy(from, to)
	v := d.makeView(b.view(nil))
	if tokens, leaves, err := shellLeaves(v, nil); err == nil {
		d.tokens, d.leaves = append(d.tokens, tokens...), append(d.leaves, leaves...)
		return
	}
	d.add("recipe", v.text, leaf{role: prose, dollar: nameDollar}, func() *view { return v })
}

// makeView reads "$$" as "$", and what else "$" begins as a variable.
func (d *Document) makeView(v *view) *view {
	return undouble(v, '$', func(s string) int {
		switch {
		case len(s) < 2:
			return 0
		case s[1] == '(':
			return oneMore(balanced(s[1:], '(', ')'))
		case s[1] == '{':
			return oneMore(balanced(s[1:], '{', '}'))
		}
		return 2
	})
}
