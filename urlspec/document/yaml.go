package document

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// yamlFile is a YAML file while it is read.
type yamlFile struct {
	*Document
	docs []*yaml.Node
	// leafOf has the leaves of Apprise's own settings.
	leafOf  map[*yaml.Node]*leaf
	compose bool
	// The place up to which lines and columns are counted: nodes come in the
	// order of the file.
	at, line, column int
}

// readYAML reads the values of a YAML file; it is false when it is none.
func (d *Document) readYAML() bool {
	y := &yamlFile{Document: d, leafOf: map[*yaml.Node]*leaf{}}
	if err := y.parse(); err != nil {
		d.broken, d.brokenAt = true, yamlLine(d.root.text, err)
		return false
	}
	y.compose = isCompose(y.docs)
	for _, doc := range y.docs {
		y.restart()
		d.structure("---")
		y.walk(doc, nil, noSecret, argument{})
	}
	d.yamlComments()
	for _, doc := range y.docs {
		if len(doc.Content) > 0 && isAppriseYAML(d.name, doc.Content[0]) {
			d.config = y.apprise(doc.Content[0])
			break
		}
	}
	if !isAppriseName(d.name) && !d.hasLogin() {
		d.config = nil
	}
	return true
}

func (y *yamlFile) restart() { y.at, y.line, y.column = 0, 1, 1 }

// parse reads every document of the file. The library panics on some texts
// that are no YAML.
func (y *yamlFile) parse() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("the text is no YAML")
		}
	}()
	text := withoutSlashEscapes(y.root.text)
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var node yaml.Node
		switch err := decoder.Decode(&node); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if text != y.root.text {
			restoreSlashes(&node)
		}
		y.docs = append(y.docs, &node)
	}
}

// slashEscape is the escape that stands for \/ while the library reads: it does
// not know that one, which YAML 1.2 and the YAML of Apprise do.
const slashEscape, slashEscaped = `\P`, "\u2029"

// withoutSlashEscapes is a text of the same length without \/.
func withoutSlashEscapes(s string) string {
	if !strings.Contains(s, `\/`) || strings.Contains(s, slashEscape) || strings.Contains(s, slashEscaped) {
		return s
	}
	b := []byte(s)
	for i := 0; i+1 < len(b); i++ {
		if b[i] == '\\' {
			if b[i+1] == '/' {
				b[i+1] = slashEscape[1]
			}
			i++
		}
	}
	return string(b)
}

// restoreSlashes puts slashes, or what stood there outside of quotation marks,
// back into the values below a node.
func restoreSlashes(n *yaml.Node) {
	n.Value = strings.NewReplacer(slashEscaped, "/", slashEscape, `\/`).Replace(n.Value)
	for _, child := range n.Content {
		restoreSlashes(child)
	}
}

// yamlLine is where an error of the library's says "line N".
func yamlLine(s string, err error) int {
	_, rest, found := strings.Cut(err.Error(), "line ")
	if !found {
		return 0
	}
	digits := 0
	for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
		digits++
	}
	line, _ := strconv.Atoi(rest[:digits])
	at := lineStart(s, line)
	return at + len(s[at:]) - len(strings.TrimLeft(s[at:], " \t"))
}

// lineStart is where a line begins; lines count from 1.
func lineStart(s string, line int) int {
	at := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(s[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return at
}

// walk notes the values below a node, which may be a word of a command.
// Recursion is as deep as the library's own.
func (y *yamlFile) walk(n *yaml.Node, names []string, in secrecy, of argument) {
	switch n.Kind {
	case yaml.DocumentNode:
		for _, child := range n.Content {
			y.walk(child, names, in, argument{})
		}
	case yaml.MappingNode:
		y.structure("{" + n.Anchor)
		y.pairs(n, names, in)
		y.structure("}")
	case yaml.SequenceNode:
		y.structure("[" + n.Anchor)
		for i, child := range n.Content {
			if of.command == nil || child.Kind != yaml.ScalarNode {
				y.walk(child, names, noSecret, argument{command: y.vector(child, names, true)})
				continue
			}
			y.walk(child, names, noSecret, argument{of.command, i})
		}
		y.structure("]")
	case yaml.AliasNode:
		y.structure("*" + n.Value)
	case yaml.ScalarNode:
		y.scalar(n, leaf{names: names, argument: of}, in)
	}
}

// pairs notes the names and values of a mapping.
func (y *yamlFile) pairs(n *yaml.Node, names []string, in secrecy) {
	if kind := mapValue(n, "kind"); kind != nil && kind.Value == "Secret" {
		in = secretRoot
	}
	commands := vectors{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, child := n.Content[i].Value, n.Content[i+1]
		if name == "run" && isOtherShell(mapValue(n, "shell")) {
			name = "" // no code that we know
		}
		if n.Content[i].Kind == yaml.ScalarNode {
			y.scalar(n.Content[i], leaf{role: key, names: names}, noSecret)
		} else {
			y.walk(n.Content[i], names, noSecret, argument{})
		}
		below := named(names, name)
		c := y.vector(child, below, false)
		switch {
		case c != nil:
			commands.list(name, c)
		case child.Kind == yaml.ScalarNode:
			commands.text(name, child.Value)
		}
		y.walk(child, below, in.below(name), argument{command: c})
	}
	commands.link()
}

// isOtherShell says whether a step of GitHub's is run by what is no shell of
// Unix.
func isOtherShell(n *yaml.Node) bool {
	if n == nil {
		return false
	}
	fields := strings.Fields(n.Value)
	return len(fields) == 0 || !slices.Contains(shells, fields[0][strings.LastIndexByte(fields[0], '/')+1:])
}

// vector is the command of which a list has the words, or nil.
func (y *yamlFile) vector(n *yaml.Node, names []string, nested bool) *command {
	if n.Kind != yaml.SequenceNode || !isVector(names, nested) {
		return nil
	}
	c := &command{noShell: true}
	for _, child := range n.Content {
		c.add(child.Value)
	}
	return c
}

// secrecy is where in a Kubernetes Secret a node is. The values below data are
// in base64.
type secrecy int

const (
	noSecret secrecy = iota
	secretRoot
	secretData
	secretValue
)

// below is where a value with a name is.
func (s secrecy) below(name string) secrecy {
	switch {
	case s == secretRoot && name == "data":
		return secretData
	case s == secretData:
		return secretValue
	}
	return noSecret
}

func (y *yamlFile) scalar(n *yaml.Node, l leaf, in secrecy) {
	y.structure("&" + n.Anchor + n.ShortTag())
	if l.command != nil {
		l.role = word
	}
	if y.compose {
		l.dollar = composeDollar
	}
	if in == secretValue {
		l.inner = Base64
	}
	before := len(y.leaves)
	y.add("scalar", n.Value, l, func() *view { return y.view(n) })
	if len(y.leaves) > before {
		y.leafOf[n] = y.leaves[before]
	}
}

// mapValue is the value of a key in a mapping, or nil.
func mapValue(n *yaml.Node, name string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// offset is the place of a node.
func (y *yamlFile) offset(n *yaml.Node) int {
	s := y.root.text
	if n.Line < y.line || n.Line == y.line && n.Column < y.column {
		y.restart()
	}
	for y.at < len(s) && (y.line < n.Line || y.column < n.Column) {
		r, size := utf8.DecodeRuneInString(s[y.at:])
		if r == '\r' && strings.HasPrefix(s[y.at:], "\r\n") {
			size = 2
		}
		y.at += size
		switch r {
		case '\r', '\n', '\u0085', '\u2028', '\u2029':
			if y.line == n.Line {
				return y.at - size // the library counts otherwise
			}
			y.line, y.column = y.line+1, 1
		default:
			y.column++
		}
	}
	return y.at
}

// view decodes a scalar.
func (y *yamlFile) view(n *yaml.Node) *view {
	at := skipProperties(y.root.text, y.offset(n))
	b := &builder{below: y.root}
	ok := false
	encode := encoder(encodeLine)
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		ok, encode = decodeYAMLDouble(b, at), encodeDouble
	case n.Style&yaml.SingleQuotedStyle != 0:
		ok, encode = decodeYAMLSingle(b, at), encodeYAMLSingle
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		ok, encode = alignBlock(b, at, n.Value, n.Style&yaml.FoldedStyle != 0), encodeLine
	default:
		ok = alignPlain(b, at, n.Value)
	}
	if v := b.view(encode); ok && v.text == n.Value {
		return v
	}
	return unwritable(y.root, n.Value, at)
}

// unwritable is a view of which only the place is known.
func unwritable(below *view, text string, at int) *view {
	b := builder{below: below}
	b.put(text, min(at, len(below.text)), min(at, len(below.text)))
	return b.view(never)
}

// skipProperties goes behind an anchor and a tag.
func skipProperties(s string, at int) int {
	for at < len(s) && (s[at] == '&' || s[at] == '!') {
		for at < len(s) && !strings.ContainsRune(" \t\r\n", rune(s[at])) {
			at++
		}
		for at < len(s) && strings.ContainsRune(" \t\r\n", rune(s[at])) {
			at++
		}
	}
	return at
}

// yamlComments notes the comments: what begins with "#" at the beginning of a
// line or after a blank, outside of the values that mention XMPP.
func (d *Document) yamlComments() {
	var values []span
	for _, l := range d.leaves {
		if len(l.pieces) > 0 {
			values = append(values, span{l.place(0), l.placeEnd(len(l.text))})
		}
	}
	values = mergeSpans(values)
	eachLine(d.root.text, func(from, to int) {
		line := d.root.text[from:to]
		if !hasXMPP(line) {
			return
		}
		for i := 0; i < len(line); i++ {
			if line[i] == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') &&
				!overlaps(values, from+i, from+i+1) && hasXMPP(line[i:]) {
				d.leaves = append(d.leaves, &leaf{view: d.root.slice(from+i, to), role: comment})
				return
			}
		}
	})
}

// eachLine calls f for every line, without its end.
func eachLine(s string, f func(from, to int)) {
	for from := 0; from < len(s); {
		to, next := len(s), len(s)
		if i := strings.IndexByte(s[from:], '\n'); i >= 0 {
			to, next = from+i, from+i+1
		}
		end := to
		if end > from && s[end-1] == '\r' {
			end--
		}
		f(from, end)
		from = next
	}
}
