package document

import "strings"

// readCrontab reads the commands of a crontab, and its variables.
func (d *Document) readCrontab(withUser bool) {
	eachLine(d.root.text, func(from, to int) {
		line := d.root.text[from:to]
		body := strings.TrimLeft(line, " \t")
		at := from + len(line) - len(body)
		switch {
		case body == "":
			d.structure("empty")
		case body[0] == '#':
			d.comment(at, to)
		case cronFields(body, withUser) < 0:
			d.setting(envDialect, "", at, to)
		default:
			command := at + cronFields(body, withUser)
			d.tokens = append(d.tokens, token{kind: "when", text: d.root.text[at:command]})
			d.cronCommand(command, to)
		}
	})
}

// cronFields is where the command begins, or -1.
func cronFields(line string, withUser bool) int {
	fields := 5
	switch {
	case line[0] == '@':
		fields = 1
	case line[0] != '*' && (line[0] < '0' || line[0] > '9'):
		return -1
	}
	if withUser {
		fields++
	}
	at := 0
	for range fields {
		at += len(line[at:]) - len(strings.TrimLeft(line[at:], " \t"))
		end := strings.IndexAny(line[at:], " \t")
		if end < 0 {
			return -1
		}
		at += end
	}
	return at + len(line[at:]) - len(strings.TrimLeft(line[at:], " \t"))
}

// cronCommand reads a command: "\%" is a percent sign, and a bare one ends it.
// One that begins an escape of a URL was meant as a percent sign.
func (d *Document) cronCommand(from, to int) {
	s := d.root.text
	b := &builder{below: d.root}
	end := to
	for at := from; at < end; {
		switch {
		case strings.HasPrefix(s[at:end], `\%`):
			b.put("%", at, at+2)
			at += 2
		case s[at] == '%' && isEscape(s[at:end]) && hasXMPP(s[from:at]):
			d.notes = append(d.notes, note{code: "crontab-percent", offset: at, label: `write \%`,
				fix: []edit{{span{at, at}, `\`}}})
			b.copy(at, at+1)
			at++
		case s[at] == '%':
			end = at
		default:
			next := strings.IndexAny(s[at+1:end], `\%`)
			if next < 0 {
				next = end - at - 1
			}
			b.copy(at, at+1+next)
			at += 1 + next
		}
	}
	v := b.view(func(s string) (string, bool) { return strings.ReplaceAll(s, "%", `\%`), !hasControls(s) })
	tokens, leaves, err := shellLeaves(v, nil)
	if err != nil {
		d.add("command", v.text, leaf{role: prose, dollar: nameDollar}, func() *view { return v })
	} else {
		d.tokens, d.leaves = append(d.tokens, tokens...), append(d.leaves, leaves...)
	}
	d.tokens = append(d.tokens, token{kind: "input", text: s[end:to]})
}

// isEscape says whether a text begins with an escape of a URL.
func isEscape(s string) bool { return len(s) > 2 && s[0] == '%' && isHex(s[1]) && isHex(s[2]) }
