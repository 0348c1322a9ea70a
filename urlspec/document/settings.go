package document

import (
	"strings"
	"unicode/utf8"
)

// dialect is how a file of "name = value" lines is read.
type dialect struct {
	// separators end a name.
	separators string
	// comments begin a line that is none.
	comments string
	// trailing comments begin after a blank, outside of quotes.
	trailing string
	// unquote takes quotes off a value.
	unquote bool
	dollar  dollar
	// percent says how "%" is written.
	percent percent
	// words are read from values as a command has them.
	words bool
	// backslash begins an escape everywhere, as Java has it.
	backslash bool
}

// percent is how a file writes "%".
type percent int

// The ways to write "%".
const (
	plainPercent   percent = iota
	doublePercent          // %% is a percent sign, %x something else
	unknownPercent         // it depends on the program that reads the file
)

var (
	envDialect  = dialect{separators: "=:", comments: "#", trailing: "#", unquote: true, dollar: nameDollar}
	iniDialect  = dialect{separators: "=:", comments: "#;", trailing: "#;", unquote: true, percent: unknownPercent}
	unitDialect = dialect{separators: "=", comments: "#;", dollar: nameDollar, percent: doublePercent, words: true}
	propDialect = dialect{separators: "=:", comments: "#!", backslash: true}
)

// readSettings reads the values of "name = value" lines. Lines of another form
// are read as text.
func (d *Document) readSettings(how dialect) {
	if how.percent == unknownPercent {
		how.percent = d.percentOf()
	}
	section, done := "", 0
	eachLine(d.root.text, func(from, to int) {
		if from < done {
			return // a value goes on
		}
		line := d.root.text[from:to]
		body := strings.TrimLeft(line, " \t")
		at := from + len(line) - len(body)
		switch {
		case body == "":
			d.structure("empty")
		case strings.IndexByte(how.comments, body[0]) >= 0:
			d.comment(at, to)
		case body[0] == '[' && strings.HasSuffix(strings.TrimRight(body, " \t"), "]"):
			section = strings.Trim(body, "[] \t")
			d.tokens = append(d.tokens, token{kind: "section", text: section})
		default:
			if how.backslash {
				to = javaEnd(d.root.text, at, to)
				done = to + 1
			}
			d.setting(how, section, at, to)
		}
	})
}

// namedPercent is %(name)s of ConfigParser.
var namedPercent = pattern(`%\(([^()\n]+)\)s`)

// percentOf looks how a file writes "%": as it is when there is an escape of a
// URL, which would be an error otherwise; doubled when a setting of the file
// is put into another one. In all else it depends on the program.
func (d *Document) percentOf() percent {
	names := map[string]bool{}
	var values strings.Builder
	eachLine(d.root.text, func(from, to int) {
		line := strings.TrimSpace(d.root.text[from:to])
		if line == "" || strings.IndexByte("#;", line[0]) >= 0 || strings.HasPrefix(line, "//") {
			return
		}
		if i := strings.IndexAny(line, "=:"); i >= 0 {
			names[strings.ToLower(strings.TrimSpace(line[:i]))] = true
		}
		values.WriteString(line + "\n")
	})
	named, others := false, false
	rest := namedPercent().ReplaceAllStringFunc(values.String(), func(s string) string {
		known := names[strings.ToLower(s[2:len(s)-2])]
		named, others = named || known, others || !known
		return ""
	})
	doubled, escapes := strings.Contains(rest, "%%"), false
	rest = strings.ReplaceAll(rest, "%%", "")
	for i := range len(rest) {
		if rest[i] == '%' {
			escapes = escapes || isEscape(rest[i:])
			others = others || !isEscape(rest[i:])
		}
	}
	switch {
	case escapes && !named && !doubled && !others:
		return plainPercent
	case named && !escapes && !others:
		return doublePercent
	}
	return unknownPercent
}

// setting reads one line from a name on.
func (d *Document) setting(how dialect, section string, at, to int) {
	s := d.root.text
	i := strings.IndexAny(s[at:to], how.separators)
	for how.backslash && i > 0 && s[at+i-1] == '\\' { // of the name
		more := strings.IndexAny(s[at+i+1:to], how.separators)
		if more < 0 {
			i = -1
			break
		}
		i += 1 + more
	}
	// A line without a name goes on with the value before it, as far as that
	// can be told; the first "=" may be the URL's.
	if i < 0 || strings.HasPrefix(s[at+i:to], "://") || strings.Contains(s[at:at+i], "://") {
		d.add("line", s[at:to], leaf{role: prose, dollar: how.dollar}, func() *view {
			return d.percents(d.bare(at, to), how.percent)
		})
		return
	}
	name := strings.TrimPrefix(strings.TrimSpace(s[at:at+i]), "export ")
	d.tokens = append(d.tokens, token{kind: "name", text: name})
	from := at + i + 1
	for from < to && (s[from] == ' ' || s[from] == '\t') {
		from++
	}
	l := leaf{names: []string{section, name}, dollar: how.dollar}
	if how.words {
		d.unitValue(l, from, to)
		return
	}
	if how.backslash {
		v := d.javaValue(from, to)
		d.add("value", v.text, l, func() *view { return v })
		return
	}
	v, rest := d.settingValue(how, from, to)
	l.unfinished = rest < to && strings.IndexByte(" \t#;,", s[rest]) < 0 // behind a quotation mark
	d.add("value", v.text, l, func() *view { return d.percents(v, how.percent) })
	if tail := strings.TrimSpace(s[rest:to]); tail != "" {
		d.comment(rest, to)
	}
}

// settingValue takes quotes and a comment behind it off a value.
func (d *Document) settingValue(how dialect, from, to int) (v *view, rest int) {
	s := d.root.text
	if how.unquote && from < to && (s[from] == '"' || s[from] == '\'') {
		b := &builder{below: d.root}
		if end := quotedValue(b, from, to); end > 0 {
			encode := without("'\\")
			if s[from] == '"' {
				encode = without("\"\\$`")
			}
			return b.view(encode), end
		}
	}
	end := to
	if how.trailing != "" {
		for i := from; i < to; i++ {
			if strings.IndexByte(how.trailing, s[i]) >= 0 && (i == from || s[i-1] == ' ' || s[i-1] == '\t') {
				end = i
				break
			}
		}
	}
	for end > from && (s[end-1] == ' ' || s[end-1] == '\t') {
		end--
	}
	return d.bare(from, end), end
}

// quotedValue decodes a quoted value up to its end; 0 when it has none.
func quotedValue(b *builder, from, to int) int {
	s := b.below.text
	quote := s[from]
	for at := from + 1; at < to; {
		switch c := s[at]; {
		case c == quote:
			return at + 1
		case c == '\\' && quote == '"' && at+1 < to && strings.IndexByte("\"\\$`", s[at+1]) >= 0:
			b.put(s[at+1:at+2], at, at+2)
			at += 2
		default:
			_, size := utf8.DecodeRuneInString(s[at:to])
			b.copy(at, at+size)
			at += size
		}
	}
	return 0
}

// percents reads "%%" as "%", where a file has it so.
func (d *Document) percents(v *view, how percent) *view {
	switch how {
	case plainPercent:
		return v
	case unknownPercent:
		b := builder{below: v}
		b.copy(0, len(v.text))
		return b.view(without("%"))
	}
	return undouble(v, '%', percentSpecifier)
}

// percentSpecifier is the length of what "%" begins when it is no percent
// sign: %(name)s of ConfigParser, %h of systemd.
func percentSpecifier(s string) int {
	if n := percentHole(s, false); n > 0 {
		return n
	}
	if len(s) > 1 && isAlphanumeric(s[1]) && s[1] > '9' && (len(s) < 3 || !isHex(s[1]) || !isHex(s[2])) {
		return 2
	}
	return 0
}

// undouble reads a doubled byte as one, and what else the byte begins as a
// placeholder.
func undouble(v *view, c byte, hole func(string) int) *view {
	b := &builder{below: v}
	s := v.text
	for at := 0; at < len(s); {
		i := strings.IndexByte(s[at:], c)
		if i < 0 {
			b.copy(at, len(s))
			break
		}
		b.copy(at, at+i)
		at += i
		switch n := hole(s[at:]); {
		case at+1 < len(s) && s[at+1] == c:
			b.put(string(rune(c)), at, at+2)
			at += 2
		case n > 0:
			b.hole(at, at+n)
			at += n
		default:
			b.copy(at, at+1)
			at++
		}
	}
	return b.view(doubling(string(rune(c))))
}

// unitValue reads the value of a systemd unit: words with quotes and C's
// escapes, "%%" for "%".
func (d *Document) unitValue(l leaf, from, to int) {
	s := d.root.text
	c := &command{below: d.root}
	first := len(d.leaves)
	for at := from; at < to; {
		if s[at] == ' ' || s[at] == '\t' {
			at++
			continue
		}
		b := &builder{below: d.root}
		at = unitWord(b, at, to)
		v := b.view(encodeBare)
		d.unitPercents(v)
		l := l
		l.role, l.argument = word, argument{c, len(c.args)}
		c.add(strings.ReplaceAll(v.text, "%%", "%"))
		d.add("word", v.text, l, func() *view { return undouble(v, '%', percentSpecifier) })
	}
	if first == len(d.leaves) {
		return
	}
	if strings.HasSuffix(l.names[1], "nvironment") {
		for _, l := range d.leaves[first:] {
			l.role, l.argument, l.dollar = value, argument{}, noDollar
		}
	}
}

// unitPercents notes the escapes of a URL in which "%" is not doubled.
func (d *Document) unitPercents(v *view) {
	if !hasXMPP(v.text) {
		return
	}
	for i := 0; i < len(v.text); i++ {
		switch {
		case v.text[i] != '%':
		case strings.HasPrefix(v.text[i:], "%%"):
			i++
		case isEscape(v.text[i:]):
			at := v.place(i)
			d.notes = append(d.notes, note{code: "unit-percent", offset: at, label: "write %%",
				fix: []edit{{span{at, at}, "%"}}})
		}
	}
}

// unitWord decodes one word and gives its end. A quotation mark that nothing
// closes, for which systemd refuses the line, stays in it: a password may follow.
func unitWord(b *builder, at, to int) int {
	s := b.below.text
	quote := byte(0)
	for at < to {
		c := s[at]
		switch {
		case quote == 0 && (c == ' ' || c == '\t'):
			return at
		case c == '\\' && at+1 < to:
			text, known := yamlEscapes[s[at+1]]
			if s[at+1] == '\'' {
				text, known = "'", true
			}
			if known {
				b.put(text, at, at+2)
			} else {
				b.copy(at, at+2)
			}
			at += 2
		case quote == 0 && (c == '"' || c == '\'') && strings.IndexByte(s[at+1:to], c) >= 0, quote != 0 && c == quote:
			quote ^= c
			at++
		default:
			_, size := utf8.DecodeRuneInString(s[at:to])
			b.copy(at, at+size)
			at += size
		}
	}
	return at
}
