package document

import (
	"errors"
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// command is a simple command of a shell, or the value of a variable.
type command struct {
	// args are its words, quotes and escapes taken off; first are those that
	// another setting puts before them.
	args, first []string
	// apprise says whether it runs Apprise, perhaps through another program.
	apprise bool
	// variable is the name of the variable that gets a value.
	variable string
	// noShell says that no shell runs it: its words are only taken apart.
	noShell bool
	// below is the text that the command stands in.
	below *view
}

// add adds a word.
func (c *command) add(arg string) {
	c.args = append(c.args, arg)
	c.apprise = c.apprise || arg == "apprise" || strings.HasSuffix(arg, "/apprise")
}

// argument is a word of a command, by its place in it.
type argument struct {
	*command
	index int
}

// readShell reads the words of a shell script; it is false when it is none.
func (d *Document) readShell() bool {
	tokens, leaves, err := shellLeaves(d.root, nil)
	if err != nil {
		d.broken = true
		return false
	}
	d.tokens, d.leaves = append(d.tokens, tokens...), append(d.leaves, leaves...)
	return true
}

// shellReader collects the words of shell code.
type shellReader struct {
	below    *view
	names    []string
	tokens   []token
	leaves   []*leaf
	commands map[*syntax.Word]argument
	literal  map[*syntax.Word]bool // here-documents without expansions
	plain    map[*syntax.Word]bool // here-documents with expansions
	lost     bool                  // a place was none
	inside   []bool                // of the nodes around this one: a part of a word
}

// shellLeaves reads shell code: a script, or a command inside a setting.
func shellLeaves(below *view, names []string) ([]token, []*leaf, error) {
	if otherShell().MatchString(below.text) {
		return nil, nil, errOtherShell
	}
	if isTooDeep(below.text) {
		return nil, nil, errTooDeep
	}
	parser := syntax.NewParser(syntax.Variant(syntax.LangBash), syntax.KeepComments(true))
	file, err := parser.Parse(strings.NewReader(below.filled(below.all())), "")
	if err != nil {
		return nil, nil, err
	}
	r := &shellReader{below: below, names: names, commands: map[*syntax.Word]argument{},
		literal: map[*syntax.Word]bool{}, plain: map[*syntax.Word]bool{}}
	syntax.Walk(file, r.visit)
	if r.lost {
		return nil, nil, errPlaces
	}
	return r.tokens, r.leaves, nil
}

// otherShell is a variable of PowerShell, in whose code words end elsewhere.
var otherShell = pattern(`(?i)\$env:`)

// errOtherShell is for code of another shell.
var errOtherShell = errors.New("this is code of PowerShell")

// errPlaces is for code of which the parser gives places that are none.
var errPlaces = errors.New("the places of the words are not known")

// place is where a node stands.
func (r *shellReader) place(n syntax.Node) (from, to int) {
	from, to = int(n.Pos().Offset()), int(n.End().Offset())
	if from < 0 || to < from || to > len(r.below.text) {
		r.lost = true
		return 0, 0
	}
	return from, to
}

func (r *shellReader) visit(n syntax.Node) bool {
	if n == nil {
		last := len(r.inside) - 1
		if !r.inside[last] {
			r.tokens = append(r.tokens, token{kind: "end"})
		}
		r.inside = r.inside[:last]
		return true
	}
	into := r.note(n)
	if into {
		_, lit := n.(*syntax.Lit)
		_, single := n.(*syntax.SglQuoted)
		_, double := n.(*syntax.DblQuoted)
		r.inside = append(r.inside, lit || single || double)
	}
	return into
}

// note notes a node, and says whether to look at those inside.
func (r *shellReader) note(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.Comment:
		from, to := r.place(n)
		text := r.below.text[from:to]
		if mentions(text) {
			r.leaves = append(r.leaves, &leaf{view: r.below.slice(from, to), role: comment})
		}
		r.tokens = append(r.tokens, token{kind: "comment", text: text})
	case *syntax.CallExpr:
		r.call(n)
	case *syntax.Redirect:
		if n.Hdoc != nil {
			quoted := false
			for _, part := range n.Word.Parts {
				_, isLit := part.(*syntax.Lit)
				quoted = quoted || !isLit
			}
			r.literal[n.Hdoc], r.plain[n.Hdoc] = quoted, !quoted
		}
		r.tokens = append(r.tokens, token{kind: "redirect " + n.Op.String()})
	case *syntax.Word:
		r.word(n)
	case *syntax.ParamExp, *syntax.ArithmExp:
		return false // a placeholder; nothing inside it is looked at
	case *syntax.Assign:
		r.assign(n)
	case *syntax.Lit, *syntax.SglQuoted, *syntax.DblQuoted:
	default:
		r.tokens = append(r.tokens, token{kind: fmt.Sprintf("%T", n)})
	}
	return true
}

// call notes which words are of one command.
func (r *shellReader) call(n *syntax.CallExpr) {
	c := &command{below: r.below}
	for i, w := range n.Args {
		c.add(r.decode(w).text)
		r.commands[w] = argument{c, i}
	}
	r.tokens = append(r.tokens, token{kind: "call"})
}

// assign gives the value of a variable its name.
func (r *shellReader) assign(n *syntax.Assign) {
	name := ""
	if n.Name != nil {
		name = n.Name.Value
	}
	r.tokens = append(r.tokens, token{kind: "assign", text: name})
	if n.Value != nil {
		r.commands[n.Value] = argument{command: &command{below: r.below, variable: name}}
	}
}

// word notes a word.
func (r *shellReader) word(w *syntax.Word) {
	v := r.decode(w)
	t := token{kind: "word", text: v.text}
	if mentions(v.text) {
		t.leaf = &leaf{view: v, role: word, names: r.names, argument: r.commands[w]}
		if c := t.leaf.command; c != nil && c.variable != "" {
			t.leaf.names = named(r.names, c.variable)
		}
		if r.literal[w] || r.plain[w] {
			t.leaf.role = prose
		}
		t.leaf.dollar = noDollar
		r.leaves = append(r.leaves, t.leaf)
	}
	r.tokens = append(r.tokens, t)
}

// decode takes quotes and escapes off a word. What the shell puts other text
// in the place of is a placeholder.
func (r *shellReader) decode(w *syntax.Word) *view {
	b := &builder{below: r.below}
	if r.literal[w] {
		b.copy(r.place(w))
		return b.view(encodeLine)
	}
	coding := unquoted
	if r.plain[w] {
		coding = hereDocument
	}
	r.parts(b, w.Parts, coding)
	return b.view(never)
}

// shellCoding is how a backslash is read, and what must be escaped.
type shellCoding struct {
	escaped string // what a backslash takes the meaning from; "" is everything
	special string // what has a meaning
}

var (
	unquoted     = shellCoding{special: " \t\n\"'`\\$&;|<>()*[]!#~{}"}
	doubleQuoted = shellCoding{escaped: "$`\"\\\n", special: "$`\"\\"}
	hereDocument = shellCoding{escaped: "$`\\\n", special: "$`\\"}
)

func (c shellCoding) encode(s string) (string, bool) {
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(c.special, s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String(), !hasControls(s)
}

func (r *shellReader) parts(b *builder, parts []syntax.WordPart, coding shellCoding) {
	for _, part := range parts {
		from, to := r.place(part)
		switch p := part.(type) {
		case *syntax.Lit:
			b.quotes = append(b.quotes, quoting{span{from, to}, coding.encode})
			r.literalText(b, from, to, coding)
		case *syntax.SglQuoted:
			from, to = int(p.Left.Offset())+1, int(p.Right.Offset())
			if p.Dollar {
				b.hole(from+1, to)
				continue
			}
			b.quotes = append(b.quotes, quoting{span{from, to}, without("'")})
			b.copy(from, to)
		case *syntax.DblQuoted:
			b.quotes = append(b.quotes, quoting{span{from + 1, from + 1}, doubleQuoted.encode})
			r.parts(b, p.Parts, doubleQuoted)
		default:
			b.hole(from, to)
		}
	}
}

// literalText takes backslashes off.
func (r *shellReader) literalText(b *builder, at, to int, coding shellCoding) {
	s := b.below.text
	for at < to {
		c := s[at]
		if c != '\\' || at+1 >= to || coding.escaped != "" && strings.IndexByte(coding.escaped, s[at+1]) < 0 {
			end := at + 1
			for end < to && s[end] != '\\' {
				end++
			}
			b.copy(at, end)
			at = end
			continue
		}
		if s[at+1] != '\n' {
			b.put(s[at+1:at+2], at, at+2)
		}
		at += 2
	}
}
